// Values that come by two ways: the newest counts, whichever way it took.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { Turns } from "./turns";

const FADER = "/ch/1/fader";

test("turns: what is of an older turn than what was told is old, and so is its second copy", () => {
    const turns = new Turns();
    const isOld = (turn: number, address = FADER): boolean => {
        turns.packet();
        turns.is(turn);
        return turns.isOld(address);
    };
    assert.equal(isOld(10), false);
    assert.equal(isOld(12), false);
    assert.equal(isOld(10), true);
    assert.equal(isOld(12), true);
    assert.equal(isOld(10, "/ch/2/fader"), false);
    // Answers are of between two turns, and each is believed.
    assert.equal(isOld(13), false);
    assert.equal(isOld(13), false);
    assert.equal(isOld(12), true);
    assert.equal(isOld(14), false);
    assert.equal(isOld(13), true);
});

test("turns: what says nothing of its turn is never old, and makes nothing old", () => {
    const turns = new Turns();
    turns.is(10);
    turns.isOld(FADER);
    turns.packet();
    assert.equal(turns.isOld(FADER), false);
    turns.is(8);
    assert.equal(turns.isOld(FADER), true);
});

test("turns: a sum is not believed while values come, but now and then, and when they have come", () => {
    const turns = new Turns();
    for (let at = 0; at <= 10_000; at += 100) {
        turns.isOld(FADER, at);
        assert.equal(turns.isBehind(at + 50), (at + 50) % 3000 < 2500);
    }
    assert.equal(turns.isBehind(10_200), true);
    assert.equal(turns.isBehind(10_300), false);
    turns.isOld(FADER, 20_000);
    assert.equal(turns.isBehind(20_100), true);
    assert.equal(turns.isBehind(20_300), false);
});

test("turns: what is forgotten is believed again, whatever the count has come to", () => {
    const turns = new Turns();
    turns.is(2);
    turns.isOld(FADER);
    turns.forget(FADER);
    turns.is(-0x7ffffff0);
    assert.equal(turns.isOld(FADER), false);
});

test("turns: a sum is behind when something newer has come by the other way", () => {
    const turns = new Turns();
    turns.is(10);
    assert.equal(turns.isBehind(), false);
    turns.packet();
    turns.is(8);
    assert.equal(turns.isBehind(), true);
    turns.packet();
    assert.equal(turns.isBehind(), false);
});

test("turns: the count goes round, and a desk that begins anew is believed", () => {
    const turns = new Turns();
    turns.is(0x7ffffffe);
    assert.equal(turns.isOld(FADER), false);
    turns.is(-0x80000000); // two later
    assert.equal(turns.isOld(FADER), false);
    turns.is(0x7ffffffe);
    assert.equal(turns.isOld(FADER), true);
    turns.clear();
    turns.is(2);
    assert.equal(turns.isOld(FADER, 0), false);
    assert.equal(turns.isBehind(1000), false);
});
