// The history of loudness that the master view draws.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "./loudness";

test("loudness: a point stands for the loudest moment since the one before", () => {
    const history = new History();
    history.add(0, -30, -31);
    history.add(100, -20, -30);
    history.add(200, -25, -29);
    history.add(600, -40, -28);
    assert.deepEqual(history.moments, [{ momentary: -30, short: -31 }, { momentary: -20, short: -28 }]);
});

test("loudness: two minutes are kept", () => {
    const history = new History();
    for (let second = 0; second < 600; ++second) history.add(second * 1000, -second, -20);
    assert.equal(history.moments.length, 240);
    assert.equal(history.moments.at(-1)?.momentary, -599);
    history.clear();
    assert.equal(history.moments.length, 0);
});
