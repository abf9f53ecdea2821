# What ./run and ./test share: install what is missing, configure, say what is done; sourced by bash.
# SPDX-License-Identifier: GPL-3.0-or-later

# What it takes to build the desk on Debian 12.
BUILD_PACKAGES=(
    g++ meson ninja-build pkg-config ccache
    libhwy-dev libjack-jackd2-dev librtaudio-dev libasound2-dev libpulse-dev liblo-dev
    libconcurrentqueue-dev libreaderwriterqueue-dev
    libtomlplusplus-dev nlohmann-json3-dev libcli11-dev libspdlog-dev libsystemd-dev
    libsndfile1-dev libsoxr-dev libebur128-dev libzita-convolver-dev libfftw3-dev librubberband-dev libssl-dev libzip-dev
    libwebsockets-dev zlib1g-dev libavahi-client-dev libqrencode-dev
)

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# install_missing WHY PACKAGE...: silent if all are there.
install_missing() {
    local why=$1 package missing=() as_root=()
    shift
    command -v dpkg-query >/dev/null ||
        fail "this is not Debian; please install by hand what stands for: $*"
    for package in "$@"; do is_installed "$package" || missing+=("$package"); done
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing ${missing[*]}: $why."
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            fail "needs root to install; as root: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    local log
    log=$(mktemp)
    # `env` because sudo drops the environment.
    as_root+=(env DEBIAN_FRONTEND=noninteractive)
    if ! { "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
        >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install ${missing[*]}"
    fi
    rm -f "$log"
}

# configure FOLDER OPTION...: sets the options, whether the folder is new or not.
configure() {
    local folder=$1
    shift
    if [ -f "$folder/build.ninja" ]; then
        # An older folder does not know options that came since.
        meson configure "$folder" "$@" || meson setup --reconfigure "$folder" "$@"
    else
        rm -rf "$folder"
        meson setup "$folder" "$@"
    fi
}
