// How the two sides of the main bus go together.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useRef } from "preact/hooks";
import { Panel } from "../strip/panel";
import { useReading } from "../strip/readings";

const METER = "/meters/scope/main";
// In the order of docs/osc.md.
const [CORRELATION, BALANCE, CREST, DC_LEFT, DC_RIGHT] = [0, 1, 2, 3, 4] as const;
const DC_TOLD = 0.001; // of full scale: -60 dBFS

function balance(dB: number): string {
    if (Math.abs(dB) < 0.05) return "centre";
    return `${Math.abs(dB).toFixed(1)} dB ${dB < 0 ? "left" : "right"}`;
}

export function ScopePanel() {
    return <Panel name="scope" title="Correlation">{() => <Scope />}</Panel>;
}

function Scope() {
    const box = useRef<HTMLDivElement>(null);
    useReading(METER, (values) => {
        const shown = box.current;
        if (!shown) return;
        const found = (name: string) => shown.querySelector<HTMLElement>(`.${name}`)!;
        const correlation = values[CORRELATION] ?? 0;
        found("needle").style.left = `${(50 + 50 * correlation).toFixed(2)}%`;
        found("correlation").classList.toggle("opposed", correlation < 0);
        found("figure-correlation").textContent = correlation.toFixed(2).replace("-", "−");
        found("figure-balance").textContent = balance(values[BALANCE] ?? 0);
        found("figure-crest").textContent = `${(values[CREST] ?? 0).toFixed(1)} dB`;
        const dc = Math.max(Math.abs(values[DC_LEFT] ?? 0), Math.abs(values[DC_RIGHT] ?? 0));
        found("figure-dc").textContent = dc < DC_TOLD ? "none" : `${(100 * dc).toFixed(1)} %`;
    });
    return (
        <div class="scope" ref={box}>
            <div class="correlation" role="img" aria-label="Correlation of left and right">
                <span class="needle" />
                <span class="end">−1</span><span class="middle">0</span><span class="end">+1</span>
            </div>
            <dl>
                <div><dt>Correlation</dt><dd class="figure-correlation" /></div>
                <div><dt>Balance</dt><dd class="figure-balance" /></div>
                <div><dt>Crest</dt><dd class="figure-crest" /></div>
                <div><dt>Offset</dt><dd class="figure-dc" /></div>
            </dl>
        </div>
    );
}
