// The master chain in its order, its loudness and what it turns down.
// SPDX-License-Identifier: GPL-3.0-or-later
import type { ComponentChildren } from "preact";
import { useMeters, useSession, useWatch } from "../session";
import { Analyser, useAnalyser } from "../strip/analyser";
import { valueOf } from "../strip/band";
import { Eq } from "../strip/eq";
import { Panel } from "../strip/panel";
import { RowControl, Rows } from "../strip/row_control";
import { CompressorPanel, Everything, StripLevel } from "../strip/view";
import { LoudnessPanel } from "./loudness";
import { Multiband } from "./multiband";
import { ScopePanel } from "./scope";
import { ClipperPlot, LimiterPlot, SaturatorPlot } from "./shapes";
import { ChainReduction } from "./reductions";
import "../strip/strip.css";
import "./master.css";

const CHAIN = "/main/master";
const ORDER = `${CHAIN}/order`;

export function MasterView() {
    const { store } = useSession();
    useWatch("/main", "/rta");
    useMeters("/meters/main", "/meters/main/master", "/meters/main/chain", "/meters/loudness", "/meters/scope/main");
    const words = String(valueOf(store, ORDER) ?? "").split(" ").filter(Boolean);
    return (
        <div class="strip-view master-view">
            <Heading />
            <div class="panels">
                <div class="stack side">
                    <LoudnessPanel />
                    <ScopePanel />
                    <Panel name="main-level" title="Main">{() => <StripLevel strip={{ kind: "main", number: 1 }} rests={["mute", "pan", "width"]} />}</Panel>
                    <Panel name="order" title="Order">{() => <RowControl address={ORDER} caption="Of the chain's blocks" />}</Panel>
                </div>
                <div class="stack chain">
                    {words.map((word) => <Block key={word} word={word} />)}
                    <LimiterBlock />
                    <Panel name="all-of-main" title="All parameters" shut="always" wide>
                        {() => [<Everything key="chain" path={CHAIN} />, <Everything key="main" path="/main" />]}
                    </Panel>
                </div>
            </div>
        </div>
    );
}

function Heading() {
    const { store } = useSession();
    const bypassed = valueOf(store, `${CHAIN}/bypass`) === 1;
    return (
        <header class="strip-head master-head">
            <h1>Master</h1>
            <div class="ab">
                <span class="caption">{bypassed ? "B: without the chain" : "A: with the chain"}</span>
                <button type="button" class="toggle solo" aria-pressed={bypassed} aria-disabled={store.locked} aria-label="A / B, bypass the chain"
                    data-address={`${CHAIN}/bypass`} onClick={() => store.set(`${CHAIN}/bypass`, bypassed ? 0 : 1)}>
                    A / B
                </button>
            </div>
            <RowControl address={`${CHAIN}/bypass/match`} caption="Same loudness" />
        </header>
    );
}

/** One block of the chain by its word in the order. */
function Block({ word }: { word: string }): ComponentChildren {
    if (word === "strip") return <StripBlock />;
    const shown = BLOCKS[word];
    const path = `${CHAIN}/${word}`;
    if (!shown) return <Plain title={word} name={word}>{() => <Rows path={path} but={["on"]} />}</Plain>;
    return <Plain title={shown.title} name={word} wide={shown.wide}>{() => shown.inside(path)}</Plain>;
}

interface Shown {
    title: string;
    wide: boolean;
    inside(path: string): ComponentChildren;
}

const BLOCKS: Readonly<Record<string, Shown>> = {
    ms: { title: "Mid-side EQ", wide: true, inside: () => <MidSide /> },
    multiband: { title: "Multiband", wide: true, inside: (path) => <Multiband path={path} /> },
    field: { title: "Stereo field", wide: false, inside: (path) => <Rows path={path} but={["on"]} under="Field" /> },
    saturator: {
        title: "Saturator", wide: false,
        inside: (path) => [<SaturatorPlot key="plot" path={path} />, <Rows key="rows" path={path} but={["on"]} under="Saturator" />],
    },
    clipper: {
        title: "Clipper", wide: false,
        inside: (path) => [<ClipperPlot key="plot" path={path} />, <Rows key="rows" path={path} but={["on"]} under="Clipper" />],
    },
};

function Plain({ title, name, wide = false, children }: { title: string; name: string; wide?: boolean; children: () => ComponentChildren }) {
    return (
        <Panel name={`chain-${name}`} title={title} wide={wide} switches={`${CHAIN}/${name}/on`} meter={<Bypass word={name} />}>
            {children}
        </Panel>
    );
}

function Bypass({ word }: { word: string }) {
    const address = `${CHAIN}/bypass/${word}`;
    const { store } = useSession();
    if (!store.row(address)) return null;
    const bypassed = store.value(address).value === 1;
    return (
        <button type="button" class="toggle solo" aria-pressed={bypassed} aria-disabled={store.locked} aria-label={`Bypass ${word}`} data-address={address}
            onClick={() => store.set(address, bypassed ? 0 : 1)}>Bypass</button>
    );
}

function MidSide() {
    return <Eq path={CHAIN} part="ms" analyser={false} under="Mid-side" />;
}

function StripBlock() {
    const { store } = useSession();
    const analyser = useAnalyser("main");
    const comps = Array.from({ length: store.row(`${CHAIN}/comp/1/on`)?.count ?? 1 }, (_, i) => i + 1);
    return (
        <>
            <Panel name="chain-eq" title="Equaliser" wide switches={`${CHAIN}/eq/on`}
                meter={<><Bypass word="strip" /><Analyser {...analyser} /></>}>
                {() => <Eq path={CHAIN} part="eq" analyser={analyser.shown} under="EQ" />}
            </Panel>
            {comps.map((place) => <CompressorPanel key={place} path={CHAIN} place={place} />)}
        </>
    );
}

function LimiterBlock() {
    return (
        <Panel name="limiter" title="Limiter" wide switches="/main/limiter/on" meter={<ChainReduction field="limiter" label="Limiter" />}>
            {() => (
                <div class="beside">
                    <LimiterPlot path="/main/limiter" />
                    <Rows path="/main/limiter" but={["on"]} under="Limiter" />
                </div>
            )}
        </Panel>
    );
}
