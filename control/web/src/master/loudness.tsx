// Loudness of the main bus: figures by EBU R 128, and the last minutes as a line.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useRef } from "preact/hooks";
import { useSession } from "../session";
import { Panel } from "../strip/panel";
import { useReading } from "../strip/readings";
import { Button } from "../widgets/button";
import { useMeterCanvas } from "../widgets/meter";

const METER = "/meters/loudness";
// In the order of docs/osc.md.
const FIELDS = [
    { mark: "M", says: "Momentary", unit: "LUFS" },
    { mark: "S", says: "Short-term", unit: "LUFS" },
    { mark: "I", says: "Integrated", unit: "LUFS" },
    { mark: "LRA", says: "Range", unit: "LU" },
    { mark: "TP", says: "True peak", unit: "dBTP" },
] as const;
const [MOMENTARY, SHORT, INTEGRATED] = [0, 1, 2];
const SILENT = -70; // LUFS: what EBU R 128 gates away
const HIGH = 0;
const LOW = -48;
const KEPT = 240; // points
const EVERY = 500; // ms

interface Moment {
    momentary: number;
    short: number;
}

/** The last two minutes, kept while other views are shown. */
export class History {
    readonly moments: Moment[] = [];
    private last = -Infinity;
    private loudest = -Infinity;

    /** Of what came between two points the loudest moment counts. */
    add(now: number, momentary: number, short: number): void {
        this.loudest = Math.max(this.loudest, momentary);
        if (now - this.last < EVERY) return;
        this.last = now;
        this.moments.push({ momentary: this.loudest, short });
        this.loudest = -Infinity;
        if (this.moments.length > KEPT) this.moments.shift();
    }

    clear(): void {
        this.moments.length = 0;
    }
}

const history = new History();

const shown = (value: number): string => (value <= SILENT ? "−∞" : value.toFixed(1).replace("-", "−"));

export function LoudnessPanel() {
    const session = useSession();
    const again = () => {
        history.clear();
        void session.act("/qa/reset");
    };
    return (
        <Panel name="loudness" title="Loudness" shut="never" meter={<Button changes onPress={again} kind="quiet" label="Reset the loudness">Reset</Button>}>
            {() => (
                <>
                    <Figures />
                    <Graph />
                </>
            )}
        </Panel>
    );
}

function Figures() {
    const list = useRef<HTMLDListElement>(null);
    useReading(METER, (values) => {
        history.add(performance.now(), values[MOMENTARY]!, values[SHORT]!);
        list.current?.querySelectorAll("dd b").forEach((figure, field) => {
            const text = shown(values[field] ?? SILENT);
            if (figure.textContent !== text) figure.textContent = text;
        });
    });
    return (
        <dl class="figures" ref={list}>
            {FIELDS.map(({ mark, says, unit }) => (
                <div key={mark} class={`figure f-${mark.toLowerCase()}`}>
                    <dt title={says}>{says}</dt>
                    <dd data-loudness={mark}><b>−∞</b> <span>{unit}</span></dd>
                </div>
            ))}
        </dl>
    );
}

const COLOURS = { ground: "#0a0c0f", grid: "#ffffff1a", text: "#93a0b0", momentary: "#2f5b80", short: "#58a6ff", integrated: "#ffd33d" };
const GRID = [-9, -14, -23, -36];

function Graph() {
    const ref = useMeterCanvas(METER, (g, w, h, values, scale) => {
        const y = (lufs: number): number => h * Math.min(Math.max((HIGH - lufs) / (HIGH - LOW), 0), 1);
        const x = (at: number): number => w - ((history.moments.length - 1 - at) * w) / (KEPT - 1);
        g.fillStyle = COLOURS.ground;
        g.fillRect(0, 0, w, h);
        g.font = `${11 * scale}px sans-serif`;
        for (const lufs of GRID) {
            g.fillStyle = COLOURS.grid;
            g.fillRect(0, y(lufs), w, scale);
            g.fillStyle = COLOURS.text;
            g.fillText(String(lufs), 3 * scale, y(lufs) - 3 * scale);
        }
        g.fillStyle = COLOURS.momentary;
        const each = w / (KEPT - 1);
        history.moments.forEach(({ momentary }, at) => g.fillRect(x(at) - each, y(momentary), each + 0.5, h - y(momentary)));
        g.strokeStyle = COLOURS.short;
        g.lineWidth = 2 * scale;
        g.beginPath();
        history.moments.forEach(({ short }, at) => g.lineTo(x(at), y(short)));
        g.stroke();
        g.fillStyle = COLOURS.integrated;
        g.fillRect(0, y(values[INTEGRATED]!), w, 1.5 * scale);
    });
    return <canvas ref={ref} class="history" role="img" aria-label="Loudness of the last two minutes" />;
}
