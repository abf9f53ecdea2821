// Fingers on points: no jumps, pinches, two points at once.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { FINE, Fingers, type Grip } from "./fingers";

const REACH = 30;

class Picture {
    readonly points = new Map<string, { x: number; y: number; width: number }>();
    readonly log: string[] = [];
    chosen: string | undefined;
    readonly fingers = new Fingers({
        grips: () => [...this.points].map(([key, point]): Grip => ({
            key, x: point.x, y: point.y,
            moveTo: (x, y) => Object.assign(point, { x, y }),
            width: { now: point.width, set: (width) => (point.width = width) },
        })),
        selected: () => this.chosen,
        held: (key) => this.log.push(`held ${key}`),
        letGo: (key) => this.log.push(`let go ${key}`),
        tappedTwice: (key) => this.log.push(`twice ${key}`),
    });

    constructor() {
        this.points.set("a", { x: 100, y: 100, width: 2 });
        this.points.set("b", { x: 300, y: 100, width: 1 });
    }

    at(key: string): { x: number; y: number; width: number } {
        return { ...this.points.get(key)! };
    }
}

test("fingers: a point does not jump to the finger, and not by its first move", () => {
    const p = new Picture();
    assert.equal(p.fingers.down(1, 110, 95, REACH, 0), "a");
    p.fingers.move(1, 112, 96, 1); // trembles
    p.fingers.move(1, 116, 95, 1); // begins
    assert.deepEqual(p.at("a"), { x: 100, y: 100, width: 2 });
    p.fingers.move(1, 136, 85, 1);
    assert.deepEqual(p.at("a"), { x: 120, y: 90, width: 2 });
    p.fingers.up(1);
    assert.deepEqual(p.log, ["held a", "let go a"]);
});

test("fingers: what is out of reach is not held, fine moves are finer", () => {
    const p = new Picture();
    assert.equal(p.fingers.down(1, 200, 100, REACH, 0), undefined);
    p.fingers.up(1);
    p.fingers.down(1, 100, 100, REACH, 0);
    p.fingers.move(1, 110, 100, FINE);
    p.fingers.move(1, 160, 100, FINE);
    assert.ok(Math.abs(p.at("a").x - 110) < 1e-9);
});

test("fingers: two of them move two points", () => {
    const p = new Picture();
    p.fingers.down(1, 100, 100, REACH, 0);
    p.fingers.down(2, 300, 100, REACH, 0);
    for (const step of [1, 2]) {
        p.fingers.move(1, 100, 100 - 10 * step, 1);
        p.fingers.move(2, 300, 100 + 10 * step, 1);
    }
    assert.deepEqual([p.at("a").y, p.at("b").y], [90, 110]);
    assert.deepEqual([p.at("a").width, p.at("b").width], [2, 1]);
});

test("fingers: a second one beside a held point spreads it, and lifting it moves nothing", () => {
    const p = new Picture();
    p.fingers.down(1, 100, 100, REACH, 0);
    p.fingers.down(2, 180, 100, REACH, 0);
    p.fingers.move(2, 190, 100, 1); // begins: 90 pixels apart
    p.fingers.move(2, 280, 100, 1);
    assert.equal(p.at("a").width, 4);
    const before = p.at("a");
    p.fingers.up(2);
    p.fingers.move(1, 100, 100, 1);
    assert.deepEqual(p.at("a"), before);
    p.fingers.move(1, 100, 130, 1);
    assert.equal(p.at("a").y, before.y + 30);
});

test("fingers: two beside all points spread the selected one and leave it where it is", () => {
    const p = new Picture();
    p.chosen = "b";
    p.fingers.down(1, 180, 200, REACH, 0);
    p.fingers.down(2, 220, 200, REACH, 0);
    p.fingers.move(1, 170, 200, 1);
    p.fingers.move(1, 120, 200, 1);
    assert.deepEqual(p.at("b"), { x: 300, y: 100, width: 2 });
    p.fingers.up(1);
    p.fingers.move(2, 400, 300, 1);
    assert.deepEqual(p.at("b"), { x: 300, y: 100, width: 2 });
    assert.deepEqual(p.log, ["held b", "let go b"]);
});

test("fingers: two taps are told, a drag and a tap are not, and the second tap moves nothing", () => {
    const p = new Picture();
    p.fingers.down(1, 100, 100, REACH, 0);
    p.fingers.up(1);
    p.fingers.down(1, 101, 100, REACH, 200);
    p.fingers.move(1, 150, 100, 1);
    p.fingers.move(1, 190, 100, 1);
    assert.equal(p.at("a").x, 100);
    p.fingers.up(1);
    assert.deepEqual(p.log, ["held a", "let go a", "twice a"]);
    p.fingers.down(1, 100, 100, REACH, 1000);
    p.fingers.move(1, 110, 100, 1);
    p.fingers.up(1);
    p.fingers.down(1, 100, 100, REACH, 1100);
    p.fingers.up(1);
    assert.equal(p.log.filter((line) => line === "twice a").length, 1);
});

test("fingers: a point that is lost stays where it is, whatever its fingers do, until one lands anew", () => {
    const p = new Picture();
    p.fingers.down(1, 100, 100, REACH, 0);
    p.fingers.down(2, 150, 100, REACH, 0);
    for (const x of [110, 130]) p.fingers.move(1, x, 100, 1);
    const there = p.at("a");
    p.fingers.lose("a");
    p.fingers.move(1, 200, 50, 1);
    p.fingers.move(2, 250, 50, 1);
    p.fingers.up(1);
    p.fingers.up(2);
    assert.deepEqual(p.at("a"), there);
    assert.deepEqual(p.log, ["held a", "let go a"]);
    assert.equal(p.fingers.down(3, there.x, there.y, REACH, 1000), "a");
});
