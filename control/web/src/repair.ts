// Finds what differs from the desk: asks for the sum of one half, has that of the other by difference, and goes on where they differ.
// SPDX-License-Identifier: GPL-3.0-or-later

import { hashAddress, hashValue } from "./hash";
import type { Value } from "./table";

/** A value and how the wire writes it. */
export interface Known {
    readonly value: Value;
    readonly type: string;
}

/** How many values, and the sum modulo 2^32 of their hashes. */
export interface Sum {
    readonly count: number;
    readonly hash: number;
}

/** A pattern, and what is known of what it names. */
export interface Part {
    readonly pattern: string;
    readonly addresses: readonly string[];
}

// A value is told with some 25 bytes, a sum with some 80.
const FEW = 6;
const MOST_SUMS = 64; // asked for in one search
const LONGEST = 255; // characters of a pattern, of which the desk takes no more
const MOST_ASKED = 8; // patterns whose values the desk answers at a time
const MOST_OF_ALL = 0.25; // of the values: beyond it all of them are as quick
// Sums are asked for one after the other: a search that takes longer has lost its desk.
const PATIENCE = 5000; // ms
const BELOW = "//*";

const addressHashes = new Map<string, number>();

/** Of those addresses that are known. */
export function sumOf(known: ReadonlyMap<string, Known>, addresses: readonly string[]): Sum {
    let [count, hash] = [0, 0];
    for (const address of addresses) {
        const one = known.get(address);
        if (!one) continue;
        let start = addressHashes.get(address);
        if (start === undefined) addressHashes.set(address, (start = hashAddress(address)));
        hash = (hash + hashValue(start, one.type, one.value)) >>> 0;
        ++count;
    }
    return { count, hash };
}

const common = (all: readonly string[][]): number => {
    const [first, ...others] = all;
    const at = first!.findIndex((part, i) => others.some((other) => other[i] !== part));
    return at < 0 ? first!.length : at;
};

const oneOf = (words: readonly string[]): string => (words.length === 1 ? words[0]! : `{${words.join(",")}}`);

/** What a pattern names in two parts that have about as much; undefined if patterns cannot tell them apart. */
export function halve({ pattern, addresses }: Part): [Part, Part] | undefined {
    const any = pattern.indexOf("//");
    const head = (any < 0 ? pattern : pattern.slice(0, any)).slice(1).split("/");
    const all = addresses.map((address) => address.slice(1).split("/"));
    const tail = any >= 0 ? pattern.slice(any) : all.some((parts) => parts.length > head.length) ? BELOW : "";
    const at = common(all);
    if ((tail !== "" && tail !== BELOW) || addresses.length < 2) return undefined;
    const before = all[0]!.slice(0, at).map((part) => `/${part}`).join("");
    const part = (has: (parts: string[]) => boolean, behind: string): Part => {
        const mine = addresses.filter((_, i) => has(all[i]!));
        const words = [...new Set(mine.map((address) => address.slice(1).split("/")[at]!))];
        return { pattern: `${before}/${oneOf(words)}${behind}`, addresses: mine };
    };
    const inHead = at < head.length;
    const isValue = (parts: string[]): boolean => parts.length === at + 1;
    // Behind its own parts a pattern names all that comes: values, and groups, which take another pattern.
    if (!inHead && all.some(isValue) && !all.every(isValue)) return fitting([part(isValue, ""), part((parts) => !isValue(parts), BELOW)]);
    const rest = head.slice(at + 1).map((piece) => `/${piece}`).join("") + tail;
    const behind = inHead ? rest : all.every(isValue) ? "" : BELOW;
    const first = firstHalf(all.map((parts) => parts[at] ?? ""), LONGEST - before.length - behind.length - 3);
    return first && fitting([part((parts) => first.has(parts[at]!), behind), part((parts) => !first.has(parts[at]!), behind)]);
}

// Words that come up to half of all, as far as there is room for them.
function firstHalf(words: readonly string[], room: number): Set<string> | undefined {
    const counts = new Map<string, number>();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    const last = [...counts.keys()].pop();
    const out = new Set<string>();
    let [had, letters] = [0, 0];
    for (const [word, count] of counts) {
        letters += word.length + 1;
        if (word === last || letters > room || (out.size > 0 && had + count / 2 > words.length / 2)) break;
        out.add(word);
        had += count;
    }
    return out.size > 0 ? out : undefined;
}

const fitting = (parts: [Part, Part]): [Part, Part] | undefined => (parts[0].pattern.length <= LONGEST ? parts : undefined);

class Search {
    private readonly asked = new Map<string, { half: Part; rest: Part; whole: Sum }>();
    private readonly found: Part[] = [];
    private sums = 0;
    private failed = false;

    constructor(
        private readonly all: Part,
        desk: Sum,
        private readonly sumOf: (addresses: readonly string[]) => Sum,
        private readonly ask: (pattern: string) => void,
    ) {
        this.look(all, desk);
    }

    /** True if this is what the search waited for. */
    answer(pattern: string, desk: Sum): boolean {
        const asked = this.asked.get(pattern);
        if (!asked) return false;
        this.asked.delete(pattern);
        const { half, rest, whole } = asked;
        this.look(half, desk);
        this.look(rest, { count: whole.count - desk.count, hash: (whole.hash - desk.hash) >>> 0 });
        return true;
    }

    get isDone(): boolean {
        return this.failed || this.asked.size === 0;
    }

    /** What is to be asked for; undefined if it is all. */
    get parts(): Part[] | undefined {
        const values = this.found.reduce((sum, { addresses }) => sum + addresses.length, 0);
        const many = values > this.all.addresses.length * MOST_OF_ALL || this.found.length > MOST_ASKED;
        return this.failed || many ? undefined : this.found;
    }

    private look(part: Part, desk: Sum): void {
        const mine = this.sumOf(part.addresses);
        if (this.failed || (mine.count === desk.count && mine.hash === desk.hash)) return;
        if (part !== this.all && part.addresses.length <= FEW) {
            this.found.push(part);
            return;
        }
        const halves = halve(part);
        if (!halves || ++this.sums > MOST_SUMS) {
            this.failed = true;
            return;
        }
        const [half, rest] = halves;
        this.asked.set(half.pattern, { half, rest, whole: desk });
        this.ask(half.pattern);
    }
}

/** What a repair needs of the store. */
export interface Patient {
    sumOf(addresses: readonly string[]): Sum;
    askSum(pattern: string): void;
    ask(pattern: string): void;
    /** All of a subscription, once more. */
    readAgain(pattern: string): void;
}

/** One search at a time, and what comes of it. */
export class Repairs {
    private running: { pattern: string; search: Search } | undefined;
    private since = 0;
    /** What has been asked for and not been told: sums that came before it are old. */
    private readonly awaited = new Set<string>();

    constructor(private readonly patient: Patient) {}

    get isRunning(): boolean {
        if (performance.now() - this.since > PATIENCE) {
            this.awaited.clear();
            this.refused();
        }
        return this.running !== undefined || this.awaited.size > 0;
    }

    heard(address: string): void {
        this.awaited.delete(address);
    }

    begin(all: Part, desk: Sum): void {
        const { patient } = this;
        const search = new Search(all, desk, (addresses) => patient.sumOf(addresses), (pattern) => patient.askSum(pattern));
        this.running = { pattern: all.pattern, search };
        this.since = performance.now();
        this.goOn();
    }

    /** True if the sum was waited for. */
    answer(pattern: string, desk: Sum): boolean {
        if (!this.running?.search.answer(pattern, desk)) return false;
        this.goOn();
        return true;
    }

    /** The desk does not say what the search has to know. True if there was one. */
    refused(): boolean {
        const pattern = this.running?.pattern;
        this.stop();
        if (pattern !== undefined) this.patient.readAgain(pattern);
        return pattern !== undefined;
    }

    stop(): void {
        this.running = undefined;
        this.awaited.clear();
    }

    private goOn(): void {
        if (!this.running?.search.isDone) return;
        const { parts } = this.running.search;
        if (!parts) {
            this.refused();
            return;
        }
        this.stop();
        for (const { pattern, addresses } of parts) {
            for (const address of addresses) this.awaited.add(address);
            this.patient.ask(pattern);
        }
    }
}
