// Saturator, clipper and limiter as curves from level to level.
// SPDX-License-Identifier: GPL-3.0-or-later
import { clipped, limiterOut, saturated } from "../dsp/dynamics";
import { useSession } from "../session";
import { numberOf, valueOf } from "../strip/band";
import { type Curve, type Levels, pointOf } from "../strip/dynamics";
import { DynamicsPlot } from "../strip/dynamics_plot";
import type { Handle } from "../strip/plot";
import { CHAIN_METER } from "./reductions";

const amplitude = (dB: number): number => 10 ** (dB / 20);
const level = (gain: number): number => 20 * Math.log10(Math.max(gain, 1e-6));

// What a ceiling does, moved up and down.
function ceilingHandle(address: string, axes: Levels, store: ReturnType<typeof useSession>["store"]): Handle {
    const ceiling = numberOf(store, address);
    return pointOf(store, address, "Ceiling", "threshold", "y", {
        x: axes.in.toPixel(axes.high), y: axes.out.toPixel(ceiling), mark: "C",
        moveTo: (_x, y) => store.set(address, axes.out.toValue(y)),
    });
}

export function ClipperPlot({ path }: { path: string }) {
    const { store } = useSession();
    const [drive, ceiling, knee] = ["drive", "ceiling", "knee"].map((name) => numberOf(store, `${path}/${name}`)) as [number, number, number];
    const curve: Curve = {
        out: (dB) => ceiling + level(clipped(amplitude(dB + drive - ceiling), knee)),
        handles: (axes) => [ceilingHandle(`${path}/ceiling`, axes, store)],
    };
    return <DynamicsPlot label="Clipper" curve={curve} range={`${path}/ceiling`} meter={CHAIN_METER}
        on={valueOf(store, `${path}/on`) === 1} />;
}

export function SaturatorPlot({ path }: { path: string }) {
    const { store } = useSession();
    const of = (name: string): number => numberOf(store, `${path}/${name}`);
    const [drive, mix, output] = [of("drive"), of("mix"), of("output")];
    const kind = String(valueOf(store, `${path}/curve`));
    // Half of the way between its highest and lowest point: `tube` is not the same on both sides.
    const shape = (x: number): number => (saturated(kind, x) - saturated(kind, -x)) / 2;
    const curve: Curve = {
        out: (dB) => level((1 - mix) * amplitude(dB) + mix * amplitude(output) * shape(amplitude(dB + drive))),
        handles: () => [],
    };
    return <DynamicsPlot label="Saturator" curve={curve} range={`${path}/output`} meter={CHAIN_METER}
        on={valueOf(store, `${path}/on`) === 1} />;
}

export function LimiterPlot({ path }: { path: string }) {
    const { store } = useSession();
    const address = `${path}/ceiling`;
    const ceiling = numberOf(store, address);
    const curve: Curve = {
        out: (dB) => limiterOut(ceiling, dB),
        handles: (axes) => [ceilingHandle(address, axes, store)],
    };
    return <DynamicsPlot label="Limiter" curve={curve} range={address} meter={CHAIN_METER}
        on={valueOf(store, `${path}/on`) === 1} />;
}
