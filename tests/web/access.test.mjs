// The page for those who do not see it, and for those who may not move anything: every view, by roles and by axe.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Screen, browserPath, launch } from './browser.mjs';
import { Desk } from './desk.mjs';

const reason = browserPath ? false : 'there is no Chromium';
const VIEWS = ['mixer', 'spill/1', 'sends/aux/1', 'strip/ch/1', 'strip/fx/1', 'master', 'mymix/1', 'scenes', 'record', 'qa', 'desk', 'settings', 'more'];
const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

let desk;
let browser;
let screen;

before(async () => {
    if (reason) return;
    const toml = '[desk]\nchannels = 5\nsubgroups = 1\nauxes = 2\neffects = 1\nmatrices = 1\n';
    [desk, browser] = await Promise.all([Desk.start({ toml, play: false }), launch()]);
    desk.remote.send('/ch/2/solo', 1);
    desk.remote.send('/ch/1/dca', '1');
    desk.remote.send('/mutegroup/1/on', 1);
    desk.remote.send('/ch/3/mutegroup', '1');
    await desk.remote.ask('/scene/save', 'Verse');
    screen = await Screen.open(browser, desk);
});

after(async () => {
    await browser?.close();
    await desk?.stop();
});

const check = (name, body) => test(name, { skip: reason }, body);

// What is wrong, as axe sees it, and where.
async function wrong(page) {
    return page.evaluate(async (levels) => {
        const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
        return violations
            .filter(({ impact }) => levels.includes(impact))
            .map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.length}, as ${nodes[0].html.slice(0, 120)}`);
    }, ['serious', 'critical']);
}

check('access: axe finds nothing serious in any view', async () => {
    // Not a script of the page: what it may load does not hold for what the test brings along.
    await screen.page.evaluate(AXE);
    const found = {};
    for (const view of VIEWS) {
        await screen.show(view);
        for (const what of await wrong(screen.page)) found[what] = [...(found[what] ?? []), view];
    }
    assert.deepEqual(found, {});
    assert.deepEqual(screen.errors, []);
});

// What moves nothing on the desk, and can always be used: where one looks, and what is shown of it.
const LOOKS = [
    /^(Ch|Sub|Mixes|FX|Mtx|DCA|Main)( |$)/, // banks
    /^Mutes/, /, this is me$/, /^Cancel$/, /, clip: seen$/,
    /^(Strip|What the faders show|Whose mix|How far in the past)$/,
    /^(\d|HPF|LPF|Band \d)$/, // which one the rows are of
];

// Controls of a view that do not say that they are locked.
async function unlocked(page) {
    const found = await page.locator('main, header').locator('button, select, input, [role=slider]').evaluateAll((all) =>
        all
            .filter((one) => one.getClientRects().length > 0 && !one.disabled && !one.hasAttribute('aria-expanded') && one.getAttribute('role') !== 'option')
            .filter((one) => one.getAttribute('aria-disabled') !== 'true' && one.getAttribute('aria-readonly') !== 'true')
            .map((one) => one.getAttribute('aria-label') ?? one.textContent));
    return [...new Set(found)].filter((name) => !LOOKS.some((look) => look.test(name)));
}

check('access: for a viewer every control of every view says that it is locked', async () => {
    const viewer = await Screen.open(browser, desk, { query: `?token=${desk.invite('Eva', '--role', 'viewer')}` });
    for (const view of VIEWS) {
        await viewer.show(view);
        assert.deepEqual(await unlocked(viewer.page), [], view);
    }
    const look = ({ page }) => page.getByRole('button', { name: /^Clear solo/ }).evaluate((one) => getComputedStyle(one).backgroundColor);
    assert.notEqual(await look(viewer), await look(screen), 'what clears solos is as dim as all else');
    await viewer.close();
    assert.notDeepEqual(await unlocked(screen.page), [], 'while an engineer has some that do not');
});

check('access: without the desk every control says that it is locked', async () => {
    await screen.show('mixer');
    await desk.kill();
    await screen.page.getByRole('alert').getByText('Not connected to the desk').waitFor();
    for (const view of VIEWS) {
        await screen.page.evaluate((hash) => (location.hash = hash), `#/${view}`);
        await screen.page.waitForSelector(`main.${view.split('/')[0]}`);
        assert.deepEqual(await unlocked(screen.page), [], view);
    }
});
