// Connection, who we are, and figures of how well it goes.
// SPDX-License-Identifier: GPL-3.0-or-later
import type { ComponentChildren } from "preact";
import { useDesk, useSession } from "../session";
import { KINDS, KIND_NAMES } from "../table";

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
    return (
        <div>
            <dt>{name}</dt>
            <dd>{children}</dd>
        </div>
    );
}

function mayDo(watches: boolean, aux: number, role: string): string {
    if (watches) return "look, and change nothing";
    if (aux > 0) return "change this mix";
    return role === "engineer" ? "change everything" : "change what this role allows";
}

export function SettingsView() {
    const desk = useDesk();
    const { connection, store, meters, me } = useSession();
    const { role, name, aux, watches } = me.value ?? { role: "", name: "", aux: 0, watches: false };
    const shape = KINDS.filter((kind) => kind !== "main" && desk.counts[kind] > 0);
    return (
        <div class="page settings">
            <h1>Settings</h1>
            <section class="panel" aria-label="Connection">
                <h2>Connection</h2>
                <dl class="facts">
                    <Fact name="State">{connection.state.value === "open" ? "connected" : "not connected"}</Fact>
                    <Fact name="Answer after">{connection.latency.value > 0 ? `${connection.latency.value.toFixed(1)} ms` : "–"}</Fact>
                    <Fact name="Meters">{`${meters.rate.value} a second`}</Fact>
                    <Fact name="Read again after a difference">{store.resyncs.value}</Fact>
                    <Fact name="Address">{location.host}</Fact>
                </dl>
            </section>
            <section class="panel" aria-label="Who I am">
                <h2>Who I am</h2>
                <dl class="facts">
                    <Fact name="Role">{aux > 0 ? `${role}, mix ${aux}` : role}</Fact>
                    <Fact name="May">{mayDo(watches, aux, role)}</Fact>
                    {name !== "" && <Fact name="Name">{name}</Fact>}
                </dl>
            </section>
            <section class="panel" aria-label="The desk">
                <h2>{desk.name}</h2>
                <dl class="facts">
                    {desk.version !== "" && <Fact name="Version">{desk.version}</Fact>}
                    {shape.map((kind) => (
                        <Fact key={kind} name={KIND_NAMES[kind][1]}>
                            {desk.counts[kind]}
                        </Fact>
                    ))}
                </dl>
            </section>
            <section class="panel" aria-label="Fingers and keys">
                <h2>Fingers and keys</h2>
                <ul class="hints">
                    <li>A finger that lands moves nothing; it moves the fader by as much as it moves itself.</li>
                    <li>Farther to the side, the fader moves finer.</li>
                    <li>Two taps: 0 dB, or the middle.</li>
                    <li>A swipe over names shows the next bank.</li>
                    <li>Keys: arrows 0.5 dB (with shift 0.1 dB), page up and down 3 dB, home silence, end 0 dB.</li>
                </ul>
            </section>
        </div>
    );
}
