// A fader: a cap on a way with its scale. The whole way takes fingers; none of them ever makes it jump.
// SPDX-License-Identifier: GPL-3.0-or-later
import { computed } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { toKnob } from "../dsp/taper";
import type { Row } from "../table";
import { useHandle } from "./handle";

const MARKS = [10, 5, 0, -5, -10, -20, -30, -60];
const MINOR = [5, -5, -20]; // left out where there is no room

const travel = (element: HTMLElement): number => element.querySelector(".run")?.clientHeight ?? 1;

// All faders of a range have one scale, which is made once and copied: a bank has a hundred marks, and the page opens sooner so.
const scales = new WeakMap<Row, DocumentFragment>();

function scaleOf(row: Row): DocumentFragment {
    const made = scales.get(row);
    if (made) return made;
    const out = document.createDocumentFragment();
    for (const dB of MARKS) {
        const mark = document.createElement("span");
        mark.className = `mark ${dB === 0 ? "unity" : ""} ${MINOR.includes(dB) ? "minor" : ""}`;
        mark.style.setProperty("--knob", String(toKnob(row, dB)));
        mark.textContent = String(Math.abs(dB));
        out.append(mark);
    }
    scales.set(row, out);
    return out;
}

function Scale({ row }: { row: Row }) {
    const ref = useRef<HTMLDivElement>(null);
    useLayoutEffect(() => ref.current?.replaceChildren(scaleOf(row).cloneNode(true)), [row]);
    return <div class="scale" aria-hidden="true" ref={ref} />;
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
