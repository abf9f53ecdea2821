// A toggle that says in words how it stands.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useSession } from "../session";
import { Toggle } from "../widgets/button";

// In the colours that they have on every desk.
const KINDS: Readonly<Record<string, "mute" | "solo">> = { mute: "mute", solo: "solo" };

export function Switch({ address, label }: { address: string; label: string }) {
    const on = useSession().store.value(address).value === 1;
    const kind = KINDS[address.slice(address.lastIndexOf("/") + 1)] ?? "on";
    return <Toggle address={address} label={label} kind={kind}>{on ? "On" : "Off"}</Toggle>;
}
