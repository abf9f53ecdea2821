// One WebSocket to the desk: opened again by itself, with a pause that grows, and never quicker than the desk answers.
// SPDX-License-Identifier: GPL-3.0-or-later
import { signal } from "@preact/signals";
import { type Message, type OutMessage, decode, encode } from "./osc";

export type State = "connecting" | "open" | "refused";

export interface Listener {
    opened(): void;
    closed(): void;
    message(message: Message): void;
    meter(address: string, values: Float32Array): void;
}

const FIRST_PAUSE = 250; // ms
const LONGEST_PAUSE = 4000;
const PING_EVERY = 2000;
// A desk that says nothing for so long is gone, even if the socket still stands: Wi-Fi that fades tells nobody.
const SILENT_FOR = 6500;

export class Connection {
    readonly state = signal<State>("connecting");
    /** Milliseconds from asking to being answered, the newest; 0 before the first. */
    readonly latency = signal(0);
    readonly attempts = signal(0);

    private socket: WebSocket | undefined;
    private pause = FIRST_PAUSE;
    private pinged = 0;
    private heard = 0;
    private timer: ReturnType<typeof setInterval> | undefined;

    constructor(
        private readonly url: string,
        private readonly listener: Listener,
    ) {}

    open(): void {
        this.state.value = "connecting";
        const socket = new WebSocket(this.url);
        socket.binaryType = "arraybuffer";
        this.socket = socket;
        socket.onopen = () => this.opened();
        socket.onmessage = (event: MessageEvent<ArrayBuffer | string>) => this.received(event.data);
        socket.onclose = (event) => this.closed(socket, event.code);
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

    private closed(socket: WebSocket, code: number): void {
        if (socket !== this.socket) return;
        clearInterval(this.timer);
        const was = this.state.value;
        // 1008: the desk does not want us, by its policy.
        this.state.value = code === 1008 ? "refused" : "connecting";
        if (was === "open") this.listener.closed();
        ++this.attempts.value;
        // Not all tablets of a band at the same moment.
        const wait = this.pause * (0.75 + Math.random() / 2);
        this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
        setTimeout(() => this.open(), wait);
    }

    private received(data: ArrayBuffer | string): void {
        this.heard = performance.now();
        if (typeof data === "string") return;
        try {
            decode(data, this);
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
        if (performance.now() - this.heard > SILENT_FOR) {
            const socket = this.socket;
            socket?.close();
            // A close that waits for an answer from nobody may take minutes.
            if (socket) this.closed(socket, 1006);
            this.socket = undefined;
            return;
        }
        this.ping();
    }
}
