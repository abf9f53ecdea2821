# A wire with the kernel's netem in it, between the two network cards of the machine: what comes in as a line goes to netem,
# both ways; `told` answers what it did.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
modprobe -a virtio_net bridge sch_netem || exit 1
ip link add wire type bridge stp_state 0 forward_delay 0
for card in /sys/class/net/*; do
    [ -e "$card/device" ] || continue
    card=${card##*/}
    ip link set "$card" master wire up
    cards+=("$card")
done
ip link set wire up
echo ready
while read -r line; do
    for card in "${cards[@]}"; do
        if [ "$line" = told ]; then
            tc -s qdisc show dev "$card" root | tr '\n' ' '
        else
            # shellcheck disable=SC2086 -- it is words
            tc qdisc replace dev "$card" root netem limit 10000 $line 2>&1
        fi
    done
    echo
done
