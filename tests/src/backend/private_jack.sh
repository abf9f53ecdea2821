#!/bin/sh
# Runs a command in a world of its own: private /dev/shm, so that no JACK server outside is met.
# SPDX-License-Identifier: GPL-3.0-or-later
# Exit code 77: this machine cannot (no jackd, or no right to make a mount namespace).
set -u
command -v jackd >/dev/null && command -v unshare >/dev/null || exit 77
if [ "$(id -u)" = 0 ]; then private="unshare -m"; else private="unshare -rm"; fi
$private sh -c 'mount -t tmpfs tmpfs /dev/shm' 2>/dev/null || exit 77
exec $private sh -c 'mount -t tmpfs tmpfs /dev/shm && exec "$@"' private_jack "$@"
