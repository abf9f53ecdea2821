// What fingers on a control mean: always relative, finer with distance from it, twice short for its usual place.
// SPDX-License-Identifier: GPL-3.0-or-later
import { clamp } from "../dsp/taper";

/** A finger that lands trembles: this far it may go before it moves anything. */
const SLOP = 4; // px
const FINE_FROM = 56; // px beside the control
const FINE_PER = 48; // px to half the speed
const FINEST = 0.05;
const TAP_LASTS = 250; // ms
const TWICE_WITHIN = 350; // ms
const TWICE_NEAR = 28; // px

/** How fast the value follows a finger that is so far beside the control. */
export function speedAt(beside: number): number {
    const far = Math.abs(beside) - FINE_FROM;
    return far <= 0 ? 1 : Math.max(1 / (1 + far / FINE_PER), FINEST);
}

export interface Place {
    x: number;
    y: number;
    time: number; // ms
}

/** One finger on one control. `along` is upwards or to the right, in pixels. */
export class Drag {
    private last: Place;
    private moving = false;

    constructor(
        private readonly start: Place,
        private readonly axis: "x" | "y",
        private readonly travel: number, // px from one end to the other
        private knob: number,
    ) {
        this.last = start;
    }

    /** Where the knob is now; undefined as long as the finger only lies there. */
    move(to: Place): number | undefined {
        const [dx, dy] = [to.x - this.last.x, this.last.y - to.y];
        if (!this.moving) {
            if (Math.hypot(dx, dy) < SLOP) return undefined;
            // From here on, so that the first move is no jump either.
            this.moving = true;
            this.last = to;
            return undefined;
        }
        const along = this.axis === "y" ? dy : dx;
        const beside = this.axis === "y" ? to.x - this.start.x : to.y - this.start.y;
        this.last = to;
        this.knob = clamp(this.knob + (along * speedAt(beside)) / Math.max(this.travel, 1), 0, 1);
        return this.knob;
    }

    /** Somebody else has moved the knob. */
    goOnFrom(knob: number): void {
        this.knob = knob;
    }

    /** Whether the finger was there shortly and moved nothing. */
    isTap(end: Place): boolean {
        return !this.moving && end.time - this.start.time < TAP_LASTS;
    }
}

/** Tells two taps from one. */
export class Taps {
    private last: Place | undefined;

    /** True for the second of two. */
    tap(at: Place): boolean {
        const before = this.last;
        const twice =
            before !== undefined &&
            at.time - before.time < TWICE_WITHIN &&
            Math.hypot(at.x - before.x, at.y - before.y) < TWICE_NEAR;
        this.last = twice ? undefined : at;
        return twice;
    }
}
