// Pages behind a bad wire: pages.mjs URL PATTERN COUNT. What a page knows of the desk, without what it shows, in a browser. Says,
// a line each, when a page's view becomes another: TIME CLIENT HASH, in s since 1970. Ends when its input ends.
// SPDX-License-Identifier: GPL-3.0-or-later
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { launch } from '../../web/browser.mjs';

const [url, pattern, count] = process.argv.slice(2);
const source = resolve(import.meta.dirname, '../../../control/web');
const { buildSync } = createRequire(resolve(source, 'package.json'))('esbuild');

const TELL_EVERY = 100; // ms
const { text } = buildSync({
    stdin: {
        contents: `
            import { effect } from "@preact/signals";
            import { hashAddress, hashValue } from "./src/hash";
            import { Session } from "./src/session";

            // The sum as the desk has it, kept up with each value: to sum up anew for each packet would be all that a machine can do.
            function follow(known, changed) {
                const hashes = new Map();
                const set = known.set.bind(known);
                let sum = 0;
                known.set = (address, one) => {
                    const before = hashes.get(address) ?? { start: hashAddress(address), hash: 0 };
                    const hash = hashValue(before.start, one.type, one.value);
                    hashes.set(address, { start: before.start, hash });
                    sum = (sum + hash - before.hash) >>> 0;
                    if (hash !== before.hash) changed(sum);
                    return set(address, one);
                };
            }

            const sessions = Array.from({ length: ${Number(count)} }, (_, n) => {
                const session = new Session("");
                let newest, told;
                follow(session.store["known"], (sum) => (newest = [(performance.timeOrigin + performance.now()) / 1000, n, sum]));
                // What holds for shorter nobody asks for, and telling it takes longer than finding out.
                setInterval(() => newest !== told && said(...(told = newest)), ${TELL_EVERY});
                session.start();
                // Views come when the desk is known.
                effect(() => session.desk.value && session.store.watch(${JSON.stringify(pattern)}) && undefined);
                return session;
            });
            window.areReady = () => sessions.every((one) => one.datagrams.open.value && one.store.live.value);
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
const page = await browser.newPage();
page.on('pageerror', (error) => console.error(`pages: ${error.message}`));
await page.exposeFunction('said', (time, n, hash) => console.log(`${time.toFixed(6)} page${n} ${hash}`));
await page.goto(`${url}icon.svg`); // of the desk, and no page of its own
await page.evaluate(text);
await page.waitForFunction(() => window.areReady(), undefined, { timeout: 20000, polling: 50 });
console.log('ready');
process.stdin.resume();
process.stdin.on('end', async () => {
    await browser.close();
    process.exit(0);
});
