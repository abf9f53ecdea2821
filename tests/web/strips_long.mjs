// By hand, `run.sh browser strips_long.mjs`: all that strip and master views can do.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sleep, until } from './desk.mjs';
import { Stage, near } from './support/points.mjs';

const EQ = '/ch/1/eq';
const COMP = '/ch/1/comp/1';
const MULTIBAND = '/main/master/multiband';

let stage;
let tablet;
let phone;

before(async () => {
    stage = await Stage.open();
    ({ tablet, phone } = stage);
});

after(() => stage.close());

const button = (name) => tablet.page.getByRole('button', { name, exact: true });
const at = (address) => tablet.screen.at(address);

test('strip: the drawn curve goes through the point', async () => {
    const band = `${EQ}/3`;
    await tablet.put({ [`${band}/freq`]: 1000, [`${band}/gain`]: 12, [`${band}/q`]: 2 });
    const { x, y } = await tablet.place(band);
    const box = await tablet.picture(band);
    const d = await tablet.page.locator('.eq-plot .sum').getAttribute('d');
    const points = [...d.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].map(([, px, py]) => [Number(px), Number(py)]);
    const off = (point) => Math.abs(point[0] - (x - box.x));
    const nearest = points.reduce((best, point) => (off(point) < off(best) ? point : best));
    near(nearest[1], y - box.y, 1.5, 'the curve where the point is');
    await tablet.put({ [`${band}/gain`]: 0 });
});

test('strip: wheel, edges and keys set Q; keys move a point; two clicks reset it', async () => {
    const band = `${EQ}/4`;
    await tablet.put({ [`${band}/freq`]: 1500, [`${band}/gain`]: 6, [`${band}/q`]: 1 });
    const { x, y } = await tablet.place(band);
    await tablet.page.mouse.move(x, y);
    await tablet.page.mouse.wheel(0, 600);
    await tablet.has(`${band}/q`, 2);
    await tablet.point(band).focus();
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowRight', 'PageUp']) await tablet.page.keyboard.press(key);
    await tablet.has(`${band}/gain`, 7);
    assert.ok((await tablet.remote.get(`${band}/freq`)) > 1510);
    const narrower = await tablet.settled(`${band}/q`);
    assert.ok(narrower < 2, `${narrower}: page up is wider`);
    assert.match(await tablet.point(band).getAttribute('aria-valuetext'), /kHz.*7\.0 decibels.*Q/);
    await tablet.drag(`${band}>`, 60, 0);
    assert.ok((await tablet.settled(`${band}/q`)) < narrower * 0.9, 'an edge that is pulled outwards');
    const now = await tablet.place(band);
    await tablet.page.mouse.dblclick(now.x, now.y);
    await tablet.has(`${band}/gain`, 0);
    await tablet.has(`${band}/q`, 1);
});

test('strip: two fingers move two points, and leave Q alone', async () => {
    const [one, two] = [`${EQ}/2`, `${EQ}/5`];
    await phone.put({ [`${one}/freq`]: 100, [`${one}/gain`]: 0, [`${two}/freq`]: 4000, [`${two}/gain`]: 0, [`${two}/q`]: 1 });
    const [low, high] = [await phone.place(one), await phone.place(two)];
    const both = (far) => [{ x: low.x, y: low.y - far }, { x: high.x, y: high.y + far }];
    await phone.screen.touch('touchStart', both(0).slice(0, 1));
    await phone.screen.touch('touchStart', both(0));
    await sleep(50);
    assert.equal(await phone.remote.get(`${one}/gain`), 0, 'no jump');
    for (const far of [5, 15, 25, 35]) await phone.screen.touch('touchMove', both(far));
    await phone.screen.touch('touchEnd', []);
    const { dB } = await phone.scale(one);
    near(await phone.settled(`${one}/gain`), 30 * dB, 0.2, 'one up');
    near(await phone.settled(`${two}/gain`), -30 * dB, 0.2, 'one down');
    near(await phone.remote.get(`${two}/q`), 1, 1e-6, 'Q');
});

/** A finger from a place, in eight steps. */
async function swipe({ x, y }, dx, dy) {
    await phone.screen.touch('touchStart', [{ x, y }]);
    for (let step = 1; step <= 8; ++step)
        await phone.screen.touch('touchMove', [{ x: x + (step * dx) / 8, y: y + (step * dy) / 8 }]);
    await phone.screen.touch('touchEnd', []);
    await sleep(400);
}

const scrolled = () => phone.page.evaluate(() => document.querySelector('main.view').scrollTop);
const toTop = () => phone.page.evaluate(() => (document.querySelector('main.view').scrollTop = 0));

test('strip: a picture scrolls with the page where there is no point, and a point does not', async () => {
    await toTop();
    await phone.put({ [`${EQ}/5/gain`]: 0 });
    const point = await phone.place(`${EQ}/5`);
    const from = await scrolled();
    await swipe(point, 0, -96);
    assert.equal(await scrolled(), from, 'a point keeps the finger');
    assert.ok((await phone.settled(`${EQ}/5/gain`)) > 5);
    const box = await phone.page.locator('.eq-plot').boundingBox();
    await swipe({ x: box.x + 12, y: box.y + box.height - 20 }, 0, -96);
    assert.ok((await scrolled()) > from + 30, 'the rest scrolls');
});

test('strip: a bar scrolls with the page upwards, and moves sideways', async () => {
    const freq = `${EQ}/5/freq`;
    await toTop();
    const bar = phone.screen.at(freq);
    await bar.scrollIntoViewIfNeeded();
    const [from, before] = [await scrolled(), await phone.remote.get(freq)];
    await swipe(await phone.screen.middle(freq), 0, -96);
    assert.ok((await scrolled()) > from + 30, 'it scrolls');
    assert.equal(await phone.remote.get(freq), before, 'and moves nothing');
    await bar.scrollIntoViewIfNeeded();
    const still = await scrolled();
    await swipe(await phone.screen.middle(freq), -60, 0);
    assert.ok((await phone.settled(freq)) < before / 2);
    assert.equal(await scrolled(), still);
});

test('strip: type, switch and filters of the equaliser', async () => {
    await tablet.page.getByRole('group', { name: 'Bands' }).getByRole('button', { name: '1', exact: true }).click();
    await at(`${EQ}/1/type`).selectOption('low_shelf');
    await tablet.has(`${EQ}/1/type`, 'low_shelf');
    await at(`${EQ}/1/on`).click();
    await tablet.has(`${EQ}/1/on`, 0);
    assert.match(await tablet.point(`${EQ}/1`).getAttribute('aria-valuetext'), /off/);
    await button('HPF').click();
    await at('/ch/1/hpf/on').click();
    await at('/ch/1/hpf/slope').getByRole('button', { name: '24' }).click();
    await tablet.has('/ch/1/hpf/slope', '24');
    await tablet.put({ '/ch/1/hpf/freq': 80 });
    const { octaves } = await tablet.scale('/ch/1/hpf');
    await tablet.drag('/ch/1/hpf', 50, 0);
    near(Math.log2((await tablet.settled('/ch/1/hpf/freq')) / 80), 50 * octaves, 0.02, 'octaves');
});

test('strip: the ratio is the loud end of the curve, make-up lifts all of it, the sound runs along', async () => {
    await tablet.put({ [`${COMP}/threshold`]: -30, [`${COMP}/ratio`]: 2, [`${COMP}/knee`]: 0, [`${COMP}/on`]: 1 });
    const pixel = 60 / ((await tablet.picture(`${COMP}/ratio`)).height - 24);
    await tablet.drag(`${COMP}/ratio`, 0, 5 / pixel);
    near(await tablet.settled(`${COMP}/ratio`), 3, 0.05, '5 dB lower at full scale is 3:1');
    // In the picture, wherever the page has scrolled to.
    const height = async () => (await tablet.place(`${COMP}/threshold`)).y - (await tablet.picture(`${COMP}/threshold`)).y;
    const before = await height();
    await tablet.put({ [`${COMP}/threshold`]: -45, [`${COMP}/makeup`]: 6 });
    near((await height()) - before, (15 - 6) / pixel, 1.5, '15 dB lower, 6 dB made up');
    const dot = tablet.page.getByRole('group', { name: 'Compressor 1' }).locator('circle.point');
    await until('a point', async () => (await dot.evaluate((circle) => circle.style.visibility)) === 'visible');
    await tablet.put({ [`${COMP}/on`]: 0 });
    const reduction = tablet.page.getByRole('img', { name: 'Compressor 1, gain reduction' });
    await until('no reduction', async () => (await reduction.innerText()) === '');
});

test('strip: a gate shows both of its thresholds, an expander one', async () => {
    await tablet.put({ '/ch/1/gate/threshold': -40, '/ch/1/gate/range': 20, '/ch/1/gate/mode': 'gate' });
    const gate = tablet.page.getByRole('group', { name: 'Gate', exact: true });
    assert.equal(await gate.locator('.falling').count(), 1);
    await tablet.drag('/ch/1/gate/range', 0, -10);
    const { height } = await gate.boundingBox();
    near(await tablet.settled('/ch/1/gate/range'), 20 - (10 * 90) / (height - 24), 0.1, 'range');
    await tablet.put({ '/ch/1/gate/mode': 'expander' });
    await until('one line', async () => (await gate.locator('.falling').count()) === 0);
});

test('strip: sends, routes, groups, names and numbers that are typed', async () => {
    await at('/ch/1/send/aux/1/level').focus();
    await tablet.page.keyboard.press('End');
    await tablet.has('/ch/1/send/aux/1/level', 0);
    await at('/ch/1/send/aux/1/tap').selectOption('post');
    await tablet.has('/ch/1/send/aux/1/tap', 'post');
    await at('/ch/1/to').selectOption('sub/2');
    await tablet.has('/ch/1/to', 'sub/2');
    for (const group of [3, 1]) await button(`DCAs ${group}`).click();
    await tablet.has('/ch/1/dca', '1,3');
    await at('/ch/1/name').fill('Bass drum');
    await tablet.page.keyboard.press('Enter');
    await tablet.has('/ch/1/name', 'Bass drum');
    await button('Delay: type a value').click();
    await tablet.page.keyboard.type('0.0125 s');
    await tablet.page.keyboard.press('Enter');
    await tablet.has('/ch/1/delay', 12.5);
});

test('strip: from strip to strip, of every kind', async () => {
    const strip = (path) => tablet.page.waitForSelector(`[data-strip="${path}"]`);
    for (const kind of ['sub', 'aux', 'fx', 'mtx', 'dca']) {
        await tablet.screen.show(`strip/${kind}/1`);
        await strip(`/${kind}/1`);
        await at(`/${kind}/1/fader`).first().waitFor();
        await tablet.screen.shot(`strip-${kind}-1280`);
    }
    await tablet.screen.show('strip/ch/9');
    await tablet.page.getByRole('link', { name: /^Next/ }).click();
    await strip('/sub/1');
    await tablet.page.keyboard.press('[');
    await strip('/ch/9');
    await tablet.page.getByRole('combobox', { name: 'Strip' }).selectOption('/main');
    await strip('/main');
});

test('strip: every row of the table that a live desk has is on some view', async () => {
    const { parameters } = await (await fetch(`${stage.desk.url}table.json`)).json();
    const there = new Set();
    for (const view of ['strip/ch/2', 'strip/sub/1', 'strip/aux/1', 'strip/fx/1', 'strip/mtx/1', 'strip/main', 'strip/dca/1', 'master', 'desk']) {
        await tablet.screen.show(view);
        await unfold(tablet);
        const shown = await tablet.page.locator('[data-address]').evaluateAll((all) => all.map(({ dataset }) => dataset.address));
        for (const address of shown) there.add(address.replace(/\/\d+(?=\/|$)/g, '/#'));
    }
    const missing = parameters.map(({ address }) => address)
        .filter((address) => !there.has(address) && !address.startsWith('/restore/'));
    assert.deepEqual(missing, []);
});

async function unfold({ page }) {
    const shut = page.locator('.block h2 button[aria-expanded=false]');
    while ((await shut.count()) > 0) await shut.first().click();
}

test('desk: what is a reading is shown and cannot be set', async () => {
    await tablet.screen.show('desk');
    await tablet.put({ '/monitor/dim': 0 });
    await at('/monitor/dim').click();
    await tablet.has('/monitor/dim', 1);
    assert.equal(await at('/record/state').evaluate(({ tagName }) => tagName), 'OUTPUT');
    await until('it to be told', async () => (await at('/record/state').innerText()) === 'off');
    await tablet.screen.shot('desk-1280');
});

test('master: the chain stands in its order, which a button changes', async () => {
    await tablet.screen.show('master');
    await button('clipper earlier').first().click();
    await tablet.has('/main/master/order', 'ms strip multiband field clipper saturator');
    await until('the page to show it', async () => {
        const names = await tablet.page.locator('.chain h2').allInnerTexts();
        const place = (name) => names.findIndex((text) => text.includes(name));
        return place('Clipper') < place('Saturator');
    });
});

test('master: correlation and reductions of the chain are read', async () => {
    await until('a correlation', async () => /^−?\d\.\d\d$/.test(await tablet.page.locator('.figure-correlation').innerText()));
    await tablet.put({ [`${MULTIBAND}/on`]: 1, [`${MULTIBAND}/2/threshold`]: -50, [`${MULTIBAND}/2/ratio`]: 10 });
    const reduction = tablet.page.getByRole('img', { name: 'Band 2, gain reduction' });
    await until('band 2 to work', async () => /^−\d/.test(await reduction.innerText()));
    await tablet.screen.shot('master-1280');
});

test('master: splits are dragged, the whole chain and one block bypassed', async () => {
    const split = `${MULTIBAND}/split/2`;
    await tablet.put({ [split]: 600 });
    await tablet.place(split);
    const { width } = await tablet.picture(split);
    await tablet.drag(split, 60, 0);
    near(Math.log((await tablet.settled(split)) / 600), (60 * Math.log(1000)) / (width - 28), 0.01, 'split');
    for (const on of [1, 0]) {
        await at('/main/master/bypass').first().click();
        await tablet.has('/main/master/bypass', on);
    }
    await at('/main/master/bypass/multiband').first().click();
    await tablet.has('/main/master/bypass/multiband', 1);
});

test('strip: the analyser follows the strip that is looked at, unless somebody takes it away', async () => {
    await tablet.screen.show('strip/ch/1');
    await button('RTA, analyser').click();
    await tablet.has('/rta/source', 'ch/1');
    await tablet.page.locator('canvas.spectrum').waitFor();
    await sleep(400);
    await tablet.screen.shot('strip-1280-rta');
    await tablet.page.getByRole('link', { name: /^Next/ }).click();
    await tablet.has('/rta/source', 'ch/2');
    tablet.remote.send('/rta/source', 'main');
    await until('it to go', async () => (await tablet.page.locator('canvas.spectrum').count()) === 0);
    await tablet.has('/rta/source', 'main');
});

test('strip: nothing is wider than the screen, and nothing complained', async () => {
    for (const view of ['strip/ch/1', 'strip/fx/1', 'strip/main', 'master', 'desk'])
        for (const [hands, size] of [[tablet, 1280], [phone, 360]]) {
            await hands.screen.show(view);
            await unfold(hands);
            const wide = await hands.page.evaluate(() => document.querySelector('main.view').scrollWidth);
            assert.ok(wide <= size, `${view} is ${wide} wide at ${size}`);
            await hands.screen.shot(`${view.replaceAll('/', '-')}-open-${size}`);
        }
    assert.deepEqual(stage.errors, []);
});
