// The mixer: faders of every strip, or of what is sent to a mix.
// SPDX-License-Identifier: GPL-3.0-or-later
import { signal } from "@preact/signals";
import { go, route } from "../route";
import { useDesk, useMeters, useSession, useWatch } from "../session";
import type { Store } from "../store";
import { type Desk, type Strip, KINDS, pathOf, stripOf, stripsOf, wordOf } from "../table";
import { shortTitle, nameOf } from "../widgets/strip_name";
import { BankView } from "./bank_view";
import { sendersTo } from "./banks";
import { Column } from "./column";

const LEAST = 84; // px a column: a thumb beside a thumb

const first = signal("/ch/1");
const firstSender = signal("/ch/1");

const SHOWN = "{name,color,fader,mute,solo,pan}";
// Everything a bank can show: eight values a strip are told in an instant, and no bank waits for its turn.
const WATCHED = [`/{ch,sub,aux,fx,mtx,dca}/*/${SHOWN}`, `/main/${SHOWN}`];

function targetsOf(desk: Desk): Strip[] {
    return (["aux", "fx", "mtx"] as const).flatMap((kind) => stripsOf(desk, kind));
}

// `Singer (Mix 1)`; `Mix 1` where it has no name.
function labelOf(store: Store, strip: Strip): string {
    const [name, title] = [nameOf(store, strip), shortTitle(strip)];
    return name === title ? title : `${name} (${title})`;
}

function SendsChooser({ into }: { into: Strip | undefined }) {
    const desk = useDesk();
    const { store } = useSession();
    const choose = (event: Event): void => {
        const word = (event.currentTarget as HTMLSelectElement).value;
        if (word === "") go("mixer");
        else go("sends", ...word.split("/"));
    };
    return (
        <label class={into ? "chooser chosen" : "chooser"}>
            <span>Faders</span>
            <select value={into ? wordOf(into) : ""} onChange={choose} aria-label="What the faders show">
                <option value="">Levels</option>
                {targetsOf(desk).map((strip) => (
                    <option key={wordOf(strip)} value={wordOf(strip)}>
                        {`Sends to ${labelOf(store, strip)}`}
                    </option>
                ))}
            </select>
        </label>
    );
}

function Aside({ strip, solo }: { strip: Strip; solo: "room" | "none" }) {
    useMeters(pathOf(strip));
    return <Column strip={strip} solo={solo} />;
}

export function MixerView() {
    const desk = useDesk();
    const chosen = route.value.view === "sends" ? stripOf(route.value.rest.join("/")) : undefined;
    const into = chosen && chosen.number <= desk.counts[chosen.kind] ? chosen : undefined;
    useWatch(...WATCHED);
    return into ? <Sends into={into} /> : <Levels />;
}

function Levels() {
    const desk = useDesk();
    const kinds = KINDS.filter((kind) => desk.counts[kind] > 0);
    return (
        <BankView
            kinds={kinds}
            first={first}
            least={LEAST}
            tools={<SendsChooser into={undefined} />}
            aside={<Aside strip={{ kind: "main", number: 1 }} solo="room" />}
        />
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
                tools={<SendsChooser into={into} />}
                aside={<Aside strip={into} solo="none" />}
            />
        </div>
    );
}
