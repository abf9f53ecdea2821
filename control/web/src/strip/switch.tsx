// A toggle that says in words how it stands.
// SPDX-License-Identifier: GPL-3.0-or-later
import { pathOf, stripOf } from "../table";
import { Toggle } from "../widgets/button";

// A strip's own mute and solo have the colours that they have on every desk.
function kindOf(address: string): "mute" | "solo" | "on" {
    const strip = stripOf(address);
    const own = strip ? address.slice(pathOf(strip).length + 1) : "";
    return own === "mute" || own === "solo" ? own : "on";
}

export function Switch({ address, label }: { address: string; label: string }) {
    // Its word is drawn by the style: readers hear the name and whether it is pressed, and not two names.
    return <Toggle address={address} label={label} kind={kindOf(address)}><span class="on-off" /></Toggle>;
}
