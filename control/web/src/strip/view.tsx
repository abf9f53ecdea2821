// One strip: all that is done to its sound.
// SPDX-License-Identifier: GPL-3.0-or-later
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { go, hrefOf } from "../route";
import { useDesk, useMeters, useSession, useWatch } from "../session";
import { type Desk, KINDS, type Strip, isStereo, pathOf, stripOf, stripsOf, titleOf, wordOf } from "../table";
import { Fader } from "../widgets/fader";
import { Meter } from "../widgets/meter";
import { nameOf, shortTitle, useColor } from "../widgets/strip_name";
import { Analyser, useAnalyser } from "./analyser";
import { valueOf } from "./band";
import { CompressorPlot, GatePlot } from "./dynamics_plot";
import { Eq } from "./eq";
import { Panel } from "./panel";
import { Level, Reduction, useField } from "./readings";
import { RowControl, RowList, Rows } from "./row_control";
import { addressesBelow, grouped } from "./rows";
import { Sends, hasSends } from "./sends";
import "./strip.css";

// What stands where; which of them a strip has, and what they are like, says the table.
const INPUT = ["trim", "polarity", "delay", "freeze", "feedback_guard", "soundcheck"];
const ROUTING = ["to", "insert", "dca", "mutegroup", "link", "record", "solo_safe", "safe", "talkback", "oscillator"];
const LEVEL = ["pan", "width", "mute", "solo"];
// Rooms, plates and halls have their rows in common.
const REVERB = "reverb";

// No sound goes through a DCA.
const isMeasured = (strip: Strip): boolean => strip.kind !== "dca";

const allStrips = (desk: Desk): Strip[] => KINDS.flatMap((kind) => stripsOf(desk, kind));

export function StripView({ strip }: { strip: Strip }) {
    const path = pathOf(strip);
    return <StripPage key={path} strip={strip} path={path} />;
}

function StripPage({ strip, path }: { strip: Strip; path: string }) {
    const desk = useDesk();
    const { store } = useSession();
    const names = "/{ch,sub,aux,fx,mtx}/*/name";
    useWatch(path, names, "/rta");
    useMeters(...(isMeasured(strip) ? [`/meters${path}`] : []));
    const has = (rest: string): boolean => store.row(`${path}/${rest}`) !== undefined;
    const list = (rests: readonly string[]): string[] => rests.filter(has).map((rest) => `${path}/${rest}`);
    return (
        <div class="strip-view" data-strip={path}>
            <Heading strip={strip} path={path} />
            <div class="panels">
                <div class="stack side">
                    <Panel name="level" title="Level" shut="never">{() => <StripLevel strip={strip} rests={LEVEL} />}</Panel>
                    {has("trim") && <InputPanel path={path} rows={list(INPUT)} />}
                    {has("dca") && <Panel name="routing" title="Routing">{() => <RowList addresses={list(ROUTING)} />}</Panel>}
                </div>
                <div class="stack chain">
                    {has("type") && <EffectPanel path={path} />}
                    {has("eq/on") && <EqPanel path={path} word={wordOf(strip)} />}
                    {has("gate/on") && <GatePanel path={path} />}
                    {has("comp/1/on") && [1, 2].map((place) => <CompressorPanel key={place} path={path} place={place} />)}
                    {hasSends(desk.rows, path) && <Panel name="sends" title="Sends" wide>{() => <Sends path={path} />}</Panel>}
                    {has("limiter/on") && <LimiterPanel path={path} />}
                    <Panel name="everything" title="All parameters" shut="always" wide>{() => <Everything path={path} />}</Panel>
                </div>
            </div>
        </div>
    );
}

function Heading({ strip, path }: { strip: Strip; path: string }) {
    const desk = useDesk();
    const { store } = useSession();
    const color = useColor(strip);
    const strips = allStrips(desk);
    const at = strips.findIndex((other) => pathOf(other) === path);
    const beside = (by: number): Strip => strips[(at + by + strips.length) % strips.length]!;
    useKeys({ "[": beside(-1), "]": beside(1) });
    return (
        <header class={`strip-head ${color.value}`}>
            <Neighbour strip={beside(-1)} mark="‹" says="Previous" />
            <select class="menu which" aria-label="Strip" value={path}
                onChange={(event) => show(stripOf(event.currentTarget.value)!)}>
                {strips.map((other) => (
                    <option key={pathOf(other)} value={pathOf(other)} selected={pathOf(other) === path}>
                        {[...new Set([shortTitle(other), nameOf(store, other)])].join("  ")}
                    </option>
                ))}
            </select>
            <Neighbour strip={beside(1)} mark="›" says="Next" />
            <RowControl address={`${path}/name`} />
            <RowControl address={`${path}/color`} />
        </header>
    );
}

const show = (strip: Strip): void => go("strip", ...wordOf(strip).split("/"));

function Neighbour({ strip, mark, says }: { strip: Strip; mark: string; says: string }) {
    return (
        <a class="button neighbour" href={hrefOf("strip", ...wordOf(strip).split("/"))} aria-label={`${says}: ${titleOf(strip)}`}>
            {mark}
        </a>
    );
}

// Keys that lead to other strips, unless words are typed.
function useKeys(strips: Readonly<Record<string, Strip>>): void {
    useEffect(() => {
        const press = (event: KeyboardEvent) => {
            const strip = strips[event.key];
            if (strip && !/^(INPUT|SELECT|TEXTAREA)$/.test((event.target as Element).tagName)) show(strip);
        };
        addEventListener("keydown", press);
        return () => removeEventListener("keydown", press);
    });
}

function StripReduction({ path, field, label }: { path: string; field: string; label: string }) {
    return <Reduction meter={`/meters${path}`} field={useField(field)} label={label} />;
}

/** Fader and meter of a strip, and some of its rows. */
export function StripLevel({ strip, rests }: { strip: Strip; rests: readonly string[] }) {
    const desk = useDesk();
    const { store } = useSession();
    const path = pathOf(strip);
    return (
        <div class="strip-level">
            <div class="strip-fader">
                <Fader address={`${path}/fader`} label={`${titleOf(strip)}, fader`} />
                {isMeasured(strip) && <Meter path={path} stereo={isStereo(desk, strip)} label={titleOf(strip)} />}
            </div>
            <RowList addresses={rests.map((rest) => `${path}/${rest}`).filter((address) => store.row(address))} />
        </div>
    );
}

function InputPanel({ path, rows }: { path: string; rows: readonly string[] }) {
    return (
        <Panel name="input" title="Input" meter={<Level meter={`/meters${path}`} field={useField("input_peak")} />}>
            {() => <RowList addresses={rows} />}
        </Panel>
    );
}

export function LimiterPanel({ path }: { path: string }) {
    return (
        <Panel name="limiter" title="Limiter" switches={`${path}/limiter/on`}
            meter={<StripReduction path={path} field="limiter" label="Limiter" />}>
            {() => <Rows path={`${path}/limiter`} but={["on"]} under="Limiter" />}
        </Panel>
    );
}

function EqPanel({ path, word }: { path: string; word: string }) {
    const analyser = useAnalyser(word);
    return (
        <Panel name="eq" title="Equaliser" switches={`${path}/eq/on`} shut="never" wide meter={<Analyser {...analyser} />}>
            {() => <Eq path={path} part="eq" corners analyser={analyser.shown} under="EQ" />}
        </Panel>
    );
}

function GatePanel({ path }: { path: string }) {
    return (
        <Panel name="gate" title="Gate" switches={`${path}/gate/on`}
            meter={<StripReduction path={path} field="gate" label="Gate" />}>
            {() => (
                <>
                    <GatePlot strip={path} />
                    <Rows path={`${path}/gate`} but={["on"]} under="Gate" />
                </>
            )}
        </Panel>
    );
}

export function CompressorPanel({ path, place }: { path: string; place: number }) {
    const comp = `${path}/comp/${place}`;
    return (
        <Panel name={`comp-${place}`} title={`Compressor ${place}`} switches={`${comp}/on`}
            meter={<StripReduction path={path} field={`comp_${place}`} label={`Compressor ${place}`} />}>
            {() => (
                <>
                    <CompressorPlot strip={path} place={place} />
                    <Rows path={comp} but={["on"]} under="Compressor" />
                </>
            )}
        </Panel>
    );
}

// Of all kinds of effects the rows of the one that is chosen.
function EffectPanel({ path }: { path: string }) {
    const desk = useDesk();
    const { store } = useSession();
    const type = String(valueOf(store, `${path}/type`));
    const kind = desk.rows.has(`/fx/#/${type}/mix`) || addressesBelow(desk, `${path}/${type}`).length > 0 ? type : REVERB;
    return (
        <Panel name="effect" title="Effect" shut="never" wide>
            {() => (
                <>
                    <RowList addresses={["type", "mix", "mono_below"].map((rest) => `${path}/${rest}`)} />
                    {type !== "none" && <Rows path={`${path}/${kind}`} />}
                </>
            )}
        </Panel>
    );
}

export function Everything({ path }: { path: string }): ComponentChildren {
    const desk = useDesk();
    return [...grouped(path, addressesBelow(desk, path))].map(([group, addresses]) => (
        <section key={group} class="group">
            {group && <h3>{group}</h3>}
            <RowList addresses={addresses} below={path} />
        </section>
    ));
}
