// Of which turn of the desk a value is, as far as the desk says it (/turn): what comes by two ways does not come in order.
// SPDX-License-Identifier: GPL-3.0-or-later

// Counted modulo 2^32.
const isAfter = (a: number, b: number): boolean => ((a - b) | 0) > 0;

// While values come, some of them are still on their way, and a sum says little. But some never stop: half a second in three counts.
const SETTLES_AFTER = 300; // ms
const [LOOKS_EVERY, LOOKS_FROM] = [3000, 2500];

export class Turns {
    private readonly known = new Map<string, number>();
    private newest: number | undefined;
    private now: number | undefined; // of the packet that is being read
    private toldAt = -Infinity;
    private movesSince = -Infinity;

    /** A packet begins, which may say nothing of turns. */
    packet(): void {
        this.now = undefined;
    }

    /** The packet is of this turn. */
    is(turn: number): void {
        this.now = turn;
        if (this.newest === undefined || isAfter(turn, this.newest)) this.newest = turn;
    }

    /** Whether a newer value of it has been told; else this one is noted. */
    isOld(address: string, at = performance.now()): boolean {
        if (at - this.toldAt > SETTLES_AFTER) this.movesSince = at;
        this.toldAt = at;
        if (this.now === undefined) return false;
        const known = this.known.get(address);
        // The second copy of what was told has the same date; an answer, of between two turns, may have that of one before it.
        const isOlder = known !== undefined && (this.isAnswer() ? isAfter(known, this.now) : !isAfter(this.now, known));
        if (isOlder) return true;
        this.known.set(address, this.now);
        return false;
    }

    /** Whether the packet answers a question; one that says nothing of turns may. */
    isAnswer(): boolean {
        return this.now === undefined || this.now % 2 !== 0;
    }

    forget(address: string): void {
        this.known.delete(address);
    }

    /** Whether a sum in this packet may say less than we know: something newer has come, or values are still coming. */
    isBehind(at = performance.now()): boolean {
        if (this.now !== undefined && this.now !== this.newest) return true;
        return at - this.toldAt < SETTLES_AFTER && (at - this.movesSince) % LOOKS_EVERY < LOOKS_FROM;
    }

    /** Another desk may count from elsewhere. */
    clear(): void {
        this.known.clear();
        this.newest = undefined;
    }
}
