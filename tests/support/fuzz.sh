# What the fuzz runs share: a build with the fuzzer's eyes in it; sourced by sh.
# SPDX-License-Identifier: GPL-3.0-or-later

# fuzz_build ROOT FOLDER TARGET: the library is instrumented as well (fuzzer-no-link), or the fuzzer would see nothing of it.
fuzz_build() {
    if ! command -v clang++ >/dev/null; then
        echo "clang++ is missing: apt install clang" >&2
        exit 1
    fi
    if [ ! -f "$2/build.ninja" ]; then
        CC=clang CXX=clang++ meson setup "$2" "$1" -Dfuzz=true -Dtests=true \
            -Dbuildtype=debugoptimized -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false \
            -Dcpp_args='-fsanitize=fuzzer-no-link -fno-sanitize-recover=all' >/dev/null
    fi
    ninja -C "$2" "$3"
}
