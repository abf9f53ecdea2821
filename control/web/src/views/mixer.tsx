// The mixer: faders of every strip, or of what is sent to a mix.
// SPDX-License-Identifier: GPL-3.0-or-later
import { signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { go, route } from "../route";
import { useDesk, useMeters, useSession, useWatch } from "../session";
import type { Store } from "../store";
import { groupNumbers } from "../strip/rows";
import { type Desk, type Strip, KINDS, pathOf, stripOn, stripsOf, wordOf } from "../table";
import { shortTitle, nameOf } from "../widgets/strip_name";
import { BankView } from "./bank_view";
import { sendersTo } from "./banks";
import { Column } from "./column";
import { MuteGroups, MuteGroupsButton } from "./groups";

const LEAST = 84; // px a column: a thumb beside a thumb

const MAIN: Strip = { kind: "main", number: 1 };

const first = signal("/ch/1");
const firstSender = signal("/ch/1");

const SHOWN = "{name,color,fader,mute,pan,dca,mutegroup}";
// Everything a bank can show: seven values a strip are told in an instant, and no bank waits for its turn.
const WATCHED = [`/{ch,sub,aux,fx,mtx,dca}/*/${SHOWN}`, `/main/${SHOWN}`];

function targetsOf(desk: Desk): Strip[] {
    return (["aux", "fx", "mtx"] as const).flatMap((kind) => stripsOf(desk, kind));
}

// `Singer (Mix 1)`; `Mix 1` where it has no name.
function labelOf(store: Store, strip: Strip): string {
    const [name, title] = [nameOf(store, strip), shortTitle(strip)];
    return name === title ? title : `${name} (${title})`;
}

/** `of`: the mix that the faders are sends to, or the DCA whose strips they are. */
function Chooser({ of }: { of: Strip | undefined }) {
    const desk = useDesk();
    const { store } = useSession();
    const choose = (event: Event): void => {
        const word = (event.currentTarget as HTMLSelectElement).value;
        if (word === "") go("mixer");
        else if (word.startsWith("dca/")) go("spill", word.slice("dca/".length));
        else go("sends", ...word.split("/"));
    };
    return (
        <label class={of ? "chooser chosen" : "chooser"}>
            <span>Faders</span>
            <select value={of ? wordOf(of) : ""} onChange={choose} aria-label="What the faders show">
                <option value="">Levels</option>
                {stripsOf(desk, "dca").map((strip) => (
                    <option key={wordOf(strip)} value={wordOf(strip)}>
                        {`Strips of ${labelOf(store, strip)}`}
                    </option>
                ))}
                {targetsOf(desk).map((strip) => (
                    <option key={wordOf(strip)} value={wordOf(strip)}>
                        {`Sends to ${labelOf(store, strip)}`}
                    </option>
                ))}
            </select>
        </label>
    );
}

function Aside({ strip, solo }: { strip: Strip; solo: "room" | "none" | "shown" }) {
    useMeters(...(strip.kind === "dca" ? [] : [pathOf(strip)]));
    return <Column strip={strip} solo={solo} />;
}

function chosenStrip(desk: Desk): Strip | undefined {
    const { view, rest } = route.value;
    const word = view === "spill" ? `dca/${rest[0]}` : view === "sends" ? rest.join("/") : "";
    return stripOn(desk, word);
}

export function MixerView() {
    const desk = useDesk();
    const chosen = chosenStrip(desk);
    useWatch(...WATCHED);
    if (!chosen) return <Levels />;
    return chosen.kind === "dca" ? <Spill key={chosen.number} dca={chosen} /> : <Sends into={chosen} />;
}

function Levels() {
    const desk = useDesk();
    const kinds = KINDS.filter((kind) => desk.counts[kind] > 0);
    return (
        <BankView
            kinds={kinds}
            first={first}
            least={LEAST}
            tools={<><Chooser of={undefined} /><MuteGroupsButton /></>}
            under={<MuteGroups />}
            aside={<Aside strip={MAIN} solo="room" />}
        />
    );
}

/** The strips of a DCA beside each other, and it beside them. */
function Spill({ dca }: { dca: Strip }) {
    const desk = useDesk();
    const { store } = useSession();
    const firstOf = useMemo(() => signal(""), []);
    const all = KINDS.flatMap((kind) => stripsOf(desk, kind));
    const strips = all.filter((strip) => groupNumbers(String(store.value(`${pathOf(strip)}/dca`).value ?? "")).includes(dca.number));
    return (
        <div class="sending">
            <BankView
                kinds={[]}
                strips={strips}
                first={firstOf}
                least={LEAST}
                tools={<><Chooser of={dca} /><MuteGroupsButton /></>}
                under={<>
                    <MuteGroups />
                    {strips.length === 0 && <p class="first">No strip belongs to it. A strip's view has its DCAs under Routing.</p>}
                </>}
                aside={<Aside strip={dca} solo="shown" />}
            />
        </div>
    );
}

function Sends({ into }: { into: Strip }) {
    const desk = useDesk();
    useWatch(`/{${sendersTo(desk, into).join(",")}}/*/send${pathOf(into)}/{level,on,pan}`);
    return (
        <div class="sending">
            <BankView
                key={pathOf(into)}
                kinds={sendersTo(desk, into)}
                into={into}
                first={firstSender}
                least={LEAST}
                tools={<Chooser of={into} />}
                aside={<Aside strip={into} solo="none" />}
            />
        </div>
    );
}
