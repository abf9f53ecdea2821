// Repairs: which parts are asked for, and that what comes back is a small part of everything.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { hashOf } from "./hash";
import { type OutMessage, encode } from "./osc";
import { compile } from "./pattern";
import { type Patient, Repairs, halve } from "./repair";

const KINDS: Record<string, number> = { ch: 64, sub: 8, aux: 12, fx: 4, mtx: 4 };
const FIELDS = ["name", "color", "fader", "mute", "solo", "pan"];
const MIXER = `/{${Object.keys(KINDS).join(",")}}/*/{${FIELDS.join(",")}}`;

const strips = Object.entries(KINDS).flatMap(([kind, count]) => Array.from({ length: count }, (_, i) => `/${kind}/${i + 1}`));
const mixer = strips.flatMap((strip) => FIELDS.map((field) => `${strip}/${field}`));
const bytesOf = (...messages: OutMessage[]): number => encode(messages).byteLength;

/** A page and a desk, and what the desk says. */
class Pair implements Patient {
    readonly mine: Map<string, number>;
    bytes = 0;
    sums = 0;
    readAll = 0;
    private asked: string[] = [];
    private readonly repairs = new Repairs(this);

    constructor(readonly desk: Map<string, number>, readonly pattern: string) {
        this.mine = new Map(desk);
    }

    private sum(of: Map<string, number>, addresses: readonly string[]): { count: number; hash: number } {
        const has = addresses.filter((address) => of.has(address));
        return { count: has.length, hash: has.reduce((sum, address) => (sum + hashOf(address, "f", of.get(address)!)) >>> 0, 0) };
    }

    // As the desk does: what the pattern matches in all its parts, and not what is below.
    private named(pattern: string): string[] {
        const matches = compile(pattern);
        const parts = pattern.split("/").length;
        return [...this.desk.keys()].filter((address) => matches(address) && (pattern.includes("//") || address.split("/").length === parts));
    }

    sumOf(addresses: readonly string[]) {
        return this.sum(this.mine, addresses);
    }

    askSum(pattern: string): void {
        assert.ok(pattern.length < 256, pattern);
        this.asked.push(pattern);
    }

    ask(pattern: string): void {
        const named = this.named(pattern);
        assert.notEqual(named.length, 0, pattern);
        for (const address of named) this.mine.set(address, this.desk.get(address)!);
        this.bytes += bytesOf(...named.map((address): OutMessage => ({ address, args: [0] })));
    }

    readAgain(): void {
        ++this.readAll;
    }

    repair(): void {
        this.repairs.begin({ pattern: this.pattern, addresses: [...this.mine.keys()] }, this.sum(this.desk, [...this.desk.keys()]));
        for (let pattern = this.asked.shift(); pattern !== undefined; pattern = this.asked.shift()) {
            const sum = this.sum(this.desk, this.named(pattern));
            ++this.sums;
            this.bytes += bytesOf({ address: "/hash", args: [pattern, 0, 0] });
            assert.ok(this.repairs.answer(pattern, sum) || this.readAll > 0);
        }
    }
}

const deskOf = (addresses: string[]): Map<string, number> => new Map(addresses.map((address, i) => [address, i]));
const everything = bytesOf(...mixer.map((address): OutMessage => ({ address, args: [0] })));

test("repair: any one value of a mixer of 92 strips is found with less than a tenth of all its bytes", () => {
    let most = 0;
    for (const lost of mixer) {
        const pair = new Pair(deskOf(mixer), MIXER);
        pair.desk.set(lost, -1);
        pair.repair();
        assert.equal(pair.mine.get(lost), -1, lost);
        assert.equal(pair.readAll, 0);
        most = Math.max(most, pair.bytes);
    }
    console.log(`# one of ${mixer.length} values is repaired by at most ${most} of ${everything} bytes`);
    assert.ok(most < everything / 10, `${most} of ${everything} bytes`);
});

test("repair: several values at several places are found at once", () => {
    const pair = new Pair(deskOf(mixer), MIXER);
    for (const lost of ["/ch/1/fader", "/ch/40/mute", "/mtx/4/name"]) pair.desk.set(lost, -1);
    pair.repair();
    assert.deepEqual(pair.mine, pair.desk);
    assert.ok(pair.bytes < everything / 4, `${pair.bytes}`);
});

test("repair: where very much differs all is read again", () => {
    const pair = new Pair(deskOf(mixer), MIXER);
    for (const [at, address] of mixer.entries()) if (at % 3 === 0) pair.desk.set(address, -1);
    pair.repair();
    assert.equal(pair.readAll, 1);
});

test("repair: what has never been told is asked for with what stands beside it", () => {
    const pair = new Pair(deskOf(mixer), MIXER);
    pair.mine.delete("/ch/40/mute");
    pair.repair();
    assert.deepEqual(new Map([...pair.mine].sort()), new Map([...pair.desk].sort()));
});

test("repair: below a group, values and the groups beside them are told apart", () => {
    const below = ["fader", "mute", "name", "color", "pan", "trim", "delay"].map((word) => `/ch/3/${word}`);
    const bands = [1, 2, 3, 4, 5, 6].flatMap((band) => ["on", "freq", "gain", "q", "type"].map((word) => `/ch/3/eq/${band}/${word}`));
    const all = [...below, "/ch/3/eq/on", ...bands];
    for (const lost of all) {
        const pair = new Pair(deskOf(all), "/ch/3");
        pair.desk.set(lost, -1);
        pair.repair();
        assert.equal(pair.mine.get(lost), -1, lost);
        assert.equal(pair.readAll, 0, lost);
    }
    const [values, groups] = halve({ pattern: "/ch/3", addresses: all })!;
    assert.deepEqual([values.pattern, groups.pattern], ["/ch/3/{fader,mute,name,color,pan,trim,delay}", "/ch/3/eq//*"]);
});

test("repair: a half has no more words than a pattern has room for", () => {
    const many = Array.from({ length: 400 }, (_, i) => `/ch/${i + 1}/fader`);
    const pair = new Pair(deskOf(many), "/ch/*/fader");
    pair.desk.set("/ch/399/fader", -1);
    pair.repair();
    assert.deepEqual(pair.mine, pair.desk);
});
