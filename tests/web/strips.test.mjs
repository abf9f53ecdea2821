// Strip and master views in a real browser, against the real desk: curves dragged, pinched, keyed, and read.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Screen, browserPath, launch } from './browser.mjs';
import { Desk, sleep, until } from './desk.mjs';

const reason = browserPath ? false : 'there is no Chromium';
const TOML = `
[desk]
name = "stage"
channels = 9
subgroups = 2
auxes = 2
effects = 1
matrices = 1
`;
const EQ = '/ch/1/eq';

let desk;
let browser;
let tablet; // 1280 wide, a mouse
let phone; // 360 wide, fingers

before(async () => {
    if (reason) return;
    [desk, browser] = await Promise.all([Desk.start({ toml: TOML }), launch()]);
    desk.remote.send('/ch/1/name', 'Kick');
    desk.remote.send(`${EQ}/on`, 1);
    [tablet, phone] = await Promise.all([
        Screen.open(browser, desk, { view: 'strip/ch/1' }),
        Screen.open(browser, desk, { view: 'strip/ch/1', width: 360, height: 740, touch: true }),
    ]);
});

after(async () => {
    await browser?.close();
    await desk?.stop();
});

const check = (name, body) => test(name, { skip: reason }, body);
const near = (is, should, tolerance, what) =>
    assert.ok(Math.abs(is - should) <= tolerance, `${what}: ${is} is not ${should} within ${tolerance}`);
const deskHas = (address, value, tolerance = 0.02) =>
    until(`the desk to have ${address} at ${value}`, async () => Math.abs((await desk.remote.get(address)) - value) <= tolerance);

/** The desk's value once it has stood still. */
async function settled(address) {
    let last;
    return (await until(`${address} to stand still`, async () => {
        const value = await desk.remote.get(address);
        await sleep(60);
        const still = value === last;
        last = value;
        return still && [value];
    }))[0];
}

const point = (screen, key) => screen.page.locator(`[data-key="${key}"]`);

/** Where a point stands now, once the page shows what was put. */
async function place(screen, key) {
    await point(screen, key).scrollIntoViewIfNeeded();
    const box = await point(screen, key).boundingBox();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function put(screen, values) {
    for (const [address, value] of Object.entries(values)) {
        const before = await desk.remote.get(address);
        desk.remote.send(address, value);
        if (typeof value === 'number') await deskHas(address, value);
        else await until(`${address} to be ${value}`, async () => (await desk.remote.get(address)) === value);
        if (before !== value) await sleep(60);
    }
    await sleep(80);
}

/** The size of a picture: what a pixel means is worked out from the table's ranges, as a person reads the axes. */
async function picture(screen, key) {
    const box = await point(screen, key).locator('..').boundingBox();
    const margin = 14;
    return {
        octaves: Math.log2(20000 / 10) / (box.width - 2 * margin), // a pixel; the high-pass goes down to 10 Hz
        dB: 48 / (box.height - 2 * margin), // from -24 to 24
    };
}

check('strip: an equaliser point goes where the mouse takes it, and does not jump when it is taken', async () => {
    const band = `${EQ}/2`;
    await put(tablet, { [`${band}/freq`]: 200, [`${band}/gain`]: 0, [`${band}/q`]: 1 });
    const { x, y } = await place(tablet, band);
    const { octaves, dB } = await picture(tablet, band);
    await tablet.page.mouse.move(x + 6, y - 4);
    await tablet.page.mouse.down();
    await tablet.page.mouse.move(x + 11, y - 4);
    assert.deepEqual([await desk.remote.get(`${band}/freq`), await desk.remote.get(`${band}/gain`)], [200, 0]);
    await tablet.page.mouse.move(x + 111, y - 64, { steps: 8 });
    await tablet.page.mouse.up();
    near(Math.log2((await settled(`${band}/freq`)) / 200), 100 * octaves, 0.02, 'octaves');
    near(await settled(`${band}/gain`), 60 * dB, 0.1, 'gain');
    const now = await place(tablet, band);
    near(now.x - x, 100, 1.5, 'the point, sideways');
    near(now.y - y, -60, 1.5, 'the point, upwards');
});

check('strip: the drawn curve goes through the point', async () => {
    const band = `${EQ}/3`;
    await put(tablet, { [`${EQ}/2/gain`]: 0, [`${band}/freq`]: 1000, [`${band}/gain`]: 12, [`${band}/q`]: 2 });
    const at = await place(tablet, band);
    const box = await point(tablet, band).locator('..').boundingBox();
    const d = await tablet.page.locator('.eq-plot .sum').getAttribute('d');
    const points = [...d.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].map(([, px, py]) => [Number(px), Number(py)]);
    const nearest = points.reduce((best, p) => (Math.abs(p[0] - (at.x - box.x)) < Math.abs(best[0] - (at.x - box.x)) ? p : best));
    near(nearest[1], at.y - box.y, 1.5, 'the curve where the point is');
    await put(tablet, { [`${band}/gain`]: 0 });
});

check('strip: wheel, edges and keys set Q; keys move a point; two clicks reset it', async () => {
    const band = `${EQ}/4`;
    await put(tablet, { [`${band}/freq`]: 1500, [`${band}/gain`]: 6, [`${band}/q`]: 1 });
    const { x, y } = await place(tablet, band);
    await tablet.page.mouse.move(x, y);
    await tablet.page.mouse.wheel(0, 600);
    near(await settled(`${band}/q`), 2, 0.01, 'a narrower bell by the wheel');
    await point(tablet, band).focus();
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowRight', 'PageUp']) await tablet.page.keyboard.press(key);
    near(await settled(`${band}/gain`), 7, 0.01, 'two steps up');
    assert.ok((await desk.remote.get(`${band}/freq`)) > 1510);
    const narrower = await settled(`${band}/q`);
    assert.ok(narrower < 2, `${narrower}: page up is wider`);
    assert.match(await point(tablet, band).getAttribute('aria-valuetext'), /kHz.*7\.0 decibels.*Q/);
    const edge = await place(tablet, `${band}>`);
    await tablet.page.mouse.move(edge.x, edge.y);
    await tablet.page.mouse.down();
    await tablet.page.mouse.move(edge.x + 5, edge.y);
    await tablet.page.mouse.move(edge.x + 60, edge.y, { steps: 5 });
    await tablet.page.mouse.up();
    assert.ok((await settled(`${band}/q`)) < narrower * 0.9, 'an edge that is pulled outwards');
    const now = await place(tablet, band);
    await tablet.page.mouse.dblclick(now.x, now.y);
    await deskHas(`${band}/gain`, 0);
    await deskHas(`${band}/q`, 1);
});

check('strip: two fingers move two points; a pinch changes Q and leaves gain alone', async () => {
    await put(phone, { [`${EQ}/2/freq`]: 100, [`${EQ}/2/gain`]: 0, [`${EQ}/5/freq`]: 4000, [`${EQ}/5/gain`]: 0, [`${EQ}/5/q`]: 1 });
    const [low, high] = [await place(phone, `${EQ}/2`), await place(phone, `${EQ}/5`)];
    await phone.touch('touchStart', [low]);
    await phone.touch('touchStart', [low, high]);
    await sleep(50);
    assert.equal(await desk.remote.get(`${EQ}/2/gain`), 0, 'no jump');
    for (const far of [5, 15, 25, 35]) await phone.touch('touchMove', [{ x: low.x, y: low.y - far }, { x: high.x, y: high.y + far }]);
    await phone.touch('touchEnd', []);
    const { dB } = await picture(phone, `${EQ}/2`);
    near(await settled(`${EQ}/2/gain`), 30 * dB, 0.2, 'one up');
    near(await settled(`${EQ}/5/gain`), -30 * dB, 0.2, 'one down');
    near(await desk.remote.get(`${EQ}/5/q`), 1, 1e-6, 'Q');

    const gain = await desk.remote.get(`${EQ}/5/gain`);
    const held = await place(phone, `${EQ}/5`);
    const beside = { x: held.x - 10, y: held.y + 62 }; // nowhere near another point
    await phone.touch('touchStart', [held]);
    await phone.touch('touchStart', [held, beside]);
    for (const far of [5, 20, 40]) await phone.touch('touchMove', [{ x: held.x, y: held.y - far }, { x: beside.x, y: beside.y + far }]);
    await phone.touch('touchEnd', []);
    const q = await settled(`${EQ}/5/q`);
    assert.ok(q < 0.75, `${q}: fingers apart are a wider bell`);
    near(await desk.remote.get(`${EQ}/5/gain`), gain, 1.5, 'the middle between the fingers stays');
});

check('strip: a picture scrolls with the page where there is no point, and a point does not', async () => {
    const scrolled = () => phone.page.evaluate(() => document.querySelector('main.view').scrollTop);
    const swipe = async ({ x, y }) => {
        await phone.touch('touchStart', [{ x, y }]);
        for (let step = 1; step <= 8; ++step) await phone.touch('touchMove', [{ x, y: y - step * 12 }]);
        await phone.touch('touchEnd', []);
        await sleep(400);
    };
    await phone.page.evaluate(() => (document.querySelector('main.view').scrollTop = 0));
    await put(phone, { [`${EQ}/5/gain`]: 0 });
    const at = await place(phone, `${EQ}/5`);
    const from = await scrolled();
    await swipe(at);
    assert.equal(await scrolled(), from, 'a point keeps the finger');
    assert.ok((await settled(`${EQ}/5/gain`)) > 5);
    const box = await phone.page.locator('.eq-plot').boundingBox();
    await swipe({ x: box.x + 12, y: box.y + box.height - 20 });
    assert.ok((await scrolled()) > from + 30, 'the rest scrolls');
});

check('strip: type, switch and filters of the equaliser', async () => {
    await tablet.page.getByRole('group', { name: 'Bands' }).getByRole('button', { name: '1', exact: true }).click();
    await tablet.at(`${EQ}/1/type`).selectOption('low_shelf');
    await until('a shelf', async () => (await desk.remote.get(`${EQ}/1/type`)) === 'low_shelf');
    await tablet.at(`${EQ}/1/on`).click();
    await deskHas(`${EQ}/1/on`, 0);
    assert.match(await point(tablet, `${EQ}/1`).getAttribute('aria-valuetext'), /off/);
    await tablet.page.getByRole('button', { name: 'HPF' }).click();
    await tablet.at('/ch/1/hpf/on').click();
    await tablet.at('/ch/1/hpf/slope').getByRole('button', { name: '24' }).click();
    await until('24 dB an octave', async () => (await desk.remote.get('/ch/1/hpf/slope')) === '24');
    await put(tablet, { '/ch/1/hpf/freq': 80 });
    const { x, y } = await place(tablet, '/ch/1/hpf');
    await tablet.page.mouse.move(x, y);
    await tablet.page.mouse.down();
    await tablet.page.mouse.move(x + 5, y);
    await tablet.page.mouse.move(x + 55, y - 20, { steps: 5 });
    await tablet.page.mouse.up();
    const { octaves } = await picture(tablet, '/ch/1/hpf');
    near(Math.log2((await settled('/ch/1/hpf/freq')) / 80), 50 * octaves, 0.02, 'octaves');
});

check('strip: threshold and ratio of a compressor are points of its curve', async () => {
    const comp = '/ch/1/comp/1';
    await put(tablet, { [`${comp}/threshold`]: -30, [`${comp}/ratio`]: 2, [`${comp}/knee`]: 0, [`${comp}/on`]: 1 });
    const drag = async (key, dx, dy) => {
        const { x, y } = await place(tablet, key);
        await tablet.page.mouse.move(x, y);
        await tablet.page.mouse.down();
        await tablet.page.mouse.move(x + Math.sign(dx) * 5, y + Math.sign(dy) * 5);
        await tablet.page.mouse.move(x + dx + Math.sign(dx) * 5, y + dy + Math.sign(dy) * 5, { steps: 5 });
        await tablet.page.mouse.up();
    };
    const box = await (async () => {
        await place(tablet, `${comp}/threshold`);
        return point(tablet, `${comp}/threshold`).locator('..').boundingBox();
    })();
    await drag(`${comp}/threshold`, 40, 0);
    near(await settled(`${comp}/threshold`), -30 + (40 * 60) / (box.width - 24), 0.1, 'threshold');
    await put(tablet, { [`${comp}/threshold`]: -30 });
    // 15 dB lower at 0 dBFS is all of 30 dB over the threshold: from 2:1 to infinity.
    await drag(`${comp}/ratio`, 0, (5 * (box.height - 24)) / 60);
    near(await settled(`${comp}/ratio`), 3, 0.05, '5 dB lower at full scale is 3:1');
    await point(tablet, `${comp}/threshold`).focus();
    await tablet.page.keyboard.press('ArrowLeft');
    await deskHas(`${comp}/threshold`, -30.5);
});

check('strip: gain reduction is shown while the band plays, and the point runs on the curve', async () => {
    const comp = '/ch/1/comp/1';
    await put(tablet, { [`${comp}/threshold`]: -45, [`${comp}/ratio`]: 4, [`${comp}/makeup`]: 6 });
    const reduction = tablet.page.getByRole('img', { name: 'Compressor 1, gain reduction' });
    await until('a reduction', async () => /^−\d+\.\d$/.test(await reduction.innerText()) && Number((await reduction.innerText()).slice(1)) > 3);
    const dot = tablet.page.getByRole('group', { name: 'Compressor 1' }).locator('circle.point');
    await until('a point', async () => (await dot.evaluate((c) => c.style.visibility)) === 'visible');
    await put(tablet, { [`${comp}/on`]: 0 });
    await until('none', async () => (await reduction.innerText()) === '');
});

check('strip: a gate shows both of its thresholds, an expander one', async () => {
    await put(tablet, { '/ch/1/gate/threshold': -40, '/ch/1/gate/range': 20, '/ch/1/gate/mode': 'gate' });
    const gate = tablet.page.getByRole('group', { name: 'Gate', exact: true });
    assert.equal(await gate.locator('.falling').count(), 1);
    const { x, y } = await place(tablet, '/ch/1/gate/range');
    const box = await gate.boundingBox();
    await tablet.page.mouse.move(x, y);
    await tablet.page.mouse.down();
    await tablet.page.mouse.move(x, y - 5);
    await tablet.page.mouse.move(x, y - 15, { steps: 3 });
    await tablet.page.mouse.up();
    near(await settled('/ch/1/gate/range'), 20 - (10 * 90) / (box.height - 24), 0.1, 'range');
    await put(tablet, { '/ch/1/gate/mode': 'expander' });
    await until('one line', async () => (await gate.locator('.falling').count()) === 0);
});

check('strip: sends, routes, groups, names and numbers that are typed', async () => {
    await tablet.at('/ch/1/send/aux/1/level').focus();
    await tablet.page.keyboard.press('End');
    await deskHas('/ch/1/send/aux/1/level', 0);
    await tablet.at('/ch/1/send/aux/1/tap').selectOption('post');
    await until('post', async () => (await desk.remote.get('/ch/1/send/aux/1/tap')) === 'post');
    await tablet.at('/ch/1/to').selectOption('sub/2');
    await until('a route', async () => (await desk.remote.get('/ch/1/to')) === 'sub/2');
    for (const group of [3, 1]) await tablet.page.getByRole('button', { name: `DCAs ${group}`, exact: true }).click();
    await until('groups', async () => (await desk.remote.get('/ch/1/dca')) === '1,3');
    await tablet.at('/ch/1/name').fill('Bass drum');
    await tablet.page.keyboard.press('Enter');
    await until('a name', async () => (await desk.remote.get('/ch/1/name')) === 'Bass drum');
    await tablet.page.getByRole('button', { name: 'Delay: type a value' }).click();
    await tablet.page.keyboard.type('0.0125 s');
    await tablet.page.keyboard.press('Enter');
    await deskHas('/ch/1/delay', 12.5);
});

check('strip: from strip to strip, of every kind', async () => {
    for (const kind of ['sub', 'aux', 'fx', 'mtx', 'dca']) {
        await tablet.show(`strip/${kind}/1`);
        await tablet.page.waitForSelector(`[data-strip="/${kind}/1"]`);
        await tablet.at(`/${kind}/1/fader`).first().waitFor();
        await tablet.shot(`strip-${kind}-1280`);
    }
    await tablet.show('strip/ch/9');
    await tablet.page.getByRole('link', { name: /^Next/ }).click();
    await tablet.page.waitForSelector('[data-strip="/sub/1"]');
    await tablet.page.keyboard.press('[');
    await tablet.page.waitForSelector('[data-strip="/ch/9"]');
    await tablet.page.getByRole('combobox', { name: 'Strip' }).selectOption('/main');
    await tablet.page.waitForSelector('[data-strip="/main"]');
});

check('strip: every row of the table has a control', async () => {
    const { parameters } = await (await fetch(`${desk.url}table.json`)).json();
    const shown = async () => new Set(await tablet.page.locator('[data-address]').evaluateAll((all) => all.map((e) => e.dataset.address)));
    const views = { ch: 'strip/ch/2', sub: 'strip/sub/1', aux: 'strip/aux/1', fx: 'strip/fx/1', mtx: 'strip/mtx/1', main: 'strip/main', dca: 'strip/dca/1' };
    for (const [kind, view] of Object.entries(views)) {
        await tablet.show(view);
        const open = tablet.page.getByRole('button', { name: 'All parameters' });
        if ((await open.getAttribute('aria-expanded')) === 'false') await open.click();
        const there = new Set([...(await shown())].map((address) => address.replace(/\/\d+(?=\/|$)/g, '/#')));
        const missing = parameters.map(({ address }) => address)
            .filter((address) => address.startsWith(`/${kind}/`) && !address.startsWith('/main/master/'))
            .filter((address) => !there.has(address));
        assert.deepEqual(missing, [], kind);
        await open.click();
    }
});

check('master: the chain in its order, moved by a button', async () => {
    await tablet.show('master');
    await tablet.page.getByRole('button', { name: 'clipper earlier' }).click();
    await until('another order', async () => /field clipper saturator$/.test(await desk.remote.get('/main/master/order')));
    const heads = tablet.page.locator('.chain h2');
    await until('the page to show it', async () => {
        const names = (await heads.allInnerTexts()).map((name) => name.replace(/\W*(\w.*)/s, '$1'));
        return names.indexOf('Clipper') < names.indexOf('Saturator');
    });
});

check('master: loudness, correlation, and reductions of the chain are read', async () => {
    const figure = (mark) => tablet.page.locator(`[data-loudness="${mark}"] b`).innerText();
    await until('a loudness', async () => /^−\d+\.\d$/.test(await figure('M')) && /^−\d+\.\d$/.test(await figure('I')));
    await until('a correlation', async () => /^−?\d\.\d\d$/.test(await tablet.page.locator('.figure-correlation').innerText()));
    const band = '/main/master/multiband/2';
    await put(tablet, { '/main/master/multiband/on': 1, [`${band}/threshold`]: -50, [`${band}/ratio`]: 10 });
    await until('band 2 to work', async () => /^−\d/.test(await tablet.page.getByRole('img', { name: 'Band 2, gain reduction' }).innerText()));
    await tablet.shot('master-1280');
});

check('master: splits are dragged, the whole chain and one block bypassed', async () => {
    const split = '/main/master/multiband/split/2';
    await put(tablet, { [split]: 600 });
    const { x, y } = await place(tablet, split);
    const box = await point(tablet, split).locator('..').boundingBox();
    await tablet.page.mouse.move(x, y);
    await tablet.page.mouse.down();
    await tablet.page.mouse.move(x + 5, y);
    await tablet.page.mouse.move(x + 65, y, { steps: 5 });
    await tablet.page.mouse.up();
    near(Math.log(await settled(split)) - Math.log(600), (60 * Math.log(1000)) / (box.width - 28), 0.01, 'split');
    await tablet.at('/main/master/bypass').first().click();
    await deskHas('/main/master/bypass', 1);
    await tablet.at('/main/master/bypass').first().click();
    await deskHas('/main/master/bypass', 0);
    await tablet.at('/main/master/bypass/multiband').first().click();
    await deskHas('/main/master/bypass/multiband', 1);
});

check('strip: the analyser follows the strip that is looked at, unless somebody takes it away', async () => {
    await tablet.show('strip/ch/1');
    await tablet.page.getByRole('button', { name: 'Analyser' }).click();
    await until('the source', async () => (await desk.remote.get('/rta/source')) === 'ch/1');
    await tablet.page.locator('canvas.spectrum').waitFor();
    await sleep(400);
    await tablet.shot('strip-1280-rta');
    await tablet.page.getByRole('link', { name: /^Next/ }).click();
    await until('the next source', async () => (await desk.remote.get('/rta/source')) === 'ch/2');
    desk.remote.send('/rta/source', 'main');
    await until('it to go', async () => (await tablet.page.locator('canvas.spectrum').count()) === 0);
    assert.equal(await desk.remote.get('/rta/source'), 'main');
});

check('strip: nothing is wider than the screen, and nothing complained', async () => {
    for (const view of ['strip/ch/1', 'strip/main', 'master'])
        for (const [screen, size] of [[tablet, 1280], [phone, 360]]) {
            await screen.show(view);
            const shut = screen.page.locator('.block h2 button[aria-expanded=false]');
            while ((await shut.count()) > 0) await shut.first().click();
            const wide = await screen.page.evaluate(() => {
                const view = document.querySelector('main.view');
                return Math.max(document.documentElement.scrollWidth, view.scrollWidth);
            });
            assert.ok(wide <= size, `${view} is ${wide} wide at ${size}`);
            await screen.shot(`${view.replaceAll('/', '-')}-open-${size}`);
        }
    assert.deepEqual([...tablet.errors, ...phone.errors], []);
});
