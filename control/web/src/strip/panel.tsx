// A part of a strip with a heading, which folds it, its switch, and what its meter says.
// SPDX-License-Identifier: GPL-3.0-or-later
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Switch } from "./switch";

const KEPT = "mixrig.folded";
const NARROW = 700; // px

// What a person has folded or unfolded, by the name of the panel: the same on every strip.
const folded = signal<Readonly<Record<string, boolean>> | undefined>(undefined);

function readFolded(): Record<string, boolean> {
    try {
        return JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Record<string, boolean>;
    } catch {
        return {};
    }
}

// Read when the first panel is shown: what a browser keeps takes time that the mixer does not have when it opens.
function isFolded(name: string): boolean | undefined {
    if (folded.peek() === undefined) folded.value = readFolded();
    return folded.value?.[name];
}

function fold(name: string, shut: boolean): void {
    folded.value = { ...folded.value, [name]: shut };
    try {
        localStorage.setItem(KEPT, JSON.stringify(folded.value));
    } catch {
        // A browser that keeps nothing folds all the same.
    }
}

export interface PanelProps {
    name: string; // one name, one memory
    title: string;
    switches?: string | undefined; // the address of its `on`
    meter?: ComponentChildren;
    /** Whether it begins folded: on a phone most do. */
    shut?: "narrow" | "always" | "never";
    wide?: boolean;
    children: () => ComponentChildren;
}

export function Panel({ name, title, switches, meter, shut = "narrow", wide, children }: PanelProps) {
    const begins = shut === "always" || (shut === "narrow" && innerWidth < NARROW);
    const closed = isFolded(name) ?? begins;
    return (
        <section class={`block p-${name} ${wide ? "wide" : ""} ${closed ? "shut" : ""}`}>
            <header>
                <h2>
                    <button type="button" aria-expanded={!closed} onClick={() => fold(name, !closed)}>
                        <span class="turn" aria-hidden="true">▸</span>{title}
                    </button>
                </h2>
                {meter}
                {switches && <Switch address={switches} label={title} />}
            </header>
            {!closed && <div class="inside">{children()}</div>}
        </section>
    );
}
