// The store: what is sent, what is shown, and how it comes to agree with the desk.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { hashOf } from "./hash";
import type { Message, OutMessage } from "./osc";
import { Store } from "./store";
import { readTable } from "./table";

const desk = readTable({
    shape: { ch: 4 },
    parameters: [
        { address: "/ch/#/fader", type: "number", unit: "dB", low: -90, high: 10, taper: "fader", default: 0 },
        { address: "/ch/#/mute", type: "toggle", default: "off" },
        { address: "/ch/#/name", type: "text", default: "" },
        { address: "/soundcheck", type: "toggle", default: "off" },
        { address: "/soundcheck/loop", type: "toggle", default: "on" },
    ],
});

let frames: (() => void)[] = [];
let sent: OutMessage[] = [];
let store: Store;

Object.assign(globalThis, {
    document: { hidden: false },
    requestAnimationFrame: (frame: () => void) => frames.push(frame),
    cancelAnimationFrame: () => (frames = []),
});

function nextFrame(): void {
    const now = frames;
    frames = [];
    for (const frame of now) frame();
}

const nothing = (): void => undefined;
const tell = (address: string, types: string, ...args: Message["args"]): boolean => store.message({ address, types, args });
const take = (): OutMessage[] => sent.splice(0);
const asked = (): string[] => take().map(({ address, args }) => [address, ...args].join(" "));

beforeEach(() => {
    frames = [];
    sent = [];
    store = new Store({ send: (messages) => sent.push(...messages) > 0 });
    store.desk = desk;
    store.opened();
    take();
});

test("store: of many moves in a frame the last one is sent, once, in one bundle with others", () => {
    for (let dB = -20; dB <= -10; ++dB) store.set("/ch/1/fader", dB);
    store.set("/ch/2/mute", 1);
    assert.deepEqual(take(), []);
    nextFrame();
    assert.deepEqual(take(), [
        { address: "/ch/1/fader", args: [-10] },
        { address: "/ch/2/mute", args: [{ type: "integer", value: 1 }] },
    ]);
});

test("store: a value is shown at once and within the range of its row", () => {
    store.set("/ch/1/fader", 25);
    assert.equal(store.value("/ch/1/fader").value, 10);
    store.set("/ch/1/fader", -6.1);
    assert.equal(store.value("/ch/1/fader").value, Math.fround(-6.1));
});

test("store: what others do is shown; behind a hand the desk is asked", () => {
    tell("/ch/1/fader", "f", -12);
    assert.equal(store.value("/ch/1/fader").value, -12);
    const letGo = store.grab("/ch/1/fader", { lost: () => assert.fail("nobody took it"), moved: () => assert.fail("nor moved it") });
    store.set("/ch/1/fader", -3);
    nextFrame();
    take();
    letGo();
    assert.deepEqual(asked(), ["/touch /ch/1/fader [object Object]", "/ch/1/fader"]);
    tell("/ch/1/fader", "f", -40);
    assert.equal(store.value("/ch/1/fader").value, -40);
});

test("store: what a scene or a bound does under a hand is shown at once, and the hand waits to hear from where it goes on", () => {
    let moves = 0;
    tell("/ch/1/fader", "f", -12);
    const letGo = store.grab("/ch/1/fader", { lost: () => assert.fail("nobody took it"), moved: () => ++moves });
    store.set("/ch/1/fader", -3);
    nextFrame();
    store.set("/ch/1/fader", -2);
    take();
    tell("/ch/1/fader", "f", -40);
    assert.equal(store.value("/ch/1/fader").value, -40);
    assert.ok(store.overruled.value.has("/ch/1/fader"));
    assert.deepEqual(asked(), ["/ch/1/fader"]);
    store.set("/ch/1/fader", -2.9);
    nextFrame();
    assert.deepEqual(asked(), [], "neither what was not sent yet nor what came too early makes a jump");
    assert.equal(moves, 0);
    tell("/ch/1/fader", "f", -41);
    assert.deepEqual([store.value("/ch/1/fader").value, moves], [-41, 1]);
    store.set("/ch/1/fader", -40.5);
    nextFrame();
    assert.deepEqual(asked(), ["/ch/1/fader -40.5"]);
    letGo();
    assert.ok(!store.overruled.value.has("/ch/1/fader"));
});

test("store: whose change came last is asked, once, where two cross on the way", () => {
    store.set("/ch/1/mute", 1);
    nextFrame();
    take();
    tell("/ch/1/mute", "i", 0);
    assert.deepEqual(asked(), ["/ch/1/mute"]);
    tell("/ch/1/mute", "i", 1);
    assert.equal(store.value("/ch/1/mute").value, 1);
    assert.deepEqual(asked(), []);
});

test("store: a pattern is subscribed to once for all who watch it, and left when the last is gone", async () => {
    const ends = [store.watch("/ch/*/mute"), store.watch("/ch/*/mute")];
    assert.equal(asked().length, 1);
    tell("/ch/1/mute", "i", 1);
    ends[0]!();
    ends[1]!();
    await new Promise((done) => setTimeout(done, 80));
    assert.deepEqual(asked(), ["/unsubscribe /ch/*/mute"]);
    assert.equal(store.value("/ch/1/mute").value, undefined);
});

test("store: live only after all that is watched has been told, and no more when the desk is gone", () => {
    store.watch("/ch/*/mute");
    store.watch("/ch/*/fader");
    store.closed();
    store.opened();
    assert.equal(store.live.value, false);
    tell("/synced", "i", 4);
    assert.equal(store.live.value, false);
    tell("/synced", "i", 4);
    assert.equal(store.live.value, true);
    store.closed();
    assert.equal(store.live.value, false);
});

function heartbeat(pattern: string, values: [string, string, number | string][]): void {
    const sum = values.reduce((all, [address, type, value]) => (all + hashOf(address, type, value)) >>> 0, 0);
    tell("/hash", "sii", pattern, values.length, sum | 0);
}

test("store: a pattern that names a value is that value alone, though others stand below it", async () => {
    store.watch("/soundcheck");
    tell("/soundcheck", "i", 0);
    tell("/synced", "i", 1);
    tell("/soundcheck/loop", "i", 1);
    take();
    await new Promise((done) => setTimeout(done, 520)); // as below
    for (let beat = 0; beat < 4; ++beat) tell("/hash", "sii", "/soundcheck", 1, hashOf("/soundcheck", "i", 0));
    assert.deepEqual(take(), []);
});

test("store: a view that agrees with the desk's hash asks for nothing; one that does not twice, and is small, for all of it", async () => {
    store.watch("/ch/*/fader");
    tell("/ch/1/fader", "f", -6.5);
    tell("/ch/2/fader", "f", 0);
    tell("/synced", "i", 2);
    take();
    const pattern = "/ch/*/fader";
    await new Promise((done) => setTimeout(done, 520)); // a view that has just opened does not sum up
    for (let i = 0; i < 4; ++i) heartbeat(pattern, [["/ch/1/fader", "f", -6.5], ["/ch/2/fader", "f", 0]]);
    assert.deepEqual(take(), []);
    heartbeat(pattern, [["/ch/1/fader", "f", -6.5], ["/ch/2/fader", "f", -1]]);
    assert.deepEqual(take(), []);
    heartbeat(pattern, [["/ch/1/fader", "f", -6.5], ["/ch/2/fader", "f", -1]]);
    const sums = asked();
    assert.deepEqual(sums, ["/hash /ch/1/fader"]);
    tell("/hash", "sii", "/ch/1/fader", 1, hashOf("/ch/1/fader", "f", -6.5) | 0);
    assert.deepEqual(take().map(({ address }) => address), ["/subscribe"]);
});

test("store: a change that is refused is asked for again", () => {
    tell("/ch/1/fader", "f", -6);
    store.set("/ch/1/fader", 0);
    nextFrame();
    take();
    assert.equal(tell("/error", "ss", "/ch/1/fader", "somebody else holds it"), false);
    assert.deepEqual(asked(), ["/ch/1/fader"]);
    tell("/ch/1/fader", "f", -6);
    assert.equal(store.value("/ch/1/fader").value, -6);
});

test("store: a hand that is refused is lost, and the desk's value is asked for and shown", () => {
    tell("/ch/1/fader", "f", -6);
    let lost = 0;
    const letGo = store.grab("/ch/1/fader", { lost: () => ++lost, moved: nothing });
    store.set("/ch/1/fader", 0);
    nextFrame();
    store.set("/ch/1/fader", 2);
    take();
    tell("/error", "ss", "/ch/1/fader", "another hand holds it");
    assert.equal(lost, 1);
    assert.deepEqual(asked(), ["/ch/1/fader", "/touch /ch/1/fader [object Object]"]);
    nextFrame();
    letGo();
    assert.deepEqual(take(), [], "what was not sent yet is forgotten");
    tell("/ch/1/fader", "f", -6);
    assert.equal(store.value("/ch/1/fader").value, -6);
});

test("store: who may not hold one control loses that one, and does not end the hold of who has it", () => {
    const lost: string[] = [];
    for (const address of ["/ch/1/fader", "/ch/2/fader"]) store.grab(address, { lost: () => lost.push(address), moved: nothing });
    take();
    tell("/error", "ss", "/touch", "/ch/2/fader: another hand holds it");
    assert.deepEqual(lost, ["/ch/2/fader"]);
    assert.deepEqual(asked(), ["/ch/2/fader"]);
    tell("/error", "ss", "/error", "3 more errors were not sent");
    assert.deepEqual(lost, ["/ch/2/fader", "/ch/1/fader"]);
});

test("store: a hand does not outlast the connection, its control may be elsewhere when the desk is back", () => {
    let lost = false;
    store.grab("/ch/1/fader", { lost: () => (lost = true), moved: nothing });
    store.closed();
    assert.ok(lost);
    take();
    store.opened();
    assert.deepEqual(asked(), ["/sync [object Object]"]);
});

test("store: nothing is set while the desk is away", () => {
    tell("/ch/1/fader", "f", -6);
    store.closed();
    store.set("/ch/1/fader", 0);
    nextFrame();
    assert.deepEqual(take(), []);
    assert.equal(store.value("/ch/1/fader").value, -6);
});

const packet = (turn: number, address: string, value: number): void => {
    store.packet();
    tell("/turn", "i", turn);
    tell(address, "f", value);
};

test("store: the late second copy of a change undoes nothing that a hand has done since", () => {
    store.watch("/ch/1/fader");
    tell("/synced", "i", 1);
    packet(10, "/ch/1/fader", -20);
    let moved = 0;
    store.set("/ch/1/fader", -6);
    nextFrame();
    packet(10, "/ch/1/fader", -20);
    assert.equal(store.number("/ch/1/fader"), -6);
    const letGo = store.grab("/ch/1/fader", { lost: () => undefined, moved: () => ++moved });
    packet(10, "/ch/1/fader", -20);
    assert.equal(store.overruled.value.size, 0);
    // Nor what is told again, in a packet with what is newer.
    packet(11, "/ch/2/fader", -20);
    tell("/turn", "i", 10);
    tell("/ch/1/fader", "f", -20);
    assert.equal(store.overruled.value.size, 0);
    // A scene: told, asked, told again by the other way, and only then answered.
    packet(12, "/ch/1/fader", -30);
    packet(12, "/ch/1/fader", -30);
    packet(14, "/ch/1/fader", -30);
    assert.equal(moved, 0);
    packet(15, "/ch/1/fader", -30);
    assert.equal(moved, 1);
    // An answer that a repeat has overtaken ends the doubt, and takes nothing back.
    packet(20, "/ch/1/fader", -40);
    packet(24, "/ch/1/fader", -41);
    packet(21, "/ch/1/fader", -40);
    assert.equal(moved, 2);
    assert.equal(store.number("/ch/1/fader"), -41);
    letGo();
});
