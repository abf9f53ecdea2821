// What acts on many strips at once: solos and how they end, mute groups, and what silences a strip besides its own mute.
// SPDX-License-Identifier: GPL-3.0-or-later
import { type ReadonlySignal, computed, signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { useDesk, useSession, useWatch } from "../session";
import type { Store } from "../store";
import { groupNumbers } from "../strip/rows";
import { type Strip, KINDS, pathOf, rowOf, stripsOf } from "../table";
import { Button, Toggle } from "../widgets/button";

/** Whoever shows a solo need not ask for it: it is watched wherever one is. */
const SOLOS = "/{ch,sub,aux,fx,mtx,dca}/*/solo";

/** Seen as long as anything is soloed, and ends it. */
export function ClearSolo() {
    const session = useSession();
    const desk = useDesk();
    const { store } = session;
    useWatch(SOLOS);
    const count = useMemo(() => {
        const all = KINDS.flatMap((kind) => stripsOf(desk, kind)).map((strip) => `${pathOf(strip)}/solo`);
        return computed(() => all.filter((address) => store.value(address).value === 1).length);
    }, [desk, store]);
    if (count.value === 0) return null;
    return (
        <Button changes kind="solo" label={`Clear solo of ${count.value}`} onPress={() => void session.act("/solo/clear")}>
            Clear solo
        </Button>
    );
}

const nameOf = (store: Store, group: string, number: number, title: string): string =>
    String(store.value(`/${group}/${number}/name`).value || `${title} ${number}`);

/** DCAs and mute groups that mute a strip, by name. */
export function useSilencers(strip: Strip): ReadonlySignal<string[]> {
    const { store } = useSession();
    const path = pathOf(strip);
    return useMemo(
        () =>
            computed(() => {
                const muted = (group: string, by: string, title: string): string[] =>
                    groupNumbers(String(store.value(`${path}/${group}`).value ?? ""))
                        .filter((number) => store.value(`/${group}/${number}/${by}`).value === 1)
                        .map((number) => nameOf(store, group, number, title));
                return [...muted("dca", "mute", "DCA"), ...muted("mutegroup", "on", "Group")];
            }),
        [store, path],
    );
}

const open = signal(false);

function useGroups(): number[] {
    const row = rowOf(useDesk(), "/mutegroup/1/on");
    return Array.from({ length: row?.count ?? 0 }, (_, i) => i + 1);
}

/** Shows and hides the mute groups; red while one of them mutes. */
export function MuteGroupsButton() {
    const { store } = useSession();
    const groups = useGroups();
    const muting = groups.filter((number) => store.value(`/mutegroup/${number}/on`).value === 1).length;
    if (groups.length === 0) return null;
    return (
        <button type="button" class={`button groups ${muting > 0 ? "muting" : ""}`} aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
            {muting > 0 ? `Mutes ${muting}` : "Mutes"}
        </button>
    );
}

export function MuteGroups() {
    const { store } = useSession();
    const groups = useGroups();
    useWatch("/mutegroup/*/{name,on}");
    if (!open.value || groups.length === 0) return null;
    return (
        <div class="mute-groups" role="group" aria-label="Mute groups">
            {groups.map((number) => {
                const name = nameOf(store, "mutegroup", number, "Group");
                return (
                    <Toggle key={number} address={`/mutegroup/${number}/on`} kind="mute" label={`${name}, mute group`}>
                        {name}
                    </Toggle>
                );
            })}
        </div>
    );
}
