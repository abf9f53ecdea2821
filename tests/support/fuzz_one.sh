#!/bin/sh
# Runs one fuzzer, as meson's tests of suite fuzz do: fuzz_one.sh EXECUTABLE NAME LONGEST CORPUS [DICTIONARY].
# MIXRIG_FUZZ=SECONDS runs it for so long, and keeps what it has found in ./fuzz/NAME.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
fuzzer=$1
name=$2
longest=$3
corpus=$4

# A report is a failure, whatever the build says.
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-halt_on_error=1:print_stacktrace=1}"
found=$PWD/fuzz/$name
if [ -z "${MIXRIG_FUZZ:-}" ]; then
    found=$(mktemp -d)
    trap 'rm -rf "$found"' EXIT
fi
mkdir -p "$found" "$PWD/fuzz"
# What ends it is left in ./fuzz, and its bytes are told.
"$fuzzer" -max_total_time="${MIXRIG_FUZZ:-4}" -max_len="$longest" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
    -artifact_prefix="$PWD/fuzz/$name-" ${5:+-dict="$5"} "$found" "$corpus"
