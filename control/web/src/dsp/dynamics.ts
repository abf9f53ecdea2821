// Static curves of the desk's dynamics, in dB: what comes out of a steady level.
// SPDX-License-Identifier: GPL-3.0-or-later

// An open gate closes this far below its threshold (design.md 9).
export const HYSTERESIS = 3;
// A ratio from here on counts as infinite.
const INFINITE_RATIO = 100;
// How far below its ceiling the limiter stays for the sake of other meters: 0.05 dB.
const ROOM_FOR_OTHER_METERS = 0.9943;

export interface Gate {
    readonly mode: string;
    readonly threshold: number;
    readonly ratio: number;
    readonly range: number;
}

export interface Compressor {
    readonly threshold: number;
    readonly ratio: number;
    readonly knee: number;
    readonly makeup: number;
    readonly mix: number;
    readonly max_reduction: number;
}

// Of a gate that was open (a level that falls) or closed (one that rises); an expander knows no difference.
export function gateReduction(gate: Gate, level: number, open: boolean): number {
    if (gate.mode === "expander")
        return Math.min(Math.max(gate.threshold - level, 0) * (Math.max(1, gate.ratio) - 1), gate.range);
    return level >= gate.threshold - (open ? HYSTERESIS : 0) ? 0 : gate.range;
}

function slope(ratio: number): number {
    return ratio >= INFINITE_RATIO ? 1 : 1 - 1 / Math.max(1, ratio);
}

// Quadratic inside the knee, straight beyond it.
export function compressorReduction(
    c: Pick<Compressor, "threshold" | "ratio" | "knee" | "max_reduction">, level: number): number {
    const over = level - c.threshold, half = c.knee / 2;
    const inside = Math.min(Math.max(over + half, 0), c.knee);
    const curved = c.knee > 0 ? (inside * inside) / (2 * c.knee) : 0;
    return Math.min(slope(c.ratio) * (curved + Math.max(over - half, 0)), c.max_reduction);
}

// What a reduction makes of a level: y = x (1 - mix + mix g 10^(makeup/20)).
export function compressedLevel(c: Pick<Compressor, "makeup" | "mix">, level: number, reduction: number): number {
    const wet = c.mix * Math.pow(10, (c.makeup - reduction) / 20);
    return level + 20 * Math.log10(Math.max(1 - c.mix + wet, 1e-10));
}

export function compressorOut(c: Compressor, level: number): number {
    return compressedLevel(c, level, compressorReduction(c, level));
}

export function limiterOut(ceiling: number, level: number): number {
    if (level <= ceiling) return level;
    const needed = Math.pow(10, (ceiling - level) / 20);
    return level + 20 * Math.log10(needed * Math.max(needed, ROOM_FOR_OTHER_METERS));
}

// The clipper's curve, `x` relative to its ceiling: straight up to 1 - knee, 1 from 1 + knee on.
export function clipped(x: number, knee: number): number {
    const m = Math.abs(x);
    if (m <= 1 - knee) return x;
    const bent = m >= 1 + knee ? 1 : m - (m - 1 + knee) ** 2 / (4 * knee);
    return Math.sign(x) * bent;
}

// The saturator's curves, after the drive.
const TUBE_POINT = 0.2;
const CURVES: Readonly<Record<string, (x: number) => number>> = {
    soft: (x) => x / Math.sqrt(1 + x * x),
    firm: (x) => x / Math.sqrt(Math.sqrt(1 + x ** 4)),
    tube: (x) => {
        const bend = (at: number) => at / Math.sqrt(1 + at * at);
        return (bend(x + TUBE_POINT) - bend(TUBE_POINT)) * Math.pow(1 + TUBE_POINT * TUBE_POINT, 1.5);
    },
};

export function saturated(curve: string, x: number): number {
    return (CURVES[curve] ?? ((same) => same))(x);
}
