// Axes of the curves that the page draws: values to pixels and back.
// SPDX-License-Identifier: GPL-3.0-or-later

export interface Scale {
    toPixel(value: number): number;
    toValue(pixel: number): number;
}

/** Beyond its ends a scale goes on, so that a hand may leave the picture. */
export function linearScale(low: number, high: number, from: number, to: number): Scale {
    const slope = (to - from) / (high - low);
    return {
        toPixel: (value) => from + (value - low) * slope,
        toValue: (pixel) => low + (pixel - from) / slope,
    };
}

export function logScale(low: number, high: number, from: number, to: number): Scale {
    const linear = linearScale(Math.log(low), Math.log(high), from, to);
    return {
        toPixel: (value) => linear.toPixel(Math.log(value)),
        toValue: (pixel) => Math.exp(linear.toValue(pixel)),
    };
}

/** A line through points, as SVG writes it; what is far outside stays near, which keeps renderers quick. */
export function linePath(xs: ArrayLike<number>, ys: ArrayLike<number>, low: number, high: number): string {
    let out = "";
    for (let i = 0; i < xs.length; ++i) {
        const y = Math.min(Math.max(ys[i]!, low), high);
        out += `${i === 0 ? "M" : "L"}${xs[i]!.toFixed(1)} ${y.toFixed(1)}`;
    }
    return out;
}

/** Multiples of a step within a range, for lines of a grid. */
export function multiples(step: number, low: number, high: number): number[] {
    const out = [];
    for (let k = Math.ceil(low / step); k * step <= high; ++k) out.push(k * step);
    return out;
}

/** 20, 30 ... 90, 100, 200 ...: where the lines of a frequency axis are. */
export function decades(low: number, high: number): number[] {
    const out = [];
    for (let ten = 10 ** Math.floor(Math.log10(low)); ten <= high; ten *= 10)
        for (let k = 1; k < 10; ++k) if (k * ten >= low && k * ten <= high) out.push(k * ten);
    return out;
}
