// A band of an equaliser as a point of its picture: where it stands, and what moving it asks for.
// SPDX-License-Identifier: GPL-3.0-or-later
import { type Band, hasGain } from "../dsp/filters";
import type { Scale } from "../dsp/plot";
import { formatValue, spokenValue } from "../format";
import type { Store } from "../store";
import { type Value, initialOf } from "../table";
import { keyed } from "../widgets/handle";
import type { Handle, Way } from "./plot";

export interface Axes {
    readonly freq: Scale;
    readonly gain: Scale;
    readonly lowest: number; // dB at the foot
}

/** Points of the strip's own filters hang below the bands, whose points would cover them. */
export const cornerLevel = ({ lowest }: Axes): number => lowest / 2;

/** The value of a parameter, or where it stands on a new desk as long as nobody has told. */
export function valueOf(store: Store, address: string): Value | undefined {
    const row = store.row(address);
    return store.value(address).value ?? (row && initialOf(row, address));
}

export function numberOf(store: Store, address: string): number {
    const value = valueOf(store, address);
    return typeof value === "number" ? value : 0;
}

/** One step by a key, as everywhere on the page. */
export function step(store: Store, address: string, forth: boolean, fine: boolean): void {
    const row = store.row(address);
    const value = numberOf(store, address);
    const wanted = row && keyed(row, value, value, forth ? "ArrowUp" : "ArrowDown", fine);
    if (wanted !== undefined) store.set(address, wanted);
}

export function reset(store: Store, address: string): void {
    const row = store.row(address);
    if (row) store.set(address, initialOf(row, address));
}

/** `path` is that of the band: /ch/1/eq/2. */
export function readBand(store: Store, path: string): Band & { on: boolean } {
    return {
        on: valueOf(store, `${path}/on`) === 1,
        type: String(valueOf(store, `${path}/type`)),
        freq: numberOf(store, `${path}/freq`),
        gain: numberOf(store, `${path}/gain`),
        q: numberOf(store, `${path}/q`),
    };
}

// Where a bell is half as many dB, as a ratio of its centre: r - 1/r = 1/Q.
const edgeOf = (q: number): number => Math.sqrt(1 + 1 / (4 * q * q)) + 1 / (2 * q);
const qualityOf = (edge: number): number => 1 / (edge - 1 / edge);

const says = (store: Store, address: string): string =>
    spokenValue(store.row(address), valueOf(store, address));

function describe(store: Store, path: string, band: Band): string {
    const gain = hasGain(band.type) ? `, ${says(store, `${path}/gain`)}` : "";
    return `${says(store, `${path}/freq`)}${gain}, Q ${formatValue(store.row(`${path}/q`), band.q)}`;
}

const wordsOf = (type: string): string => type.replace(/_/g, " ");

export function bandHandle(store: Store, path: string, number: number, axes: Axes, on: boolean): Handle {
    const band = readBand(store, path);
    const gains = hasGain(band.type);
    const [freq, gain, q] = ["freq", "gain", "q"].map((name) => `${path}/${name}`) as [string, string, string];
    const row = store.row(gains ? gain : freq);
    return {
        key: path,
        x: axes.freq.toPixel(band.freq),
        y: axes.gain.toPixel(gains ? band.gain : 0),
        width: { now: 1 / band.q, set: (width) => store.set(q, 1 / width) },
        name: `Band ${number}, ${wordsOf(band.type)}`,
        says: `${describe(store, path, band)}${band.on ? "" : ", off"}`,
        now: gains ? band.gain : band.freq,
        low: row?.low ?? 0,
        high: row?.high ?? 1,
        on: on && band.on,
        look: `band b${number}`,
        mark: String(number),
        addresses: gains ? [freq, gain, q] : [freq, q],
        moveTo(x, y) {
            store.set(freq, axes.freq.toValue(x));
            if (gains) store.set(gain, axes.gain.toValue(y));
        },
        nudge(way: Way, forth: boolean, fine: boolean) {
            if (way === "x") step(store, freq, forth, fine);
            // Wider is a lower Q.
            else if (way === "width") step(store, q, !forth, fine);
            else if (gains) step(store, gain, forth, fine);
        },
        reset() {
            if (gains) reset(store, gain);
            reset(store, q);
        },
    };
}

/** Beside a chosen point: its edges, which set Q without a second finger. */
export function edgeHandles(store: Store, path: string, number: number, axes: Axes): Handle[] {
    const band = readBand(store, path);
    const q = `${path}/q`;
    const row = store.row(q);
    const ratio = edgeOf(band.q);
    return [-1, 1].map((side): Handle => ({
        key: `${path}${side < 0 ? "<" : ">"}`,
        x: axes.freq.toPixel(band.freq * ratio ** side),
        y: axes.gain.toPixel(hasGain(band.type) ? band.gain / 2 : 0),
        name: `Band ${number}, Q`,
        says: `Q ${formatValue(row, band.q)}`,
        now: band.q,
        low: row?.low ?? 0,
        high: row?.high ?? 1,
        on: true,
        look: `edge b${number}`,
        addresses: [q],
        moveTo(x) {
            // Over the centre there is no width that the edge could stand for: it stays as narrow as can be.
            const edge = Math.max((axes.freq.toValue(x) / band.freq) ** side, edgeOf(row?.high ?? band.q));
            store.set(q, qualityOf(edge));
        },
        nudge: (_way, forth, fine) => step(store, q, forth, fine),
        reset: () => reset(store, q),
    }));
}

/** The strip's own high-pass or low-pass: a point on its corner, moved sideways. */
export function cornerHandle(store: Store, path: string, name: string, mark: string, axes: Axes): Handle {
    const freq = `${path}/freq`;
    const value = numberOf(store, freq);
    const row = store.row(freq);
    const on = valueOf(store, `${path}/on`) === 1;
    return {
        key: path,
        x: axes.freq.toPixel(value),
        y: axes.gain.toPixel(cornerLevel(axes)),
        name,
        says: `${says(store, freq)}, ${valueOf(store, `${path}/slope`)} decibels per octave${on ? "" : ", off"}`,
        now: value,
        low: row?.low ?? 0,
        high: row?.high ?? 1,
        on,
        look: "corner",
        mark,
        addresses: [freq],
        moveTo: (x) => store.set(freq, axes.freq.toValue(x)),
        nudge: (way, forth, fine) => way === "x" && step(store, freq, forth, fine),
        reset: () => reset(store, freq),
    };
}
