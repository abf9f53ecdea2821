// Of which turn of the desk a value is, as far as the desk says it (/turn): what comes by two ways does not come in order.
// SPDX-License-Identifier: GPL-3.0-or-later

// Counted modulo 2^32.
const isAfter = (a: number, b: number): boolean => ((a - b) | 0) > 0;

export class Turns {
    private readonly known = new Map<string, number>();
    private newest: number | undefined;
    private now: number | undefined; // of the packet that is being read

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
    isOld(address: string): boolean {
        if (this.now === undefined) return false;
        const known = this.known.get(address);
        if (known !== undefined && isAfter(known, this.now)) return true;
        this.known.set(address, this.now);
        return false;
    }

    /** Whether something newer than this packet has come. */
    isBehind(): boolean {
        return this.now !== undefined && this.now !== this.newest;
    }

    /** Another desk may count from elsewhere. */
    clear(): void {
        this.known.clear();
        this.newest = undefined;
    }
}
