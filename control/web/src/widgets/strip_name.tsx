// What a strip is called and its colour, wherever strips are shown.
// SPDX-License-Identifier: GPL-3.0-or-later
import { type ReadonlySignal, computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { useSession } from "../session";
import type { Store } from "../store";
import { type Strip, KIND_NAMES, pathOf } from "../table";

const SHORT: Record<Strip["kind"], string> = { ch: "Ch", sub: "Sub", aux: "Mix", fx: "FX", mtx: "Mtx", dca: "DCA", main: "Main" };

/** `Ch 3`. */
export function shortTitle({ kind, number }: Strip): string {
    return kind === "main" ? SHORT.main : `${SHORT[kind]} ${number}`;
}

/** Its name, or what it is where it has none. */
export function nameOf(store: Store, strip: Strip): string {
    const name = store.value(`${pathOf(strip)}/name`).value;
    if (typeof name === "string" && name !== "") return name;
    return strip.kind === "main" ? KIND_NAMES.main[0] : shortTitle(strip);
}

export function useName(strip: Strip): ReadonlySignal<string> {
    const { store } = useSession();
    return useMemo(() => computed(() => nameOf(store, strip)), [store, strip.kind, strip.number]);
}

/** A class of the strip's colour: `color-red`. */
export function useColor(strip: Strip): ReadonlySignal<string> {
    const { store } = useSession();
    const path = pathOf(strip);
    return useMemo(() => computed(() => `color-${store.value(`${path}/color`).value ?? "white"}`), [store, path]);
}
