// The desk as two libraries of others see it: `oscquery` reads what there is, `osc` speaks to all of it by UDP, TCP and WebSocket.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { Desk, until } from './desk.mjs';

const require = createRequire(import.meta.url);
const osc = require('osc');
const { OSCQAccess, OSCQueryDiscovery } = require('oscquery');

const TOML = `
[desk]
name = "asked"
channels = 3
subgroups = 1
auxes = 2
effects = 1
matrices = 1
`;
// What /table.json has no row for: readings, and the rules of the mix doctor.
const MORE = /^\/(meters|qa)\//;
// What of the table no running desk has: restoration is for files.
const LESS = /^\/restore\//;

let desk;
let service;
let leaves;

before(async () => {
    desk = await Desk.start({ toml: TOML, play: false });
    service = await new OSCQueryDiscovery().queryNewService('127.0.0.1', desk.web);
    // A group has no arguments; what is both a group and a parameter is in the list as well.
    const all = (node, path) => [
        ...(node._args ? [node._getMethodDescription(path)] : []),
        ...node.getChildren().flatMap((child) => all(child, `${path}/${child.name}`)),
    ];
    leaves = new Map(all(service.nodes, '').map((leaf) => [leaf.full_path, leaf]));
});

after(() => desk?.stop());

/** The addresses that an address with `#` in it stands for. */
function spread(address, counts) {
    const [count, ...rest] = counts;
    if (count === undefined) return [address];
    return Array.from({ length: count }, (_, i) => address.replace('#', i + 1)).flatMap((one) => spread(one, rest));
}

function countsOf(address, index, shape) {
    const how = (name) => (Array.isArray(shape[name]) ? shape[name].length : shape[name]);
    const [, kind] = /^\/(\w+)\/#/.exec(address) ?? [];
    const isStrip = Array.isArray(shape[kind]);
    const marks = address.split('#').length - 1;
    return [...(isStrip ? [how(kind)] : []), ...Array(marks - (isStrip ? 1 : 0)).fill(how(index))];
}

test('a library of OSCQuery finds every parameter of the table, of its type and range, and no other', async (t) => {
    const table = await (await fetch(`${desk.url}table.json`)).json();
    const wanted = new Set();
    for (const row of table.parameters) {
        const type = { number: 'f', toggle: 'T' }[row.type] ?? 's';
        for (const address of spread(row.address, countsOf(row.address, row.index, table.shape))) {
            const leaf = leaves.get(address);
            if (LESS.test(address)) continue;
            assert.ok(leaf, `${address} is in the table`);
            wanted.add(address);
            assert.equal(leaf.access, row.told ? OSCQAccess.READONLY : OSCQAccess.READWRITE, address);
            assert.deepEqual(leaf.arguments.map((one) => one.type), [type], address);
            const [{ range, value, clipmode }] = leaf.arguments;
            assert.notEqual(value, undefined, address);
            if (type === 'f') assert.deepEqual([range.min, range.max, clipmode], [row.low, row.high, 'both'], address);
            if (row.type === 'choice') assert.deepEqual(range.vals, row.choices, address);
            assert.ok(leaf.description.endsWith(row.doc), address);
        }
    }
    for (const { address, types } of table.actions) {
        if (address.endsWith('*')) continue;
        for (const one of spread(address, countsOf(address, '', table.shape))) {
            const leaf = leaves.get(one);
            assert.equal(leaf?.access, OSCQAccess.WRITEONLY, one);
            assert.equal(leaf.arguments.map(({ type }) => type).join(''), types.replaceAll('?', '') || 'N', one);
            wanted.add(one);
        }
    }
    const others = [...leaves.keys()].filter((address) => !wanted.has(address) && !MORE.test(address));
    assert.deepEqual(others, []);
    assert.deepEqual([service.hostInfo.name, service.hostInfo.oscPort, service.hostInfo.wsPort], ['asked', desk.osc, desk.web]);
    t.diagnostic(`${wanted.size} parameters and actions, ${leaves.size - wanted.size} readings and rules`);
});

/** A port of the library, open, with what it hears. */
async function open(port) {
    const heard = new Map();
    port.on('message', ({ address, args }) => heard.set(address, args));
    port.on('error', (error) => heard.set('error', error));
    port.open();
    await once(port, 'ready');
    const send = (address, ...args) => port.send({ address, args });
    return { heard, send, close: () => port.close() };
}

const WAYS = {
    UDP: () => new osc.UDPPort({ localPort: 0, remotePort: desk.osc, metadata: true }),
    TCP: () => new osc.TCPSocketPort({ address: '127.0.0.1', port: desk.osc, metadata: true }),
    WebSocket: () => new osc.WebSocketPort({ url: `ws://127.0.0.1:${desk.web}`, metadata: true }),
};

for (const [nth, [way, port]] of Object.entries(WAYS).entries())
    test(`by ${way} another library hears every value that is advertised, and sets what may be set`, async () => {
        const peer = await open(port());
        const readable = [...leaves.values()].filter(({ access, full_path }) => access & OSCQAccess.READONLY && !MORE.test(full_path));
        // UDP may lose: what has not been answered is asked for again.
        const missing = () => readable.filter(({ full_path }) => !peer.heard.has(full_path));
        await until('every answer', async () => {
            for (const { full_path } of missing().slice(0, 200)) peer.send(full_path);
            await new Promise((done) => setTimeout(done, 30));
            return missing().length === 0;
        });
        assert.equal(peer.heard.get('error'), undefined);
        for (const { full_path, arguments: [{ type }] } of readable)
            assert.deepEqual(peer.heard.get(full_path).map((one) => one.type), [type === 'T' ? 'i' : type], full_path);

        // Each way sets a third of all numbers of strips, each to another place of its range.
        const numbers = readable.filter(({ access, full_path, arguments: [{ type }] }) =>
            access === OSCQAccess.READWRITE && type === 'f' && /^\/(ch|sub|aux|fx|mtx|main)\//.test(full_path));
        const mine = numbers.filter((_, i) => i % 3 === nth);
        assert.ok(mine.length > 100);
        const wanted = new Map(mine.map(({ full_path, arguments: [{ range }] }, i) =>
            [full_path, Math.fround(range.min + (range.max - range.min) * (0.25 + (0.5 * (i % 7)) / 7))]));
        const stands = (address) => peer.heard.get(address)?.[0].value;
        const wrong = () => [...wanted].filter(([address, value]) => stands(address) !== value);
        await until('every value to be set', async () => {
            for (const [address, value] of wrong().slice(0, 100)) {
                peer.send(address, { type: 'f', value });
                peer.send(address);
            }
            await new Promise((done) => setTimeout(done, 30));
            return wrong().length === 0;
        }).catch(() => assert.deepEqual(wrong().slice(0, 5).map(([address, value]) => [address, value, stands(address)]), []));
        // And OSCQuery says so, once it has heard.
        const [address, value] = [...wanted][0];
        await until('OSCQuery to know', async () => (await (await fetch(`${desk.url.slice(0, -1)}${address}?VALUE`)).json()).VALUE[0] === value);
        peer.close();
    });
