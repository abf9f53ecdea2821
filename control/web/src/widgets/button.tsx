// Buttons: of a toggle of the desk, and plain ones.
// SPDX-License-Identifier: GPL-3.0-or-later
import { computed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { useSession, useValue } from "../session";

interface ToggleProps {
    address: string;
    label: string; // for screen readers: "Kick, mute"
    kind?: "mute" | "solo" | "on" | "rec"; // which colour it lights up in
    /** Lit when the desk's value is off: a send that is switched off is muted. */
    inverted?: boolean;
    children: ComponentChildren;
}

export function Toggle({ address, label, kind = "on", inverted = false, children }: ToggleProps) {
    const { store } = useSession();
    const value = useValue(address);
    const lit = useMemo(
        () => computed(() => value.value !== undefined && (value.value === 1) !== inverted),
        [value, inverted],
    );
    return (
        <button
            type="button"
            class={`toggle ${kind}`}
            aria-label={label}
            aria-pressed={lit}
            aria-disabled={store.locked}
            data-address={address}
            onClick={() => store.set(address, value.peek() === 1 ? 0 : 1)}
        >
            {children}
        </button>
    );
}

interface ButtonProps {
    onPress: () => void;
    label?: string;
    kind?: "plain" | "primary" | "danger" | "quiet" | "solo";
    disabled?: boolean;
    /** It changes the desk: locked for who may not. */
    changes?: boolean;
    pressed?: boolean;
    children: ComponentChildren;
}

export function Button({ onPress, label, kind = "plain", disabled, changes = false, pressed, children }: ButtonProps) {
    const { store } = useSession();
    const locked = changes && store.locked.value;
    return (
        <button
            type="button"
            class={`button ${kind}`}
            aria-label={label}
            aria-pressed={pressed}
            disabled={disabled}
            aria-disabled={locked || undefined}
            onClick={() => !locked && onPress()}
        >
            {children}
        </button>
    );
}
