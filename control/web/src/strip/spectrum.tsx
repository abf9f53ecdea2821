// The analyser behind an equaliser's curve: thirds of an octave.
// SPDX-License-Identifier: GPL-3.0-or-later
import { logScale } from "../dsp/plot";
import { useMeters } from "../session";
import { useMeterCanvas } from "../widgets/meter";

export const RTA = "/meters/rta";
const GROUND = "#0a0c0f";
const BAR = "#27425a";
const CAP = "#4a7fa8";
const LOW = -96; // dBFS at the foot
// Bands are thirds of an octave by tens: 1000 * 10^(n/10) Hz from n = -17 on (docs/osc.md).
const FIRST_BAND = -17;

export const bandCentre = (band: number): number => 1000 * 10 ** ((band + FIRST_BAND) / 10);

interface SpectrumProps {
    low: number; // Hz at the left
    high: number;
    margin: number; // px beside them
}

export function Spectrum({ low, high, margin }: SpectrumProps) {
    useMeters(RTA);
    const ref = useMeterCanvas(RTA, (g, w, h, values, scale) => {
        g.fillStyle = GROUND;
        g.fillRect(0, 0, w, h);
        const x = logScale(low, high, margin * scale, w - margin * scale);
        const third = x.toPixel(1000 * 10 ** 0.05) - x.toPixel(1000 * 10 ** -0.05);
        values.forEach((dB, band) => {
            const top = Math.round(h * Math.min(Math.max(dB / LOW, 0), 1));
            if (top >= h) return;
            const left = x.toPixel(bandCentre(band)) - third / 2;
            g.fillStyle = BAR;
            g.fillRect(left, top, third - scale, h - top);
            g.fillStyle = CAP;
            g.fillRect(left, top, third - scale, 2 * scale);
        });
    });
    return <canvas ref={ref} class="spectrum" aria-hidden="true" />;
}
