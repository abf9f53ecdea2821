// Magnitudes of the desk's filters: the analogue prototypes that it follows within 0.5 dB up to 20 kHz.
// SPDX-License-Identifier: GPL-3.0-or-later

// Power ratios below this are drawn as silence; it keeps logarithms finite.
const LEAST = 1e-20;

export interface Band {
    readonly type: string;
    readonly freq: number;
    readonly gain: number;
    readonly q: number;
}

// (n2 s² + n1 s + n0) / (s² + d1 s + d0), s in units of the centre.
interface Rational {
    readonly n2: number;
    readonly n1: number;
    readonly n0: number;
    readonly d1: number;
    readonly d0: number;
}

// R. Bristow-Johnson's "Audio EQ cookbook"; `a` is 10^(dB/40) of a gain of 0 dB or more.
const PROTOTYPES: Readonly<Record<string, (q: number, a: number) => Rational>> = {
    bell: (q, a) => ({ n2: 1, n1: a / q, n0: 1, d1: 1 / (a * q), d0: 1 }),
    low_shelf: (q, a) => {
        const root = Math.sqrt(a);
        return { n2: 1, n1: root / q, n0: a, d1: 1 / (root * q), d0: 1 / a };
    },
    high_shelf: (q, a) => {
        const root = Math.sqrt(a);
        return { n2: a * a, n1: (a * root) / q, n0: a, d1: root / q, d0: a };
    },
    notch: (q) => ({ n2: 1, n1: 0, n0: 1, d1: 1 / q, d0: 1 }),
    hpf: (q) => ({ n2: 1, n1: 0, n0: 0, d1: 1 / q, d0: 1 }),
    lpf: (q) => ({ n2: 0, n1: 0, n0: 1, d1: 1 / q, d0: 1 }),
    bandpass: (q) => ({ n2: 0, n1: 1 / q, n0: 0, d1: 1 / q, d0: 1 }),
};

const WITH_GAIN: ReadonlySet<string> = new Set(["bell", "low_shelf", "high_shelf"]);

// Whether the gain of a band of this type means anything.
export function hasGain(type: string): boolean {
    return WITH_GAIN.has(type);
}

// dB of one band at a frequency. A cut is the inverse of the boost; a type that is not known does nothing.
export function bandDB(band: Band, freq: number): number {
    const prototype = PROTOTYPES[band.type];
    if (!prototype) return 0;
    const gain = hasGain(band.type) ? band.gain : 0;
    const r = prototype(band.q, Math.pow(10, Math.abs(gain) / 40));
    const w = freq / band.freq, ww = w * w;
    const above = (r.n0 - r.n2 * ww) ** 2 + (r.n1 * w) ** 2;
    const below = (r.d0 - ww) ** 2 + (r.d1 * w) ** 2;
    const dB = 10 * Math.log10(Math.max(above / below, LEAST));
    return gain < 0 ? -dB : dB;
}

// The strip's own filters are Butterworth's; `slope` is dB an octave, 6 of them an order.
export function highPassDB(corner: number, slope: number, freq: number): number {
    return -10 * Math.log10(1 + Math.pow(corner / freq, slope / 3));
}

export function lowPassDB(corner: number, slope: number, freq: number): number {
    return -10 * Math.log10(1 + Math.pow(freq / corner, slope / 3));
}

// dB of one band of a crossover of fourth order (Linkwitz and Riley), which lies between two splits.
export function crossoverDB(lower: number | undefined, upper: number | undefined, freq: number): number {
    const high = lower === undefined ? 0 : -20 * Math.log10(1 + Math.pow(lower / freq, 4));
    const low = upper === undefined ? 0 : -20 * Math.log10(1 + Math.pow(freq / upper, 4));
    return high + low;
}

// Splits that do not rise are pushed up, as the desk does it.
export function risingSplits(splits: readonly number[]): number[] {
    let lowest = 0;
    return splits.map((split) => (lowest = Math.max(lowest, split)));
}

// `count` frequencies from low to high, evenly spaced in pitch: the axis of /meters/fft with its 256 points.
export function pitches(count: number, low = 20, high = 20000): number[] {
    return Array.from({ length: count }, (_, n) => low * Math.pow(high / low, n / (count - 1)));
}
