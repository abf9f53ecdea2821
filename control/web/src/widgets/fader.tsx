// A fader: a cap on a way with its scale. The whole way takes fingers; none of them ever makes it jump.
// SPDX-License-Identifier: GPL-3.0-or-later
import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { toKnob } from "../dsp/taper";
import type { Row } from "../table";
import { useHandle } from "./handle";

const MARKS = [10, 5, 0, -5, -10, -20, -30, -60];
const MINOR = [5, -5, -20]; // left out where there is no room

const travel = (element: HTMLElement): number => element.querySelector(".run")?.clientHeight ?? 1;

function Scale({ row }: { row: Row }) {
    return (
        <div class="scale" aria-hidden="true">
            {MARKS.map((dB) => (
                <span key={dB} class={`mark ${dB === 0 ? "unity" : ""} ${MINOR.includes(dB) ? "minor" : ""}`} style={{ "--knob": toKnob(row, dB) }}>
                    {Math.abs(dB)}
                </span>
            ))}
        </div>
    );
}

export interface FaderProps {
    address: string; // of a level in dB
    label: string; // for screen readers: "Kick, fader"
    scale?: boolean;
}

export function Fader({ address, label, scale = true }: FaderProps) {
    const { handle, slider } = useHandle(address, { axis: "y", travel });
    const cap = useMemo(() => computed(() => `--knob:${handle.knob.value.toFixed(5)}`), [handle]);
    return (
        <div class="fader" {...slider} aria-label={label} aria-orientation="vertical" data-address={address}>
            <div class="way" />
            {scale && handle.row && <Scale row={handle.row} />}
            <div class="run" style={cap}>
                <div class="cap" />
            </div>
        </div>
    );
}
