// What the machine does meanwhile: tests judge the page and the desk, and not how long others keep the processor from them.
// SPDX-License-Identifier: GPL-3.0-or-later
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { sleep } from '../desk.mjs';

// Longer than this nobody waits for a processor that is there for him, and no page for its next frame.
const DISTURBED = 60; // ms
const TRIES = 6;

/** The longest that this process waited for its turn, and a page for its next frame, while something was done. */
async function watched(page, act) {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    await page.evaluate(() => {
        const frames = (window.framesOfTest = { last: performance.now(), longest: 0, on: true });
        const next = (now) => {
            frames.longest = Math.max(frames.longest, now - frames.last);
            frames.last = now;
            if (frames.on) requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
    });
    delay.enable();
    const took = await act();
    delay.disable();
    const frame = await page.evaluate(() => {
        window.framesOfTest.on = false;
        return Math.max(window.framesOfTest.longest, performance.now() - window.framesOfTest.last);
    });
    return { took, waited: delay.max / 1e6, frame };
}

/**
 * How long something takes (ms, as `measure` returns it) while nobody disturbs it. A try during which page or test had to wait
 * for the machine is made anew, up to six in all, each behind `prepare`; if all were disturbed the quickest counts, without what
 * the test itself waited: a page that takes long for a frame may be to blame for it.
 */
export async function undisturbed(page, prepare, measure) {
    let best = Infinity;
    for (let n = 0; n < TRIES; ++n) {
        await prepare();
        const { took, waited, frame } = await watched(page, measure);
        if (Math.max(waited, frame) < DISTURBED) return took;
        best = Math.min(best, Math.max(0, took - waited));
    }
    return best;
}

/** So much time in one piece, in which the machine let this process go on; or ten times as much in pieces. */
export async function quiet(ms) {
    const end = performance.now() + 10 * ms;
    for (let from = performance.now(); performance.now() - from < ms && performance.now() < end; ) {
        const begin = performance.now();
        await sleep(10);
        if (performance.now() - begin > DISTURBED) from = performance.now();
    }
}
