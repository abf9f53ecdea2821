// Pages behind a bad wire: pages.mjs URL PATTERN COUNT. What the page knows of the desk, without what it shows, in a browser. Says,
// a line each, when a page's view becomes another: TIME CLIENT HASH, in s since 1970. Ends when its input ends.
// SPDX-License-Identifier: GPL-3.0-or-later
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { launch } from '../../web/browser.mjs';

const [url, pattern, count] = process.argv.slice(2);
const source = resolve(import.meta.dirname, '../../../control/web');
const { buildSync } = createRequire(resolve(source, 'package.json'))('esbuild');

const LOOK_EVERY = 10; // ms
const { text } = buildSync({
    stdin: {
        contents: `
            import { effect } from "@preact/signals";
            import { Session } from "./src/session";
            import { sumOf } from "./src/repair";
            const session = new Session("");
            session.start();
            // Views come when the desk is known.
            effect(() => session.desk.value && session.store.watch(${JSON.stringify(pattern)}) && undefined);
            let last;
            // As the desk sums up: of all that the pattern names.
            setInterval(() => {
                const known = session.store["known"];
                const { hash } = sumOf(known, [...known.keys()]);
                if (session.store.live.value && known.size > 0 && hash !== last) said((performance.timeOrigin + performance.now()) / 1000, last = hash);
            }, ${LOOK_EVERY});
            window.by = () => session.datagrams.open.value;
        `,
        resolveDir: source,
        loader: 'tsx',
    },
    bundle: true,
    write: false,
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    absWorkingDir: source,
    loader: { '.css': 'empty' },
}).outputFiles[0];

const browser = await launch();
const pages = await Promise.all(Array.from({ length: Number(count) }, async (_, n) => {
    const page = await (await browser.newContext()).newPage();
    page.on('pageerror', (error) => console.error(`page${n}: ${error.message}`));
    await page.exposeFunction('said', (time, hash) => console.log(`${time.toFixed(6)} page${n} ${hash}`));
    await page.goto(`${url}icon.svg`); // of the desk, and no page of its own
    await page.evaluate(text);
    return page;
}));
for (const page of pages) await page.waitForFunction(() => window.by(), undefined, { timeout: 20000, polling: 50 });
console.log('ready');
process.stdin.resume();
process.stdin.on('end', async () => {
    await browser.close();
    process.exit(0);
});
