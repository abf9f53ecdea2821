// Which parameters there are below an address, and what may be chosen where a row names strips.
// SPDX-License-Identifier: GPL-3.0-or-later
import { type Desk, type Kind, type Row, stripsOf, titleOf, wordOf } from "../table";

/** `/ch/3/eq/2/freq` as the table writes it: `/ch/#/eq/#/freq`. */
export const patternOf = (address: string): string => address.replace(/\/\d+(?=\/|$)/g, "/#");

/** How many there are of what the last # of a row counts; 1 if it counts nothing. */
export const countOf = (row: Row): number => row.count ?? 1;

/** All addresses below a path, in the order of the table: of `/ch/1/gate`, `/ch/1/gate/on` and so on. */
export function addressesBelow(desk: Desk, path: string): string[] {
    const pattern = `${patternOf(path)}/`;
    const out: string[] = [];
    for (const row of desk.rows.values()) {
        if (!row.address.startsWith(pattern)) continue;
        const rest = row.address.slice(pattern.length);
        if (!rest.includes("#")) out.push(`${path}/${rest}`);
        else for (let i = 1; i <= countOf(row); ++i) out.push(`${path}/${rest.replace("#", String(i))}`);
    }
    // The master chain has a place of its own behind the main strip.
    return path === "/main" ? out.filter((address) => !address.startsWith("/main/master/")) : out;
}

/** Addresses by the first part below the path; those that have one part alone come under "". */
export function grouped(path: string, addresses: readonly string[]): Map<string, string[]> {
    const out = new Map<string, string[]>();
    for (const address of addresses) {
        const [first, ...rest] = address.slice(path.length + 1).split("/");
        const group = rest.length === 0 ? "" : first!;
        out.set(group, [...(out.get(group) ?? []), address]);
    }
    return out;
}

/** "Gate threshold" under a heading "Gate" is "Threshold". */
export function shortened(label: string, under: string | undefined): string {
    if (!under || !label.startsWith(`${under} `)) return label;
    const rest = label.slice(under.length + 1);
    return rest[0]!.toUpperCase() + rest.slice(1);
}

export interface Option {
    readonly word: string; // what the wire says
    readonly label: string;
}

const plain = (word: string): Option => ({ word, label: word.replace(/_/g, " ") });

const NAMED: Readonly<Record<string, readonly [first: readonly string[], kinds: readonly Kind[]]>> = {
    route: [["main", "none"], ["sub"]],
    source: [["self"], ["ch"]],
    insert: [["none"], ["fx"]],
    listen: [["main"], ["sub", "aux", "mtx"]],
    strip: [["main"], ["ch", "sub", "aux", "fx", "mtx"]],
};

/** What may be chosen in a row; undefined where it is no choice. `nameOf` says what strips are called. */
export function optionsOf(desk: Desk, row: Row, nameOf: (path: string) => string): Option[] | undefined {
    if (row.type === "choice") return row.choices.map(plain);
    if (row.type === "pair") {
        const pairs = desk.rows.get("/speakers/#/trim");
        return Array.from({ length: pairs ? countOf(pairs) : 1 }, (_, i) => plain(String(i + 1)));
    }
    const named = NAMED[row.type];
    if (!named) return undefined;
    const [first, kinds] = named;
    const strips = kinds.flatMap((kind) => stripsOf(desk, kind));
    return [
        ...first.map(plain),
        ...strips.map((strip) => {
            const name = nameOf(`/${wordOf(strip)}`);
            const title = titleOf(strip);
            return { word: wordOf(strip), label: name ? `${title}: ${name}` : title };
        }),
    ];
}

/** How many groups a row of groups has to choose from. */
export function groupsOf(desk: Desk, row: Row): number {
    const groups = desk.rows.get(row.address.endsWith("/dca") ? "/dca/#/fader" : "/mutegroup/#/on");
    return groups ? countOf(groups) : 0;
}

/** "1,3" and its like as numbers. */
export const groupNumbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);

export function toggledGroup(text: string, group: number): string {
    const groups = groupNumbers(text);
    const wanted = groups.includes(group) ? groups.filter((g) => g !== group) : [...groups, group];
    return wanted.length === 0 ? "none" : wanted.sort((a, b) => a - b).join(",");
}

const FACTORS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    dB: { "": 1, db: 1 },
    Hz: { "": 1, hz: 1, k: 1000, khz: 1000 },
    ms: { "": 1, ms: 1, s: 1000 },
    "": { "": 1 },
};

/** What a person types into a number: `1.2k`, `-6 dB`, `-inf`. */
export function parseNumber(row: Row, text: string): number | undefined {
    const clean = text.trim().toLowerCase().replace(",", ".").replace("−", "-");
    if (/^-(inf|∞)/.test(clean)) return row.low;
    const [, number, unit] = /^([-+]?[\d.]+)\s*([a-z]*)$/.exec(clean) ?? [];
    const factor = FACTORS[row.unit]?.[unit ?? ""];
    const value = Number(number) * (factor ?? NaN);
    return number !== undefined && Number.isFinite(value) ? value : undefined;
}
