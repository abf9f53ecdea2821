# The desk on ALSA's cards: one of software, one on PCI, one on USB. Software, all of them, but for their drivers.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
export MIXRIG=${MIXRIG:-$BUILD/src/app/mixrig}
modprobe snd-dummy id=Dummy || exit 1
modprobe snd-hda-intel id=Intel || exit 1
modprobe -a xhci-pci snd-usb-audio || exit 1
sleep 2
cat /proc/asound/cards
exec python3 -u -W ignore "$(dirname "$0")/sound_card.py"
