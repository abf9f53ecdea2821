// Datagrams to the page: what changes comes by WebRTC where the WebSocket is late, nothing goes back when that catches up, and
// without them all goes on.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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

// The page's own object is not to be had from outside: what it makes of it is.
const countChannels = (page) => page.addInitScript(() => {
    const Real = window.RTCPeerConnection;
    window.channels = [];
    window.RTCPeerConnection = class extends Real {
        createDataChannel(...words) {
            const channel = super.createDataChannel(...words);
            window.channels.push(channel);
            return channel;
        }
    };
});
const hasOpen = (screen) => until('datagrams', () => screen.page.evaluate(() => window.channels.some(({ readyState }) => readyState === 'open')));

/** Every value that the fader shows from now on, with the time. */
const follow = (screen) => screen.at(FADER).evaluate((fader) => {
    window.shown = [];
    new MutationObserver(() => window.shown.push([performance.timeOrigin + performance.now(), Number(fader.getAttribute('aria-valuenow'))]))
        .observe(fader, { attributeFilter: ['aria-valuenow'] });
});

check('datagrams: where the WebSocket is late what changes comes at once, and never goes back', async () => {
    const way = await slowWay(desk.web, SLOW);
    const far = await Screen.open(browser, { url: way.url }, { prepare: countChannels });
    await hasOpen(far);
    await far.live();
    await follow(far);
    const moves = Array.from({ length: 20 }, (_, n) => -20 + n / 2);
    const sent = new Map();
    for (const level of moves) {
        sent.set(level, performance.timeOrigin + performance.now());
        desk.remote.send(FADER, level);
        await sleep(60);
    }
    await far.shows(FADER, moves.at(-1));
    await sleep(2 * SLOW); // all has come twice by now
    const shown = await far.page.evaluate(() => window.shown);
    const levels = shown.map(([, level]) => level);
    assert.deepEqual(levels, [...levels].sort((a, b) => a - b), 'the fader went back');
    assert.equal(levels.at(-1), moves.at(-1));
    const late = shown.map(([at, level]) => at - sent.get(level)).sort((a, b) => a - b);
    console.log(`# by datagram, beside a WebSocket of ${SLOW} ms: shown after ${late[0].toFixed(0)} to ${late.at(-1).toFixed(0)} ms, ${shown.length} of ${moves.length} moves`);
    // Before the WebSocket could bring any; a machine that is busy may show some later.
    assert.ok(shown.length > moves.length / 2 && late[late.length >> 1] < SLOW);
    await far.close();
    way.close();
});

check('datagrams: a page whose channel ends, or that never had one, is told all the same', async () => {
    const [with_, without] = [
        await Screen.open(browser, desk, { prepare: countChannels }),
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
    const screen = await Screen.open(browser, other, { prepare: countChannels });
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
