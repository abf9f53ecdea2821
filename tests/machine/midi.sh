# MIDI surfaces at the kernel's own sequencer: the desk's MIDI test there and on a USB, and programs of others as witnesses.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
export MIXRIG=${MIXRIG:-$BUILD/src/app/mixrig} MIXRIG_MIDI_DOUBLE=${MIXRIG_MIDI_DOUBLE:-$BUILD/tests/desk/libmidi_double.so}
for module in snd-seq snd-seq-midi dummy_hcd\ num=2 libcomposite usb_f_midi snd-usb-audio; do
    # shellcheck disable=SC2086 -- a module and its options
    modprobe $module || exit 1
done
mount -t configfs configfs /sys/kernel/config
# Emulated, and others at work beside it.
grep -q "QEMU TCG" /proc/cpuinfo && export MIXRIG_PATIENCE=4
code=0
# The other cases have no need of a kernel's.
stdbuf -oL "$BUILD/tests/desk/midi_desk_tests" --duration=true -tc="*by the sequencer*,*does not read*,*by USB*" || code=1
python3 -u "$(dirname "$0")/midi_witness.py" || code=1
exit $code
