// The frame around all views: where one can go, whether the desk is there, what it has to say.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { CLIP_METERS, CLIP_RATE } from "./clips";
import { MasterView } from "./master/view";
import { hrefOf, lastStrip, route } from "./route";
import { useDesk, useSession } from "./session";
import { DeskView } from "./strip/desk_view";
import { StripView } from "./strip/view";
import { type Desk, type Strip, stripOf, stripOn, titleOf, wordOf } from "./table";
import { ClearSolo } from "./views/groups";
import { MixerView } from "./views/mixer";
import { MyMixView } from "./views/mymix";
import { QaView } from "./views/qa";
import { RecorderView } from "./views/recorder";
import { RefusedView } from "./views/refused";
import { ScenesView } from "./views/scenes";
import { SettingsView } from "./views/settings";
import { useUndoKeys } from "./views/undo";

interface Place {
    view: string;
    name: string;
    href: string;
    /** On a phone it stands behind More. */
    rare?: boolean;
}

const FIRST: Strip = { kind: "ch", number: 1 };

const PLACES: Place[] = [
    { view: "mixer", name: "Mixer", href: hrefOf("mixer") },
    { view: "strip", name: "Strip", href: hrefOf("strip", "ch", 1) },
    { view: "master", name: "Master", href: hrefOf("master"), rare: true },
    { view: "mymix", name: "My mix", href: hrefOf("mymix") },
    { view: "scenes", name: "Scenes", href: hrefOf("scenes") },
    { view: "record", name: "Record", href: hrefOf("record"), rare: true },
    { view: "qa", name: "QA", href: hrefOf("qa"), rare: true },
    { view: "desk", name: "Desk", href: hrefOf("desk"), rare: true },
    { view: "settings", name: "Settings", href: hrefOf("settings"), rare: true },
];

// The others would be refused to them by the desk.
const MUSICIANS = ["mymix", "settings"];

function placesOf(musician: boolean): Place[] {
    if (!musician) return PLACES;
    return PLACES.filter((place) => MUSICIANS.includes(place.view)).map((place) => ({ ...place, rare: false }));
}

function viewFor(asked: string, places: Place[], musician: boolean): string {
    const more = !musician && (asked === "sends" || asked === "spill" || asked === "more");
    return more || places.some((place) => place.view === asked) ? asked : places[0]!.view;
}

function Navigation({ places, current }: { places: Place[]; current: string }) {
    return (
        <nav class="navigation" aria-label="Views">
            {places.map(({ view, name, href, rare }) => (
                <a key={view} href={view === "strip" ? hrefOf("strip", ...lastStrip.value.split("/")) : href} class={rare ? "rare" : ""} aria-current={view === current ? "page" : undefined}>
                    {name}
                </a>
            ))}
            {places.some((place) => place.rare) && (
                <a class="more" href={hrefOf("more")} aria-current={isRare(places, current) ? "page" : undefined}>
                    More
                </a>
            )}
        </nav>
    );
}

const isRare = (places: Place[], view: string): boolean =>
    view === "more" || places.some((place) => place.rare && place.view === view);

function More({ places }: { places: Place[] }) {
    return (
        <div class="page more-places">
            {places.map(({ view, name, href, rare }) => rare && <a key={view} href={href}>{name}</a>)}
        </div>
    );
}

// Whatever is shown: where nobody looks is where clips are missed.
function ClipWatch() {
    const { meters } = useSession();
    useLayoutEffect(() => meters.watch(CLIP_METERS, CLIP_RATE), [meters]);
    return null;
}

function Status() {
    const { connection, store } = useSession();
    const text = useComputed(() => {
        if (connection.state.value !== "open") return "Not connected";
        return store.live.value ? "Connected" : "Reading";
    });
    const kind = useComputed(() => (text.value === "Connected" ? "status good" : "status bad"));
    return (
        <span role="status" class="status-place">
            <a class={kind} href={hrefOf("settings")}>
                {text}
            </a>
        </span>
    );
}

function Offline() {
    const { connection } = useSession();
    if (connection.state.value === "open") return null;
    return (
        <div class="offline" role="alert">
            <strong>Not connected to the desk.</strong> What you see is old. Trying again.
        </div>
    );
}

function Note() {
    const { note } = useSession();
    const said = note.value;
    if (!said) return null;
    return (
        <div class="note-place" role={said.kind === "error" ? "alert" : "status"}>
            <button type="button" class={`note ${said.kind}`} onClick={() => (note.value = undefined)}>
                {said.text}
            </button>
        </div>
    );
}

// A bookmark may be of a larger desk.
function AskedStrip({ word }: { word: string }) {
    const session = useSession();
    const strip = stripOn(useDesk(), word);
    useEffect(() => {
        if (strip) return;
        const asked = stripOf(word);
        location.replace(hrefOf("strip", ...wordOf(FIRST).split("/")));
        session.say(`This desk has no ${asked ? titleOf(asked) : word}. This is ${titleOf(FIRST)}`);
    }, [session, strip !== undefined, word]);
    return strip ? <StripView strip={strip} /> : null;
}

function viewOf(desk: Desk, view: string, rest: string[], places: Place[]): JSX.Element {
    switch (view) {
        case "strip":
            return <AskedStrip word={rest.join("/") || lastStrip.value} />;
        case "master":
            return <MasterView />;
        case "mymix":
            return <MyMixView aux={Math.min(Number(rest[0]) || 1, desk.counts.aux)} />;
        case "scenes":
            return <ScenesView />;
        case "record":
            return <RecorderView />;
        case "qa":
            return <QaView />;
        case "more":
            return <More places={places} />;
        case "desk":
            return <DeskView />;
        case "settings":
            return <SettingsView />;
        default:
            return <MixerView />;
    }
}

export function App() {
    const { connection } = useSession();
    return connection.state.value === "refused" ? <RefusedView /> : <Frame />;
}

function Frame() {
    const { desk, me, connection, store } = useSession();
    useUndoKeys();
    const who = me.value;
    const musician = who?.role === "musician";
    const places = placesOf(musician);
    const view = viewFor(route.value.view || "mixer", places, musician);
    const rest = musician && view === "mymix" ? [String(who.aux || 1)] : route.value.rest;
    // Before the desk has said who we are, nothing is asked for that we may not have.
    const known = who && desk.value;
    const away = connection.state.value !== "open" || !store.live.value;
    return (
        <div class={`frame ${away ? "away" : ""} ${who?.watches ? "watching" : ""}`} data-live={!away}>
            <header class="head">
                <span class="desk-name">{known?.name ?? "mixrig"}</span>
                <Navigation places={places} current={view === "sends" || view === "spill" ? "mixer" : view} />
                {known && <ClipWatch />}
                {known && !musician && <ClearSolo />}
                <Status />
            </header>
            <Offline />
            <main class={`view ${view}`}>{known ? viewOf(known, view, rest, places) : <p class="first">Connecting to the desk</p>}</main>
            <Note />
        </div>
    );
}
