// A browser for the tests: Debian's Chromium, a mouse, and fingers.
// SPDX-License-Identifier: GPL-3.0-or-later
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { until } from './desk.mjs';

const FLAGS = [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
];
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const browserPath = process.env.CHROMIUM ?? PLACES.find(existsSync);

export const launch = () => chromium.launch({ executablePath: browserPath, args: FLAGS });

/** A page that shows a view. `errors` fills with what went wrong in it. */
export class Screen {
    static async open(browser, desk, { view = 'mixer', width = 1280, height = 800, touch = false, query = '', prepare, refused = false } = {}) {
        const screen = new Screen();
        screen.desk = desk;
        screen.context = await browser.newContext({
            viewport: { width, height }, hasTouch: touch, deviceScaleFactor: touch ? 2 : 1,
        });
        screen.page = await screen.context.newPage();
        screen.errors = [];
        screen.page.on('pageerror', (error) => screen.errors.push(error.message));
        screen.page.on('console', (line) => line.type() === 'error' && screen.errors.push(line.text()));
        screen.page.setDefaultTimeout(20000);
        screen.cdp = await screen.context.newCDPSession(screen.page);
        await prepare?.(screen.page);
        await screen.page.goto(`${desk.url}${query}#/${view}`);
        if (refused) await screen.refused();
        else await screen.live();
        await screen.feels();
        return screen;
    }

    /** Waits until a press arrives: Chromium takes none before it has drawn a new page, and that may be long behind its script. */
    async feels() {
        await this.page.evaluate(() => addEventListener('pointerdown', () => (window.wasPressed = true), { capture: true, once: true }));
        await until('the page to feel the mouse', async () => {
            await this.page.mouse.move(1, 1);
            await this.page.mouse.down();
            await this.page.mouse.up();
            return this.page.evaluate(() => window.wasPressed);
        });
    }

    live() {
        return this.page.waitForSelector('[data-live=true]');
    }

    refused() {
        return this.page.waitForSelector('main.refused');
    }

    async show(view) {
        await this.page.evaluate((hash) => (location.hash = hash), `#/${view}`);
        await this.page.waitForSelector(`main.${view.split('/')[0]}`);
        await this.live();
    }

    /** The control of an address. */
    at(address) {
        return this.page.locator(`[data-address="${address}"]`);
    }

    async number(address) {
        return Number(await this.at(address).getAttribute('aria-valuenow'));
    }

    /** Waits until the page shows this value. */
    shows(address, value, near = 0.01) {
        return until(`${address} to show ${value}`, async () => Math.abs((await this.number(address)) - value) <= near);
    }

    /** What a screen reader is told of controls that can move nothing now. */
    async isLocked(are = true) {
        const muted = (disabled) => this.page.getByRole('button', { name: /, mute$/, disabled }).count();
        await until(`all buttons to be ${are ? '' : 'un'}locked`, async () => (await muted(are)) > 0 && (await muted(!are)) === 0);
        const said = await this.page.getByRole('slider').evaluateAll((all) => all.map((one) => one.getAttribute('aria-readonly')));
        if (said.length === 0 || said.some((one) => one !== String(are))) throw new Error(`sliders say ${said}`);
    }

    async middle(address) {
        const box = await this.at(address).boundingBox();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    }

    /** The pixels from one end of a fader to the other. */
    travel(address) {
        return this.at(address).locator('.run').evaluate((run) => run.clientHeight);
    }

    /** `fingers`: places, in order; which finger is which stays. */
    touch(type, fingers) {
        return this.cdp.send('Input.dispatchTouchEvent', {
            type, touchPoints: fingers.map(({ x, y, id }, index) => ({ x, y, id: id ?? index })),
        });
    }

    /** Where MIXRIG_SHOTS names a folder. */
    async shot(name) {
        const folder = process.env.MIXRIG_SHOTS;
        if (!folder) return;
        mkdirSync(folder, { recursive: true });
        await this.page.screenshot({ path: join(folder, `${name}.png`) });
    }

    close() {
        return this.context.close();
    }
}
