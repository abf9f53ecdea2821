// A screen that is looked at between songs must not go dark.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useEffect } from "preact/hooks";

/** Keeps the screen on while the component is shown, where the browser lets it (only over https or on this machine). */
export function useAwake(): void {
    useEffect(() => {
        let lock: WakeLockSentinel | undefined;
        const take = (): void => {
            if (document.hidden || !("wakeLock" in navigator)) return;
            navigator.wakeLock.request("screen").then(
                (taken) => (lock = taken),
                () => undefined,
            );
        };
        take();
        document.addEventListener("visibilitychange", take);
        return () => {
            document.removeEventListener("visibilitychange", take);
            void lock?.release();
        };
    }, []);
}
