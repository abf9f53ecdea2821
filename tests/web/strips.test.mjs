// Strip and master views in a real browser, against the real desk: points of curves dragged and pinched, readings shown.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browserPath } from './browser.mjs';
import { sleep, until } from './desk.mjs';
import { Stage, near } from './support/points.mjs';

const reason = browserPath ? false : 'there is no Chromium';
const EQ = '/ch/1/eq';

let stage;
let tablet;
let phone;

before(async () => {
    if (reason) return;
    stage = await Stage.open();
    ({ tablet, phone } = stage);
});

after(() => stage?.close());

const check = (name, body) => test(name, { skip: reason }, body);

check('strip: an equaliser point goes where the mouse takes it, and does not jump when it is taken', async () => {
    const band = `${EQ}/2`;
    await tablet.put({ [`${band}/freq`]: 200, [`${band}/gain`]: 0, [`${band}/q`]: 1 });
    const before = await tablet.place(band);
    const { octaves, dB } = await tablet.scale(band);
    await tablet.drag(band, 100, -60, async () => {
        await sleep(40);
        assert.deepEqual([await tablet.remote.get(`${band}/freq`), await tablet.remote.get(`${band}/gain`)], [200, 0]);
    });
    near(Math.log2((await tablet.settled(`${band}/freq`)) / 200), 100 * octaves, 0.02, 'octaves');
    near(await tablet.settled(`${band}/gain`), 60 * dB, 0.1, 'gain');
    const now = await tablet.place(band);
    near(now.x - before.x, 100, 1.5, 'the point, sideways');
    near(now.y - before.y, -60, 1.5, 'the point, upwards');
});

check('strip: a pinch changes Q, and a second finger nothing by landing', async () => {
    const band = `${EQ}/5`;
    await phone.put({ [`${band}/freq`]: 4000, [`${band}/gain`]: 0, [`${band}/q`]: 1 });
    const held = await phone.place(band);
    const beside = { x: held.x - 10, y: held.y + 62 }; // nowhere near another point
    const { touch } = phone.screen;
    const both = (far) => [{ x: held.x, y: held.y - far }, { x: beside.x, y: beside.y + far }];
    await touch.call(phone.screen, 'touchStart', both(0).slice(0, 1));
    await touch.call(phone.screen, 'touchStart', both(0));
    await sleep(40);
    assert.deepEqual([await phone.remote.get(`${band}/gain`), await phone.remote.get(`${band}/q`)], [0, 1]);
    for (const far of [5, 20, 40]) await touch.call(phone.screen, 'touchMove', both(far));
    await touch.call(phone.screen, 'touchEnd', []);
    const q = await phone.settled(`${band}/q`);
    // 62 pixels apart become 142; what is not counted is the first step.
    near(q, 63 / 142, 0.08, 'Q of fingers apart');
    near(await phone.remote.get(`${band}/gain`), 0, 1.5, 'the middle between the fingers stays');
});

check('strip: a threshold follows mouse and keys, and gain reduction is shown while the band plays', async () => {
    const comp = '/ch/1/comp/1';
    await tablet.put({ [`${comp}/threshold`]: -30, [`${comp}/ratio`]: 4, [`${comp}/on`]: 1 });
    await tablet.place(`${comp}/threshold`);
    const box = await tablet.picture(`${comp}/threshold`);
    await tablet.drag(`${comp}/threshold`, -40, 0);
    const dragged = await tablet.settled(`${comp}/threshold`);
    near(dragged, -30 - (40 * 60) / (box.width - 24), 0.1, 'threshold');
    await tablet.point(`${comp}/threshold`).focus();
    await tablet.page.keyboard.press('ArrowLeft');
    await tablet.has(`${comp}/threshold`, dragged - 0.5);
    const reduction = tablet.page.getByRole('img', { name: 'Compressor 1, gain reduction' });
    await until('a reduction', async () => /^−\d+\.\d$/.test(await reduction.innerText()));
});

check('master: loudness is read, and nothing complained', async () => {
    await tablet.screen.show('master');
    await until('a loudness', async () => /^−\d+\.\d$/.test(await tablet.page.locator('[data-loudness="M"] b').innerText()));
    assert.deepEqual(stage.errors, []);
});
