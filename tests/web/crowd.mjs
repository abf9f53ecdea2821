// By hand: `run.sh browser crowd.mjs`: many pages from one address that is not this machine, while somebody there is slow on purpose.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { launch } from './browser.mjs';
import { Desk, sleep } from './desk.mjs';

const address = Object.values(networkInterfaces()).flat().find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
const reason = address ? false : 'there is no address but those of this machine';
const PAGES = 10;
const TABLETS = 25;
const SLOW = 400; // connections

let desk;
let browser;

before(async () => {
    if (reason) return;
    const osc = `allow = ["127.0.0.1", "${address}"]\n`;
    [desk, browser] = await Promise.all([Desk.start({ play: false, toml: '[desk]\nchannels = 16\n', osc, web: 'listen = "0.0.0.0"\n' }), launch()]);
});

after(async () => {
    await browser?.close();
    await desk?.stop();
});

// Each with connections and a cache of its own, as tablets behind one access point.
async function openAll(count) {
    const contexts = await Promise.all(Array.from({ length: count }, () => browser.newContext()));
    const from = performance.now();
    const times = await Promise.all(contexts.map(async (context) => {
        const page = await context.newPage();
        await page.goto(`http://${address}:${desk.web}/#/settings`, { timeout: 60000 });
        await page.waitForSelector('[data-live=true]', { timeout: 60000 });
        return performance.now() - from;
    }));
    times.sort((a, b) => a - b);
    return { contexts, says: `${count} pages at once from ${address}: ${times[0].toFixed(0)} to ${times.at(-1).toFixed(0)} ms` };
}

test('crowd: pages of one address all open at once, and stay', { skip: reason }, async () => {
    const { contexts, says } = await openAll(PAGES);
    console.log(`# ${says}`);
    await sleep(1000);
    for (const context of contexts) assert.equal(await context.pages()[0].locator('.frame').getAttribute('data-live'), 'true');
    await Promise.all(contexts.map((context) => context.close()));
});

test('crowd: 25 tablets with six connections and a WebSocket each are all served at once', { skip: reason }, async () => {
    const status = () => new Promise((done) => {
        const socket = connect(desk.web, address);
        socket.once('data', (data) => done([socket, data.toString('latin1').slice(9, 12)]));
        socket.on('error', () => done([socket, 'error']));
        socket.write(`GET / HTTP/1.1\r\nHost: ${address}\r\nAccept: text/html\r\n\r\n`);
    });
    const open = () => new Promise((done) => {
        const socket = new WebSocket(`ws://${address}:${desk.web}/`);
        socket.on('open', () => done([socket, '101']));
        socket.on('error', () => done([socket, 'error']));
    });
    const all = await Promise.all(Array.from({ length: TABLETS }, () => [...Array.from({ length: 6 }, status), open()]).flat());
    const answers = {};
    for (const [, said] of all) answers[said] = (answers[said] ?? 0) + 1;
    assert.deepEqual(answers, { 101: TABLETS, 200: 6 * TABLETS });
    for (const [socket] of all) socket.terminate ? socket.terminate() : socket.destroy();
});

test('crowd: and while the same address has more slow requests than connections are taken', { skip: reason }, async () => {
    const slow = Array.from({ length: SLOW }, () => {
        const socket = connect(desk.web, address);
        socket.on('error', () => {});
        socket.write('GET / HTTP/1.1\r\nHost: ');
        return socket;
    });
    const drip = setInterval(() => slow.forEach((socket) => socket.writable && socket.write('x')), 500);
    await sleep(500);
    const { contexts, says } = await openAll(10);
    console.log(`# with ${SLOW} slow requests: ${says}`);
    clearInterval(drip);
    for (const socket of slow) socket.destroy();
    await Promise.all(contexts.map((context) => context.close()));
});
