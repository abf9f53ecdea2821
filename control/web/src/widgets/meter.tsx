// A level meter on a canvas: peak, RMS and hold of one or two sides, and gain reduction from above.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useEffect, useRef } from "preact/hooks";
import { useDesk, useSession } from "../session";

const LOW = -60; // dBFS at the foot
const COLOURS = { ground: "#07080a", ok: "#2fb457", loud: "#e9b93a", hot: "#f0524f", rms: "#7fe0a0", hold: "#f2f4f7", reduced: "#ff9f2e" };
const LOUD = -12;
const HOT = -3;
const GR_FULL = 24; // dB of reduction from the head to the foot

/** Where a level stands, 0 to 1: 20 dB near full scale have half of the way. */
export function meterPosition(dB: number): number {
    if (dB <= LOW) return 0;
    if (dB >= 0) return 1;
    return dB < -20 ? (0.5 * (dB - LOW)) / (-20 - LOW) : 0.5 + 0.5 * (1 + dB / 20);
}

export interface Levels {
    left: number;
    right: number;
    rmsLeft: number;
    rmsRight: number;
    hold: number;
    reduced: number; // dB, 0 or more
}

interface Fields {
    left: number;
    right: number;
    rmsLeft: number;
    rmsRight: number;
    hold: number;
    reducing: number[];
}

const REDUCING = ["gate", "comp_1", "comp_2", "limiter", "automix"];

function fieldsOf(names: string[]): Fields {
    const at = (name: string): number => names.indexOf(name);
    return {
        left: at("post_peak_left"),
        right: at("post_peak_right"),
        rmsLeft: at("post_rms_left"),
        rmsRight: at("post_rms_right"),
        hold: at("peak_hold"),
        reducing: REDUCING.map(at).filter((index) => index >= 0),
    };
}

function read(values: Float32Array, fields: Fields): Levels {
    const of = (index: number): number => values[index] ?? -144;
    let reduced = 0;
    for (const index of fields.reducing) reduced += values[index] ?? 0;
    return {
        left: of(fields.left),
        right: of(fields.right),
        rmsLeft: of(fields.rmsLeft),
        rmsRight: of(fields.rmsRight),
        hold: of(fields.hold),
        reduced,
    };
}

function drawSide(g: CanvasRenderingContext2D, x: number, w: number, h: number, peak: number, rms: number, hold: number): void {
    const y = (dB: number): number => Math.round(h * (1 - meterPosition(dB)));
    const part = (from: number, to: number, colour: string): void => {
        if (to <= from) return;
        g.fillStyle = colour;
        g.fillRect(x, y(to), w, y(from) - y(to));
    };
    part(LOW, Math.min(peak, LOUD), COLOURS.ok);
    part(LOUD, Math.min(peak, HOT), COLOURS.loud);
    part(HOT, Math.min(peak, 6), COLOURS.hot);
    if (rms > LOW) {
        g.fillStyle = COLOURS.rms;
        g.fillRect(x, y(rms), w, Math.max(2, h * 0.006));
    }
    if (hold > LOW) {
        g.fillStyle = hold >= 0 ? COLOURS.hot : COLOURS.hold;
        g.fillRect(x, Math.min(y(hold), h - 2), w, Math.max(2, h * 0.008));
    }
}

export function drawMeter(g: CanvasRenderingContext2D, w: number, h: number, stereo: boolean, levels: Levels, scale: number): void {
    g.fillStyle = COLOURS.ground;
    g.fillRect(0, 0, w, h);
    const gr = Math.round(4 * scale);
    const gap = Math.round(scale);
    const room = w - gr - gap;
    if (stereo) {
        const each = Math.floor((room - gap) / 2);
        drawSide(g, 0, each, h, levels.left, levels.rmsLeft, levels.hold);
        drawSide(g, each + gap, each, h, levels.right, levels.rmsRight, levels.hold);
    } else {
        drawSide(g, 0, room, h, Math.max(levels.left, levels.right), Math.max(levels.rmsLeft, levels.rmsRight), levels.hold);
    }
    if (levels.reduced > 0.05) {
        g.fillStyle = COLOURS.reduced;
        g.fillRect(w - gr, 0, gr, Math.round(h * Math.min(levels.reduced / GR_FULL, 1)));
    }
}

/** Calls `draw` with every frame in which this meter has news; the canvas fills its place, in pixels of the screen. */
export function useMeterCanvas(
    address: string,
    draw: (g: CanvasRenderingContext2D, w: number, h: number, values: Float32Array, scale: number) => void,
) {
    const { meters } = useSession();
    const ref = useRef<HTMLCanvasElement>(null);
    const latest = useRef(draw);
    latest.current = draw;
    useEffect(() => {
        const canvas = ref.current;
        const g = canvas?.getContext("2d", { alpha: false });
        if (!canvas || !g) return undefined;
        let drawn: Float32Array | undefined;
        // The observer also tells the first size, and nothing has to be laid out just to be asked for it.
        const observer = new ResizeObserver(([entry]) => {
            const { width, height } = entry!.contentRect;
            canvas.width = Math.max(1, Math.round(width * devicePixelRatio));
            canvas.height = Math.max(1, Math.round(height * devicePixelRatio));
            drawn = undefined;
        });
        observer.observe(canvas);
        const silent = new Float32Array(32).fill(-144);
        silent.fill(0, 7);
        const end = meters.onFrame(() => {
            const values = meters.read(address) ?? silent;
            if (values === drawn) return;
            drawn = values;
            latest.current(g, canvas.width, canvas.height, values, devicePixelRatio);
        });
        return () => {
            end();
            observer.disconnect();
        };
    }, [meters, address]);
    return ref;
}

interface MeterProps {
    /** `/ch/1`: the strip whose meters these are; somebody must watch them by `useMeters`. */
    path: string;
    stereo: boolean;
    label: string; // for screen readers: "Kick"
}

function Clip({ path, label }: { path: string; label: string }) {
    const { clips } = useSession();
    if (!clips.lit(path).value) return null;
    return (
        <button type="button" class="clip" aria-label={`${label}, clip: seen`} onClick={() => clips.seen(path)}>
            <span>clip</span>
        </button>
    );
}

export function Meter({ path, stereo, label }: MeterProps) {
    const desk = useDesk();
    const fields = fieldsOf(desk.meterFields);
    const ref = useMeterCanvas(`/meters${path}`, (g, w, h, values, scale) =>
        drawMeter(g, w, h, stereo, read(values, fields), scale),
    );
    return (
        <div class="meter-place">
            <canvas ref={ref} class="meter" aria-hidden="true" data-meter={path} />
            <Clip path={path} label={label} />
        </div>
    );
}
