// A number of the desk as a knob from 0 to 1: for fingers, for keys, for screen readers. Faders and knobs share it.
// SPDX-License-Identifier: GPL-3.0-or-later
import { type ReadonlySignal, computed } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { clamp, fromKnob, toKnob } from "../dsp/taper";
import { formatValue, spokenValue } from "../format";
import { useSession } from "../session";
import type { LetGo, Store } from "../store";
import { type Row, type Value, initialOf } from "../table";
import { Drag, type Place, Taps } from "./gesture";

const KNOB_STEP = 0.01;
const DECIBEL_STEP = 0.5;
const FINE = 0.2; // of a step, with shift
const PAGE = 6; // steps
// Below it the fader's law is coarse: half a dB would take hundreds of keys to silence.
const COARSE_BELOW = -30; // dB

/** The value that a key asks for; undefined if it asks for none. */
export function keyed(row: Row, value: number, initial: number, key: string, shift: boolean): number | undefined {
    const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: PAGE, PageDown: -PAGE }[key];
    if (steps === undefined) {
        if (key === "Home") return row.low;
        // Not the highest value: ten decibels too much are heard by everybody.
        if (key === "End" || key === "Delete" || key === "Backspace") return initial;
        return undefined;
    }
    const by = steps * (shift ? FINE : 1);
    const coarse = row.taper === "fader" && value + by * DECIBEL_STEP < COARSE_BELOW;
    if (row.unit === "dB" && !coarse) return clamp(value + by * DECIBEL_STEP, row.low, row.high);
    return fromKnob(row, clamp(toKnob(row, value) + by * KNOB_STEP, 0, 1));
}

export interface HandleOptions {
    axis: "x" | "y";
    /** Pixels of the finger from one end to the other. */
    travel: (element: HTMLElement) => number;
}

export class Handle {
    readonly row: Row | undefined;
    readonly knob: ReadonlySignal<number>;
    readonly text: ReadonlySignal<string>;
    readonly spoken: ReadonlySignal<string>;
    /** The desk has told the value: what is not known is not shown, and cannot be moved. */
    readonly known: ReadonlySignal<boolean>;
    /** The desk has moved it under the finger. */
    readonly overruled: ReadonlySignal<boolean>;
    private readonly fingers = new Map<number, { drag: Drag; letGo: LetGo }>();
    private readonly taps = new Taps();

    constructor(
        private readonly store: Store,
        readonly address: string,
        private readonly options: HandleOptions,
    ) {
        this.row = store.row(address);
        const value = store.value(address);
        const shown = computed(() => (typeof value.value === "number" ? value.value : undefined));
        this.knob = computed(() => (this.row && shown.value !== undefined ? toKnob(this.row, shown.value) : 0));
        this.overruled = computed(() => store.overruled.value.has(address));
        this.known = computed(() => shown.value !== undefined);
        this.text = computed(() => formatValue(this.row, shown.value as Value | undefined));
        this.spoken = computed(() => spokenValue(this.row, shown.value as Value | undefined));
    }

    get initial(): number {
        const initial = this.row ? initialOf(this.row, this.address) : 0;
        // Sends begin in silence; what a hand looks for there is 0 dB as well.
        if (this.row?.taper === "fader") return 0;
        return typeof initial === "number" ? initial : 0;
    }

    down(event: PointerEvent): void {
        // The right button is for menus; a second finger on the same control would pull against the first.
        if (event.button !== 0 || this.fingers.size > 0 || !this.row || !this.known.peek() || this.store.locked.peek()) return;
        const element = event.currentTarget as HTMLElement;
        element.setPointerCapture(event.pointerId);
        element.focus({ preventScroll: true });
        event.preventDefault();
        const { axis, travel } = this.options;
        const drag = new Drag(placeOf(event), axis, travel(element), this.knob.peek());
        const letGo = this.store.grab(this.address, {
            lost: () => this.fingers.clear(),
            moved: () => drag.goOnFrom(this.knob.peek()),
        });
        this.fingers.set(event.pointerId, { drag, letGo });
    }

    move(event: PointerEvent): void {
        const knob = this.fingers.get(event.pointerId)?.drag.move(placeOf(event));
        if (knob !== undefined && this.row) this.store.set(this.address, fromKnob(this.row, knob));
    }

    up(event: PointerEvent): void {
        const finger = this.fingers.get(event.pointerId);
        if (!finger) return;
        this.fingers.delete(event.pointerId);
        const place = placeOf(event);
        if (event.type === "pointerup" && finger.drag.isTap(place) && this.taps.tap(place)) this.reset();
        finger.letGo();
    }

    key(event: KeyboardEvent): void {
        const value = this.store.value(this.address).peek();
        if (!this.row || typeof value !== "number" || event.ctrlKey || event.altKey || event.metaKey) return;
        const wanted = keyed(this.row, value, this.initial, event.key, event.shiftKey);
        if (wanted === undefined) return;
        event.preventDefault();
        this.store.set(this.address, wanted);
    }

    reset(): void {
        this.store.set(this.address, this.initial);
    }

    /** A control that goes away while a finger lies on it. */
    end(): void {
        for (const { letGo } of this.fingers.values()) letGo();
        this.fingers.clear();
    }
}

const placeOf = (event: PointerEvent): Place => ({ x: event.clientX, y: event.clientY, time: event.timeStamp });

/** The handle of an address and what to spread on the element that fingers and keys reach. */
export function useHandle(address: string, options: HandleOptions) {
    const { store } = useSession();
    const handle = useMemo(() => new Handle(store, address, options), [store, address, store.desk]);
    useEffect(() => () => handle.end(), [handle]);
    const { row, text, spoken } = handle;
    const now = useMemo(() => computed(() => store.number(address) ?? 0), [store, address]);
    return {
        handle,
        slider: {
            role: "slider",
            tabIndex: 0,
            "aria-valuemin": row?.low ?? 0,
            "aria-valuemax": row?.high ?? 1,
            "aria-valuenow": now,
            "aria-valuetext": spoken,
            "aria-readonly": store.locked,
            "data-known": handle.known,
            "data-overruled": handle.overruled,
            onPointerDown: (event: PointerEvent) => handle.down(event),
            onPointerMove: (event: PointerEvent) => handle.move(event),
            onPointerUp: (event: PointerEvent) => handle.up(event),
            onPointerCancel: (event: PointerEvent) => handle.up(event),
            onLostPointerCapture: (event: PointerEvent) => handle.up(event),
            onKeyDown: (event: KeyboardEvent) => handle.key(event),
        } as const,
        text,
    };
}
