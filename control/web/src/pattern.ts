// OSC patterns as the desk reads them: part by part, `//` is any number of parts, a group is all below it.
// SPDX-License-Identifier: GPL-3.0-or-later

const SPECIAL = /[\\^$.|+()]/;

function partToSource(part: string): string {
    let out = "";
    for (let i = 0; i < part.length; ++i) {
        const c = part[i]!;
        if (c === "*") out += "[^/]*";
        else if (c === "?") out += "[^/]";
        else if (c === "[") {
            const close = part.indexOf("]", i);
            const inside = part.slice(i + 1, close);
            out += inside.startsWith("!") ? `[^/${inside.slice(1)}]` : `[${inside}]`;
            i = close;
        } else if (c === "{") {
            const close = part.indexOf("}", i);
            const words = part.slice(i + 1, close).split(",");
            out += `(?:${words.map(partToSource).join("|")})`;
            i = close;
        } else out += SPECIAL.test(c) ? `\\${c}` : c;
    }
    return out;
}

/** Whether an address of a parameter belongs to what the pattern asks for. */
export function compile(pattern: string): (address: string) => boolean {
    const source = pattern
        .split("//")
        .map((piece) => piece.split("/").map(partToSource).join("/"))
        .join("(?:/|/.*/)");
    const expression = new RegExp(`^${source}(?:/.*)?$`);
    return (address) => expression.test(address);
}

/** `{3,4,5}` for strips in a row, `3` for one. */
export function numbers(list: number[]): string {
    return list.length === 1 ? `${list[0]}` : `{${list.join(",")}}`;
}
