// The multiband compressor: its bands over the spectrum, where they meet, and what each turns down.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "preact/hooks";
import { crossoverDB, risingSplits } from "../dsp/filters";
import { linePath, linearScale, logScale } from "../dsp/plot";
import { spokenValue } from "../format";
import { useDesk, useSession } from "../session";
import type { Store } from "../store";
import { numberOf, reset, step, valueOf } from "../strip/band";
import { compressorCurve } from "../strip/dynamics";
import { DynamicsPlot } from "../strip/dynamics_plot";
import { FrequencyGrid } from "../strip/eq";
import { type Handle, Plot, type Size } from "../strip/plot";
import { RowControl, Rows } from "../strip/row_control";
import { CHAIN_METER, ChainReduction } from "./reductions";

const MARGIN = 14; // px
const HIGH = 12; // dB at the top of the picture
const LOW = -36;
const DENSITY = 3; // px a point

export function Multiband({ path }: { path: string }) {
    const { store } = useSession();
    const count = Number(valueOf(store, `${path}/bands`)) || 1;
    const [band, choose] = useState(1);
    const shown = Math.min(band, count);
    const numbers = Array.from({ length: count }, (_, i) => i + 1);
    return (
        <div class="multiband">
            <Bands store={store} path={path} count={count} shown={shown} onBand={choose} />
            <div class="tabs" role="group" aria-label="Bands">
                {numbers.map((n) => (
                    <button key={n} type="button" class={`tab b${n}`} aria-pressed={n === shown} aria-label={`Band ${n}`}
                        onClick={() => choose(n)}>
                        {n}<ChainReduction field={`band_${n}`} label={`Band ${n}`} />
                    </button>
                ))}
            </div>
            <div class="beside">
                <DynamicsPlot label={`Band ${shown}`} curve={compressorCurve(store, `${path}/${shown}`)}
                    range={`${path}/${shown}/threshold`} meter={CHAIN_METER} on={valueOf(store, `${path}/on`) === 1} />
                <div>
                    <Rows path={`${path}/${shown}`} under="Band" />
                    <div class="rows"><RowControl address={`${path}/bands`} under="Multiband" /></div>
                </div>
            </div>
        </div>
    );
}

interface BandsProps {
    store: Store;
    path: string;
    count: number;
    shown: number;
    onBand(band: number): void;
}

function Bands({ store, path, count, shown, onBand }: BandsProps) {
    const desk = useDesk();
    const row = desk.rows.get("/main/master/multiband/split/#");
    const [selected, select] = useState<string>();
    if (!row) return null;
    const splits = Array.from({ length: count - 1 }, (_, i) => `${path}/split/${i + 1}`);
    const at = risingSplits(splits.map((address) => numberOf(store, address)));
    const axesOf = ({ width, height }: Size) => ({
        freq: logScale(row.low, row.high, MARGIN, width - MARGIN),
        gain: linearScale(LOW, HIGH, height - MARGIN, MARGIN),
    });
    const handles = (size: Size): Handle[] => splits.map((address, i) => ({
        key: address, x: axesOf(size).freq.toPixel(at[i]!), y: axesOf(size).gain.toPixel(-6),
        name: `Split ${i + 1}`, says: spokenValue(row, numberOf(store, address)), now: numberOf(store, address),
        low: row.low, high: row.high, on: true, look: "corner", mark: "↔", addresses: [address],
        moveTo: (x) => store.set(address, axesOf(size).freq.toValue(x)),
        nudge: (way, forth, fine) => way === "x" && step(store, address, forth, fine),
        reset: () => reset(store, address),
    }));
    return (
        <Plot label="Bands of the multiband compressor" look="bands-plot" handles={handles} selected={selected} onSelect={select}>
            {(size) => {
                const { freq, gain } = axesOf(size);
                const xs = Array.from({ length: Math.ceil(size.width / DENSITY) + 1 }, (_, i) => i * DENSITY);
                return (
                    <>
                        <FrequencyGrid freq={freq} size={size} />
                        {Array.from({ length: count }, (_, i) => i).map((i) => {
                            const makeup = numberOf(store, `${path}/${i + 1}/makeup`);
                            const ys = xs.map((x) => gain.toPixel(makeup + crossoverDB(at[i - 1], at[i], freq.toValue(x))));
                            return (
                                <path key={i} class={`own b${i + 1} ${i + 1 === shown ? "" : "off"}`} onClick={() => onBand(i + 1)}
                                    d={`${linePath(xs, ys, -MARGIN, size.height + MARGIN)}L${size.width} ${size.height}L0 ${size.height}Z`} />
                            );
                        })}
                    </>
                );
            }}
        </Plot>
    );
}
