// Readings of the desk that views draw with every frame: gain reduction, and where a sound stands on a curve.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useLayoutEffect, useRef } from "preact/hooks";
import { useDesk, useSession } from "../session";

/** Calls back once for each new reading of a meter that somebody watches. */
export function useReading(address: string, show: (values: Float32Array) => void): void {
    const { meters } = useSession();
    const newest = useRef(show);
    newest.current = show;
    // Of the layout: it ends with its elements, not a frame later.
    useLayoutEffect(() => {
        let shown: Float32Array | undefined;
        return meters.onFrame(() => {
            const values = meters.read(address);
            if (values === undefined || values === shown) return;
            shown = values;
            newest.current(values);
        });
    }, [meters, address]);
}

/** Where a field stands in the readings of strips; -1 if the desk has none of this name. */
export const useField = (name: string): number => useDesk().meterFields.indexOf(name);

const FULL = 24; // dB
const SILENT = -90; // dBFS

interface LevelProps {
    meter: string;
    field: number;
}

/** A level as a figure. */
export function Level({ meter, field }: LevelProps) {
    const text = useRef<HTMLSpanElement>(null);
    useReading(meter, (values) => {
        const dB = values[field] ?? SILENT;
        if (text.current) text.current.textContent = dB <= SILENT ? "" : `${dB.toFixed(1).replace("-", "−")} dBFS`;
    });
    return <span class="figure-level" ref={text} />;
}

interface ReductionProps {
    meter: string; // its address
    field: number;
    label: string;
}

/** A lying bar that grows from the right, with its figure. */
export function Reduction({ meter, field, label }: ReductionProps) {
    const bar = useRef<HTMLSpanElement>(null);
    const text = useRef<HTMLSpanElement>(null);
    useReading(meter, (values) => {
        // A frame may come between the end of the element and that of its effects.
        if (!bar.current || !text.current) return;
        const dB = Math.max(values[field] ?? 0, 0);
        bar.current.style.transform = `scaleX(${Math.min(dB / FULL, 1).toFixed(4)})`;
        text.current.textContent = dB < 0.05 ? "" : `−${dB.toFixed(1)}`;
    });
    return (
        <span class="reduction" role="img" aria-label={`${label}, gain reduction`} data-field={field}>
            <span class="fill" ref={bar} />
            <span class="figure" ref={text} />
        </span>
    );
}
