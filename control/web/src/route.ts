// Which view the page shows: what stands behind the # of its address.
// SPDX-License-Identifier: GPL-3.0-or-later
import { signal } from "@preact/signals";

export interface Route {
    view: string; // mixer, strip, master, mymix, scenes, record, qa, settings
    rest: string[]; // of #/strip/ch/3: ch, 3
}

export function parseRoute(hash: string): Route {
    const [view, ...rest] = hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
    return { view: view ?? "", rest };
}

export const route = signal<Route>(parseRoute(typeof location === "undefined" ? "" : location.hash));

/** The strip that was looked at last: where `Strip` leads. */
export const lastStrip = signal("ch/1");

function remember({ view, rest }: Route): void {
    if (view === "strip" && rest.length > 0) lastStrip.value = rest.join("/");
}

export const hrefOf = (...parts: (string | number)[]): string => `#/${parts.map((p) => encodeURIComponent(p)).join("/")}`;

export function go(...parts: (string | number)[]): void {
    location.hash = hrefOf(...parts);
}

export function followHash(): void {
    remember(route.value);
    addEventListener("hashchange", () => {
        route.value = parseRoute(location.hash);
        remember(route.value);
    });
}
