// A picture with points that hands move: by finger, mouse, wheel and keys.
// SPDX-License-Identifier: GPL-3.0-or-later
import type { ComponentChildren, TargetedKeyboardEvent } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useSession } from "../session";
import type { LetGo } from "../store";
import { FINE, Fingers, type Grip } from "./fingers";

export interface Size {
    readonly width: number;
    readonly height: number;
}

export type Way = "x" | "y" | "width";

/** A point, with what a screen reader says of it. */
export interface Handle extends Grip {
    readonly name: string;
    readonly says: string;
    readonly now: number;
    readonly low: number;
    readonly high: number;
    readonly on: boolean;
    readonly look: string; // a class
    readonly mark?: string;
    readonly addresses: readonly string[]; // that a hand on it holds
    /** By one small step, or a fine one: to the right, up or wider; or back. */
    nudge(way: Way, forth: boolean, fine: boolean): void;
    reset(): void;
}

export interface PlotProps {
    label: string;
    look?: string;
    handles(size: Size): readonly Handle[];
    selected?: string | undefined;
    onSelect?(key: string): void;
    behind?: ComponentChildren;
    children(size: Size): ComponentChildren;
}

const REACH: Record<string, number> = { touch: 40, pen: 28, mouse: 22 };
// Pixels of a wheel to twice the width, and what wheels that count in lines or pages mean in pixels.
const WHEEL_DOUBLES = 600;
const WHEEL_PIXELS = [1, 30, 400];

function useSize(element: { current: HTMLElement | null }): Size {
    const [size, setSize] = useState<Size>({ width: 0, height: 0 });
    useEffect(() => {
        const box = element.current!;
        const watcher = new ResizeObserver(() => setSize({ width: box.clientWidth, height: box.clientHeight }));
        watcher.observe(box);
        return () => watcher.disconnect();
    }, [element]);
    return size;
}

export function Plot(props: PlotProps) {
    const { store } = useSession();
    const box = useRef<HTMLDivElement>(null);
    const size = useSize(box);
    const handles = size.width > 0 ? props.handles(size) : [];
    const newest = useRef({ props, handles });
    newest.current = { props, handles };

    const fingers = useMemo(() => {
        const find = (key: string) => newest.current.handles.find((handle) => handle.key === key);
        const holds = new Map<string, LetGo[]>();
        const all: Fingers = new Fingers({
            grips: () => newest.current.handles,
            selected: () => newest.current.props.selected,
            held(key) {
                const hand = { lost: () => all.lose(key), moved: () => all.moved(key) };
                holds.set(key, (find(key)?.addresses ?? []).map((address) => store.grab(address, { ...hand })));
            },
            letGo(key) {
                const ends = holds.get(key) ?? [];
                holds.delete(key);
                ends.forEach((end) => end());
            },
            tappedTwice: (key) => find(key)?.reset(),
        });
        return all;
    }, [store]);
    useEffect(() => () => fingers.end(), [fingers]);

    useTwoFingers(box);
    useWheel(box, () => newest.current);

    const place = (event: PointerEvent): [number, number] => {
        const at = box.current!.getBoundingClientRect();
        return [event.clientX - at.left, event.clientY - at.top];
    };
    const select = (key: string | undefined) => {
        if (key === undefined) return;
        props.onSelect?.(key);
        box.current?.querySelector<HTMLElement>(`[data-key="${key}"]`)?.focus({ preventScroll: true });
    };
    const down = (event: PointerEvent) => {
        if (event.button !== 0 || store.locked.peek()) return;
        box.current!.setPointerCapture(event.pointerId);
        const reach = REACH[event.pointerType] ?? REACH.mouse!;
        select(fingers.down(event.pointerId, ...place(event), reach, event.timeStamp));
        event.preventDefault();
    };
    const move = (event: PointerEvent) =>
        fingers.move(event.pointerId, ...place(event), event.shiftKey ? FINE : 1);
    const up = (event: PointerEvent) => fingers.up(event.pointerId);

    return (
        <div class={`plot ${props.look ?? ""}`} ref={box} role="group" aria-label={props.label}
            onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={up}>
            {props.behind}
            {size.width > 0 && (
                <svg viewBox={`0 0 ${size.width} ${size.height}`} width={size.width} height={size.height} aria-hidden="true">
                    {props.children(size)}
                </svg>
            )}
            {handles.map((handle) => (
                <PlotHandle key={handle.key} handle={handle} selected={handle.key === props.selected}
                    onFocus={() => props.onSelect?.(handle.key)} />
            ))}
        </div>
    );
}

// A scroll that two fingers begin would end their pinch.
function useTwoFingers(box: { current: HTMLElement | null }): void {
    useEffect(() => {
        const element = box.current!;
        const start = (event: TouchEvent) => event.targetTouches.length > 1 && event.preventDefault();
        element.addEventListener("touchstart", start, { passive: false });
        return () => element.removeEventListener("touchstart", start);
    }, [box]);
}

// A wheel over a point, or over the picture while a point of it has the focus, makes the point wider.
function useWheel(box: { current: HTMLElement | null }, now: () => { props: PlotProps; handles: readonly Handle[] }): void {
    useEffect(() => {
        const element = box.current!;
        const turn = (event: WheelEvent) => {
            const { props, handles } = now();
            const under = (event.target as Element).closest<HTMLElement>("[data-key]")?.dataset.key;
            const focused = element.contains(document.activeElement) ? props.selected : undefined;
            const handle = handles.find(({ key }) => key === (under ?? focused));
            if (!handle?.width) return;
            event.preventDefault();
            const pixels = event.deltaY * (WHEEL_PIXELS[event.deltaMode] ?? 1);
            handle.width.set(handle.width.now * 2 ** (-pixels / WHEEL_DOUBLES));
        };
        element.addEventListener("wheel", turn, { passive: false });
        return () => element.removeEventListener("wheel", turn);
    }, [box, now]);
}

const KEYS: Readonly<Record<string, readonly [way: Way, forth: boolean]>> = {
    ArrowLeft: ["x", false], ArrowRight: ["x", true], ArrowDown: ["y", false], ArrowUp: ["y", true],
    PageDown: ["width", false], PageUp: ["width", true],
};

function PlotHandle(props: { handle: Handle; selected: boolean; onFocus(): void }) {
    const { handle } = props;
    const { store } = useSession();
    const press = (event: TargetedKeyboardEvent<HTMLElement>) => {
        const way = KEYS[event.key];
        if (way) handle.nudge(...way, event.shiftKey);
        else if (event.key === "Home") handle.reset();
        else return;
        event.preventDefault();
    };
    return (
        <div role="slider" tabIndex={0} data-key={handle.key}
            class={`handle ${handle.look} ${handle.on ? "" : "off"} ${props.selected ? "selected" : ""}`}
            style={{ transform: `translate(${handle.x}px, ${handle.y}px)` }}
            aria-label={handle.name} aria-valuetext={handle.says}
            aria-valuemin={handle.low} aria-valuemax={handle.high} aria-valuenow={handle.now} aria-readonly={store.locked}
            onKeyDown={press} onFocus={props.onFocus}>
            <span>{handle.mark}</span>
        </div>
    );
}
