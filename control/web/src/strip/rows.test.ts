// Rows below an address, what they may be, and what people type.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Row, readTable } from "../table";
import { deskGroups } from "./desk_view";
import { moved } from "./order";
import { addressesBelow, groupNumbers, grouped, groupsOf, optionsOf, parseNumber, shortened, toggledGroup } from "./rows";

const number = (address: string, unit: string, index?: string) => ({ address, type: "number", unit, low: -90, high: 10, ...(index && { index }) });
const desk = readTable({
    shape: { ch: [false, true], sub: [true], aux: [true, true], fx: [], mtx: [], dca: 8, band: 3, mutegroup: 6 },
    parameters: [
        { address: "/ch/#/name", type: "text" }, number("/ch/#/fader", "dB"), { address: "/ch/#/to", type: "route" },
        { address: "/ch/#/dca", type: "groups" }, { address: "/ch/#/mutegroup", type: "groups" },
        { address: "/ch/#/gate/key", type: "source" }, { address: "/ch/#/tap", type: "choice", choices: ["input", "low_shelf"] },
        number("/ch/#/eq/#/freq", "Hz", "band"), number("/ch/#/send/aux/#/level", "dB", "aux"),
        number("/main/fader", "dB"), number("/main/master/clipper/drive", "dB"),
        number("/dca/#/fader", "dB", "dca"), { address: "/mutegroup/#/on", type: "toggle", index: "mutegroup" },
    ],
});
const row = (address: string): Row => desk.rows.get(address)!;

test("rows: all addresses below a path, each number counted", () => {
    assert.deepEqual(addressesBelow(desk, "/ch/2/eq"), ["/ch/2/eq/1/freq", "/ch/2/eq/2/freq", "/ch/2/eq/3/freq"]);
    assert.deepEqual(addressesBelow(desk, "/ch/2/eq/2"), ["/ch/2/eq/2/freq"]);
    assert.deepEqual(addressesBelow(desk, "/ch/1/send"), ["/ch/1/send/aux/1/level", "/ch/1/send/aux/2/level"]);
    assert.deepEqual(addressesBelow(desk, "/main"), ["/main/fader"]);
    assert.deepEqual(addressesBelow(desk, "/main/master"), ["/main/master/clipper/drive"]);
    assert.deepEqual([...grouped("/ch/1", addressesBelow(desk, "/ch/1")).keys()], ["", "gate", "eq", "send"]);
});

test("rows: what may be chosen where strips are named", () => {
    const words = (address: string) => optionsOf(desk, row(address), () => "")?.map((option) => option.word);
    assert.deepEqual(words("/ch/#/to"), ["main", "none", "sub/1"]);
    assert.deepEqual(words("/ch/#/gate/key"), ["self", "ch/1", "ch/2"]);
    assert.equal(words("/ch/#/fader"), undefined);
    const named = optionsOf(desk, row("/ch/#/gate/key"), (path) => (path === "/ch/2" ? "Snare" : ""));
    assert.deepEqual(named?.map(({ label }) => label), ["self", "Channel 1", "Channel 2: Snare"]);
    assert.equal(optionsOf(desk, row("/ch/#/tap"), () => "")?.[1]?.label, "low shelf");
});

test("rows: groups are counted by the table and toggled one by one", () => {
    assert.equal(groupsOf(desk, row("/ch/#/dca")), 8);
    assert.equal(groupsOf(desk, row("/ch/#/mutegroup")), 6);
    assert.deepEqual(groupNumbers("1,3"), [1, 3]);
    assert.deepEqual(groupNumbers("none"), []);
    assert.equal(toggledGroup("none", 3), "3");
    assert.equal(toggledGroup("3", 1), "1,3");
    assert.equal(toggledGroup("1,3", 1), "3");
    assert.equal(toggledGroup("3", 3), "none");
});

test("rows: numbers as people type them", () => {
    const [dB, hertz] = [row("/ch/#/fader"), row("/ch/#/eq/#/freq")];
    assert.equal(parseNumber(dB, "-6 dB"), -6);
    assert.equal(parseNumber(dB, "−6,5"), -6.5);
    assert.equal(parseNumber(dB, "-inf"), -90);
    assert.equal(parseNumber(hertz, "1.2k"), 1200);
    assert.equal(parseNumber(hertz, "80Hz"), 80);
    assert.equal(parseNumber(hertz, "80 dB"), undefined);
    assert.equal(parseNumber(hertz, ""), undefined);
    assert.equal(parseNumber(hertz, "1.2.3"), undefined);
});

test("rows: labels do not repeat what stands above them, and words change places", () => {
    assert.equal(shortened("Gate key filter", "Gate"), "Key filter");
    assert.equal(shortened("Gate", "Gate"), "Gate");
    assert.equal(shortened("Expander ratio", "Gate"), "Expander ratio");
    assert.deepEqual(moved(["a", "b", "c"], 2, -1), ["a", "c", "b"]);
    assert.deepEqual(moved(["a", "b", "c"], 0, -1), ["a", "b", "c"]);
});

test("rows: what belongs to no strip, each group once", () => {
    const groups = deskGroups(["/ch/1/fader", "/main/fader", "/tempo", "/soundcheck", "/soundcheck/loop", "/restore/dc/on"]);
    assert.deepEqual([...groups], [["tempo", ["/tempo"]], ["soundcheck", ["/soundcheck", "/soundcheck/loop"]]]);
});
