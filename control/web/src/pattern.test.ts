// Patterns match what the desk's own matcher does: docs/osc.md.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, numbers } from "./pattern";

function matched(pattern: string, addresses: string[]): string[] {
    return addresses.filter(compile(pattern));
}

const SOME = ["/ch/1/mute", "/ch/12/mute", "/ch/1/eq/2/freq", "/ch/2/fader", "/sub/1/mute", "/main/mute", "/chorus"];

test("pattern: stars and question marks stay within a part", () => {
    assert.deepEqual(matched("/ch/*/mute", SOME), ["/ch/1/mute", "/ch/12/mute"]);
    assert.deepEqual(matched("/ch/?/mute", SOME), ["/ch/1/mute"]);
    assert.deepEqual(matched("/*/mute", SOME), ["/main/mute"]);
});

test("pattern: words, letters and ranges", () => {
    assert.deepEqual(matched("/{ch,sub}/1/{mute,fader}", SOME), ["/ch/1/mute", "/sub/1/mute"]);
    assert.deepEqual(matched("/ch/[1-2]/{mute,fader}", SOME), ["/ch/1/mute", "/ch/2/fader"]);
    assert.deepEqual(matched("/ch/[!1]/fader", SOME), ["/ch/2/fader"]);
});

test("pattern: two slashes are any number of parts", () => {
    assert.deepEqual(matched("//mute", SOME), ["/ch/1/mute", "/ch/12/mute", "/sub/1/mute", "/main/mute"]);
    assert.deepEqual(matched("/ch/1//freq", SOME), ["/ch/1/eq/2/freq"]);
    assert.deepEqual(matched("/ch/1//*", SOME), ["/ch/1/mute", "/ch/1/eq/2/freq"]);
});

test("pattern: a group is all that is below it, and nothing that begins alike", () => {
    assert.deepEqual(matched("/ch/1", SOME), ["/ch/1/mute", "/ch/1/eq/2/freq"]);
    assert.deepEqual(matched("/ch", SOME), ["/ch/1/mute", "/ch/12/mute", "/ch/1/eq/2/freq", "/ch/2/fader"]);
});

test("pattern: numbers of strips", () => {
    assert.equal(numbers([3]), "3");
    assert.equal(numbers([3, 4, 5]), "{3,4,5}");
});
