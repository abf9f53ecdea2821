// The desk's state hash: the sum over addresses of FNV-1a-32 of address, zero, type and value.
// SPDX-License-Identifier: GPL-3.0-or-later
import type { Value } from "./table";

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

const scratch = new DataView(new ArrayBuffer(4));
const utf8 = new TextEncoder();

const step = (hash: number, byte: number): number => Math.imul(hash ^ byte, PRIME);

function over(hash: number, bytes: Uint8Array): number {
    for (const byte of bytes) hash = step(hash, byte);
    return hash;
}

/** The part that an address gives, which never changes: kept by who asks often. */
export function hashAddress(address: string): number {
    return step(over(OFFSET, utf8.encode(address)), 0) >>> 0;
}

export function hashValue(address: number, type: string, value: Value): number {
    let hash = step(address, type.charCodeAt(0));
    if (typeof value === "string") return over(hash, utf8.encode(value)) >>> 0;
    if (type === "i") scratch.setInt32(0, value);
    else scratch.setFloat32(0, value);
    for (let i = 0; i < 4; ++i) hash = step(hash, scratch.getUint8(i));
    return hash >>> 0;
}

export const hashOf = (address: string, type: string, value: Value): number =>
    hashValue(hashAddress(address), type, value);
