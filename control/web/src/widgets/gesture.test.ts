// Fingers: none makes a fader jump, the distance makes them finer, two taps are not one.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Row } from "../table";
import { Drag, Taps, speedAt } from "./gesture";
import { keyed } from "./handle";

const at = (x: number, y: number, time = 0) => ({ x, y, time });

test("drag: a finger that lands, and trembles, moves nothing", () => {
    const drag = new Drag(at(50, 400), "y", 300, 0.7);
    assert.equal(drag.move(at(51, 402)), undefined);
    assert.equal(drag.move(at(50, 398)), undefined);
});

test("drag: wherever it lands, the knob goes as far as the finger does", () => {
    const drag = new Drag(at(50, 10), "y", 300, 0.2);
    drag.move(at(50, 5));
    assert.ok(Math.abs(drag.move(at(50, 35))! - 0.1) < 1e-9);
});

test("drag: at an end it turns round at once", () => {
    const drag = new Drag(at(0, 300), "y", 100, 0.9);
    drag.move(at(0, 295));
    assert.equal(drag.move(at(0, 0)), 1);
    assert.ok(Math.abs(drag.move(at(0, 10))! - 0.9) < 1e-9);
});

test("drag: lying controls go by the horizontal", () => {
    const drag = new Drag(at(0, 0), "x", 200, 0.5);
    drag.move(at(5, 0));
    assert.ok(Math.abs(drag.move(at(25, 0))! - 0.6) < 1e-9);
});

test("drag: far beside the control it is finer, never backwards, never dead", () => {
    let before = 1;
    for (let beside = 0; beside < 2000; beside += 10) {
        const speed = speedAt(beside);
        assert.ok(speed <= before && speed > 0);
        before = speed;
    }
    assert.equal(speedAt(40), 1);
    assert.ok(speedAt(-152) < 0.4);
});

test("taps: two near each other are two taps, far or late ones are not, three are not two twice", () => {
    const taps = new Taps();
    assert.deepEqual(
        [at(0, 0, 0), at(3, 3, 200), at(3, 3, 300), at(90, 3, 400), at(90, 3, 900)].map((place) => taps.tap(place)),
        [false, true, false, false, false],
    );
});

const fader: Row = {
    address: "/ch/#/fader", label: "Fader", type: "number", unit: "dB", low: -90, high: 10, taper: "fader",
    choices: [], initial: [0], doc: "",
};

test("keys: arrows are half a dB, pages three, home is silence, end is 0 dB and never full", () => {
    const key = (name: string, from: number, shift = false) => keyed(fader, from, 0, name, shift);
    assert.equal(key("ArrowUp", -6), -5.5);
    assert.ok(Math.abs(key("ArrowDown", -6, true)! + 6.1) < 1e-9);
    assert.equal(key("PageUp", -6), -3);
    assert.equal(key("PageUp", 9.5), 10);
    assert.equal(key("Home", -6), -90);
    assert.equal(key("End", -20), 0);
    assert.equal(key("a", -20), undefined);
});

test("keys: out of silence a fader comes within a few presses", () => {
    let value = -90;
    let presses = 0;
    while (value < -30 && presses < 100) {
        value = keyed(fader, value, 0, "ArrowUp", false)!;
        ++presses;
    }
    assert.ok(presses <= 30, `${presses}`);
});
