// A control for any row of the table: a bar, a switch, a menu, words to type, groups to pick.
// SPDX-License-Identifier: GPL-3.0-or-later
import type { TargetedEvent } from "preact";
import { useState } from "preact/hooks";
import { formatValue } from "../format";
import { useDesk, useSession } from "../session";
import type { Row } from "../table";
import { Bar } from "../widgets/knob";
import { choose } from "../widgets/choose";
import { valueOf } from "./band";
import { Order } from "./order";
import { addressesBelow, groupNumbers, groupsOf, optionsOf, parseNumber, shortened, toggledGroup } from "./rows";
import { Switch } from "./switch";

export interface RowProps {
    address: string;
    caption?: string | undefined; // in place of the row's label
    under?: string | undefined; // a heading above, which its label need not repeat
    number?: string | undefined; // which of several of one label
}

// A choice of so many short words is a row of buttons, else a menu.
const MOST_BUTTONS = 3;
const MOST_LETTERS = 10;

interface Shown extends RowProps {
    row: Row;
    label: string;
}

export function RowControl(props: RowProps) {
    const { store } = useSession();
    const row = store.row(props.address);
    if (!row) return null;
    const label = [shortened(row.label, props.under), props.number].filter(Boolean).join(" ");
    const shown: Shown = { ...props, row, label: props.caption ?? label };
    return (
        <div class={`row is-${row.type}`} title={row.doc}>
            {row.type === "number" && !row.told ? <Number {...shown} /> : (
                <>
                    <span class="caption">{shown.label}</span>
                    <Control {...shown} />
                </>
            )}
        </div>
    );
}

function Control(props: Shown) {
    const { address, row, label } = props;
    const desk = useDesk();
    const { store } = useSession();
    if (row.told) return <output class="told" data-address={address}>{formatValue(row, store.value(address).value)}</output>;
    if (row.type === "toggle") return <Switch address={address} label={label} />;
    if (row.type === "groups") return <Groups {...props} />;
    if (row.type === "text") return <Words address={address} label={label} />;
    if (row.type === "order") return <Order address={address} label={label} words={row.choices} />;
    const options = optionsOf(desk, row, (path) => String(store.value(`${path}/name`).value ?? "")) ?? [];
    const letters = options.reduce((sum, { label: word }) => sum + word.length, 0);
    return options.length <= MOST_BUTTONS && letters <= MOST_LETTERS
        ? <Buttons {...props} options={options} />
        : <Menu {...props} options={options} />;
}

function Number({ address, row, label }: Shown) {
    const [typing, setTyping] = useState(false);
    const { store } = useSession();
    const done = (event: TargetedEvent<HTMLInputElement>) => {
        const value = parseNumber(row, event.currentTarget.value);
        if (value !== undefined) store.set(address, value);
        setTyping(false);
    };
    return (
        <>
            <button type="button" class="caption" aria-label={`${label}: type a value`} aria-disabled={store.locked}
                onClick={() => setTyping(!store.locked.peek())}>
                {label}
            </button>
            {typing
                ? <Entry label={label} onDone={done} onEnd={() => setTyping(false)} text="" hint={row.unit} />
                : <Bar address={address} label={label} />}
        </>
    );
}

interface EntryProps {
    label: string;
    text: string;
    hint: string;
    onDone(event: TargetedEvent<HTMLInputElement>): void;
    onEnd(): void;
}

// Takes what is typed with Enter, and lets go of it with Escape.
function Entry({ label, text, hint, onDone, onEnd }: EntryProps) {
    return (
        <input type="text" class="entry" aria-label={label} defaultValue={text} placeholder={hint} enterkeyhint="done"
            autocomplete="off" ref={(input) => input?.focus()} onBlur={onEnd}
            onKeyDown={(event) => {
                if (event.key === "Enter") onDone(event);
                else if (event.key === "Escape") onEnd();
            }} />
    );
}

function Words({ address, label }: { address: string; label: string }) {
    const { store } = useSession();
    const text = String(valueOf(store, address) ?? "");
    return (
        <input type="text" class="entry" aria-label={label} value={text} enterkeyhint="done" autocomplete="off"
            data-address={address} readOnly={store.locked.value} aria-readonly={store.locked}
            onChange={(event) => store.set(address, event.currentTarget.value)} />
    );
}

type Choosing = Shown & { options: readonly { word: string; label: string }[] };

function Menu({ address, label, options }: Choosing) {
    const { store } = useSession();
    const value = String(valueOf(store, address) ?? "");
    return (
        <select class="menu" aria-label={label} data-address={address} value={value} aria-disabled={store.locked}
            onChange={(event) => choose(store, address, event.currentTarget)}>
            {options.map((option) => (
                <option key={option.word} value={option.word} selected={option.word === value}>{option.label}</option>
            ))}
        </select>
    );
}

function Buttons({ address, label, options }: Choosing) {
    const { store } = useSession();
    const value = String(valueOf(store, address) ?? "");
    return (
        <div class="choices" role="group" aria-label={label} data-address={address}>
            {options.map((option) => (
                <button key={option.word} type="button" class="toggle chosen" aria-pressed={option.word === value} aria-disabled={store.locked}
                    onClick={() => store.set(address, option.word)}>
                    {option.label}
                </button>
            ))}
        </div>
    );
}

function Groups({ address, row, label }: Shown) {
    const { store } = useSession();
    const desk = useDesk();
    const text = String(valueOf(store, address) ?? "");
    const chosen = groupNumbers(text);
    return (
        <div class="choices" role="group" aria-label={label} data-address={address}>
            {Array.from({ length: groupsOf(desk, row) }, (_, i) => i + 1).map((group) => (
                <button key={group} type="button" class="toggle chosen" aria-label={`${label} ${group}`}
                    aria-pressed={chosen.includes(group)} aria-disabled={store.locked}
                    onClick={() => store.set(address, toggledGroup(text, group))}>
                    {group}
                </button>
            ))}
        </div>
    );
}

/** Every row below a path but those that are shown elsewhere. */
export function Rows({ path, but = [], under }: { path: string; but?: readonly string[]; under?: string }) {
    const desk = useDesk();
    const shown = addressesBelow(desk, path).filter((address) => !but.some((rest) => isBelow(address, `${path}/${rest}`)));
    return <RowList addresses={shown} under={under} below={path} />;
}

const isBelow = (address: string, path: string): boolean => address === path || address.startsWith(`${path}/`);

interface ListProps {
    addresses: readonly string[];
    under?: string | undefined;
    /** Numbers behind this path tell rows of one label apart. */
    below?: string;
}

export function RowList({ addresses, under, below }: ListProps) {
    return (
        <div class="rows">
            {addresses.map((address) => (
                <RowControl key={address} address={address} under={under}
                    number={below === undefined ? undefined : /\d+/.exec(address.slice(below.length))?.[0]} />
            ))}
        </div>
    );
}
