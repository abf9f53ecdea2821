// Strips, as many as fit beside each other, with the name of each such bank.
// SPDX-License-Identifier: GPL-3.0-or-later
import { type Desk, type Kind, type Strip, KINDS, pathOf, rowOf, stripsOf } from "../table";

export interface Bank {
    key: string;
    name: string; // Ch 1-8
    strips: Strip[];
}

const NAMES: Record<Kind, string> = { ch: "Ch", sub: "Sub", aux: "Mixes", fx: "FX", mtx: "Mtx", dca: "DCA", main: "Main" };

function chunks<T>(list: T[], size: number): T[][] {
    // As even as possible: 10 strips of 8 a bank are 5 and 5, not 8 and 2.
    const count = Math.ceil(list.length / size);
    const each = Math.ceil(list.length / Math.max(count, 1));
    return Array.from({ length: count }, (_, i) => list.slice(i * each, (i + 1) * each));
}

export function banksOf(desk: Desk, kinds: Kind[], width: number): Bank[] {
    return kinds.flatMap((kind) => {
        const banks = chunks(stripsOf(desk, kind), width);
        return banks.map((strips) => {
            const [first, last] = [strips[0]!.number, strips[strips.length - 1]!.number];
            const range = first === last ? `${first}` : `${first}–${last}`;
            const name = kind === "main" ? "Main" : banks.length === 1 && kind !== "ch" ? NAMES[kind] : `${NAMES[kind]} ${range}`;
            return { key: `${kind}${first}`, name, strips };
        });
    });
}

/** Banks of some strips of any kind. */
export function banksOfStrips(strips: Strip[], width: number): Bank[] {
    const title = ({ kind, number }: Strip): string => (kind === "main" ? NAMES.main : `${NAMES[kind]} ${number}`);
    return chunks(strips, width).map((some) => {
        const [first, last] = [some[0]!, some[some.length - 1]!];
        const to = first.kind === last.kind ? `${last.number}` : title(last);
        return { key: pathOf(first), name: some.length === 1 ? title(first) : `${title(first)}–${to}`, strips: some };
    });
}

/** Who has a send into this mix. */
export function sendersTo(desk: Desk, into: Strip): Kind[] {
    return KINDS.filter((kind) => {
        const path = pathOf({ kind, number: 1 });
        return rowOf(desk, `${path}/send/${into.kind}/1/level`) !== undefined && desk.counts[kind] > 0;
    });
}

/** How many columns of at least so many pixels a width has room for. */
export const columnsIn = (width: number, least: number): number => Math.max(1, Math.floor(width / least));
