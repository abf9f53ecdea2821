// What belongs to no strip: monitoring, talkback, groups, links and all else that the table has for the whole desk.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useDesk, useWatch } from "../session";
import { KINDS } from "../table";
import { Panel } from "./panel";
import { RowList } from "./row_control";
import { addressesBelow, grouped } from "./rows";
import "./strip.css";

// Strips have views of their own; restoration is for files.
const ELSEWHERE = new Set<string>([...KINDS, "restore"]);

/** Addresses by the first part, in the order of the table; what has no parts is a group with what has its name. */
export function deskGroups(addresses: readonly string[]): Map<string, string[]> {
    const out = new Map<string, string[]>();
    for (const [group, below] of grouped("", addresses))
        for (const address of below) {
            const name = group || address.slice(1);
            if (!ELSEWHERE.has(name)) out.set(name, [...(out.get(name) ?? []), address]);
        }
    return out;
}

/** Of `/link/1/fader` and its like those of each number together; "" are those without one. */
function numbered(name: string, addresses: readonly string[]): [number: string, addresses: string[]][] {
    const numbers = (address: string): string => /^\/(\d+)/.exec(address.slice(name.length + 1))?.[1] ?? "";
    return [...new Set(addresses.map(numbers))].map((number) => [number, addresses.filter((address) => numbers(address) === number)]);
}

const titled = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

export function DeskView() {
    const desk = useDesk();
    const groups = deskGroups(addressesBelow(desk, ""));
    const values = [...groups.keys()].map((name) => `/${name}`).filter((address) => desk.rows.has(address));
    useWatch(`/{${[...groups.keys()].join(",")}}//*`, ...values);
    return (
        <div class="strip-view desk-view">
            <header class="strip-head"><h1>Desk</h1></header>
            <div class="desk-groups">
                {[...groups].map(([name, addresses]) => (
                    <Panel key={name} name={`desk-${name}`} title={titled(name)}>
                        {() => numbered(name, addresses).map(([number, rows]) => (
                            <section key={number}>
                                {number !== "" && <h3>{`${titled(name)} ${number}`}</h3>}
                                <RowList addresses={rows} under={titled(name)} />
                            </section>
                        ))}
                    </Panel>
                ))}
            </div>
        </div>
    );
}
