// Knob positions, 0 to 1, and values, as src/param/text.cpp has them; tests compare the two.
// SPDX-License-Identifier: GPL-3.0-or-later

export type Taper = "linear" | "logarithmic" | "fader";

// What a row of the table says about the range of a number.
export interface Range {
    readonly low: number;
    readonly high: number;
    readonly taper: Taper;
}

// dB; a fader at or below it passes nothing.
export const SILENCE = -90;

// Half of the way for the 20 dB around unity, a tenth for the last 30 dB above silence.
const FADER: ReadonlyArray<readonly [knob: number, dB: number]> = [
    [0, SILENCE], [0.0625, -60], [0.25, -30], [0.5, -10], [1, 10],
];

export function clamp(value: number, low: number, high: number): number {
    return Math.min(Math.max(value, low), high);
}

export function toKnob(range: Range, value: number): number {
    const v = clamp(value, range.low, range.high);
    if (range.high <= range.low) return 0;
    if (range.taper === "linear") return (v - range.low) / (range.high - range.low);
    if (range.taper === "logarithmic") return Math.log(v / range.low) / Math.log(range.high / range.low);
    return along(FADER.map(([knob, dB]) => [dB, knob] as const), v);
}

export function fromKnob(range: Range, knob: number): number {
    const k = clamp(knob, 0, 1);
    if (range.taper === "linear") return range.low + k * (range.high - range.low);
    if (range.taper === "logarithmic") return range.low * Math.pow(range.high / range.low, k);
    return along(FADER, k);
}

// A polyline through points whose first numbers rise.
function along(points: ReadonlyArray<readonly [number, number]>, x: number): number {
    const last = points.length - 1;
    const at = Math.max(1, points.findIndex(([px]) => x <= px));
    if (x > points[last]![0]) return points[last]![1];
    const [x0, y0] = points[at - 1]!, [x1, y1] = points[at]!;
    return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}
