// OSC packets: written by osc-min, read here, because meters are 20,000 numbers a second and osc-min makes
// three objects of each.
// SPDX-License-Identifier: GPL-3.0-or-later
import { toBuffer } from "osc-min";

export type Arg = number | string | boolean;

export interface Message {
    address: string;
    types: string; // without the comma
    args: Arg[];
}

/** What goes out: a number is a float unless it is wrapped by `int`. */
export type OutArg = number | string | { type: "integer"; value: number };

export interface OutMessage {
    address: string;
    args: OutArg[];
}

export const int = (value: number): OutArg => ({ type: "integer", value });

const IMMEDIATELY: [number, number] = [0, 1];

/** One message as it is, several as a bundle: they take effect together. */
export function encode(messages: OutMessage[]): ArrayBuffer {
    const only = messages.length === 1 ? messages[0] : undefined;
    const view = only
        ? toBuffer(only)
        : toBuffer({ timetag: IMMEDIATELY, elements: messages });
    return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer;
}

export interface Reader {
    message(message: Message): void;
    /** All that is below /meters, and nothing but floats. */
    meter(address: string, values: Float32Array): void;
}

const text = new TextDecoder();
const BUNDLE = "#bundle";

// Where the string at `at` ends, its zero not included.
function endOf(bytes: Uint8Array, at: number, end: number): number {
    const zero = bytes.indexOf(0, at);
    if (zero < 0 || zero >= end) throw new Error("a string without an end");
    return zero;
}

function stringOf(bytes: Uint8Array, from: number, to: number): string {
    let out = "";
    for (let i = from; i < to; ++i) {
        const byte = bytes[i]!;
        if (byte > 127) return text.decode(bytes.subarray(from, to));
        out += String.fromCharCode(byte);
    }
    return out;
}

const padded = (at: number, end: number): number => at + ((end - at + 4) & ~3);

function readArgs(bytes: Uint8Array, view: DataView, types: string, from: number, end: number): Arg[] {
    const args: Arg[] = [];
    let at = from;
    for (const type of types) {
        switch (type) {
            case "f":
                args.push(view.getFloat32(at));
                at += 4;
                break;
            case "i":
                args.push(view.getInt32(at));
                at += 4;
                break;
            case "d":
                args.push(view.getFloat64(at));
                at += 8;
                break;
            case "h":
                args.push(Number(view.getBigInt64(at)));
                at += 8;
                break;
            case "s": {
                const stop = endOf(bytes, at, end);
                args.push(stringOf(bytes, at, stop));
                at = padded(at, stop);
                break;
            }
            case "T":
                args.push(true);
                break;
            case "F":
                args.push(false);
                break;
            default:
                throw new Error(`an argument of type ${type}`);
        }
    }
    return args;
}

function readElement(bytes: Uint8Array, view: DataView, from: number, end: number, to: Reader): void {
    const stop = endOf(bytes, from, end);
    const address = stringOf(bytes, from, stop);
    let at = padded(from, stop);
    if (address === BUNDLE) {
        at += 8;
        while (at + 4 <= end) {
            const size = view.getInt32(at);
            at += 4;
            if (size < 0 || at + size > end) throw new Error("an element that is longer than its bundle");
            readElement(bytes, view, at, at + size, to);
            at += size;
        }
        return;
    }
    if (at >= end) return to.message({ address, types: "", args: [] });
    const typesEnd = endOf(bytes, at, end);
    const first = at + 1;
    at = padded(at, typesEnd);
    if (address.startsWith("/meters/")) {
        const values = new Float32Array(typesEnd - first);
        for (let i = 0; i < values.length; ++i) values[i] = view.getFloat32(at + 4 * i);
        return to.meter(address, values);
    }
    const types = stringOf(bytes, first, typesEnd);
    to.message({ address, types, args: readArgs(bytes, view, types, at, end) });
}

/** Throws if the packet is not well formed. */
export function decode(packet: ArrayBuffer, to: Reader): void {
    const bytes = new Uint8Array(packet);
    readElement(bytes, new DataView(packet), 0, bytes.length, to);
}
