// The desk's values as this page knows them: what views watch, what hands set, and what keeps both true.
// SPDX-License-Identifier: GPL-3.0-or-later
import { type ReadonlySignal, type Signal, batch, computed, signal } from "@preact/signals";
import { clamp } from "./dsp/taper";
import { type Message, type OutArg, type OutMessage, int } from "./osc";
import { compile } from "./pattern";
import { type Known, Repairs, type Sum, sumOf } from "./repair";
import { type Desk, type Row, type Value, rowOf, wireType } from "./table";
import { Turns } from "./turns";

// What somebody else did at the same moment may be told before or after what we did: ask who won.
const CONTESTED_FOR = 500; // ms
const LEASE = 3600; // s; the desk forgets who is gone by itself
const RENEW_EVERY = 1500; // s
// A finger that rests is forgotten by the desk after ten seconds, and would move from where others have been since.
const STILL_HERE = 4000; // ms

interface Watch {
    matches: (address: string) => boolean;
    users: number;
    synced: boolean;
    differs: number; // heartbeats in a row
    searched: boolean; // for what differs, since the last heartbeat that agreed
}

/** A hand on a control. */
export interface Hand {
    /** The desk refuses it or goes away: the desk's value is shown from then on, and a hand that moved on from its own would make it jump. */
    lost(): void;
    /** The desk has another value than the hand wanted: where it goes on from. */
    moved(): void;
}

/** Ends a hold; once is enough. */
export type LetGo = () => void;

export interface Wire {
    send(messages: OutMessage[]): boolean;
}

export class Store {
    /** Values are those of the desk; false while it is not connected or still telling. */
    readonly live = signal(false);
    readonly resyncs = signal(0);
    desk: Desk | undefined;
    /** Who may only look is not shown what they would be refused. */
    readonly readOnly = signal(false);
    /** Nothing can be set now: what a control tells those who do not see that it is grey. */
    readonly locked: ReadonlySignal<boolean> = computed(() => this.readOnly.value || !this.connected.value);

    private readonly signals = new Map<string, Signal<Value | undefined>>();
    private readonly known = new Map<string, Known>();
    private readonly watches = new Map<string, Watch>();
    /** The hands on an address, each with what it does when the desk takes the control from it. */
    private readonly held = new Map<string, Set<Hand>>();
    /** Of these the desk is asked how they stand; until it says so no hand moves them. */
    private readonly doubted = new Set<string>();
    /** What the desk has moved under a hand, until that lets go: by a scene, automation or a bound. */
    readonly overruled = signal<ReadonlySet<string>>(new Set());
    /** Told, and shown with the last of what opens a view, which would else be drawn anew with every packet. */
    private readonly unshown = new Set<string>();
    private readonly repairs = new Repairs({
        sumOf: (addresses) => sumOf(this.known, addresses),
        askSum: (pattern) => void this.wire.send([{ address: "/hash", args: [pattern] }]),
        ask: (pattern) => this.ask(pattern),
        readAgain: (pattern) => this.readAgain(pattern),
    });
    private readonly pending = new Map<string, Value>();
    private readonly setAt = new Map<string, number>();
    private readonly turns = new Turns();
    private lastSet = -Infinity;
    private filledAt = -Infinity; // when all was there
    private frame = 0;
    private stillHere: ReturnType<typeof setInterval> | undefined;
    private readonly connected = signal(false);

    constructor(private readonly wire: Wire) {}

    /** The value of a parameter, undefined until the desk has told it. */
    value(address: string): Signal<Value | undefined> {
        let found = this.signals.get(address);
        if (!found) this.signals.set(address, (found = signal<Value | undefined>(this.known.get(address)?.value)));
        return found;
    }

    number(address: string): number | undefined {
        const value = this.value(address).value;
        return typeof value === "number" ? value : undefined;
    }

    row(address: string): Row | undefined {
        return this.desk && rowOf(this.desk, address);
    }

    /** What a hand wants: shown at once, sent with the next frame, the last one wins. */
    set(address: string, wanted: Value): void {
        if (this.locked.peek() || this.doubted.has(address)) return;
        const row = this.row(address);
        let value = wanted;
        if (typeof value === "number" && row?.type === "number")
            value = Math.fround(clamp(value, row.low, row.high));
        this.lastSet = performance.now();
        this.setAt.set(address, this.lastSet);
        this.note(address, wireType(row, value), value);
        this.pending.set(address, value);
        this.schedule();
    }

    /** A hand lies on a control: nobody else's hand moves it until this one lets go. */
    grab(address: string, hand: Hand): LetGo {
        const hands = this.held.get(address);
        if (hands) hands.add(hand);
        else this.held.set(address, new Set([hand]));
        if (!hands) this.touch(address, 1);
        this.stillHere ??= setInterval(() => this.touchAll(), STILL_HERE);
        return () => this.letGo(address, hand);
    }

    /** Has the desk tell what matches for as long as somebody watches. Returns what ends it. */
    watch(pattern: string): () => void {
        const found = this.watches.get(pattern);
        if (found) {
            ++found.users;
        } else {
            // What names a value means that value alone, even if others stand below it.
            const matches = this.row(pattern) ? (address: string) => address === pattern : compile(pattern);
            this.watches.set(pattern, { matches, users: 1, synced: false, differs: 0, searched: false });
            if (this.connected.peek()) this.subscribe(pattern);
            // The first view of all: nothing of it has been told yet.
            if (![...this.watches.values()].some((watch) => watch.synced)) this.live.value = false;
        }
        return () => this.unwatch(pattern);
    }

    /** Asks for the values of a pattern once. */
    ask(pattern: string): void {
        this.wire.send([{ address: pattern, args: [] }]);
    }

    opened(): void {
        this.connected.value = true;
        this.live.value = this.watches.size === 0;
        for (const watch of this.watches.values()) {
            watch.synced = false;
            watch.differs = 0;
            watch.searched = false;
        }
        this.repairs.stop();
        this.turns.clear();
        this.wire.send([{ address: "/sync", args: [int(2)] }]);
        for (const pattern of this.watches.keys()) this.subscribe(pattern);
        this.touchAll();
    }

    closed(): void {
        this.connected.value = false;
        this.live.value = false;
        this.pending.clear();
        for (const address of [...this.held.keys()]) this.takeFrom(address);
    }

    packet(): void {
        this.turns.packet();
    }

    /** True if the message was the store's business. */
    message(message: Message): boolean {
        const { address, args } = message;
        if (address === "/synced") this.synced();
        else if (address === "/turn") this.turns.is(Number(args[0]));
        else if (address === "/seq") return true;
        else if (address === "/hash") this.heartbeat(args);
        else if (address === "/error") return this.refused(String(args[0]), String(args[1]));
        else if (args.length === 1 && this.row(address)) this.told(address, message.types, args[0]!);
        else return false;
        return true;
    }

    /** Before leases end. */
    renew(): void {
        for (const pattern of this.watches.keys()) this.subscribe(pattern);
    }

    static readonly renewEvery = RENEW_EVERY * 1000;

    private told(address: string, type: string, raw: Message["args"][0]): void {
        let value = typeof raw === "boolean" ? Number(raw) : raw;
        this.repairs.heard(address);
        if (this.turns.isOld(address)) {
            // An answer that something newer has overtaken is an answer all the same.
            if (!this.doubted.has(address) || !this.turns.isAnswer()) return;
            value = this.known.get(address)?.value ?? value;
        }
        const hands = this.held.get(address);
        if (hands) return this.toldUnder(hands, address, type, value);
        if (this.pending.has(address)) return;
        const mine = this.known.get(address);
        if (!this.live.peek()) {
            this.known.set(address, { value, type });
            this.unshown.add(address);
            return;
        }
        this.note(address, type, value);
        const since = performance.now() - (this.setAt.get(address) ?? -Infinity);
        if (mine && mine.value !== value && since < CONTESTED_FOR) {
            this.setAt.delete(address);
            this.ask(address);
        }
    }

    // Only a scene, automation or a bound moves what a hand holds. Seen is what is heard; and because what the hand has sent may have
    // come before or after that, it goes on when the desk has said how it stands, and from there: never back by a jump.
    private toldUnder(hands: Set<Hand>, address: string, type: string, value: Value): void {
        const answers = this.turns.isAnswer() && this.doubted.delete(address);
        if (!answers && this.known.get(address)?.value === value && !this.pending.has(address)) return;
        this.pending.delete(address);
        this.note(address, type, value);
        this.overruled.value = new Set(this.overruled.peek()).add(address);
        if (answers) {
            for (const hand of hands) hand.moved();
        } else {
            this.doubted.add(address);
            this.ask(address);
        }
    }

    private note(address: string, type: string, value: Value): void {
        this.known.set(address, { value, type });
        const shown = this.signals.get(address);
        if (shown) shown.value = value;
    }

    private schedule(): void {
        if (this.frame !== 0) return;
        // A page that is not seen gets no frames.
        if (document.hidden) this.flush();
        else this.frame = requestAnimationFrame(() => this.flush());
    }

    private flush(): void {
        if (this.frame !== 0) cancelAnimationFrame(this.frame);
        this.frame = 0;
        if (this.pending.size === 0) return;
        const messages = [...this.pending].map(([address, value]): OutMessage => {
            const arg: OutArg = typeof value === "number" && wireType(this.row(address), value) === "i" ? int(value) : value;
            return { address, args: [arg] };
        });
        this.pending.clear();
        this.wire.send(messages);
    }

    private letGo(address: string, hand: Hand): void {
        const hands = this.held.get(address);
        if (!hands?.delete(hand) || hands.size > 0) return;
        this.flush();
        this.unhold(address);
        this.touch(address, 0);
        this.ask(address);
    }

    private unhold(address: string): void {
        this.held.delete(address);
        this.doubted.delete(address);
        if (this.overruled.peek().has(address))
            this.overruled.value = new Set([...this.overruled.peek()].filter((other) => other !== address));
        if (this.held.size > 0) return;
        clearInterval(this.stillHere);
        this.stillHere = undefined;
    }

    /** True if there was a hand. */
    private takeFrom(address: string): boolean {
        const hands = this.held.get(address);
        if (!hands) return false;
        this.unhold(address);
        for (const hand of hands) hand.lost();
        return true;
    }

    private touch(address: string, down: number): void {
        if (!this.locked.peek()) this.wire.send([{ address: "/touch", args: [address, int(down)] }]);
    }

    private touchAll(): void {
        for (const address of this.held.keys()) this.touch(address, 1);
    }

    private subscribe(pattern: string): void {
        this.wire.send([{ address: "/subscribe", args: [pattern, int(LEASE)] }]);
    }

    private unwatch(pattern: string): void {
        const found = this.watches.get(pattern);
        if (!found || --found.users > 0) return;
        // The next view often wants the same.
        setTimeout(() => {
            if (found.users > 0 || this.watches.get(pattern) !== found) return;
            this.watches.delete(pattern);
            if (this.connected.peek()) this.wire.send([{ address: "/unsubscribe", args: [pattern] }]);
            this.forget(found);
            this.settle();
        }, 50);
    }

    // What nobody tells us any more would be old when it is shown again.
    private forget(gone: Watch): void {
        const watches = [...this.watches.values()];
        for (const address of this.known.keys()) {
            if (!gone.matches(address) || watches.some((watch) => watch.matches(address))) continue;
            this.known.delete(address);
            this.turns.forget(address);
            const shown = this.signals.get(address);
            if (shown) shown.value = undefined;
        }
    }

    // The desk answers subscriptions in order: the first that waits is meant.
    private synced(): void {
        for (const watch of this.watches.values()) {
            if (watch.synced) continue;
            watch.synced = true;
            break;
        }
        this.settle();
    }

    private settle(): void {
        if (!this.connected.peek() || ![...this.watches.values()].every((watch) => watch.synced)) return;
        batch(() => {
            for (const address of this.unshown) {
                const [known, shown] = [this.known.get(address), this.signals.get(address)];
                if (known && shown) shown.value = known.value;
            }
            this.unshown.clear();
            if (!this.live.peek()) this.filledAt = performance.now();
            this.live.value = true;
        });
    }

    private heartbeat([pattern, count, hash]: Message["args"]): void {
        const name = String(pattern);
        const desk: Sum = { count: Number(count), hash: Number(hash) >>> 0 };
        if (this.repairs.answer(name, desk)) return;
        if (this.turns.isBehind()) return;
        const watch = this.watches.get(name);
        if (!watch || !watch.synced || this.pending.size > 0 || this.held.size > 0) return;
        // The desk may have said so before it heard of our last move; and a view that opens has better things to do than to sum up.
        const now = performance.now();
        if (now - this.lastSet < CONTESTED_FOR || now - this.filledAt < CONTESTED_FOR) return;
        const addresses = [...this.known.keys()].filter((address) => watch.matches(address));
        const mine = sumOf(this.known, addresses);
        if (mine.count === desk.count && mine.hash === desk.hash) {
            watch.differs = 0;
            watch.searched = false;
        } else if (this.repairs.isRunning) {
            watch.differs = 0;
        } else if (++watch.differs >= 2) {
            watch.differs = 0;
            ++this.resyncs.value;
            // What a search has not mended is told anew, all of it.
            if (watch.searched) this.readAgain(name);
            else this.repairs.begin({ pattern: name, addresses }, desk);
            watch.searched = !watch.searched;
        }
    }

    private readAgain(pattern: string): void {
        const watch = this.watches.get(pattern);
        if (!watch) return;
        watch.synced = false; // sums that come before all of it has been told again say nothing
        this.subscribe(pattern);
    }

    // What we show may be what we asked for and did not get.
    private refused(address: string, reason: string): boolean {
        if (address === "/hash") return this.repairs.refused();
        if (address === "/touch") {
            // The reason begins with what could not be held; who holds it does not need to be told that we let go.
            for (const held of [...this.held.keys()]) if (reason.startsWith(`${held}:`)) this.backToDesk(held);
        } else if (address === "/error") {
            // Some were not sent: any of these may have been among them.
            for (const held of [...this.held.keys()]) this.loseTo(held);
        } else if (this.known.has(address)) {
            this.loseTo(address);
        }
        return false;
    }

    private loseTo(address: string): void {
        if (this.backToDesk(address)) this.touch(address, 0);
    }

    /** Shows the desk's value, and ends what hands do with it. True if there was one. */
    private backToDesk(address: string): boolean {
        this.pending.delete(address);
        const wasHeld = this.takeFrom(address);
        this.ask(address);
        return wasHeld;
    }
}
