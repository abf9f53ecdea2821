// What takes longer, by hand: `run.sh browser long.mjs`: a desk of 64 channels, 25 clients, a slow machine.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { fromBuffer, toBuffer } from 'osc-min';
import { Screen, launch } from './browser.mjs';
import { Desk, int, sleep, until } from './desk.mjs';

const CLIENTS = 25;
const TOML = `
[desk]
channels = 64
subgroups = 8
auxes = 12
effects = 4
matrices = 4
`;

let desk;
let browser;

before(async () => {
    [desk, browser] = await Promise.all([Desk.start({ toml: TOML }), launch()]);
});

after(async () => {
    await browser.close();
    await desk.stop();
});

/** A client like the page: subscribes, hears all, keeps what it heard. */
class Client {
    values = new Map();
    hashes = new Map();
    meters = 0;
    synced = 0;

    constructor(url) {
        this.socket = new WebSocket(url.replace('http', 'ws'));
        this.socket.binaryType = 'nodebuffer';
        this.opened = new Promise((done) => this.socket.on('open', done));
        this.socket.on('message', (packet) => this.take(fromBuffer(packet)));
    }

    take(packet) {
        if (packet.oscType === 'bundle') return packet.elements.forEach((element) => this.take(element));
        const args = packet.args.map(({ value }) => value);
        if (packet.address.startsWith('/meters/')) ++this.meters;
        else if (packet.address === '/synced') ++this.synced;
        else if (packet.address === '/hash') this.hashes.set(args[0], args[2]);
        else if (args.length === 1) this.values.set(packet.address, args[0]);
        return undefined;
    }

    send(address, ...args) {
        const view = toBuffer({ address, args });
        this.socket.send(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    }
}

// From opening in a browser to what `there` says; a new context has neither a cache nor connections.
async function openings(context, url, there) {
    const page = await context.newPage();
    const from = performance.now();
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForSelector(there, { state: 'attached' });
    const took = performance.now() - from;
    await page.close();
    return took;
}

test('page: with 64 channels it is there within a second of opening', async () => {
    const times = { empty: [], cold: [], warm: [] };
    const live = '[data-live=true] [data-address="/ch/1/fader"]';
    for (let run = 0; run < 20; ++run) {
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
        // One file and nothing in it, to know what this machine takes to open anything.
        times.empty.push(await openings(context, `${desk.url}icon.svg`, 'svg'));
        times.cold.push(await openings(context, `${desk.url}#/mixer`, live));
        times.warm.push(await openings(context, `${desk.url}#/mixer`, live));
        await context.close();
    }
    const middle = {};
    for (const [what, all] of Object.entries(times)) {
        all.sort((a, b) => a - b);
        middle[what] = all[all.length / 2];
        console.log(`# 64 channels, ${what}: ${all[0].toFixed(0)} to ${all.at(-1).toFixed(0)} ms, the middle one of ${all.length} ${middle[what].toFixed(0)} ms`);
    }
    console.log(`# in empty pages: cold ${(middle.cold / middle.empty).toFixed(1)}, warm ${(middle.warm / middle.empty).toFixed(1)}`);
    assert.ok(middle.cold < Math.max(1000, 5 * middle.empty), 'the middle one');
});

test('page: 25 clients see the same state, and meters, while all of them move faders', async () => {
    const clients = Array.from({ length: CLIENTS }, () => new Client(desk.url));
    await Promise.all(clients.map(({ opened }) => opened));
    const screen = await Screen.open(browser, desk);
    for (const client of clients) {
        client.send('/sync', int(1));
        client.send('/subscribe', '/ch/*/fader', int(60));
        client.send('/meters', '/ch/*', 25, int(60));
    }
    await until('all to be told', () => clients.every(({ synced }) => synced > 0));
    for (const client of clients) client.meters = 0;
    const from = performance.now();
    for (let round = 0; round < 100; ++round) {
        clients.forEach((client, i) => client.send(`/ch/${(i % 64) + 1}/fader`, -40 + ((round * 7 + i) % 30)));
        await sleep(20);
    }
    const seconds = (performance.now() - from) / 1000;
    await sleep(1200);
    const expected = await Promise.all(Array.from({ length: CLIENTS }, (_, i) => desk.remote.get(`/ch/${i + 1}/fader`)));
    const hashes = new Set(clients.map((client) => client.hashes.get('/ch/*/fader')));
    assert.equal(hashes.size, 1, 'one hash for all');
    clients.forEach((client, who) =>
        expected.forEach((value, i) => {
            // Nobody is told of what they set themselves.
            if (i !== who) assert.equal(client.values.get(`/ch/${i + 1}/fader`), value, `client ${who}, channel ${i + 1}`);
        }),
    );
    for (let i = 0; i < 8; ++i) await screen.shows(`/ch/${i + 1}/fader`, expected[i]);
    const rates = clients.map(({ meters }) => meters / 64 / (seconds + 1.2));
    console.log(`# 25 clients: meters of 64 channels ${Math.min(...rates).toFixed(1)} to ${Math.max(...rates).toFixed(1)} a second`);
    const load = await desk.remote.answer('/meters/load', () => desk.remote.send('/meters', '/load', 10, int(1)));
    console.log(`# block times: mean, 99th percentile, longest, late, gaps: ${load.args.map((x) => x.toFixed(3)).join(' ')}`);
    for (const client of clients) client.socket.terminate();
    await screen.close();
});

test('page: on a slow device fewer meters are asked for, and more again when it can', async () => {
    const screen = await Screen.open(browser, desk, { view: 'mixer' });
    const rate = async () => {
        await screen.show('settings');
        return Number.parseFloat(await screen.page.locator('dt:text-is("Meters") + dd').innerText());
    };
    await screen.cdp.send('Emulation.setCPUThrottlingRate', { rate: 40 });
    await sleep(4000);
    await screen.cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    const slow = await rate();
    await screen.show('mixer');
    await sleep(9000);
    const quick = await rate();
    console.log(`# meters asked for: ${slow} a second on a slow device, ${quick} later`);
    assert.ok(slow < quick);
    await screen.close();
});
