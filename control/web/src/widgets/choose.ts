// A menu of the desk: what is chosen in it is set, or, while nothing can be set, goes back to the desk's value.
// SPDX-License-Identifier: GPL-3.0-or-later
import type { Store } from "../store";

export function choose(store: Store, address: string, menu: HTMLSelectElement): void {
    if (store.locked.peek()) menu.value = String(store.value(address).peek() ?? "");
    else store.set(address, menu.value);
}
