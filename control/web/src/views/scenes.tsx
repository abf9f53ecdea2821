// Scenes: what there are, what a recall would change, recall, save, undo.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Arg } from "../osc";
import { type Session, useSession, useWatch } from "../session";
import { Button } from "../widgets/button";
import { Bar } from "../widgets/knob";
import { RenameDialog, SaveDialog } from "./scene_dialogs";
import { UndoRedo } from "./undo";

const SHOWN_CHANGES = 300;

interface Change {
    address: string;
    now: string;
    then: string;
    jump: string;
}

const changeOf = ([address, now, then, jump]: Arg[]): Change => ({
    address: String(address),
    now: String(now),
    then: String(then),
    jump: String(jump ?? ""),
});

async function readNames(session: Session): Promise<string[]> {
    return ((await session.act("/scene/list")) ?? []).map(String);
}

function Changes({ changes }: { changes: Change[] | undefined }) {
    if (!changes) return <p class="hint">Choose a scene to see what its recall would change.</p>;
    if (changes.length === 0) return <p class="hint">Nothing would change.</p>;
    return (
        <>
            <p class="hint" role="status">{`${changes.length} ${changes.length === 1 ? "value" : "values"} would change`}</p>
            <table class="changes">
                <thead>
                    <tr>
                        <th scope="col">What</th>
                        <th scope="col">Now</th>
                        <th scope="col">Then</th>
                        <th scope="col">Jump</th>
                    </tr>
                </thead>
                <tbody>
                    {changes.slice(0, SHOWN_CHANGES).map(({ address, now, then, jump }) => (
                        <tr key={address}>
                            <th scope="row">{address}</th>
                            <td>{now}</td>
                            <td>{then}</td>
                            <td class={jump.startsWith("+") ? "louder" : ""}>{jump}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </>
    );
}

export function ScenesView() {
    const session = useSession();
    const names = useSignal<string[] | undefined>(undefined);
    const chosen = useSignal("");
    const changes = useSignal<Change[] | undefined>(undefined);
    const dialog = useSignal<"" | "save" | "rename">("");
    const open = session.connection.state.value === "open";
    useWatch("/scene/fade");

    const refresh = async (): Promise<void> => void (names.value = await readNames(session));
    useEffect(() => {
        if (open) void refresh();
    }, [open]);

    const choose = async (name: string): Promise<void> => {
        chosen.value = name;
        changes.value = undefined;
        const lines = await session.list("/scene/diff", name);
        if (chosen.value === name) changes.value = lines.map(changeOf);
    };
    const recall = async (): Promise<void> => {
        const answer = await session.act("/scene/recall", chosen.value);
        if (!answer) return;
        const left = answer.slice(1).join(", ");
        session.say(`Recalled ${answer[0]}${left ? `; left out: ${left}` : ""}`);
        changes.value = [];
    };
    const save = async (name: string): Promise<void> => {
        dialog.value = "";
        const answer = await session.act("/scene/save", name);
        if (!answer) return;
        session.say(`Saved ${answer[0]}`);
        await refresh();
        await choose(name);
    };
    const rename = async (name: string): Promise<void> => {
        dialog.value = "";
        if (!(await session.act("/scene/rename", chosen.value, name))) return;
        chosen.value = name;
        await refresh();
    };
    const remove = async (): Promise<void> => {
        const answer = await session.act("/scene/delete", chosen.value);
        if (!answer) return;
        session.say(`${answer[0]} is in the folder trash now`);
        chosen.value = "";
        changes.value = undefined;
        await refresh();
    };
    const none = chosen.value === "";
    return (
        <div class="page scenes">
            <div class="toolbar">
                <Button changes kind="primary" onPress={() => (dialog.value = "save")}>
                    Save…
                </Button>
                <UndoRedo />
                <div class="labelled">
                    <span>Fade</span>
                    <Bar address="/scene/fade" label="How long a recall takes" />
                </div>
            </div>
            <div class="two">
                <section class="panel" aria-label="Scenes">
                    <ul class="list" role="listbox" aria-label="Scenes">
                        {(names.value ?? []).map((name) => (
                            <li key={name} role="presentation">
                                <button
                                    type="button"
                                    role="option"
                                    aria-selected={chosen.value === name}
                                    onClick={() => void choose(name)}
                                >
                                    {name}
                                </button>
                            </li>
                        ))}
                    </ul>
                    {names.value?.length === 0 && <p class="hint">No scenes yet. Save the first one.</p>}
                </section>
                <section class="panel" aria-label="What a recall would change">
                    <div class="toolbar">
                        <h2>{none ? "Scene" : chosen.value}</h2>
                        <Button changes kind="primary" disabled={none} onPress={() => void recall()}>
                            Recall
                        </Button>
                        <Button changes disabled={none} onPress={() => (dialog.value = "rename")}>
                            Rename…
                        </Button>
                        <Button changes kind="danger" disabled={none} onPress={() => void remove()}>
                            Delete
                        </Button>
                    </div>
                    <Changes changes={changes.value} />
                </section>
            </div>
            {dialog.value === "save" && (
                <SaveDialog name={chosen.value} names={names.value ?? []} save={save} close={() => (dialog.value = "")} />
            )}
            {dialog.value === "rename" && (
                <RenameDialog name={chosen.value} save={rename} close={() => (dialog.value = "")} />
            )}
        </div>
    );
}
