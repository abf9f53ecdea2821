// What the desk refuses, in a real browser: hands that come second, guests without an invitation, those who may only look.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Screen, browserPath, launch } from './browser.mjs';
import { Desk, int, sleep, slowWay, until } from './desk.mjs';
import { undisturbed } from './support/machine.mjs';

const reason = browserPath ? false : 'there is no Chromium';
const FADER = '/ch/1/fader';

let desk;
let browser;
let mixer;

before(async () => {
    if (reason) return;
    [desk, browser] = await Promise.all([Desk.start({ toml: '[desk]\nchannels = 9\nauxes = 2\n', play: false }), launch()]);
    mixer = await Screen.open(browser, desk);
});

after(async () => {
    await browser?.close();
    await desk?.stop();
});

const deskHas = (...words) => desk.has(...words);
const put = (...words) => desk.put(...words);
const check = (name, body) => test(name, { skip: reason }, body);

check('refused: a hand that is refused sees the desk\'s value at once, and never makes it jump', async () => {
    await put(FADER, -12);
    const other = await Screen.open(browser, desk);
    await other.shows(FADER, -12);
    const { x, y } = await mixer.middle(FADER);
    const travel = await mixer.travel(FADER);
    const [a, b] = [mixer.page.mouse, other.page.mouse];
    await a.move(x, y);
    await a.down();
    await a.move(x, y - 5);
    await a.move(x, y - 5 - travel * 0.1925, { steps: 4 });
    const held = await mixer.number(FADER);
    assert.ok(Math.abs(held + 3.3) < 0.1, `${held}`);
    await other.shows(FADER, held);
    const took = await undisturbed(other.page, () => b.up(), async () => {
        await b.move(x, y);
        await b.down();
        await b.move(x, y + 5);
        await b.move(x, y + 105, { steps: 5 });
        const from = performance.now();
        await other.shows(FADER, held);
        return performance.now() - from;
    });
    console.log(`# a refused fader shows the desk's value after ${took.toFixed(0)} ms`);
    assert.ok(took < 300, `${took} ms`);
    await b.move(x, y + 125, { steps: 5 });
    await a.up();
    await b.move(x, y + 145, { steps: 5 });
    await sleep(100);
    assert.equal(await desk.remote.get(FADER), held, 'a finger that was refused has to land anew');
    await b.up();
    await other.shows(FADER, held);
    await b.move(x, y);
    await b.down();
    await b.move(x, y - 5);
    await b.move(x, y - 15);
    await b.up();
    // Ten dB are a quarter of the way.
    await deskHas(FADER, held + (10 / travel) * 40, 0.05);
    await other.close();
});

check('refused: a refused bar and a refused point of the equaliser go back as well', async () => {
    const refused = async (address, value, handle) => {
        await put(address, value);
        await mixer.show('strip/ch/1');
        const locator = handle(mixer.page);
        const box = await until('it to be drawn', () => locator.boundingBox());
        const says = () => locator.getAttribute('aria-valuetext');
        const before = await says();
        desk.remote.send('/touch', address, int(1));
        const { mouse } = mixer.page;
        await mouse.move(box.x + box.width / 2, box.y + box.height / 2);
        await mouse.down();
        await mouse.move(box.x + box.width / 2 + 5, box.y + box.height / 2);
        await mouse.move(box.x + box.width / 2 + 40, box.y + box.height / 2, { steps: 4 });
        await until('it to be back', async () => (await says()) === before, 5000); // long before the other hand is forgotten, after 10 s
        desk.remote.send('/touch', address, int(0));
        await mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2, { steps: 4 });
        await mouse.up();
        await sleep(100);
        assert.ok(Math.abs((await desk.remote.get(address)) - value) < 0.001 * Math.abs(value), address);
        assert.equal(await says(), before);
    };
    await refused('/ch/1/trim', -6, (page) => page.locator('.bar[data-address="/ch/1/trim"]').first());
    await refused('/ch/1/eq/2/freq', 500, (page) => page.locator('.handle[data-key="/ch/1/eq/2"]'));
    await mixer.show('mixer');
});

check('refused: what a finger far away does before it hears of a scene does not undo the scene', async () => {
    await put(FADER, -20);
    await desk.remote.ask('/scene/save', 'Low');
    const way = await slowWay(desk.web, 40);
    const far = await Screen.open(browser, { url: way.url });
    const { remote } = desk;
    const { mouse } = far.page;
    const { x, y } = await far.middle(FADER);
    const travel = await far.travel(FADER);
    await put(FADER, 0);
    await far.shows(FADER, 0);
    await sleep(100); // for the page to have asked, and been told
    remote.heard = [];
    remote.send('/subscribe', FADER);
    const levels = () => remote.heard.filter(({ address }) => address === FADER).map(({ args }) => args[0]);
    await mouse.move(x, y);
    await mouse.down();
    let recalled = 0; // steps since
    for (let step = 0; step < travel / 2 && recalled < 40; ++step) {
        await mouse.move(x, y + step);
        if (recalled > 0 || levels().at(-1) < -0.5) ++recalled;
        if (recalled === 1) remote.send('/scene/recall', 'Low');
        await sleep(8);
    }
    await until('desk and page to agree', async () => Math.abs((await far.number(FADER)) - (await remote.get(FADER))) < 0.01);
    await sleep(150);
    const all = levels();
    const at = all.findIndex((level) => Math.abs(level + 20) < 0.001);
    assert.ok(at > 1 && all[at - 1] > -10, `it moves when the scene comes: ${all}`);
    assert.ok(all.every((level, n) => n === 0 || level <= all[n - 1] + 0.001), `always down: ${all}`);
    assert.ok(all.at(-1) < -20, `and it goes on from there: ${all}`);
    assert.ok(Math.abs((await far.number(FADER)) - (await remote.get(FADER))) < 0.01);
    await mouse.up();
    remote.send('/unsubscribe');
    await remote.ask('/scene/delete', 'Low');
    await far.close();
    way.close();
});

check('refused: an invited musician has the own mix and no other place, and the address shows no token', async () => {
    const token = desk.invite('Anna', '--role', 'musician', '--aux', '2');
    const anna = await Screen.open(browser, desk, { query: `?token=${token}`, width: 360, height: 740, touch: true });
    await anna.page.waitForSelector('main.mymix');
    assert.doesNotMatch(anna.page.url(), new RegExp(token));
    const places = await anna.page.getByRole('navigation').getByRole('link').allInnerTexts();
    assert.deepEqual(places, ['My mix', 'Settings']);
    await anna.page.evaluate(() => (location.hash = '#/mymix/1'));
    const send = '/ch/1/send/aux/2/level';
    await put(send, -20);
    await anna.shows(send, -20);
    await anna.at(send).focus();
    await anna.page.keyboard.press('PageUp');
    await deskHas(send, -17);
    await anna.shot('musician-360');
    await anna.page.reload();
    await anna.shows(send, -17);
    await anna.show('settings');
    await anna.page.getByText('Anna').waitFor();
    assert.deepEqual(anna.errors, []);
    await anna.close();
});

check('refused: who is not invited, or not any more, reads so and how to be, and sees nothing of the desk', async () => {
    const small = { width: 360, height: 740, touch: true };
    const heading = (screen) => screen.page.getByRole('heading', { level: 1 }).innerText();
    const holdsNoMore = 'This invitation does not hold any more';
    const wrong = await Screen.open(browser, desk, { query: '?token=wrong', refused: true, ...small });
    assert.equal(await heading(wrong), holdsNoMore);
    assert.match(await wrong.page.getByRole('main').innerText(), /mixrig invite/);
    await wrong.page.getByRole('alert').getByText(holdsNoMore).waitFor();
    assert.equal(await wrong.page.evaluate(() => document.documentElement.scrollWidth), 360);
    await wrong.shot('refused-token-360');
    await wrong.close();

    // This machine needs no invitation: what the desk would answer to another.
    let lets = false;
    const prepare = (page) =>
        Promise.all([
            page.route('**/table.json', (route) => (lets ? route.continue() : route.fulfill({ status: 403 }))),
            page.routeWebSocket(/./, (socket) => (lets ? socket.connectToServer() : socket.close())),
        ]);
    const stranger = await Screen.open(browser, desk, { prepare, refused: true, ...small });
    assert.equal(await heading(stranger), 'This desk needs an invitation');
    await stranger.shot('refused-360');
    lets = true;
    await stranger.page.getByRole('button', { name: 'Ask the desk again' }).tap();
    await stranger.live();
    await stranger.close();

    await put(FADER, -18);
    const carl = await Screen.open(browser, desk, { query: `?token=${desk.invite('Carl', '--role', 'engineer')}` });
    await carl.shows(FADER, -18);
    desk.uninvite('Carl');
    await carl.refused();
    assert.equal(await heading(carl), holdsNoMore);
    assert.equal(await carl.page.getByRole('slider').count(), 0);
    await carl.shot('revoked-1280');
    await carl.close();
});

check('refused: a viewer sees what moves and moves nothing', async () => {
    const token = desk.invite('Bert', '--role', 'viewer');
    const viewer = await Screen.open(browser, desk, { query: `?token=${token}` });
    await put(FADER, -15);
    await viewer.shows(FADER, -15);
    await viewer.at(FADER).focus();
    await viewer.page.keyboard.press('PageUp');
    await sleep(100);
    assert.equal(await desk.remote.get(FADER), -15);
    assert.equal(await viewer.number(FADER), -15);
    await viewer.isLocked();
    await viewer.show('record');
    await until('Record to be locked', () => viewer.page.getByRole('button', { name: '● Record', disabled: true }).count());
    assert.ok(await viewer.page.getByRole('combobox', { name: /where it is recorded/, disabled: true }).count() > 0);
    await viewer.show('mixer');
    await viewer.shot('viewer-1280');
    await viewer.close();
});
