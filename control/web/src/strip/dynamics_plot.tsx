// Gate and compressors as curves from level to level, with the sound running along them.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useRef, useState } from "preact/hooks";
import { compressedLevel } from "../dsp/dynamics";
import { linePath, linearScale, multiples } from "../dsp/plot";
import { useDesk, useSession } from "../session";
import { valueOf } from "./band";
import { type Curve, type Levels, type Reading, compressorCurve, compressorIn, gateCurve, readCompressor } from "./dynamics";
import { Plot, type Size } from "./plot";
import { useReading } from "./readings";

const MARGIN = 12; // px
const GRID_DB = 12;
const DENSITY = 2; // px a point

interface PlotProps {
    label: string;
    curve: Curve;
    /** The range of this level is that of the picture: a threshold, a ceiling. */
    range: string;
    on: boolean;
    meter: string;
    /** Levels before and behind the block, out of a reading; undefined if nobody measures them. */
    point?: ((reading: Reading) => readonly [before: number, behind: number]) | undefined;
}

export function DynamicsPlot({ label, curve, range, on, meter, point }: PlotProps) {
    const { store } = useSession();
    const fields = useDesk().meterFields;
    const dot = useRef<SVGCircleElement>(null);
    const newest = useRef<Levels | undefined>(undefined);
    const [selected, select] = useState<string>();
    const row = store.row(range);
    const axesOf = (size: Size): Levels => {
        const [low, high] = [row?.low ?? -60, row?.high ?? 0];
        return {
            in: linearScale(low, high, MARGIN, size.width - MARGIN),
            out: linearScale(low, high, size.height - MARGIN, MARGIN), low, high, size,
        };
    };
    useReading(meter, (values) => {
        const axes = newest.current;
        if (!axes || !dot.current || !point) return;
        const [before, behind] = point((name) => values[fields.indexOf(name)] ?? 0);
        const shown = on && before > axes.low;
        dot.current.style.visibility = shown ? "visible" : "hidden";
        if (!shown) return;
        dot.current.setAttribute("cx", axes.in.toPixel(Math.min(before, axes.high)).toFixed(1));
        dot.current.setAttribute("cy", axes.out.toPixel(Math.min(behind, axes.high)).toFixed(1));
    });
    return (
        <Plot label={label} look={on ? "dynamics" : "dynamics off"} handles={(size) => curve.handles(axesOf(size))}
            selected={selected} onSelect={select}>
            {(size) => {
                const axes = (newest.current = axesOf(size));
                return (
                    <>
                        <Lines axes={axes} curve={curve} />
                        <circle class="point" r={5} ref={dot} style={{ visibility: "hidden" }} />
                    </>
                );
            }}
        </Plot>
    );
}

function Lines({ axes, curve }: { axes: Levels; curve: Curve }) {
    const { width, height } = axes.size;
    const xs = Array.from({ length: Math.ceil(width / DENSITY) + 1 }, (_, i) => i * DENSITY);
    const draw = (out: (level: number) => number): string =>
        linePath(xs, xs.map((x) => axes.out.toPixel(out(axes.in.toValue(x)))), -MARGIN, height + MARGIN);
    return (
        <>
            {multiples(GRID_DB, axes.low, axes.high).map((dB) => (
                <g key={dB}>
                    <line class="grid" x1={axes.in.toPixel(dB)} x2={axes.in.toPixel(dB)} y1={0} y2={height} />
                    <line class="grid" x1={0} x2={width} y1={axes.out.toPixel(dB)} y2={axes.out.toPixel(dB)} />
                    {dB % (2 * GRID_DB) === 0 && dB > axes.low && dB < axes.high &&
                        <text class="mark" x={axes.in.toPixel(dB)} y={height - 3} text-anchor="middle">{dB}</text>}
                </g>
            ))}
            <path class="unity" d={draw((level) => level)} />
            {curve.falling && <path class="falling" d={draw(curve.falling)} />}
            <path class="sum" d={draw(curve.out)} />
        </>
    );
}

export function GatePlot({ strip }: { strip: string }) {
    const { store } = useSession();
    const path = `${strip}/gate`;
    return (
        <DynamicsPlot label="Gate" curve={gateCurve(store, path)} range={`${path}/threshold`}
            on={valueOf(store, `${path}/on`) === 1} meter={`/meters${strip}`}
            point={(reading) => [reading("input_peak"), reading("input_peak") - reading("gate")]} />
    );
}

export function CompressorPlot({ strip, place }: { strip: string; place: number }) {
    const { store } = useSession();
    const path = `${strip}/comp/${place}`;
    return (
        <DynamicsPlot label={`Compressor ${place}`} curve={compressorCurve(store, path)} range={`${path}/threshold`}
            on={valueOf(store, `${path}/on`) === 1} meter={`/meters${strip}`}
            point={(reading) => {
                const before = compressorIn(store, strip, place, reading);
                return [before, compressedLevel(readCompressor(store, path), before, reading(`comp_${place}`))];
            }} />
    );
}
