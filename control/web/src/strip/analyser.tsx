// The switch of the analyser: the desk has one, and it listens to the strip that somebody looks at.
// SPDX-License-Identifier: GPL-3.0-or-later
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useSession } from "../session";
import { RowControl } from "./row_control";

const SOURCE = "/rta/source";

// Whether this page's hands want it: kept from strip to strip.
const wanted = signal(false);

export interface AnalyserState {
    shown: boolean;
    press(): void;
}

/** `word` is the strip as the row of the source names it: ch/3. */
export function useAnalyser(word: string): AnalyserState {
    const { store } = useSession();
    const listens = store.value(SOURCE).value === word;
    const wants = wanted.value;
    // A strip that comes into view takes it along; somebody else who takes it away keeps it.
    useEffect(() => {
        if (wanted.peek()) store.set(SOURCE, word);
    }, [store, word]);
    return {
        shown: wants && listens,
        press() {
            if (store.locked.peek()) return;
            wanted.value = !(wants && listens);
            if (wanted.value) store.set(SOURCE, word);
        },
    };
}

export function Analyser({ shown, press }: AnalyserState) {
    const { store } = useSession();
    return (
        <>
            {shown && <RowControl address="/rta/tap" caption="Tap" />}
            <button type="button" class="toggle on" aria-pressed={shown} aria-disabled={store.locked} aria-label="RTA, analyser" onClick={press}>RTA</button>
        </>
    );
}
