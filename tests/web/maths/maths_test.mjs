// What the page draws (curves, knobs) against what the desk computes: figures of `web_figures`.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { load } from "../support/typescript.mjs";

const figures = JSON.parse(execFileSync(process.env.WEB_FIGURES, { maxBuffer: 1 << 24, encoding: "utf8" }));
const { fromKnob, toKnob } = await load("dsp/taper.ts");
const filters = await load("dsp/filters.ts");
const dynamics = await load("dsp/dynamics.ts");

// Not a silent empty list.
function each(list, check) {
    assert.ok(list.length > 9);
    for (const one of list) check(one);
}

function near(is, should, tolerance, what) {
    assert.ok(Math.abs(is - should) <= tolerance, `${is} is not ${should} within ${tolerance}: ${JSON.stringify(what)}`);
}

test("tapers: knobs and values of every number row are those of the desk", () => {
    each(figures.tapers, (row) => each(row.points, ([knob, value, back]) => {
        near(fromKnob(row, knob), value, 1e-5 * (row.high - row.low), row);
        near(toKnob(row, value), back, 1e-5, row);
    }));
});

test("tapers: what is out of range stays at its end", () => {
    const row = { low: 20, high: 20000, taper: "logarithmic" };
    assert.equal(toKnob(row, 1), 0);
    assert.equal(toKnob(row, 1e6), 1);
    assert.equal(fromKnob(row, 2), 20000);
    assert.equal(toKnob({ low: -90, high: 10, taper: "fader" }, -120), 0);
});

test("equaliser: curves are the analogue prototypes, which the desk follows within 0.5 dB", () => {
    each(figures.bands, (band) => {
        const dB = filters.bandDB(band, band.at);
        // The floor of a notch at its centre is a matter of rounding.
        near(Math.max(dB, -150), Math.max(band.prototype, -150), 1e-6, band);
        if (dB > -60) near(dB, band.desk, 0.5, band);
    });
});

test("equaliser: gain moves bells and shelves alone, and a word that is not known moves nothing", () => {
    const band = { type: "notch", freq: 100, q: 1, gain: 0 };
    for (const type of new Set(figures.bands.map((b) => b.type))) {
        const moved = filters.bandDB({ ...band, type, gain: 6 }, 120) !== filters.bandDB({ ...band, type }, 120);
        assert.equal(moved, filters.hasGain(type), type);
    }
    assert.equal(filters.bandDB({ ...band, type: "comb", gain: 6 }, 100), 0);
});

test("filters: slopes are Butterworth's, which the desk follows within 0.5 dB", () => {
    each(figures.slopes, (s) => {
        for (const [is, should] of [[filters.highPassDB(s.corner, s.slope, s.at), s.hpf],
                                    [filters.lowPassDB(s.corner, s.slope, s.at), s.lpf]])
            if (is > -60) near(is, should, 0.5, s);
        near(filters.highPassDB(s.corner, s.slope, s.corner), -3.01, 0.001, s);
    });
});

test("crossover: neighbours are 6 dB down where they meet, and their amplitudes add up to one", () => {
    for (const f of [30, 250, 1000, 15000]) {
        const [low, high] = [filters.crossoverDB(undefined, 250, f), filters.crossoverDB(250, undefined, f)];
        near(10 ** (low / 20) + 10 ** (high / 20), 1, 1e-9, f);
    }
    near(filters.crossoverDB(250, 4000, 250), -6.02, 0.01);
    assert.deepEqual(filters.risingSplits([120, 100, 3000, 200]), [120, 120, 3000, 3000]);
});

test("gate: what it takes off a steady level, open before or closed, is what the desk takes off", () => {
    each(figures.gates, (g) => near(dynamics.gateReduction(g, g.level, g.open), g.reduction, 0.02, g));
});

test("compressor: the static curve is the desk's within 0.02 dB", () => {
    each(figures.compressors, (c) => near(dynamics.compressorReduction(c, c.level), c.reduction, 0.02, c));
});

test("compressor: make-up and mix do what design.md says", () => {
    const c = { threshold: -20, ratio: 4, knee: 0, makeup: 6, mix: 1, max_reduction: 60 };
    near(dynamics.compressorOut(c, 0), -9, 1e-9);
    near(dynamics.compressorOut({ ...c, mix: 0 }, 0), 0, 1e-9);
    near(dynamics.compressorOut({ ...c, mix: 0.5, makeup: 0 }, 0), 20 * Math.log10(0.5 + 0.5 * 10 ** (-15 / 20)), 1e-9);
});

test("limiter: levels above the ceiling leave at it, less the desk's room for other meters", () => {
    // Interpolators read a slow sine within 0.02 dB.
    each(figures.limiters, (l) => near(dynamics.limiterOut(l.ceiling, l.level), l.out, 0.03, l));
});

test("saturator and clipper: curves are the desk's within 3 %", () => {
    // Behind the desk's curves stand filters, which ring at what is hardly rounder than a square wave.
    each(figures.shapes, (s) => {
        const is = s.curve === undefined ? dynamics.clipped(s.in, s.knee)
                                         : (dynamics.saturated(s.curve, s.in) - dynamics.saturated(s.curve, -s.in)) / 2;
        near(is, s.out, (s.knee === 0 ? 0.2 : 0.03) * s.out, s);
    });
});
