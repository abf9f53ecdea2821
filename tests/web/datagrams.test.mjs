// Datagrams to the page: what changes comes by WebRTC where the WebSocket is late, nothing goes back when that catches up, and
// without them all goes on.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fromBuffer } from 'osc-min';
import { Screen, browserPath, launch } from './browser.mjs';
import { Desk, slowWay, sleep, until } from './desk.mjs';

const reason = browserPath ? false : 'there is no Chromium';
const check = (name, body) => test(name, { skip: reason }, body);
const FADER = '/ch/1/fader';
const SLOW = 250; // ms each way

let desk;
let browser;

before(async () => {
    if (reason) return;
    [desk, browser] = await Promise.all([Desk.start({ toml: '[desk]\nchannels = 4\nauxes = 2\n', play: false }), launch()]);
});

after(async () => {
    await browser?.close();
    await desk?.stop();
});

// The page's own objects are not to be had from outside: what it makes of them is, and when they told of the fader.
const spy = (page) => page.addInitScript((address) => {
    window.channels = [];
    window.came = [];
    const listen = (way, ear) => ear.addEventListener('message', ({ data }) => {
        if (!(data instanceof ArrayBuffer)) return;
        const bytes = [...new Uint8Array(data)];
        if (String.fromCharCode(...bytes).includes(`${address}\0`)) window.came.push([way, performance.timeOrigin + performance.now(), bytes]);
    });
    const Peer = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Peer {
        createDataChannel(...words) {
            const channel = super.createDataChannel(...words);
            window.channels.push(channel);
            listen('datagram', channel);
            return channel;
        }
    };
    const Socket = window.WebSocket;
    window.WebSocket = class extends Socket {
        constructor(...words) {
            super(...words);
            listen('WebSocket', this);
        }
    };
}, FADER);
const hasOpen = (screen) => until('datagrams', () => screen.page.evaluate(() => window.channels.some(({ readyState }) => readyState === 'open')));

/** When each value of the fader came first by which way. */
async function arrivals(screen) {
    const ways = { datagram: new Map(), WebSocket: new Map() };
    for (const [way, at, bytes] of await screen.page.evaluate(() => window.came)) {
        const { elements } = fromBuffer(Buffer.from(bytes));
        const [level] = elements.find(({ address }) => address === FADER).args;
        if (!ways[way].has(level.value)) ways[way].set(level.value, at);
    }
    return ways;
}

/** Every value that the fader shows from now on, with the time. */
const follow = (screen) => screen.at(FADER).evaluate((fader) => {
    window.shown = [];
    new MutationObserver(() => window.shown.push([performance.timeOrigin + performance.now(), Number(fader.getAttribute('aria-valuenow'))]))
        .observe(fader, { attributeFilter: ['aria-valuenow'] });
});

check('datagrams: where the WebSocket is late what changes comes at once, and never goes back', async () => {
    const way = await slowWay(desk.web, SLOW);
    const far = await Screen.open(browser, { url: way.url }, { prepare: spy });
    await hasOpen(far);
    await far.live();
    await follow(far);
    const moves = Array.from({ length: 20 }, (_, n) => -20 + n / 2);
    const sent = new Map();
    for (const level of moves) {
        sent.set(level, performance.timeOrigin + performance.now());
        desk.remote.send(FADER, level);
        // One after the other: a machine that is busy is shown only the newest of what comes together.
        await Promise.all([sleep(60), far.shows(FADER, level)]);
    }
    await until('all to have come twice', async () => (await arrivals(far)).WebSocket.has(moves.at(-1)));
    await sleep(SLOW);
    const shown = await far.page.evaluate(() => window.shown);
    const levels = shown.map(([, level]) => level);
    assert.deepEqual(levels, [...levels].sort((a, b) => a - b), 'the fader went back');
    assert.equal(levels.at(-1), moves.at(-1));
    const came = await arrivals(far);
    const sorted = (figures) => figures.sort((a, b) => a - b);
    const late = sorted(shown.map(([at, level]) => at - sent.get(level)));
    const ahead = sorted(shown.filter(([, level]) => came.WebSocket.has(level)).map(([at, level]) => came.WebSocket.get(level) - at));
    console.log(`# by datagram, beside a WebSocket of ${SLOW} ms: shown after ${late[0].toFixed(0)} to ${late.at(-1).toFixed(0)} ms, ${shown.length} of ${moves.length} moves; by WebSocket ${ahead[0].toFixed(0)} to ${ahead.at(-1).toFixed(0)} ms later`);
    // Before the WebSocket brought it; a machine that is busy may show some later.
    assert.ok(shown.length > moves.length / 2);
    assert.ok(came.datagram.size > moves.length / 2);
    assert.ok(ahead[ahead.length >> 1] > SLOW / 2, `${ahead}`);
    await far.close();
    way.close();
});

check('datagrams: a page whose channel ends, or that never had one, is told all the same', async () => {
    const [with_, without] = [
        await Screen.open(browser, desk, { prepare: spy }),
        await Screen.open(browser, desk, { prepare: (page) => page.addInitScript(() => delete window.RTCPeerConnection) }),
    ];
    await hasOpen(with_);
    await with_.page.evaluate(() => window.channels[0].close());
    for (const level of [-31, -32]) {
        desk.remote.send(FADER, level);
        for (const screen of [with_, without]) await screen.shows(FADER, level);
    }
    for (const screen of [with_, without]) {
        assert.deepEqual(screen.errors, []);
        await screen.close();
    }
});

check('datagrams: a desk that shall have none has none, and its page says nothing of it', async () => {
    const other = await Desk.start({ toml: '[desk]\nchannels = 4\nauxes = 2\n', web: 'datagrams = false\n', play: false });
    const screen = await Screen.open(browser, other, { prepare: spy });
    await until('an offer', () => screen.page.evaluate(() => window.channels.length > 0));
    await sleep(300);
    assert.equal(await screen.page.evaluate(() => window.channels.some(({ readyState }) => readyState === 'open')), false);
    other.remote.send(FADER, -7);
    await screen.shows(FADER, -7);
    assert.deepEqual(screen.errors, []);
    assert.equal(await screen.page.locator('[role=alert]').count(), 0);
    await screen.close();
    await other.stop();
});
