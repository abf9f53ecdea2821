// The last step back, and again; by buttons, and by the keys that do so everywhere.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useEffect } from "preact/hooks";
import { type Session, useSession } from "../session";
import { Button } from "../widgets/button";

async function step(session: Session, address: "/undo" | "/redo"): Promise<void> {
    const answer = await session.act(address);
    if (answer) session.say(`${address === "/undo" ? "Undone" : "Done again"}: ${answer.join(" ")}`);
}

export function UndoRedo() {
    const session = useSession();
    return (
        <>
            <Button changes onPress={() => void step(session, "/undo")}>Undo</Button>
            <Button changes onPress={() => void step(session, "/redo")}>Redo</Button>
        </>
    );
}

/** Ctrl Z, and Ctrl Shift Z or Ctrl Y, outside of text fields. */
export function useUndoKeys(): void {
    const session = useSession();
    useEffect(() => {
        const pressed = (event: KeyboardEvent): void => {
            if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
            if ((event.target as Element).closest?.("input, textarea")) return;
            const key = event.key.toLowerCase();
            const address = key === "z" ? (event.shiftKey ? "/redo" : "/undo") : key === "y" ? "/redo" : undefined;
            if (!address || session.store.locked.peek()) return;
            event.preventDefault();
            void step(session, address);
        };
        addEventListener("keydown", pressed);
        return () => removeEventListener("keydown", pressed);
    }, [session]);
}
