#!/bin/sh
# Fuzzes what reads from outside: tests/support/fuzz.sh SECONDS [osc|x32|rtc|web|text|sound...], all of them one by one if none is
# named. Needs clang.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build-fuzz
seconds=${1:?seconds}
shift
[ $# -gt 0 ] || set -- osc x32 rtc web text sound

command -v clang++ >/dev/null || { echo "clang++ is missing: apt install clang" >&2; exit 1; }
# The libraries are instrumented as well (fuzzer-no-link), or a fuzzer would see nothing of them.
[ -f "$build/build.ninja" ] ||
    CC='ccache clang' CXX='ccache clang++' meson setup "$build" "$root" -Dfuzz=true -Dtests=true -Doptimization=1 \
        -Db_sanitize=address,undefined -Db_lundef=false -Db_pch=false -Dcpp_args='-fsanitize=fuzzer-no-link -fno-sanitize=vptr' >/dev/null
ninja -C "$build" fuzzers
for name in "$@"; do
    MIXRIG_FUZZ=$seconds meson test -C "$build" --no-rebuild --verbose --timeout-multiplier 0 "fuzz-$name"
done
