// Readings as they come, and one clock by which all canvases draw. What cannot be drawn in time is not asked for.
// SPDX-License-Identifier: GPL-3.0-or-later
import { signal } from "@preact/signals";
import type { OutMessage } from "./osc";

const RATES = [30, 25, 15, 8, 4]; // Hz
const LEASE = 3600; // s
const JUDGED_AFTER = 1000; // ms
const SLOW = 40; // ms between frames, on average: not 25 a second
const QUIET_BEFORE_MORE = 2; // times in a row that all was well

/** Draws if there is something new; `now` is that of requestAnimationFrame. */
export type Draw = (now: number) => void;

interface Watch {
    users: number;
    rate: number | undefined; // Hz, in place of as often as can be drawn
}

export class Meters {
    /** How often a second the desk is asked for readings. */
    readonly rate = signal(RATES[0]!);
    private readonly readings = new Map<string, Float32Array>();
    private readonly patterns = new Map<string, Watch>();
    private readonly draws = new Set<Draw>();
    private frame = 0;
    private step = 0;
    private wellFor = 0;
    private judgedAt = 0;
    private frames = 0;
    private connected = false;

    constructor(private readonly send: (messages: OutMessage[]) => boolean) {}

    /** `/meters/ch/1`: fields in the order of the desk's description; undefined before the first. */
    read(address: string): Float32Array | undefined {
        return this.readings.get(address);
    }

    /** Asks for readings, by pattern of strips, for as long as somebody watches. Returns what ends it. */
    watch(strips: string, rate?: number): () => void {
        // With this in front, or the end of meters would end a subscription to values of the same pattern.
        const pattern = strips.startsWith("/meters") ? strips : `/meters${strips}`;
        const found = this.patterns.get(pattern);
        if (found) {
            ++found.users;
        } else {
            this.patterns.set(pattern, { users: 1, rate });
            this.subscribe(pattern, rate);
        }
        return () => this.unwatch(pattern);
    }

    /** Calls back with every frame of the screen. Returns what ends it. */
    onFrame(draw: Draw): () => void {
        this.draws.add(draw);
        this.run();
        return () => this.draws.delete(draw);
    }

    opened(): void {
        this.connected = true;
        this.subscribeAll();
    }

    closed(): void {
        this.connected = false;
        this.readings.clear();
    }

    reading(address: string, values: Float32Array): void {
        this.readings.set(address, values);
    }

    /** A page that nobody sees needs no meters. */
    seen(visible: boolean): void {
        if (!visible) for (const pattern of this.patterns.keys()) this.end(pattern);
        else this.subscribeAll();
        this.judgedAt = 0;
        this.run();
    }

    renew(): void {
        this.subscribeAll();
    }

    private unwatch(pattern: string): void {
        const found = this.patterns.get(pattern);
        if (!found || --found.users > 0) return;
        this.patterns.delete(pattern);
        this.end(pattern);
    }

    private subscribeAll(): void {
        for (const [pattern, { rate }] of this.patterns) this.subscribe(pattern, rate);
    }

    private subscribe(pattern: string, rate = this.rate.value): void {
        if (!this.connected || document.hidden) return;
        this.send([{ address: "/meters", args: [pattern, rate, { type: "integer", value: LEASE }] }]);
    }

    private end(pattern: string): void {
        if (this.connected) this.send([{ address: "/unsubscribe", args: [pattern] }]);
    }

    private run(): void {
        if (this.frame !== 0 || this.draws.size === 0 || document.hidden) return;
        this.frame = requestAnimationFrame((now) => this.draw(now));
    }

    private draw(now: number): void {
        this.frame = 0;
        this.judge(now);
        for (const draw of this.draws) draw(now);
        this.run();
    }

    private judge(now: number): void {
        if (this.judgedAt === 0) {
            this.judgedAt = now;
            this.frames = 0;
            return;
        }
        ++this.frames;
        const passed = now - this.judgedAt;
        if (passed < JUDGED_AFTER) return;
        const slow = passed / this.frames > SLOW;
        this.judgedAt = now;
        this.frames = 0;
        this.wellFor = slow ? 0 : this.wellFor + 1;
        if (slow) this.change(1);
        else if (this.wellFor >= QUIET_BEFORE_MORE) this.change(-1);
    }

    private change(by: number): void {
        const step = Math.min(Math.max(this.step + by, 0), RATES.length - 1);
        this.wellFor = 0;
        if (step === this.step) return;
        this.step = step;
        this.rate.value = RATES[step]!;
        this.subscribeAll();
    }
}
