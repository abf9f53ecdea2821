// A knob: turned by a finger that moves up or down; and a bar, the same lying, for pan.
// SPDX-License-Identifier: GPL-3.0-or-later
import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { useHandle } from "./handle";
import { toKnob } from "../dsp/taper";

const TURN = 270; // degrees
const KNOB_TRAVEL = 180; // px of the finger

interface Props {
    address: string;
    label: string;
}

// The arc is a circle of dashes: as long as the value, begun at 225 degrees.
const RADIUS = 20;
const AROUND = 2 * Math.PI * RADIUS;
const dashes = (part: number): string => `${((part * TURN) / 360) * AROUND} ${AROUND}`;

export function Knob({ address, label }: Props) {
    const { handle, slider, text } = useHandle(address, { axis: "y", travel: () => KNOB_TRAVEL });
    // Values around zero grow from the middle, all others from the low end.
    const from = handle.row && handle.row.low < 0 && handle.row.taper === "linear" ? toKnob(handle.row, 0) : 0;
    const arc = useMemo(() => computed(() => dashes(Math.abs(handle.knob.value - from))), [handle, from]);
    const begin = useMemo(
        () => computed(() => `rotate(${135 + TURN * Math.min(handle.knob.value, from)} 24 24)`),
        [handle, from],
    );
    const hand = useMemo(() => computed(() => `rotate(${135 + TURN * handle.knob.value} 24 24)`), [handle]);
    return (
        <div class="knob" {...slider} aria-label={label} data-address={address}>
            <svg viewBox="0 0 48 48" aria-hidden="true">
                <circle class="rest" cx="24" cy="24" r={RADIUS} stroke-dasharray={dashes(1)} transform="rotate(135 24 24)" />
                <circle class="arc" cx="24" cy="24" r={RADIUS} stroke-dasharray={arc} transform={begin} />
                <line class="hand" x1="32" y1="24" x2="41" y2="24" transform={hand} />
            </svg>
            <span class="reading">{text}</span>
        </div>
    );
}

/** A lying slider, filled from the middle if the value goes both ways. */
export function Bar({ address, label }: Props) {
    const { handle, slider, text } = useHandle(address, { axis: "x", travel: (e) => e.clientWidth });
    const row = handle.row;
    const from = row && row.low < 0 && row.taper === "linear" ? toKnob(row, 0) : 0;
    const fill = useMemo(
        () =>
            computed(() => {
                const [low, high] = [Math.min(from, handle.knob.value), Math.max(from, handle.knob.value)];
                return `left:${(low * 100).toFixed(2)}%;right:${(100 - high * 100).toFixed(2)}%`;
            }),
        [handle, from],
    );
    const hand = useMemo(() => computed(() => `left:${(handle.knob.value * 100).toFixed(2)}%`), [handle]);
    return (
        <div class="bar" {...slider} aria-label={label} aria-orientation="horizontal" data-address={address}>
            <div class="fill" style={fill} />
            <div class="hand" style={hand} />
            <span class="reading">{text}</span>
        </div>
    );
}
