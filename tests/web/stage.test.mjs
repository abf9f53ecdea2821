// What a stage needs at a glance, in a real browser: solos that end, mute groups, the strips of a DCA, clips that stay lit.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Screen, browserPath, launch } from './browser.mjs';
import { Desk, sleep, until } from './desk.mjs';

const reason = browserPath ? false : 'there is no Chromium';

let desk;
let browser;
let mixer;

before(async () => {
    if (reason) return;
    [desk, browser] = await Promise.all([Desk.start({ toml: '[desk]\nchannels = 16\nsubgroups = 2\nauxes = 2\neffects = 1\nmatrices = 1\n' }), launch()]);
    desk.remote.send('/ch/1/name', 'Kick');
    mixer = await Screen.open(browser, desk);
});

after(async () => {
    await browser?.close();
    await desk?.stop();
});

const deskHas = (...words) => desk.has(...words);
const put = (...words) => desk.put(...words);
const check = (name, body) => test(name, { skip: reason }, body);

check('stage: solos are ended from everywhere, mute groups say whom they silence, a DCA shows its strips', async () => {
    const { page } = mixer;
    await mixer.show('mixer');
    await mixer.at('/ch/2/solo').click();
    await deskHas('/ch/2/solo', 1);
    await mixer.show('scenes');
    await page.getByRole('button', { name: 'Clear solo' }).click();
    await deskHas('/ch/2/solo', 0);
    await page.getByRole('button', { name: 'Clear solo' }).waitFor({ state: 'detached' });
    for (const strip of [1, 4]) desk.remote.send(`/ch/${strip}/dca`, '1');
    desk.remote.send('/ch/4/mutegroup', '2');
    await mixer.show('mixer');
    await page.getByRole('button', { name: 'Mutes' }).click();
    await mixer.at('/mutegroup/2/on').click();
    await deskHas('/mutegroup/2/on', 1);
    await page.locator('[data-strip="/ch/4"].silenced').getByText('off: Group 2').waitFor();
    assert.equal(await page.locator('.silenced').count(), 1);
    await mixer.at('/mutegroup/2/on').click();
    await deskHas('/mutegroup/2/on', 0);
    await page.getByRole('button', { name: 'Mutes' }).click();
    await mixer.show('spill/1');
    await page.waitForSelector('.columns [data-strip="/ch/4"]');
    const shown = await page.locator('.columns [data-strip]').evaluateAll((all) => all.map((one) => one.dataset.strip));
    assert.deepEqual(shown, ['/ch/1', '/ch/4']);
    for (const strip of [1, 4]) desk.remote.send(`/ch/${strip}/dca`, 'none');
    await page.getByText('No strip belongs to it').waitFor();
    await mixer.show('mixer');
});

check('stage: a clip stays lit until it is seen', async () => {
    await put('/ch/1/trim', 30);
    const clip = mixer.page.getByRole('button', { name: 'Kick, clip: seen' });
    await clip.waitFor();
    await put('/ch/1/trim', 0);
    await sleep(300);
    await clip.click();
    await clip.waitFor({ state: 'detached' });
});

check('stage: a clip of a bank that was never shown is told by its button, and lit when it is shown', async () => {
    const phone = await Screen.open(browser, desk, { view: 'scenes', width: 360, height: 740, touch: true });
    await put('/ch/8/trim', 30);
    await phone.show('mixer');
    const clipped = phone.page.getByRole('button', { name: 'Ch 5–8 has clipped' });
    await clipped.waitFor();
    assert.equal(await phone.page.locator('[data-strip="/ch/8"]').count(), 0, 'another bank is shown');
    await put('/ch/8/trim', 0);
    await sleep(300);
    await phone.shot('clipped-bank');
    await clipped.click();
    await phone.page.getByRole('button', { name: 'Ch 8, clip: seen' }).click();
    await clipped.waitFor({ state: 'detached' });
    const before = phone.page.getByRole('button', { name: 'Ch 1–4 has clipped' });
    assert.equal(await before.count(), 0, 'what clipped before the page was opened is not told');
    await phone.close();
});

check('stage: an address of a strip that the desk has not leads to one that it has', async () => {
    await mixer.show('strip/ch/99');
    await mixer.page.waitForSelector('[data-strip="/ch/1"]');
    await mixer.page.getByText('This desk has no Channel 99').waitFor();
    assert.equal(new URL(mixer.page.url()).hash, '#/strip/ch/1');
    await mixer.show('mixer');
    await sleep(150); // what is watched ends a moment after its view
    assert.equal(await mixer.page.locator('.note.error').count(), 0);
});

check('stage: the bank that is chosen is in sight where not all are', async () => {
    const { page } = mixer;
    await mixer.show('mixer');
    await page.setViewportSize({ width: 700, height: 600 });
    const bar = page.getByRole('group', { name: 'Banks' });
    const hidden = () => bar.evaluate((all) => {
        const [whole, chosen] = [all, all.querySelector('[aria-pressed=true]')].map((one) => one.getBoundingClientRect());
        return Math.max(whole.left - chosen.left, chosen.right - whole.right);
    });
    assert.ok(await bar.evaluate((all) => all.scrollWidth > all.clientWidth + 50), 'more than the bar has room for');
    for (const name of ['Sub', 'Mixes', 'DCA 5–8', 'Main']) {
        await bar.getByRole('button', { name }).click();
        await bar.locator('[aria-pressed=true]').getByText(name).waitFor();
        await until(`${name} to be in sight`, async () => (await hidden()) <= 1);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
});
