// Values as people read them.
// SPDX-License-Identifier: GPL-3.0-or-later
import { type Row, type Value, isSilent } from "./table";

const trimmed = (value: number, digits: number): string => value.toFixed(digits).replace(/^-(0(?:\.0+)?)$/, "$1");

export function formatDecibels(dB: number, digits = 1): string {
    return trimmed(dB, digits);
}

function formatHertz(hz: number): string {
    if (hz >= 10000) return `${(hz / 1000).toFixed(1)} kHz`;
    if (hz >= 1000) return `${(hz / 1000).toFixed(2)} kHz`;
    return `${hz >= 100 ? hz.toFixed(0) : trimmed(hz, 1)} Hz`;
}

function formatMilliseconds(ms: number): string {
    if (ms === 0) return "0 ms";
    if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
    return `${ms >= 100 ? ms.toFixed(0) : trimmed(ms, ms >= 10 ? 1 : 2)} ms`;
}

export function formatPan(pan: number): string {
    const percent = Math.round(Math.abs(pan) * 100);
    return percent === 0 ? "C" : `${pan < 0 ? "L" : "R"}${percent}`;
}

/** With its unit: `-6.0 dB`, `-∞ dB`, `1.20 kHz`, `L30`, `on`. */
export function formatValue(row: Row | undefined, value: Value | undefined): string {
    if (value === undefined) return "";
    if (!row || typeof value === "string") return String(value);
    if (row.type === "toggle") return value ? "on" : "off";
    if (isSilent(row, value)) return "-∞ dB";
    if (row.unit === "dB") return `${trimmed(value, 1)} dB`;
    if (row.unit === "Hz") return formatHertz(value);
    if (row.unit === "ms") return formatMilliseconds(value);
    if (row.address.endsWith("/pan")) return formatPan(value);
    return trimmed(value, 2);
}

/** For screen readers, in words. */
export function spokenValue(row: Row | undefined, value: Value | undefined): string {
    if (row && typeof value === "number" && isSilent(row, value)) return "silent";
    if (row?.address.endsWith("/pan") && typeof value === "number") {
        const percent = Math.round(Math.abs(value) * 100);
        return percent === 0 ? "centre" : `${percent} percent ${value < 0 ? "left" : "right"}`;
    }
    return formatValue(row, value).replace(/dB$/, "decibels").replace(/^-/, "minus ");
}

export function formatSeconds(seconds: number): string {
    const whole = Math.max(0, Math.floor(seconds));
    const two = (n: number): string => String(n).padStart(2, "0");
    const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
    return whole >= 3600 ? `${Math.floor(whole / 3600)}:${rest}` : rest;
}
