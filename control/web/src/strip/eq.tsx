// The equaliser as a curve with points to drag: bands, the strip's own filters, and the analyser behind them.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "preact/hooks";
import { type Band, bandDB, highPassDB, lowPassDB } from "../dsp/filters";
import { type Scale, decades, linePath, linearScale, logScale, multiples } from "../dsp/plot";
import { useSession } from "../session";
import type { Store } from "../store";
import { type Axes, bandHandle, cornerHandle, cornerLevel, edgeHandles, numberOf, readBand, valueOf } from "./band";
import { type Handle, Plot, type Size } from "./plot";
import { RowControl } from "./row_control";
import { countOf } from "./rows";
import { Spectrum } from "./spectrum";

export interface EqProps {
    /** Of the strip: /ch/1, /main/master. */
    path: string;
    /** Of the equaliser below it: eq, ms. */
    part: string;
    /** Whether the strip's own high-pass and low-pass are in the picture. */
    corners?: boolean;
    analyser?: boolean;
    /** With what the labels of its rows begin. */
    under: string;
}

const MARGIN = 14; // px beside the outermost points
const LABELLED = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];
const GRID_DB = 6;
// A point of a curve for so many pixels.
const DENSITY = 2;

interface Filter {
    readonly on: boolean;
    dB(freq: number): number;
}

export function Eq({ path, part, corners = false, analyser = false, under }: EqProps) {
    const { store } = useSession();
    const base = `${path}/${part}`;
    const freqRow = store.row(`${base}/1/freq`);
    const gainRow = store.row(`${base}/1/gain`);
    const [selected, select] = useState(`${base}/1`);
    if (!freqRow || !gainRow) return null;

    const numbers = Array.from({ length: countOf(freqRow) }, (_, i) => i + 1);
    const on = valueOf(store, `${base}/on`) === 1;
    const lowest = Math.min(freqRow.low, store.row(`${path}/hpf/freq`)?.low ?? freqRow.low);
    const axesOf = ({ width, height }: Size): Axes => ({
        freq: logScale(lowest, freqRow.high, MARGIN, width - MARGIN),
        gain: linearScale(gainRow.low, gainRow.high, height - MARGIN, MARGIN), lowest: gainRow.low,
    });
    const chosen = selected.replace(/[<>]$/, "");
    const handles = (size: Size): Handle[] => {
        const axes = axesOf(size);
        const out = numbers.map((n) => bandHandle(store, `${base}/${n}`, n, axes, on));
        if (corners) {
            out.push(cornerHandle(store, `${path}/hpf`, "High-pass", "H", axes));
            out.push(cornerHandle(store, `${path}/lpf`, "Low-pass", "L", axes));
        }
        const number = numbers.find((n) => chosen === `${base}/${n}`);
        if (number) out.push(...edgeHandles(store, chosen, number, axes));
        return out.filter(({ x }) => x >= -1 && x <= size.width + 1);
    };
    const tabs = [
        ...numbers.map((n) => ({ key: `${base}/${n}`, mark: String(n), look: `b${n}` })),
        ...(corners ? [{ key: `${path}/hpf`, mark: "HPF", look: "corner" }, { key: `${path}/lpf`, mark: "LPF", look: "corner" }] : []),
    ];
    return (
        <div class={on ? "eq" : "eq off"}>
            <Plot label="Equaliser" look="eq-plot" handles={handles} selected={selected} onSelect={select}
                behind={analyser && <Spectrum low={lowest} high={freqRow.high} margin={MARGIN} />}>
                {(size) => <Curves store={store} axes={axesOf(size)} size={size} base={base} numbers={numbers}
                    chosen={chosen} on={on} corners={corners ? path : undefined} />}
            </Plot>
            <div class="tabs" role="group" aria-label="Bands">
                {tabs.map(({ key, mark, look }) => (
                    <button key={key} type="button" class={`tab ${look} ${valueOf(store, `${key}/on`) === 1 ? "" : "off"}`}
                        aria-pressed={key === chosen} onClick={() => select(key)}>{mark}</button>
                ))}
            </div>
            <BandControls path={chosen} under={under} />
        </div>
    );
}

function BandControls({ path, under }: { path: string; under: string }) {
    const { store } = useSession();
    const parts = ["on", "type", "slope", "place", "freq", "gain", "q"];
    return (
        <div class="rows band-rows">
            {parts.map((name) => `${path}/${name}`).filter((address) => store.row(address))
                .map((address) => <RowControl key={address} address={address} under={under} />)}
        </div>
    );
}

interface CurvesProps {
    store: Store;
    axes: Axes;
    size: Size;
    base: string;
    numbers: readonly number[];
    chosen: string;
    on: boolean;
    corners: string | undefined;
}

function filterOf(store: Store, path: string, shape: (corner: number, slope: number, freq: number) => number): Filter {
    const corner = numberOf(store, `${path}/freq`);
    const slope = Number(valueOf(store, `${path}/slope`));
    return { on: valueOf(store, `${path}/on`) === 1, dB: (freq) => shape(corner, slope, freq) };
}

function Curves({ store, axes, size, base, numbers, chosen, on, corners }: CurvesProps) {
    const bands = numbers.map((n): Filter & { key: string; band: Band } => {
        const key = `${base}/${n}`;
        const band = readBand(store, key);
        return { key, band, on: on && band.on, dB: (freq) => bandDB(band, freq) };
    });
    const filters: Filter[] = [...bands];
    if (corners) filters.push(filterOf(store, `${corners}/hpf`, highPassDB), filterOf(store, `${corners}/lpf`, lowPassDB));
    const active = filters.filter((filter) => filter.on);
    const xs = Array.from({ length: Math.ceil(size.width / DENSITY) + 1 }, (_, i) => i * DENSITY);
    const freqs = xs.map((x) => axes.freq.toValue(x));
    const draw = (dB: (freq: number) => number): string =>
        linePath(xs, freqs.map((freq) => axes.gain.toPixel(dB(freq))), -MARGIN, size.height + MARGIN);
    const own = bands.find(({ key }) => key === chosen);
    const zero = axes.gain.toPixel(0);
    return (
        <>
            <Grid axes={axes} size={size} />
            {own && (
                <path class={`own b${numbers[bands.indexOf(own)]} ${own.on ? "" : "off"}`}
                    d={`${draw(own.dB)}L${size.width} ${zero}L0 ${zero}Z`} />
            )}
            {corners && ["hpf", "lpf"].map((name) => {
                const x = axes.freq.toPixel(numberOf(store, `${corners}/${name}/freq`));
                return <line key={name} class="stem" x1={x} x2={x} y1={axes.gain.toPixel(cornerLevel(axes))} y2={axes.gain.toPixel(-3)} />;
            })}
            <path class="sum" d={draw((freq) => active.reduce((sum, filter) => sum + filter.dB(freq), 0))} />
        </>
    );
}

const hertz = (f: number): string => (f >= 1000 ? `${f / 1000}k` : String(f));

export function FrequencyGrid({ freq, size }: { freq: Scale; size: Size }) {
    const [low, high] = [freq.toValue(MARGIN) * 0.999, freq.toValue(size.width - MARGIN) * 1.001];
    return (
        <>
            {decades(low, high).map((f) => (
                <line key={f} class={/^10*$/.test(String(Math.round(f))) ? "grid strong" : "grid"}
                    x1={freq.toPixel(f)} x2={freq.toPixel(f)} y1={0} y2={size.height} />
            ))}
            {LABELLED.filter((f) => size.width > 600 || /^1/.test(String(f))).map((f) => (
                <text key={f} class="mark" x={freq.toPixel(f)} y={size.height - 4} text-anchor="middle">{hertz(f)}</text>
            ))}
        </>
    );
}

function Grid({ axes, size }: { axes: Axes; size: Size }) {
    const [low, high] = [axes.gain.toValue(size.height), axes.gain.toValue(0)];
    return (
        <>
            <FrequencyGrid freq={axes.freq} size={size} />
            {multiples(GRID_DB, low, high).map((dB) => (
                <line key={dB} class={dB === 0 ? "grid strong" : "grid"} x1={0} x2={size.width}
                    y1={axes.gain.toPixel(dB)} y2={axes.gain.toPixel(dB)} />
            ))}
            {multiples(2 * GRID_DB, low, high).filter((dB) => dB !== 0 && Math.abs(dB) < high * 0.9).map((dB) => (
                <text key={dB} class="mark" x={4} y={axes.gain.toPixel(dB) - 3}>{dB > 0 ? `+${dB}` : dB}</text>
            ))}
        </>
    );
}
