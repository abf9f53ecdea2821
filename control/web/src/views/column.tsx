// One strip of a bank: name, pan, solo, mute, fader, meter. Of the strip itself, or of its send into a mix.
// SPDX-License-Identifier: GPL-3.0-or-later
import { computed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { formatValue } from "../format";
import { hrefOf } from "../route";
import { useDesk, useSession } from "../session";
import { type Desk, type Strip, isStereo, pathOf, rowOf } from "../table";
import { Toggle } from "../widgets/button";
import { Fader } from "../widgets/fader";
import { Bar } from "../widgets/knob";
import { Meter } from "../widgets/meter";
import { useSilencers } from "./groups";
import { shortTitle, useColor, useName } from "../widgets/strip_name";

interface Addresses {
    level: string;
    off: string; // what silences it
    inverted: boolean; // it does so when it is 0
    pan: string | undefined;
    solo: string | undefined;
}

/** The controls of a strip; of its send, if there is a mix that it is sent to. */
export function addressesOf(desk: Desk, strip: Strip, into: Strip | undefined): Addresses {
    const path = pathOf(strip);
    const there = (address: string): string | undefined => (rowOf(desk, address) ? address : undefined);
    if (into) {
        const send = `${path}/send${pathOf(into)}`;
        const pan = isStereo(desk, into) ? there(`${send}/pan`) : undefined;
        return { level: `${send}/level`, off: `${send}/on`, inverted: true, pan, solo: undefined };
    }
    return {
        level: `${path}/fader`,
        off: `${path}/mute`,
        inverted: false,
        pan: there(`${path}/pan`),
        solo: there(`${path}/solo`),
    };
}

function Level({ address }: { address: string }) {
    const { store } = useSession();
    const text = useMemo(() => computed(() => formatValue(store.row(address), store.value(address).value)), [store, address]);
    // No output element: a reader would say every move of every fader.
    return <span class="level">{text}</span>;
}

interface Props {
    strip: Strip;
    into?: Strip | undefined;
    /** Its name leads to the strip's own view. */
    linked?: boolean;
    /** Stands where solo stands, for what has none. */
    extra?: ComponentChildren;
    /** Whether it has its solo, or the room of it so that it stands level with those beside it. */
    solo?: "shown" | "room" | "none";
    panned?: boolean;
}

export function Column({ strip, into, linked = true, extra, solo: listens = "shown", panned = true }: Props) {
    const desk = useDesk();
    const { store } = useSession();
    const name = useName(strip);
    const color = useColor(strip);
    const { level, off, inverted, pan, solo } = addressesOf(desk, strip, into);
    const path = pathOf(strip);
    const called = name.value;
    const silencers = useSilencers(strip).value;
    const silent = !into && silencers.length > 0;
    const metered = strip.kind !== "dca";
    const title = shortTitle(strip);
    const heading = (
        <>
            <span class="name">{called}</span>
            <span class="number">{silent ? `off: ${silencers.join(", ")}` : title === called ? "" : title}</span>
        </>
    );
    return (
        <section class={`column ${color.value} ${silent ? "silenced" : ""}`} aria-label={`${title} ${called}`} data-strip={path}>
            {linked ? (
                <a class="heading" href={strip.kind === "dca" ? hrefOf("spill", strip.number) : hrefOf("strip", ...path.slice(1).split("/"))} draggable={false}>
                    {heading}
                </a>
            ) : (
                <div class="heading">{heading}</div>
            )}
            {pan && panned ? <Bar address={pan} label={`${called}, pan`} /> : <div class="bar none" />}
            <div class="buttons">
                {extra}
                {!extra && solo && listens === "shown" && (
                    <Toggle address={solo} kind="solo" label={`${called}, solo`}>
                        Solo
                    </Toggle>
                )}
                {!extra && listens !== "none" && !(solo && listens === "shown") && <div class="toggle none" />}
                <Toggle address={off} inverted={inverted} kind="mute" label={into ? `${called}, send mute` : `${called}, mute`}>
                    Mute
                </Toggle>
            </div>
            <div class="throw">
                <Fader key={level} address={level} label={into ? `${called}, send level` : `${called}, fader`} />
                {metered && <Meter key={path} path={path} stereo={isStereo(desk, strip)} label={called} />}
            </div>
            <Level key={store.desk ? level : ""} address={level} />
        </section>
    );
}
