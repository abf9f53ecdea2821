#!/bin/bash
# Runs a test that needs node and packages of npm: run.sh bundle | units | maths | packages | browser FILE...; 77 says why it cannot.
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
page=$here/../../control/web

skip() {
    printf 'skipped: %s\n' "$*"
    exit 77
}

command -v node >/dev/null || skip "there is no node"
[ "$(node -p 'process.versions.node.split(".")[0] >= 20')" = true ] || skip "node $(node --version) is older than 20"

# packages FOLDER: as package-lock.json has them, once for all tests that run at the same time.
packages() {
    (
        flock 9
        [ -d "$1/node_modules" ] && [ ! "$1/package-lock.json" -nt "$1/node_modules" ] && exit 0
        command -v npm >/dev/null || exit 1
        cd "$1" && npm ci --ignore-scripts --no-fund --no-audit >/dev/null 2>&1 && touch node_modules
    ) 9>"$1/.packages.lock" || skip "npm does not bring the packages of $1"
}

case $1 in
    bundle)
        packages "$page"
        made=$(mktemp -d)
        trap 'rm -rf "$made"' EXIT
        (cd "$page" && node_modules/.bin/tsc --noEmit && node build.mjs "$made")
        diff -rq "$made" "$page/dist" || { echo "control/web/dist is not what its sources make: npm run build"; exit 1; }
        size=$(gzip -9c "$page/dist/app.js" | wc -c)
        echo "app.js: $size bytes, gzipped"
        [ "$size" -lt 61440 ] || { echo "that is more than 60 KiB"; exit 1; }
        ;;
    units)
        packages "$page"
        cd "$page" && node build.mjs tests && exec node --test build/
        ;;
    maths)
        packages "$page"
        cd "$here" && exec node --test maths/maths_test.mjs
        ;;
    packages) # for tests elsewhere
        packages "$page"
        packages "$here"
        ;;
    browser)
        packages "$here"
        shift
        cd "$here" && exec node --test "$@"
        ;;
esac
