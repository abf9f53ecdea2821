// Gate and compressor of a strip: their settings as the curves want them, and the points that hands move.
// SPDX-License-Identifier: GPL-3.0-or-later
import { type Compressor, type Gate, compressedLevel, compressorOut, compressorReduction, gateReduction } from "../dsp/dynamics";
import type { Scale } from "../dsp/plot";
import { spokenValue } from "../format";
import type { Store } from "../store";
import { numberOf, reset, step, valueOf } from "./band";
import type { Handle, Size } from "./plot";

export interface Curve {
    /** Levels, in to the right and out upwards. */
    out(level: number): number;
    /** Where it differs from `out`: on the way down, of a gate that was open. */
    falling?(level: number): number;
    handles(axes: Levels): Handle[];
}

export interface Levels {
    readonly in: Scale;
    readonly out: Scale;
    readonly low: number;
    readonly high: number;
    readonly size: Size;
}

export function readCompressor(store: Store, path: string): Compressor {
    const of = (name: string): number => numberOf(store, `${path}/${name}`);
    return {
        threshold: of("threshold"), ratio: of("ratio"), knee: of("knee"), max_reduction: of("max_reduction"),
        makeup: of("makeup"),
        // A band of the multiband compressor has no mix: it is all of it.
        mix: store.row(`${path}/mix`) ? of("mix") : 1,
    };
}

export function readGate(store: Store, path: string): Gate {
    const of = (name: string): number => numberOf(store, `${path}/${name}`);
    return { mode: String(valueOf(store, `${path}/mode`)), threshold: of("threshold"), ratio: of("ratio"), range: of("range") };
}

type Point = Pick<Handle, "x" | "y"> & Partial<Handle>;

// A point that stands for one number.
export function pointOf(store: Store, address: string, name: string, look: string, way: "x" | "y", rest: Point & Pick<Handle, "moveTo">): Handle {
    const row = store.row(address);
    const value = numberOf(store, address);
    return {
        key: address, name, look, says: spokenValue(row, value), now: value, low: row?.low ?? 0, high: row?.high ?? 1,
        on: true, addresses: [address],
        nudge: (pressed, forth, fine) => pressed === way && step(store, address, forth, fine),
        reset: () => reset(store, address),
        ...rest,
    };
}

const inside = (axes: Levels, y: number): number => Math.min(Math.max(y, 8), axes.size.height - 8);

export function compressorCurve(store: Store, path: string): Curve {
    const settings = readCompressor(store, path);
    const [threshold, ratio, knee] = ["threshold", "ratio", "knee"].map((name) => `${path}/${name}`) as [string, string, string];
    const out = (level: number): number => compressorOut(settings, level);
    // What a ratio alone takes off at a level: without make-up, mix and a most.
    const taken = (level: number, by: number): number =>
        compressorReduction({ ...settings, ratio: by, max_reduction: Infinity }, level);
    const ratioPoint = (axes: Levels): Handle => pointOf(store, ratio, "Ratio", "ratio", "y", {
        x: axes.in.toPixel(axes.high), y: inside(axes, axes.out.toPixel(out(axes.high))), mark: "R",
        origin: { x: axes.in.toPixel(axes.high), y: axes.out.toPixel(axes.high - taken(axes.high, settings.ratio)) },
        moveTo: (_x, y) => {
            const share = (axes.high - axes.out.toValue(y)) / taken(axes.high, Infinity);
            store.set(ratio, share < 1 ? 1 / (1 - Math.max(share, 0)) : Infinity);
        },
        // Upwards on the picture is less of it.
        nudge: (way, forth, fine) => way === "y" && step(store, ratio, !forth, fine),
    });
    const handles = (axes: Levels): Handle[] => [
        // At the loud end the ratio has nothing to do.
        settings.threshold < axes.high && ratioPoint(axes),
        pointOf(store, threshold, "Threshold", "threshold", "x", {
            x: axes.in.toPixel(settings.threshold), y: inside(axes, axes.out.toPixel(out(settings.threshold))), mark: "T",
            moveTo: (x) => store.set(threshold, axes.in.toValue(x)),
            // Two fingers spread the knee; a hard one can be spread as well.
            width: { now: settings.knee + 1, set: (width) => store.set(knee, width - 1) },
            addresses: [threshold, knee],
        }),
    ].filter((handle) => handle !== false);
    return { out, handles };
}

export function gateCurve(store: Store, path: string): Curve {
    const settings = readGate(store, path);
    const expands = settings.mode === "expander";
    const threshold = `${path}/threshold`;
    const depth = expands ? `${path}/ratio` : `${path}/range`;
    const out = (level: number): number => level - gateReduction(settings, level, false);
    const handles = (axes: Levels): Handle[] => {
        const below = (axes.low + settings.threshold) / 2;
        const under = settings.threshold - below;
        const reduction = expands ? under * (settings.ratio - 1) : settings.range;
        return [
            pointOf(store, threshold, "Threshold", "threshold", "x", {
                x: axes.in.toPixel(settings.threshold), y: axes.out.toPixel(settings.threshold), mark: "T",
                moveTo: (x) => store.set(threshold, axes.in.toValue(x)),
            }),
            pointOf(store, depth, expands ? "Ratio" : "Range", "ratio", "y", {
                x: axes.in.toPixel(below), y: inside(axes, axes.out.toPixel(out(below))), mark: "R",
                origin: { x: axes.in.toPixel(below), y: axes.out.toPixel(below - reduction) },
                moveTo: (_x, y) => {
                    const wanted = below - axes.out.toValue(y);
                    if (!expands) store.set(depth, wanted);
                    else if (under > 0) store.set(depth, 1 + wanted / under);
                },
                nudge: (way, forth, fine) => way === "y" && step(store, depth, !forth, fine),
            }),
        ];
    };
    return expands ? { out, handles } : { out, falling: (level) => level - gateReduction(settings, level, true), handles };
}

/** The readings of a strip, by name. */
export type Reading = (field: string) => number;

/** What stands before a compressor, worked back from the level behind both. `place` is 1 or 2. */
export function compressorIn(store: Store, strip: string, place: number, reading: Reading): number {
    let level = reading("pre_peak");
    for (let k = 2; k >= place; --k) {
        const path = `${strip}/comp/${k}`;
        if (store.value(`${path}/on`).peek() !== 1) continue;
        level -= compressedLevel(readCompressor(store, path), 0, reading(`comp_${k}`));
    }
    return level;
}
