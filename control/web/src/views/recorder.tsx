// The recorder: what is armed, start and stop, and beginning in the past.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useSignal } from "@preact/signals";
import { formatSeconds } from "../format";
import { useDesk, useSession, useValue, useWatch } from "../session";
import { type Strip, KINDS, pathOf, rowOf, stripsOf } from "../table";
import { Button } from "../widgets/button";
import { choose } from "../widgets/choose";
import { useColor, useName } from "../widgets/strip_name";

const PAST = [5, 10, 30, 60, 120, 300]; // s

// A tap arms and disarms; where it is taken is the next tap of the small button.
function Arm({ strip }: { strip: Strip }) {
    const { store } = useSession();
    const address = `${pathOf(strip)}/record`;
    const value = useValue(address);
    const name = useName(strip);
    const color = useColor(strip);
    const row = store.row(address);
    const armed = value.value !== undefined && value.value !== "off";
    const tap = String(armed ? value.value : "off");
    return (
        <div class={`arm ${color.value}`}>
            <button
                type="button"
                class="toggle rec"
                aria-pressed={armed}
                aria-disabled={store.locked}
                aria-label={`${name.value}, armed`}
                data-address={address}
                onClick={() => store.set(address, armed ? "off" : (row?.choices[1] ?? "in"))}
            >
                {name.value}
            </button>
            <select
                aria-label={`${name.value}, where it is recorded`}
                value={tap}
                aria-disabled={store.locked}
                onChange={(event) => choose(store, address, event.currentTarget)}
            >
                {row?.choices.map((choice) => (
                    <option key={choice} value={choice}>
                        {choice}
                    </option>
                ))}
            </select>
        </div>
    );
}

// Nothing armed: nothing to say.
const orDash = (seconds: number | undefined): string => (seconds ? formatSeconds(seconds) : "–");

function Clock() {
    const { store } = useSession();
    const state = String(store.value("/record/state").value ?? "off");
    const gaps = store.number("/record/gaps") ?? 0;
    const message = String(store.value("/record/message").value ?? "");
    return (
        <div class="clock">
            <div class={`time ${state}`} role="timer" aria-label="Recorded">
                {formatSeconds(store.number("/record/seconds") ?? 0)}
            </div>
            <dl class="facts">
                <div>
                    <dt>State</dt>
                    <dd>{state}</dd>
                </div>
                <div>
                    <dt>Room on the disk for</dt>
                    <dd>{orDash(store.number("/record/free"))}</dd>
                </div>
                <div>
                    <dt>Can begin in the past</dt>
                    <dd>{orDash(store.number("/record/lookback"))}</dd>
                </div>
                {gaps > 0 && (
                    <div class="bad">
                        <dt>Frames lost</dt>
                        <dd>{gaps}</dd>
                    </div>
                )}
                {message !== "" && (
                    <div class="bad">
                        <dt>Ended because</dt>
                        <dd>{message}</dd>
                    </div>
                )}
            </dl>
            <p class="hint folder">{store.value("/record/folder").value}</p>
        </div>
    );
}

function Controls() {
    const session = useSession();
    const { store } = session;
    const past = useSignal(30);
    const lookback = store.number("/record/lookback") ?? 0;
    const recording = store.value("/record/state").value === "recording";
    const begin = (): void => void session.act("/record/start");
    const beginPast = (): void => void session.act("/record/from", Math.min(past.value, lookback));
    return (
        <div class="toolbar record-controls">
            {recording ? (
                <Button changes kind="danger" onPress={() => void session.act("/record/stop")}>
                    ■ Stop
                </Button>
            ) : (
                <Button changes kind="danger" onPress={begin}>
                    ● Record
                </Button>
            )}
            <Button changes disabled={recording || lookback < 1} onPress={beginPast}>
                ● From the past
            </Button>
            <select
                aria-label="How far in the past"
                value={past.value}
                disabled={recording || lookback < 1}
                onChange={(event) => (past.value = Number(event.currentTarget.value))}
            >
                {PAST.map((seconds) => (
                    <option key={seconds} value={seconds}>
                        {formatSeconds(seconds)} ago
                    </option>
                ))}
            </select>
        </div>
    );
}

export function RecorderView() {
    const desk = useDesk();
    const { store } = useSession();
    useWatch("/record/*", "/{ch,sub,aux,fx,mtx}/*/{name,color,record}", "/main/{name,color,record}");
    const strips = KINDS.flatMap((kind) => stripsOf(desk, kind)).filter((strip) => rowOf(desk, `${pathOf(strip)}/record`));
    const armAll = (to: string): void => {
        for (const strip of strips) if (strip.kind === "ch") store.set(`${pathOf(strip)}/record`, to);
    };
    return (
        <div class="page recorder">
            <Clock />
            <Controls />
            <div class="toolbar">
                <h2>Armed</h2>
                <Button changes onPress={() => armAll("in")}>All channels</Button>
                <Button changes onPress={() => armAll("off")}>None</Button>
            </div>
            <div class="arms">
                {strips.map((strip) => (
                    <Arm key={pathOf(strip)} strip={strip} />
                ))}
            </div>
        </div>
    );
}
