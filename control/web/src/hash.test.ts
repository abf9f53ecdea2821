// The state hash: known sums of FNV-1a, and values as the wire has them.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { hashAddress, hashOf, hashValue } from "./hash";

// http://www.isthe.com/chongo/tech/comp/fnv/: by hand, byte for byte.
function fnv(bytes: number[]): number {
    let hash = 0x811c9dc5n;
    for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x01000193n) & 0xffffffffn;
    return Number(hash);
}

const ascii = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));

test("hash: known sums of the function itself", () => {
    assert.equal(fnv(ascii("foobar")), 0xbf9cf968);
    assert.equal(hashAddress("fooba"), fnv([...ascii("fooba"), 0]));
});

test("hash: a float is its four bytes, the highest first", () => {
    assert.equal(hashOf("/ch/1/fader", "f", -6), fnv([...ascii("/ch/1/fader"), 0, 0x66, 0xc0, 0xc0, 0, 0]));
});

test("hash: a toggle is an integer, a text its bytes without an end", () => {
    assert.equal(hashOf("/ch/1/mute", "i", 1), fnv([...ascii("/ch/1/mute"), 0, 0x69, 0, 0, 0, 1]));
    assert.equal(hashValue(hashAddress("/ch/1/name"), "s", "é"), fnv([...ascii("/ch/1/name"), 0, 0x73, 0xc3, 0xa9]));
});
