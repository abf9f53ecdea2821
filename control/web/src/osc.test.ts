// Packets: what osc-min writes is read back, and what is not well formed is refused.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, decode, encode, int } from "./osc";

function read(packet: ArrayBuffer): { messages: Message[]; meters: [string, number[]][] } {
    const messages: Message[] = [];
    const meters: [string, number[]][] = [];
    decode(packet, {
        message: (message) => messages.push(message),
        meter: (address, values) => meters.push([address, [...values]]),
    });
    return { messages, meters };
}

test("osc: one message is read as it was written", () => {
    const { messages } = read(encode([{ address: "/ch/1/name", args: ["Jürgen", int(-3), 0.5] }]));
    assert.deepEqual(messages, [{ address: "/ch/1/name", types: "sif", args: ["Jürgen", -3, 0.5] }]);
});

test("osc: several messages travel as a bundle, in order", () => {
    const sent = [1, 2, 3].map((n) => ({ address: `/ch/${n}/mute`, args: [int(n)] }));
    assert.deepEqual(
        read(encode(sent)).messages.map(({ address, args }) => [address, args[0]]),
        [["/ch/1/mute", 1], ["/ch/2/mute", 2], ["/ch/3/mute", 3]],
    );
});

test("osc: meters are read as floats", () => {
    const { messages, meters } = read(encode([{ address: "/meters/ch/1", args: [-6, -144, 0.25] }]));
    assert.deepEqual(messages, []);
    assert.deepEqual(meters, [["/meters/ch/1", [-6, -144, 0.25]]]);
});

test("osc: a packet that is cut anywhere is refused or harmless, and never read beyond its end", () => {
    const whole = new Uint8Array(encode([{ address: "/a/b", args: ["word", 1.5] }, { address: "/c", args: [int(1)] }]));
    for (let size = 0; size < whole.length; ++size) {
        try {
            read(whole.slice(0, size).buffer);
        } catch (error) {
            assert.ok(error instanceof Error);
        }
    }
});
