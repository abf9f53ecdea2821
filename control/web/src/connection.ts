// One WebSocket to the desk: opened again by itself, with a pause that grows, and never quicker than the desk answers.
// SPDX-License-Identifier: GPL-3.0-or-later
import { batch, signal } from "@preact/signals";
import { type Message, type OutMessage, decode, encode } from "./osc";

export type State = "connecting" | "open" | "refused";

export interface Listener {
    opened(): void;
    closed(): void;
    /** Whether the desk answers, and that it does not let us in: a WebSocket does not tell why it was not opened. */
    isRefused(): Promise<boolean>;
    /** What follows, until the next, came together. */
    packet(): void;
    message(message: Message): void;
    meter(address: string, values: Float32Array): void;
}

const FIRST_PAUSE = 250; // ms
const LONGEST_PAUSE = 4000;
// Who is not let in is let in when somebody has made an invitation, and that takes a while.
const REFUSED_PAUSE = 10000;
const PING_EVERY = 2000;
// A desk that says nothing for so long is gone, even if the socket still stands: Wi-Fi that fades tells nobody.
const SILENT_FOR = 6500;
// One that still tells by datagrams is behind a bad network: a new socket would come no better through it.
const LATE_FOR = 20000;

export class Connection {
    readonly state = signal<State>("connecting");
    /** Milliseconds from asking to being answered, the newest; 0 before the first. */
    readonly latency = signal(0);
    readonly attempts = signal(0);

    private socket: WebSocket | undefined;
    private pause = FIRST_PAUSE;
    private pinged = 0;
    private heard = 0;
    private toldAt = 0; // by whichever way
    private timer: ReturnType<typeof setInterval> | undefined;
    private next: ReturnType<typeof setTimeout> | undefined;

    constructor(
        private readonly url: string,
        private readonly listener: Listener,
    ) {}

    open(): void {
        clearTimeout(this.next);
        const socket = new WebSocket(this.url);
        socket.binaryType = "arraybuffer";
        this.socket = socket;
        socket.onopen = () => this.opened();
        socket.onmessage = (event: MessageEvent<ArrayBuffer | string>) => this.received(event.data);
        socket.onclose = () => this.closed(socket);
    }

    /** False if there is nobody to send to. */
    send(messages: OutMessage[]): boolean {
        if (this.state.value !== "open" || this.socket?.readyState !== WebSocket.OPEN) return false;
        this.socket.send(encode(messages));
        return true;
    }

    /** Bytes that the network has not taken yet. */
    get waiting(): number {
        return this.socket?.bufferedAmount ?? 0;
    }

    /** For a page that comes back from sleep: at once in place of after the pause. */
    hurry(): void {
        if (this.state.value === "open") this.ping();
        else if (this.state.value === "refused") void this.again();
        else this.pause = FIRST_PAUSE;
    }

    private opened(): void {
        this.state.value = "open";
        this.pause = FIRST_PAUSE;
        this.attempts.value = 0;
        this.heard = performance.now();
        this.pinged = 0;
        this.timer = setInterval(() => this.watch(), PING_EVERY);
        this.listener.opened();
        this.ping();
    }

    private closed(socket: WebSocket): void {
        if (socket !== this.socket) return;
        clearInterval(this.timer);
        if (this.state.value === "open") {
            this.state.value = "connecting";
            this.listener.closed();
        }
        ++this.attempts.value;
        // Not all tablets of a band at the same moment.
        this.later(this.pause * (0.75 + Math.random() / 2), () => this.open());
        this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
        void this.ask(socket);
    }

    // Beside the pause, not before it: a network that is gone lets such a question hang for a minute.
    // True if there is nothing that speaks against another try.
    private async ask(socket: WebSocket | undefined): Promise<boolean> {
        const refused = await this.listener.isRefused();
        if (socket !== this.socket || this.state.value === "open") return false;
        this.state.value = refused ? "refused" : "connecting";
        if (refused) this.later(REFUSED_PAUSE, () => void this.again());
        return !refused;
    }

    private async again(): Promise<void> {
        if (await this.ask(this.socket)) this.open();
    }

    private later(wait: number, act: () => void): void {
        clearTimeout(this.next);
        this.next = setTimeout(act, wait);
    }

    private received(data: ArrayBuffer | string): void {
        this.heard = performance.now();
        if (typeof data !== "string") this.read(data);
    }

    /** A packet of OSC from the desk, by whichever way. */
    read(packet: ArrayBuffer): void {
        this.toldAt = performance.now();
        this.listener.packet();
        try {
            batch(() => decode(packet, this));
        } catch (error) {
            console.error("a packet that is no OSC", error);
        }
    }

    message(message: Message): void {
        if (message.address === "/pong") {
            if (this.pinged > 0) this.latency.value = performance.now() - this.pinged;
            this.pinged = 0;
        }
        this.listener.message(message);
    }

    meter(address: string, values: Float32Array): void {
        this.listener.meter(address, values);
    }

    private ping(): void {
        if (this.pinged === 0) this.pinged = performance.now();
        this.send([{ address: "/ping", args: [] }]);
    }

    private watch(): void {
        const now = performance.now();
        if (now - this.heard > (now - this.toldAt < PING_EVERY ? LATE_FOR : SILENT_FOR)) {
            const socket = this.socket;
            socket?.close();
            // A close that waits for an answer from nobody may take minutes.
            if (socket) this.closed(socket);
            this.socket = undefined;
            return;
        }
        this.ping();
    }
}
