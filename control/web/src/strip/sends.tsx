// What a strip sends where: a line for each bus.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useDesk, useSession } from "../session";
import { type Kind, KIND_NAMES, type Strip, pathOf, stripsOf } from "../table";
import { Bar } from "../widgets/knob";
import { nameOf } from "../widgets/strip_name";
import { RowControl } from "./row_control";
import { patternOf } from "./rows";
import { Switch } from "./switch";

const BUSES: Kind[] = ["aux", "fx", "mtx"];

export function hasSends(rows: ReadonlyMap<string, unknown>, path: string): boolean {
    return BUSES.some((kind) => rows.has(`${patternOf(path)}/send/${kind}/#/level`));
}

export function Sends({ path }: { path: string }) {
    const desk = useDesk();
    const kinds = BUSES.filter((kind) => desk.counts[kind] > 0 && desk.rows.has(`${patternOf(path)}/send/${kind}/#/level`));
    return (
        <>
            {kinds.map((kind) => (
                <section key={kind} class="sends">
                    <h3>{KIND_NAMES[kind][1]}</h3>
                    <div class="sends-of">
                        {stripsOf(desk, kind).map((bus) => <Send key={pathOf(bus)} path={`${path}/send${pathOf(bus)}`} bus={bus} />)}
                    </div>
                </section>
            ))}
        </>
    );
}

function Send({ path, bus }: { path: string; bus: Strip }) {
    const { store } = useSession();
    const name = nameOf(store, bus);
    return (
        <div class="send">
            <span class="caption">{name}</span>
            <Bar address={`${path}/level`} label={`${name}, level`} />
            <Switch address={`${path}/on`} label={`${name}, on`} />
            <RowControl address={`${path}/tap`} caption={`${name}, tap`} />
            <Bar address={`${path}/pan`} label={`${name}, pan`} />
        </div>
    );
}
