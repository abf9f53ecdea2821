// Which strips have clipped since the page was opened, or since somebody has seen it: those that no view has shown as well.
// SPDX-License-Identifier: GPL-3.0-or-later
import { type Signal, signal } from "@preact/signals";
import { type Desk, KINDS, pathOf, stripsOf } from "./table";

/** Meters of all strips by one text, as a desk has no more than 256 for all its guests: what ends in a number, and main. */
export const CLIP_METERS = "//[m0-9]*";
export const CLIP_RATE = 1; // Hz: the desk counts between readings

interface Count {
    /** Samples at full scale that have been seen: those before the page was opened, and before the last tap. */
    seen: number | undefined;
    lit: Signal<boolean>;
}

export class Clips {
    private readonly counts = new Map<string, Count>();
    private field = -1;

    /** Other meters have other fields. */
    knows(desk: Desk): void {
        this.field = desk.meterFields.indexOf("clips");
        for (const kind of KINDS) for (const strip of stripsOf(desk, kind)) this.countOf(`/meters${pathOf(strip)}`);
    }

    /** Lit until somebody has seen it: a clip lasts for less than a glance. */
    lit(path: string): Signal<boolean> {
        return this.countOf(`/meters${path}`).lit;
    }

    seen(path: string): void {
        const count = this.countOf(`/meters${path}`);
        count.seen = undefined;
        count.lit.value = false;
    }

    reading(address: string, values: Float32Array): void {
        const count = this.counts.get(address);
        const clips = values[this.field];
        if (!count || clips === undefined) return;
        // The desk counts anew after a reset.
        if (count.seen === undefined || clips < count.seen) count.seen = clips;
        count.lit.value = clips > count.seen;
    }

    private countOf(address: string): Count {
        let found = this.counts.get(address);
        if (!found) this.counts.set(address, (found = { seen: undefined, lit: signal(false) }));
        return found;
    }
}
