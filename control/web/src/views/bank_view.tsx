// Banks of strips: a bar to choose from, a swipe to the neighbour, and the columns of the one that is shown.
// SPDX-License-Identifier: GPL-3.0-or-later
import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { numbers } from "../pattern";
import { useDesk, useMeters, useSession } from "../session";
import { type Kind, type Strip, pathOf } from "../table";
import { type Bank, banksOf, banksOfStrips, columnsIn } from "./banks";
import { Column } from "./column";

const SWIPE = 56; // px
const ROOMY_FROM = 600; // px

/** The meters of strips, as few patterns as the desk has to know. */
function meterPatterns(strips: Strip[]): string[] {
    const kinds = [...new Set(strips.map(({ kind }) => kind))].filter((kind) => kind !== "dca");
    const numbersOf = (kind: Kind): number[] => strips.filter((strip) => strip.kind === kind).map(({ number }) => number);
    return kinds.map((kind) => (kind === "main" ? "/main" : `/${kind}/${numbers(numbersOf(kind))}`));
}

function useWidth() {
    const ref = useRef<HTMLDivElement>(null);
    const width = useSignal(0);
    useLayoutEffect(() => {
        const element = ref.current;
        if (!element) return undefined;
        const observer = new ResizeObserver(() => (width.value = element.clientWidth));
        observer.observe(element);
        width.value = element.clientWidth;
        return () => observer.disconnect();
    }, []);
    return { ref, width };
}

// A finger that goes sideways where nothing is to be moved turns the page.
function useSwipe(turn: (by: number) => void) {
    const start = useRef<{ x: number; y: number } | undefined>(undefined);
    return {
        onPointerDown: (event: PointerEvent) => {
            const onControl = (event.target as Element).closest("[role=slider]");
            start.current = onControl ? undefined : { x: event.clientX, y: event.clientY };
        },
        onPointerUp: (event: PointerEvent) => {
            if (!start.current) return;
            const [dx, dy] = [event.clientX - start.current.x, event.clientY - start.current.y];
            start.current = undefined;
            if (Math.abs(dx) > SWIPE && Math.abs(dx) > 2 * Math.abs(dy)) turn(dx < 0 ? 1 : -1);
        },
        onPointerCancel: () => (start.current = undefined),
    };
}

// Its mark says that a strip of it has clipped.
function BankButton({ bank, shown, choose }: { bank: Bank; shown: boolean; choose: () => void }) {
    const { clips } = useSession();
    const clipped = bank.strips.filter((strip) => clips.lit(pathOf(strip)).value).length > 0;
    return (
        <button type="button" class={clipped ? "clipped" : ""} aria-label={clipped ? `${bank.name} has clipped` : undefined} aria-pressed={shown} onClick={choose}>
            {bank.name}
        </button>
    );
}

function BankBar({ banks, shown, choose }: { banks: Bank[]; shown: number; choose: (index: number) => void }) {
    const ref = useRef<HTMLDivElement>(null);
    useEffect(() => {
        const bar = ref.current;
        if (!bar) return undefined;
        // Of the sizes: what stands beside the bar grows when names are told.
        const observer = new ResizeObserver(() => {
            const chosen = bar.children[shown] as HTMLElement | undefined;
            if (chosen) bar.scrollLeft = chosen.offsetLeft - (bar.clientWidth - chosen.clientWidth) / 2;
        });
        observer.observe(bar);
        return () => observer.disconnect();
    }, [shown, banks.length]);
    return (
        <div class="banks" role="group" aria-label="Banks" ref={ref}>
            {banks.map((bank, index) => (
                <BankButton key={bank.key} bank={bank} shown={index === shown} choose={() => choose(index)} />
            ))}
        </div>
    );
}

interface Props {
    kinds: Kind[];
    /** These in place of all of some kinds. */
    strips?: Strip[];
    into?: Strip | undefined;
    /** Which strip stands first: kept when the page is turned on its side and banks get wider. */
    first: Signal<string>;
    least: number; // px a column
    /** The same where there is more room than on a phone. */
    roomy?: number;
    linked?: boolean;
    extra?: (strip: Strip) => ComponentChildren;
    /** Stands at the right of all banks where there is room. */
    aside?: ComponentChildren;
    tools?: ComponentChildren;
    /** Stands between the tools and the strips. */
    under?: ComponentChildren;
}

export function BankView({ kinds, strips, under, into, first, least, roomy = least, linked = true, extra, aside, tools }: Props) {
    const desk = useDesk();
    const { ref, width } = useWidth();
    const columns = columnsIn(width.value, width.value < ROOMY_FROM ? least : roomy);
    const banks = width.value === 0 ? [] : strips ? banksOfStrips(strips, columns) : banksOf(desk, kinds, columns);
    const has = (bank: Bank): boolean => bank.strips.some((strip) => pathOf(strip) === first.value);
    const shown = Math.max(0, banks.findIndex(has));
    const bank = banks[shown];
    const choose = (index: number): void => {
        const strip = banks[Math.min(Math.max(index, 0), banks.length - 1)]?.strips[0];
        if (strip) first.value = pathOf(strip);
    };
    useMeters(...meterPatterns(bank?.strips ?? []));
    const swipe = useSwipe((by) => choose(shown + by));
    return (
        <div class="bank-view">
            <div class="tools">
                {tools}
                <BankBar banks={banks} shown={shown} choose={choose} />
            </div>
            {under}
            <div class="strips">
                <div class="columns" ref={ref} {...swipe} style={{ "--columns": bank?.strips.length ?? 1 }}>
                    {bank?.strips.map((strip) => (
                        <Column
                            key={pathOf(strip)}
                            strip={strip}
                            into={into}
                            linked={linked}
                            extra={extra?.(strip)}
                            solo={into && !extra ? "none" : "shown"}
                        />
                    ))}
                </div>
                {aside && <div class="aside">{aside}</div>}
            </div>
        </div>
    );
}
