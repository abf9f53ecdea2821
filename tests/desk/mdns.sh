#!/bin/bash
# A desk on a network of its own is found by mDNS, under another name if its own is taken, and again after the avahi
# daemon was away: tests/desk/mdns.sh MIXRIG. Exit code 77 where no such network can be made.
# SPDX-License-Identifier: GPL-3.0-or-later
set -uo pipefail

skip() { echo "skipped: $*"; exit 77; }
fail() { echo "FAILED: $*"; cat "$home"/log; exit 1; }

if [ "${2:-}" != inside ]; then
    for program in dbus-daemon avahi-daemon avahi-browse unshare ip; do
        command -v "$program" >/dev/null || skip "no $program"
    done
    unshare --mount --net true 2>/dev/null || skip "no namespaces"
    exec unshare --mount --net --pid --fork --mount-proc "$0" "$1" inside
fi

mixrig=$1
home=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf "$home"' EXIT
ip link set lo multicast on up
# Nothing of the machine's own bus and daemon is seen from here.
mount -t tmpfs tmpfs /run
mkdir -p /run/dbus /run/avahi-daemon
cat >"$home/avahi.conf" <<'CONF'
[server]
host-name=mdns-test
allow-interfaces=lo
use-ipv6=no
enable-dbus=yes
[publish]
disable-publishing=no
CONF
cat >"$home/bus.conf" <<'CONF'
<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
<allow send_type="method_call"/><allow send_type="signal"/></policy></busconfig>
CONF
cat >"$home/desk.toml" <<'CONF'
[desk]
name = "found desk"
[osc]
listen = "0.0.0.0"
[web]
listen = "0.0.0.0"
CONF

avahi() { avahi-daemon --no-drop-root --no-chroot --no-rlimits --file "$home/avahi.conf" >>"$home/avahi.log" 2>&1 & avahi=$!; }
# says TEXT TIMES SECONDS: the desk's log has it so often in time.
says() {
    for _ in $(seq $(($3 * 10))); do
        [ "$(grep -c "$1" "$home/log")" -ge "$2" ] && return
        sleep 0.1
    done
    fail "not in the log $2 times: $1"
}

XDG_STATE_HOME=$home "$mixrig" run -c "$home/desk.toml" --backend null --osc 9100 --web 8100 --no-state >"$home/log" 2>&1 &
says "not announced by mDNS yet" 1 10  # there is no bus
dbus-daemon --config-file="$home/bus.conf" --nofork >"$home/bus.log" 2>&1 &
avahi
says "announced by mDNS as found desk" 1 20
for type in _osc._udp:9100 _osc._tcp:9100 _oscjson._tcp:8100 _http._tcp:8100; do
    found=$(avahi-browse --no-db-lookup -prt "${type%:*}")
    grep -q "^=;lo;IPv4;found\\\\032desk;${type%:*};local;mdns-test.local;127.0.0.1;${type#*:};" <<<"$found" ||
        fail "$type is not found: $found"
done
avahi-browse --no-db-lookup -prt _osc._tcp | grep -q '"framing=slip"' || fail "how OSC is framed over TCP is not said"

kill "$avahi"; wait "$avahi"
avahi
says "announced by mDNS as found desk" 2 20

XDG_STATE_HOME=$home "$mixrig" run -c "$home/desk.toml" --backend null --osc 9101 --web 8101 --no-state >>"$home/log" 2>&1 &
says "announced by mDNS as found desk #2" 1 20
echo "found, found again, and told apart"
