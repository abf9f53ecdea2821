// What changes on the desk, by datagrams: a browser has no UDP, but it has WebRTC, whose data channels do not wait for what was
// lost. The WebSocket tells all of it as well, and begins this; of both the newest counts (Store).
// SPDX-License-Identifier: GPL-3.0-or-later
import { signal } from "@preact/signals";
import type { Arg, OutArg } from "./osc";

// A network that lets none through may be another soon.
const AGAIN = 20000; // ms, at first
const LONGEST = 300000;
// A page that opens has better things to do.
const PAUSE = 700; // ms

interface Ends {
    /** Of the desk; fails with what it says. */
    ask(address: string, ...args: OutArg[]): Promise<Arg[]>;
    received(packet: ArrayBuffer): void;
}

/** What SDP says under this name; RFC 8839 and 8122. */
const saidIn = (sdp: string, name: string): string => new RegExp(`^a=${name}:(.*)$`, "m").exec(sdp)?.[1]?.trim() ?? "";

const answerOf = ([fragment, password, fingerprint, address, port]: Arg[]): RTCSessionDescriptionInit => ({
    type: "answer",
    sdp: `${[
        "v=0",
        "o=mixrig 1 1 IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        "a=group:BUNDLE 0",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "c=IN IP4 0.0.0.0",
        "a=mid:0",
        `a=ice-ufrag:${fragment}`,
        `a=ice-pwd:${password}`,
        `a=fingerprint:sha-256 ${fingerprint}`,
        "a=setup:passive",
        "a=sctp-port:5000",
        `a=candidate:1 1 UDP 2130706431 ${address} ${port} typ host`,
        "a=end-of-candidates",
    ].join("\r\n")}\r\n`,
});

export class Datagrams {
    readonly open = signal(false);
    private peer: RTCPeerConnection | undefined;
    private again: ReturnType<typeof setTimeout> | undefined;
    private wait = AGAIN;

    constructor(private readonly ends: Ends) {}

    /** Over a WebSocket that stands. */
    begin(): void {
        this.end();
        this.wait = AGAIN;
        if (typeof RTCPeerConnection !== "undefined") this.later(PAUSE);
    }

    end(): void {
        clearTimeout(this.again);
        this.open.value = false;
        const peer = this.peer;
        this.peer = undefined;
        peer?.close();
    }

    private later(wait: number): void {
        this.again = setTimeout(() => this.connect(), wait);
    }

    private connect(): void {
        const peer = new RTCPeerConnection();
        this.peer = peer;
        const channel = peer.createDataChannel("desk", { negotiated: true, id: 0, ordered: false, maxRetransmits: 0 });
        channel.binaryType = "arraybuffer";
        channel.onopen = () => {
            this.open.value = true;
            this.wait = AGAIN;
        };
        channel.onclose = () => this.lost(peer);
        channel.onmessage = (event: MessageEvent<ArrayBuffer>) => {
            if (this.peer === peer) this.ends.received(event.data);
        };
        peer.onconnectionstatechange = () => {
            if (peer.connectionState === "failed") this.lost(peer);
        };
        // The desk has none, or did not hear of it: by WebSocket all goes on.
        this.invite(peer).catch(() => this.lost(peer));
    }

    private async invite(peer: RTCPeerConnection): Promise<void> {
        await peer.setLocalDescription(await peer.createOffer());
        const sdp = peer.localDescription?.sdp ?? "";
        const fingerprint = saidIn(sdp, "fingerprint").replace(/^sha-256 /i, "").toUpperCase();
        const answer = await this.ends.ask("/datagrams", saidIn(sdp, "ice-ufrag"), saidIn(sdp, "ice-pwd"), fingerprint);
        if (this.peer === peer) await peer.setRemoteDescription(answerOf(answer));
    }

    private lost(peer: RTCPeerConnection): void {
        if (this.peer !== peer) return;
        this.end();
        this.later(this.wait);
        this.wait = Math.min(2 * this.wait, LONGEST);
    }
}
