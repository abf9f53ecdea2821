// What the desk is: its strips and the rows of its parameter table, as /table.json says.
// SPDX-License-Identifier: GPL-3.0-or-later
import { SILENCE, type Taper } from "./dsp/taper";

export type Kind = "ch" | "sub" | "aux" | "fx" | "mtx" | "dca" | "main";
export type Value = number | string;

export interface Row {
    address: string; // with `#` for each number: /ch/#/eq/#/freq
    label: string;
    type: string; // number, toggle, choice, text, route, source, groups...
    unit: string;
    low: number;
    high: number;
    taper: Taper;
    choices: string[];
    initial: Value[]; // of each band where they differ, else one
    told?: boolean; // a reading: the desk alone sets it
    count?: number; // of what its last # counts, unless that is strips
    doc: string;
}

export interface Action {
    address: string;
    types: string;
}

/** A strip of the desk: `{kind: "ch", number: 3}`. Main has number 1. */
export interface Strip {
    kind: Kind;
    number: number;
}

export interface Desk {
    name: string;
    version: string;
    counts: Record<Kind, number>;
    stereo: Record<string, boolean[]>;
    rows: Map<string, Row>;
    actions: Action[];
    meterFields: string[];
    chainFields: string[]; // of /meters/main/chain
}

export const KINDS: Kind[] = ["ch", "sub", "aux", "fx", "mtx", "dca", "main"];

export const KIND_NAMES: Record<Kind, [one: string, many: string]> = {
    ch: ["Channel", "Channels"],
    sub: ["Subgroup", "Subgroups"],
    aux: ["Mix", "Mixes"],
    fx: ["Effect", "Effects"],
    mtx: ["Matrix", "Matrices"],
    dca: ["DCA", "DCAs"],
    main: ["Main", "Main"],
};

/** `/ch/3`, `/main`. */
export function pathOf(strip: Strip): string {
    return strip.kind === "main" ? "/main" : `/${strip.kind}/${strip.number}`;
}

/** `ch/3`, as actions and routes name strips. */
export const wordOf = (strip: Strip): string => pathOf(strip).slice(1);

export function stripOf(path: string): Strip | undefined {
    const [, kind, number] = /^\/?([a-z]+)(?:\/(\d+))?/.exec(path) ?? [];
    if (!kind || !KINDS.includes(kind as Kind)) return undefined;
    if (kind !== "main" && !number) return undefined;
    return { kind: kind as Kind, number: Number(number ?? 1) };
}

/** Of a word that comes from outside: undefined if this desk has no such strip. */
export function stripOn(desk: Desk, word: string): Strip | undefined {
    const strip = stripOf(word);
    return strip && strip.number >= 1 && strip.number <= desk.counts[strip.kind] ? strip : undefined;
}

/** `Channel 3`; `Main`. */
export function titleOf(strip: Strip): string {
    const [one] = KIND_NAMES[strip.kind];
    return strip.kind === "main" ? one : `${one} ${strip.number}`;
}

export function stripsOf(desk: Desk, kind: Kind): Strip[] {
    return Array.from({ length: desk.counts[kind] }, (_, i) => ({ kind, number: i + 1 }));
}

/** The row of an address, or of a pattern of addresses. */
export function rowOf(desk: Desk, address: string): Row | undefined {
    return desk.rows.get(address.replace(/\/\d+(?=\/|$)/g, "/#"));
}

/** Where a parameter stands on a new desk. */
export function initialOf(row: Row, address: string): Value {
    if (row.initial.length === 1) return row.initial[0]!;
    const numbers = address.match(/\/\d+/g) ?? [];
    const index = Number((numbers[numbers.length - 1] ?? "/1").slice(1)) - 1;
    return row.initial[index] ?? row.initial[0] ?? 0;
}

export const isSilent = (row: Row, value: number): boolean =>
    row.taper === "fader" && value <= SILENCE;

/** How the desk's wire writes a value of this row: `f`, `i`, `s`. */
export function wireType(row: Row | undefined, value: Value): "f" | "i" | "s" {
    if (typeof value === "string") return "s";
    return row?.type === "toggle" ? "i" : "f";
}

interface RawRow {
    address: string;
    label?: string;
    type: string;
    unit?: string;
    low?: number;
    high?: number;
    taper?: string;
    choices?: string[];
    default?: Value | Value[];
    doc?: string;
    told?: boolean;
    index?: string; // what the last # counts, by its name in `shape`
}

type Shape = Readonly<Record<string, number | boolean[]>>;

export interface RawTable {
    name?: string;
    version?: string;
    shape: Shape;
    parameters: RawRow[];
    actions?: Action[];
    meters?: string[];
    chain?: string[];
}

const sizeOf = (said: number | boolean[] | undefined): number =>
    Array.isArray(said) ? said.length : (said ?? 1);

function readRow(raw: RawRow, shape: Shape): Row {
    const initial = raw.default === undefined ? [0] : Array.isArray(raw.default) ? raw.default : [raw.default];
    return {
        address: raw.address,
        label: raw.label ?? raw.address,
        type: raw.type,
        unit: raw.unit ?? "",
        low: raw.low ?? 0,
        high: raw.high ?? 1,
        taper: (raw.taper as Taper | undefined) ?? "linear",
        choices: raw.choices ?? [],
        initial: raw.type === "toggle" ? initial.map((v) => (v === "on" || v === 1 ? 1 : 0)) : initial,
        doc: raw.doc ?? "",
        told: raw.told ?? false,
        count: raw.index ? sizeOf(shape[raw.index]) : 1,
    };
}

export function readTable(raw: RawTable): Desk {
    const rows = new Map(raw.parameters.map((row) => [row.address, readRow(row, raw.shape)]));
    const counts = {} as Record<Kind, number>;
    const stereo: Record<string, boolean[]> = {};
    for (const kind of KINDS) {
        const said = raw.shape[kind] ?? (kind === "main" ? 1 : 0);
        counts[kind] = sizeOf(said);
        stereo[kind] = Array.isArray(said) ? said : Array.from({ length: said }, () => kind !== "ch");
    }
    return {
        name: raw.name ?? "mixrig",
        version: raw.version ?? "",
        counts,
        stereo,
        rows,
        actions: raw.actions ?? [],
        meterFields: raw.meters ?? [],
        chainFields: raw.chain ?? [],
    };
}

export const isStereo = (desk: Desk, strip: Strip): boolean =>
    strip.kind === "main" || (desk.stereo[strip.kind]?.[strip.number - 1] ?? false);
