// A toggle that says in words how it stands.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useSession } from "../session";
import { pathOf, stripOf } from "../table";
import { Toggle } from "../widgets/button";

// A strip's own mute and solo have the colours that they have on every desk.
function kindOf(address: string): "mute" | "solo" | "on" {
    const strip = stripOf(address);
    const own = strip ? address.slice(pathOf(strip).length + 1) : "";
    return own === "mute" || own === "solo" ? own : "on";
}

export function Switch({ address, label }: { address: string; label: string }) {
    const on = useSession().store.value(address).value === 1;
    return <Toggle address={address} label={label} kind={kindOf(address)}>{on ? "On" : "Off"}</Toggle>;
}
