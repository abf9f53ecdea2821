// Fingers on a picture with points: each holds the point it landed by, two of them spread one.
// SPDX-License-Identifier: GPL-3.0-or-later

interface Point {
    x: number;
    y: number;
}

/** A point that can be held; the picture makes new ones whenever values change. */
export interface Grip {
    readonly key: string;
    readonly x: number;
    readonly y: number;
    /** Where its value stands, if that is not where it is drawn. */
    readonly origin?: Point;
    moveTo(x: number, y: number): void;
    /** What two fingers spread: greater is wider. */
    readonly width?: { readonly now: number; set(width: number): void };
}

export interface Hands {
    grips(): readonly Grip[];
    /** The point that two fingers spread if neither landed near one. */
    selected(): string | undefined;
    held(key: string): void;
    letGo(key: string): void;
    /** Two taps on one point. */
    tappedTwice(key: string): void;
}

interface Hold {
    fingers: number[];
    moves: boolean; // or is it only spread
    at: Point; // where the point would be if there were no ends
    centre: Point;
    distance: number;
    width: number; // when the second finger landed
    moved: boolean;
    elsewhere: boolean; // its value was moved by somebody else
}

// A finger that rests trembles by less than this (pixels).
const SLOP = 4;
const DOUBLE_TAP = 350; // ms
// Two fingers nearer than this tell little by their distance.
const LEAST_DISTANCE = 24;
export const FINE = 0.2;

export class Fingers {
    private readonly where = new Map<number, Point>();
    private readonly holds = new Map<string, Hold>();
    private idle: number[] = []; // that landed on nothing
    private lastTap = { key: "", time: -Infinity };

    constructor(private readonly hands: Hands) {}

    /** Returns what the finger holds. */
    down(id: number, x: number, y: number, reach: number, time: number): string | undefined {
        this.where.set(id, { x, y });
        const near = this.nearest(x, y, reach);
        if (near) this.land(id, near, time);
        else this.join(id);
        return this.keyOf(id);
    }

    move(id: number, x: number, y: number, scale: number): void {
        if (!this.where.has(id)) return;
        const key = this.keyOf(id);
        const hold = key === undefined ? undefined : this.holds.get(key);
        const from = this.where.get(id)!;
        if (!hold || key === undefined) return;
        if (!hold.moved && Math.hypot(x - from.x, y - from.y) < SLOP) return;
        this.where.set(id, { x, y });
        if (!hold.moved) {
            // From here on, not from where it landed: the point must not jump by the slop.
            hold.moved = true;
            this.base(hold);
            return;
        }
        if (hold.elsewhere) return this.goOn(key, hold);
        this.apply(key, hold, scale);
    }

    up(id: number): void {
        const key = this.keyOf(id);
        this.where.delete(id);
        this.idle = this.idle.filter((other) => other !== id);
        const hold = key === undefined ? undefined : this.holds.get(key);
        if (!hold || key === undefined) return;
        hold.fingers = hold.fingers.filter((other) => other !== id);
        if (hold.fingers.length === 0 || !hold.moves) {
            this.idle.push(...hold.fingers);
            this.holds.delete(key);
            this.hands.letGo(key);
            if (hold.moved) this.lastTap.time = -Infinity;
        } else {
            this.base(hold);
        }
    }

    /** Somebody else has moved the point: its fingers go on from where it stands when they move next, for then it has been drawn. */
    moved(key: string): void {
        const hold = this.holds.get(key);
        if (hold) hold.elsewhere = true;
    }

    private goOn(key: string, hold: Hold): void {
        const grip = this.grip(key);
        if (!grip) return;
        hold.elsewhere = false;
        hold.at = { ...(grip.origin ?? { x: grip.x, y: grip.y }) };
        hold.width = grip.width?.now ?? hold.width;
        this.base(hold);
    }

    /** A point is taken from its fingers: they move nothing any more until they land anew. */
    lose(key: string): void {
        const hold = this.holds.get(key);
        if (!hold) return;
        this.holds.delete(key);
        for (const id of hold.fingers) this.where.delete(id);
        this.hands.letGo(key);
    }

    end(): void {
        for (const key of [...this.holds.keys()]) this.lose(key);
    }

    private keyOf(id: number): string | undefined {
        for (const [key, hold] of this.holds) if (hold.fingers.includes(id)) return key;
        return undefined;
    }

    private grip(key: string): Grip | undefined {
        return this.hands.grips().find((grip) => grip.key === key);
    }

    private nearest(x: number, y: number, reach: number): Grip | undefined {
        let best: Grip | undefined;
        let least = reach;
        for (const grip of this.hands.grips()) {
            const distance = Math.hypot(grip.x - x, grip.y - y);
            // Of points that lie on one another the selected one.
            if (distance > least || (distance === least && grip.key !== this.hands.selected())) continue;
            least = distance;
            best = grip;
        }
        return best;
    }

    private land(id: number, grip: Grip, time: number): void {
        const held = this.holds.get(grip.key);
        if (held) {
            if (held.fingers.length < 2) this.add(held, id);
            return;
        }
        const again = this.lastTap.key === grip.key && time - this.lastTap.time < DOUBLE_TAP;
        this.lastTap = { key: grip.key, time: again ? -Infinity : time };
        // The second tap moves nothing any more: the point is not where it was.
        if (again) this.hands.tappedTwice(grip.key);
        else this.begin(grip, [id], true);
    }

    // A finger beside all points helps one that holds a point; two such spread the selected one.
    private join(id: number): void {
        const alone = [...this.holds].find(([key, hold]) => hold.fingers.length === 1 && this.grip(key)?.width);
        if (alone) return this.add(alone[1], id);
        this.idle.push(id);
        const selected = this.grip(this.hands.selected() ?? "");
        if (this.idle.length !== 2 || !selected?.width || this.holds.has(selected.key)) return;
        this.begin(selected, this.idle, false);
        this.idle = [];
    }

    private begin(grip: Grip, fingers: number[], moves: boolean): void {
        const hold: Hold = {
            fingers, moves, at: { ...(grip.origin ?? { x: grip.x, y: grip.y }) }, centre: { x: 0, y: 0 },
            distance: 0, width: grip.width?.now ?? 0, moved: false, elsewhere: false,
        };
        this.base(hold);
        this.holds.set(grip.key, hold);
        this.hands.held(grip.key);
    }

    private add(hold: Hold, id: number): void {
        hold.fingers.push(id);
        const key = this.keyOf(id);
        hold.width = (key && this.grip(key)?.width?.now) || hold.width;
        this.base(hold);
    }

    private base(hold: Hold): void {
        hold.centre = this.centre(hold.fingers);
        hold.distance = this.distance(hold.fingers);
    }

    private centre(fingers: number[]): Point {
        const all = fingers.map((id) => this.where.get(id)!);
        return {
            x: all.reduce((sum, p) => sum + p.x, 0) / all.length,
            y: all.reduce((sum, p) => sum + p.y, 0) / all.length,
        };
    }

    private distance(fingers: number[]): number {
        const [a, b] = fingers.map((id) => this.where.get(id)!);
        return a && b ? Math.max(Math.hypot(a.x - b.x, a.y - b.y), LEAST_DISTANCE) : 0;
    }

    private apply(key: string, hold: Hold, scale: number): void {
        const centre = this.centre(hold.fingers);
        if (hold.moves) {
            hold.at.x += (centre.x - hold.centre.x) * scale;
            hold.at.y += (centre.y - hold.centre.y) * scale;
            this.grip(key)?.moveTo(hold.at.x, hold.at.y);
        }
        hold.centre = centre;
        if (hold.fingers.length === 2)
            this.grip(key)?.width?.set(hold.width * (this.distance(hold.fingers) / hold.distance));
    }
}
