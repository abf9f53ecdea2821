// All that a view needs of the desk, handed down by context: store, meters, actions, who we are, messages to people.
// SPDX-License-Identifier: GPL-3.0-or-later
import { type ReadonlySignal, type Signal, computed, effect, signal } from "@preact/signals";
import { type ComponentChildren, createContext } from "preact";
import { useContext, useLayoutEffect, useMemo } from "preact/hooks";
import { Actions } from "./actions";
import { Clips } from "./clips";
import { Connection } from "./connection";
import { Datagrams } from "./datagrams";
import { Meters } from "./meters";
import type { Arg, Message, OutArg } from "./osc";
import { Store } from "./store";
import { type Desk, type RawTable, type Value, readTable } from "./table";

export interface Me {
    role: string; // engineer, musician, viewer, or one of the owner's own
    name: string;
    aux: number; // of a musician, else 0
    watches: boolean; // and sets nothing
}

export interface Note {
    text: string;
    kind: "info" | "error";
}

const NOTE_LASTS = 5000; // ms
const FORBIDDEN = 403;
const PATIENCE = 3000; // ms, for an answer that is a few bytes

export class Session {
    readonly desk = signal<Desk | undefined>(undefined);
    readonly me = signal<Me | undefined>(undefined); // until the desk has said
    readonly note = signal<Note | undefined>(undefined);
    readonly connection: Connection;
    readonly store: Store;
    readonly meters: Meters;
    readonly clips = new Clips();
    readonly actions: Actions;
    readonly datagrams: Datagrams;
    private noteTimer: ReturnType<typeof setTimeout> | undefined;
    private loading = false;
    /** The desk's description may be another: it was away. */
    private away = false;
    private version = ""; // of the description

    /** `token` is that of an invitation; without one it is the address of this device that the desk may know. */
    constructor(readonly token: string) {
        const scheme = location.protocol === "https:" ? "wss" : "ws";
        const query = token ? `?token=${encodeURIComponent(token)}` : "";
        this.connection = new Connection(`${scheme}://${location.host}/${query}`, {
            opened: () => this.opened(),
            closed: () => this.closed(),
            isRefused: () => this.isRefused(),
            packet: () => this.store.packet(),
            message: (message) => this.message(message),
            meter: (address, values) => {
                this.meters.reading(address, values);
                this.clips.reading(address, values);
            },
        });
        this.store = new Store(this.connection);
        this.meters = new Meters((messages) => this.connection.send(messages));
        this.actions = new Actions((messages) => this.connection.send(messages));
        this.datagrams = new Datagrams({
            ask: (address, ...args) => this.actions.ask(address, ...args),
            received: (packet) => this.connection.read(packet),
        });
    }

    start(): void {
        this.connection.open();
        void this.load();
        // Whoever is let in again may have become somebody else.
        effect(() => {
            if (this.connection.state.value === "refused") this.me.value = undefined;
        });
        document.addEventListener("visibilitychange", () => {
            this.meters.seen(!document.hidden);
            if (!document.hidden) this.connection.hurry();
        });
        setInterval(() => {
            this.store.renew();
            this.meters.renew();
        }, Store.renewEvery);
    }

    say(text: string, kind: Note["kind"] = "info"): void {
        this.note.value = { text, kind };
        clearTimeout(this.noteTimer);
        this.noteTimer = setTimeout(() => (this.note.value = undefined), NOTE_LASTS);
    }

    /** Does an action and tells people if it was refused. Undefined then. */
    async act(address: string, ...args: OutArg[]): Promise<Arg[] | undefined> {
        try {
            return await this.actions.ask(address, ...args);
        } catch (error) {
            this.say(String((error as Error).message), "error");
            return undefined;
        }
    }

    async list(address: string, ...args: OutArg[]): Promise<Arg[][]> {
        try {
            return await this.actions.askList(address, ...args);
        } catch (error) {
            this.say(String((error as Error).message), "error");
            return [];
        }
    }

    private fetchTable(options: RequestInit): Promise<Response> {
        const headers: HeadersInit = this.token ? { Authorization: `Bearer ${this.token}` } : {};
        return fetch("table.json", { headers, ...options });
    }

    private async isRefused(): Promise<boolean> {
        this.away = true;
        const end = new AbortController();
        const timer = setTimeout(() => end.abort(), PATIENCE);
        try {
            return (await this.fetchTable({ method: "HEAD", cache: "no-store", signal: end.signal })).status === FORBIDDEN;
        } catch {
            return false; // there is no desk that could
        } finally {
            clearTimeout(timer);
        }
    }

    // The desk's description may have changed if the desk was started anew.
    private async load(): Promise<void> {
        if (this.loading) return;
        this.loading = true;
        try {
            const answer = await this.fetchTable({ cache: "no-cache" });
            // The connection finds out as well, and says it better.
            if (answer.status === FORBIDDEN && this.connection.state.value !== "open") return;
            if (!answer.ok) throw new Error(`the desk answers ${answer.status}`);
            const version = answer.headers.get("etag") ?? "";
            // All that is shown is made from it: not anew for the same.
            if (version !== "" && version === this.version) return;
            const desk = readTable((await answer.json()) as RawTable);
            this.version = version;
            this.store.desk = desk;
            this.clips.knows(desk);
            this.desk.value = desk;
        } catch (error) {
            if (this.desk.value === undefined) {
                this.say(`No description of the desk: ${(error as Error).message}`, "error");
                setTimeout(() => void this.load(), 2000);
            }
        } finally {
            this.loading = false;
        }
    }

    private opened(): void {
        if (this.away) void this.load();
        this.away = false;
        this.store.opened();
        this.meters.opened();
        this.datagrams.begin();
        this.actions.ask("/whoami").then(
            (args) => this.meet(readMe(args)),
            // A desk that knows no roles lets everybody do everything.
            () => this.meet(this.me.value ?? readMe([])),
        );
    }

    private meet(me: Me): void {
        this.me.value = me;
        this.store.readOnly.value = me.watches;
    }

    private closed(): void {
        this.away = true;
        this.store.closed();
        this.meters.closed();
        this.datagrams.end();
        this.actions.closed();
    }

    private message(message: Message): void {
        if (this.actions.message(message) || this.store.message(message)) return;
        if (message.address !== "/error") return;
        const [address, reason] = message.args;
        this.say(address === "/touch" ? String(reason) : `${address}: ${reason}`, "error");
    }
}

// Role, its number, the name of the invitation, what may be set, what may be run.
function readMe([said, , name, settable]: Arg[]): Me {
    const [role, number] = String(said ?? "engineer").split(" ");
    return {
        role: role ?? "",
        name: String(name ?? ""),
        aux: role === "musician" ? Number(number ?? 0) : 0,
        watches: settable === "",
    };
}

const Context = createContext<Session | undefined>(undefined);

export function SessionProvider(props: { session: Session; children: ComponentChildren }) {
    return <Context.Provider value={props.session}>{props.children}</Context.Provider>;
}

export function useSession(): Session {
    const session = useContext(Context);
    if (!session) throw new Error("outside of a session");
    return session;
}

/** The desk's description; views are not shown before it is there. */
export function useDesk(): Desk {
    const desk = useSession().desk.value;
    if (!desk) throw new Error("before the desk is known");
    return desk;
}

/** Has the desk tell what these patterns match while the component is shown. */
export function useWatch(...patterns: string[]): void {
    const { store } = useSession();
    // Of the layout: other effects wait until all has been painted, and values would be asked for only then.
    useLayoutEffect(() => {
        const ends = patterns.map((pattern) => store.watch(pattern));
        return () => ends.forEach((end) => end());
    }, [store, ...patterns]);
}

/** Has the desk send these meters while the component is shown. */
export function useMeters(...patterns: string[]): void {
    const { meters } = useSession();
    useLayoutEffect(() => {
        const ends = patterns.map((pattern) => meters.watch(pattern));
        return () => ends.forEach((end) => end());
    }, [meters, ...patterns]);
}

/** The signal of a parameter; somebody must watch it. */
export function useValue(address: string): Signal<Value | undefined> {
    return useSession().store.value(address);
}

/** A toggle as a truth value. */
export function useToggle(address: string): ReadonlySignal<boolean> {
    const value = useValue(address);
    return useMemo(() => computed(() => value.value === 1), [value]);
}
