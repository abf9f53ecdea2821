// A musician's own monitor mix: its sends as big faders, more or less of oneself, its level.
// SPDX-License-Identifier: GPL-3.0-or-later
import { signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { go } from "../route";
import { useDesk, useMeters, useSession, useWatch } from "../session";
import { type Strip, pathOf, stripsOf, wordOf } from "../table";
import { Button } from "../widgets/button";
import { nameOf } from "../widgets/strip_name";
import { useAwake } from "./awake";
import { BankView } from "./bank_view";
import { sendersTo } from "./banks";
import { Column } from "./column";

const LEAST = 84; // px
const WIDER = 108; // px, where there is room

const keyOf = (into: Strip): string => `mixrig.me${pathOf(into)}`;

function readMine(into: Strip): string[] {
    try {
        return JSON.parse(localStorage.getItem(keyOf(into)) ?? "[]") as string[];
    } catch {
        return [];
    }
}

/** Which strips are oneself: kept by this device. */
function useMine(into: Strip) {
    const mine = useMemo(() => signal(readMine(into)), [into.number]);
    const toggle = (word: string): void => {
        mine.value = mine.value.includes(word) ? mine.value.filter((one) => one !== word) : [...mine.value, word];
        localStorage.setItem(keyOf(into), JSON.stringify(mine.value));
    };
    return { mine, toggle };
}

function MoreMe({ into, mine }: { into: Strip; mine: string[] }) {
    const session = useSession();
    const { store } = session;
    const move = async (way: "more" | "less"): Promise<void> => {
        if (mine.length === 0) {
            session.say("First mark which strips are you: the button “Me” above a fader.");
            return;
        }
        await session.act(`${pathOf(into)}/${way}`, mine.join(" "));
    };
    const names = mine.map((word) => {
        const [kind, number] = word.split("/");
        return nameOf(store, { kind: kind as Strip["kind"], number: Number(number) });
    });
    const who = names.length > 0 ? names.join(", ") : "nobody yet";
    return (
        <div class="more-me" role="group" aria-label="More or less of me">
            <Button changes onPress={() => void move("less")} label={`− Less me: ${who}`}>
                − Less me
            </Button>
            <Button changes kind="primary" onPress={() => void move("more")} label={`+ More me: ${who}`}>
                + More me
            </Button>
        </div>
    );
}

function MixChooser({ into }: { into: Strip }) {
    const desk = useDesk();
    const { store, me } = useSession();
    if (me.value?.role === "musician") return <h1 class="mix-name">{nameOf(store, into)}</h1>;
    return (
        <label class="chooser chosen">
            <span>Mix</span>
            <select
                value={into.number}
                aria-label="Whose mix"
                onChange={(event) => go("mymix", event.currentTarget.value)}
            >
                {stripsOf(desk, "aux").map((strip) => (
                    <option key={strip.number} value={strip.number}>
                        {nameOf(store, strip)}
                    </option>
                ))}
            </select>
        </label>
    );
}

function Own({ into }: { into: Strip }) {
    const { me } = useSession();
    useMeters(pathOf(into));
    return <Column strip={into} linked={false} solo="room" panned={me.value?.role !== "musician"} />;
}

export function MyMixView({ aux }: { aux: number }) {
    const desk = useDesk();
    return desk.counts.aux === 0 ? <p class="first">This desk has no monitor mixes.</p> : <Mix key={aux} aux={aux} />;
}

function Mix({ aux }: { aux: number }) {
    const desk = useDesk();
    const { store } = useSession();
    const into = useMemo((): Strip => ({ kind: "aux", number: aux }), [aux]);
    const first = useMemo(() => signal("/ch/1"), [aux]);
    const kinds = sendersTo(desk, into);
    const { mine, toggle } = useMine(into);
    useAwake();
    useWatch(
        `/{${kinds.join(",")}}/*/{name,color}`,
        `/{${kinds.join(",")}}/*/send${pathOf(into)}/{level,on,pan}`,
        `${pathOf(into)}/{name,color,fader,mute,pan}`,
    );
    return (
        <div class="sending mine">
            <BankView
                kinds={kinds}
                into={into}
                first={first}
                least={LEAST}
                roomy={WIDER}
                linked={false}
                extra={(strip) => (
                    <button
                        type="button"
                        class="toggle me"
                        aria-pressed={mine.value.includes(wordOf(strip))}
                        aria-label={`${nameOf(store, strip)}, this is me`}
                        onClick={() => toggle(wordOf(strip))}
                    >
                        Me
                    </button>
                )}
                aside={<Own into={into} />}
                tools={<MixChooser into={into} />}
            />
            <MoreMe into={into} mine={mine.value} />
        </div>
    );
}
