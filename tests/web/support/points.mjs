// Pictures with points, for tests: where a point is, taking it by the mouse, and what the desk has then.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { Screen, launch } from '../browser.mjs';
import { Desk, sleep, until } from '../desk.mjs';

// Beside the ends of an equaliser's axes, in pixels; and what a mouse goes before a point follows.
export const EQ_MARGIN = 14;
const SLOP = 5;

export function near(is, should, tolerance, what) {
    assert.ok(Math.abs(is - should) <= tolerance, `${what}: ${is} is not ${should} within ${tolerance}`);
}

export class Points {
    constructor(desk, screen) {
        this.desk = desk;
        this.remote = desk.remote;
        this.screen = screen;
        this.page = screen.page;
    }

    has(address, value, tolerance = 0.02) {
        return until(`the desk to have ${address} at ${value}`, async () => {
            const now = await this.remote.get(address);
            return typeof value === 'number' ? Math.abs(now - value) <= tolerance : now === value;
        });
    }

    /** Sets values on the desk and waits until page and desk have them. */
    async put(values) {
        for (const [address, value] of Object.entries(values)) this.remote.send(address, value);
        for (const [address, value] of Object.entries(values)) {
            await this.has(address, value);
            await this.shows(address, value);
        }
        await sleep(80);
    }

    /** The number that the page shows, where it has a slider or a point for it; a band's point says its gain. Else the other. */
    async shown(address, other) {
        const keys = [`[data-address="${address}"][role=slider]`, `[data-key="${address}"]`];
        if (address.endsWith('/gain')) keys.push(`[data-key="${address.slice(0, -'/gain'.length)}"]`);
        const control = this.page.locator(keys.join(', ')).first();
        return (await control.count()) === 0 ? other : Number(await control.getAttribute('aria-valuenow'));
    }

    /** Waits until the page shows a number. */
    async shows(address, value) {
        if (typeof value !== 'number') return;
        await until(`the page to show ${address} at ${value}`, async () =>
            Math.abs((await this.shown(address, value)) - value) <= 0.02 * Math.max(1, Math.abs(value)));
    }

    /** The desk's value once it stands still, and is what the page shows: its last step may be on its way for long. */
    async settled(address) {
        let last;
        await until(`${address} to stand still`, async () => {
            const value = await this.remote.get(address);
            const still = value === last && (await this.shown(address, value)) === value;
            last = value;
            await sleep(40);
            return still;
        });
        return last;
    }

    point(key) {
        return this.page.locator(`[data-key="${key}"]`);
    }

    async place(key) {
        await this.point(key).scrollIntoViewIfNeeded();
        const box = await this.point(key).boundingBox();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    }

    /** The box of the picture that a point is in. */
    picture(key) {
        return this.point(key).locator('..').boundingBox();
    }

    /** What a pixel of an equaliser is, by the table: 10 Hz (the high-pass) to 20 kHz, -24 to 24 dB. */
    async scale(key) {
        const box = await this.picture(key);
        return { octaves: Math.log2(20000 / 10) / (box.width - 2 * EQ_MARGIN), dB: 48 / (box.height - 2 * EQ_MARGIN) };
    }

    /** By so many pixels, not counting the first few, which move nothing; `landed` looks at what landing did. */
    async drag(key, dx, dy, landed = () => undefined) {
        const { x, y } = await this.place(key);
        const [from, to] = [{ x: x + 3, y: y - 2 }, { x: x + 3 + dx, y: y - 2 + dy }];
        const far = Math.hypot(dx, dy);
        const start = { x: (SLOP * dx) / far, y: (SLOP * dy) / far };
        await this.page.mouse.move(from.x, from.y);
        await this.page.mouse.down();
        await this.page.mouse.move(from.x + start.x, from.y + start.y);
        await landed();
        await this.page.mouse.move(to.x + start.x, to.y + start.y, { steps: 6 });
        await this.page.mouse.up();
    }
}

const TOML = `
[desk]
name = "stage"
channels = 9
subgroups = 2
auxes = 2
effects = 1
matrices = 1
`;

/** A desk with the demo band, and strip views of its first channel: on a tablet with a mouse, on a phone with fingers. */
export class Stage {
    static async open() {
        const stage = new Stage();
        [stage.desk, stage.browser] = await Promise.all([Desk.start({ toml: TOML }), launch()]);
        stage.desk.remote.send('/ch/1/name', 'Kick');
        stage.desk.remote.send('/ch/1/eq/on', 1);
        const [tablet, phone] = await Promise.all([
            Screen.open(stage.browser, stage.desk, { view: 'strip/ch/1' }),
            Screen.open(stage.browser, stage.desk, { view: 'strip/ch/1', width: 360, height: 740, touch: true }),
        ]);
        stage.tablet = new Points(stage.desk, tablet);
        stage.phone = new Points(stage.desk, phone);
        return stage;
    }

    get errors() {
        return [...this.tablet.screen.errors, ...this.phone.screen.errors];
    }

    async close() {
        await this.browser.close();
        await this.desk.stop();
    }
}
