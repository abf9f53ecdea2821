// An order of a few words, changed by moving one of them forward or back.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useSession } from "../session";
import { valueOf } from "./band";

/** The words with the one at `at` a place further (1) or nearer (-1). */
export function moved(words: readonly string[], at: number, by: number): string[] {
    const out = [...words];
    const to = at + by;
    if (to < 0 || to >= out.length) return out;
    [out[at], out[to]] = [out[to]!, out[at]!];
    return out;
}

export function Order({ address, label, words }: { address: string; label: string; words: readonly string[] }) {
    const { store } = useSession();
    const said = String(valueOf(store, address) ?? "").split(" ").filter(Boolean);
    const order = said.length > 0 ? said : [...words];
    const move = (at: number, by: number) => store.set(address, moved(order, at, by).join(" "));
    return (
        <ol class="order" aria-label={label} data-address={address}>
            {order.map((word, at) => (
                <li key={word}>
                    <button type="button" class="button quiet" aria-disabled={store.locked} aria-label={`${word} earlier`} disabled={at === 0}
                        onClick={() => move(at, -1)}>‹</button>
                    <span>{word}</span>
                    <button type="button" class="button quiet" aria-disabled={store.locked} aria-label={`${word} later`}
                        disabled={at === order.length - 1} onClick={() => move(at, 1)}>›</button>
                </li>
            ))}
        </ol>
    );
}
