// What asks for the name of a scene.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useSession } from "../session";
import { Button } from "../widgets/button";

interface Props {
    title: string;
    name: string;
    verb: (name: string) => string;
    save: (name: string) => void | Promise<void>;
    close: () => void;
}

function NameDialog({ title, name, verb, save, close }: Props) {
    const ref = useRef<HTMLDialogElement>(null);
    const text = useSignal(name);
    useEffect(() => ref.current?.showModal(), []);
    const wanted = text.value.trim();
    const { store } = useSession();
    return (
        <dialog ref={ref} class="dialog" aria-label={title} onClose={close}>
            <form
                onSubmit={(event) => {
                    event.preventDefault();
                    if (wanted !== "" && !store.locked.peek()) void save(wanted);
                }}
            >
                <h2>{title}</h2>
                <label>
                    <span>Name</span>
                    <input
                        type="text"
                        maxLength={64}
                        autocomplete="off"
                        value={text}
                        onInput={(event) => (text.value = event.currentTarget.value)}
                    />
                </label>
                <p class="hint">Letters, digits, blanks and - _ .</p>
                <div class="toolbar">
                    <Button onPress={close}>Cancel</Button>
                    <button type="submit" class="button primary" disabled={wanted === ""} aria-disabled={store.locked}>
                        {verb(wanted)}
                    </button>
                </div>
            </form>
        </dialog>
    );
}

type Asked = Pick<Props, "name" | "save" | "close">;

export function SaveDialog(props: Asked & { names: string[] }) {
    return (
        <NameDialog {...props} title="Save a scene" verb={(name) => (props.names.includes(name) ? "Replace" : "Save")} />
    );
}

export function RenameDialog(props: Asked) {
    return <NameDialog {...props} title="Rename the scene" verb={() => "Rename"} />;
}
