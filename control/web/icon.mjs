// The icon, three faders, as SVG and as PNG: drawn from one list of rectangles in the colours of the page.
// SPDX-License-Identifier: GPL-3.0-or-later
const UNITS = 64; // of the icon's side
const PIXELS = 512;

// What a launcher cuts off, a circle at most, is ground: the safe zone of the W3C's manifest is 40 % around the middle.
const SHAPES = [
    ['ground', 0, 0, 64, 64],
    ...[[16, 33], [30, 20], [44, 38]].flatMap(([x, y], i) => [
        ['line', x, 14, 4, 36],
        [i === 1 ? 'accent' : 'text', x - 4, y, 12, 8],
        ['ground', x - 4, y + 3.5, 12, 1],
    ]),
];
const COLOURS = ['ground', 'line', 'text', 'accent'];

/** `colours`: what #rrggbb each of the names above is. */
export function svgIcon(colours) {
    const shapes = SHAPES.map(([name, x, y, w, h]) => `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${colours[name]}"/>`);
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${UNITS} ${UNITS}">${shapes.join('')}</svg>\n`;
}

function crc32(bytes) {
    let crc = ~0;
    for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc >>> 0;
}

function adler32(bytes) {
    let [a, b] = [1, 0];
    for (const byte of bytes) {
        a = (a + byte) % 65521;
        b = (b + a) % 65521;
    }
    return b * 65536 + a;
}

const big = (word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255];

// Deflate (RFC 1951) with its fixed codes and runs of one byte. Not zlib: the file is compared with what other machines make, and
// each version of zlib makes another one.
function deflated(bytes) {
    const out = [];
    let [word, size] = [0, 0];
    const bits = (value, count) => {
        for (let i = 0; i < count; ++i) {
            word |= ((value >> i) & 1) << size;
            if (++size === 8) out.push(word), (word = size = 0);
        }
    };
    const code = (value, count) => {
        for (let i = count - 1; i >= 0; --i) bits((value >> i) & 1, 1);
    };
    const symbol = (s) => (s < 144 ? code(0x30 + s, 8) : s < 256 ? code(0x190 + s - 144, 9) : s < 280 ? code(s - 256, 7) : code(0xc0 + s - 280, 8));
    bits(1, 1); // the last block,
    bits(1, 2); // of fixed codes
    for (let i = 0; i < bytes.length; ) {
        let run = 0;
        while (i > 0 && run < 258 && bytes[i + run] === bytes[i - 1]) ++run;
        const length = run === 258 ? 258 : Math.min(run, 10); // lengths that have a code without further bits
        if (length < 3) {
            symbol(bytes[i++]);
        } else {
            symbol(length === 258 ? 285 : 254 + length);
            code(0, 5); // of the byte before
            i += length;
        }
    }
    symbol(256);
    bits(0, 7);
    return [0x78, 0x01, ...out, ...big(adler32(bytes))];
}

const chunk = (type, data) => {
    const body = [...Buffer.from(type), ...data];
    return [...big(data.length), ...body, ...big(crc32(body))];
};

// Two bits a pixel; each row as its difference from the one above.
function rows() {
    const side = PIXELS / UNITS;
    const pixels = Array.from({ length: PIXELS }, () => new Uint8Array(PIXELS));
    for (const [name, x, y, w, h] of SHAPES)
        for (let row = y * side; row < (y + h) * side; ++row) pixels[row].fill(COLOURS.indexOf(name), x * side, (x + w) * side);
    const packed = pixels.map((row) =>
        Array.from({ length: PIXELS / 4 }, (_, i) => (row[4 * i] << 6) | (row[4 * i + 1] << 4) | (row[4 * i + 2] << 2) | row[4 * i + 3]));
    return packed.flatMap((row, y) => [2, ...row.map((byte, i) => (byte - (packed[y - 1]?.[i] ?? 0)) & 255)]);
}

export function pngIcon(colours) {
    const palette = COLOURS.flatMap((name) => [...Buffer.from(colours[name].slice(1), 'hex')]);
    return Buffer.from([
        0x89, ...Buffer.from('PNG\r\n\x1a\n'),
        ...chunk('IHDR', [...big(PIXELS), ...big(PIXELS), 2, 3, 0, 0, 0]),
        ...chunk('PLTE', palette),
        ...chunk('IDAT', deflated(rows())),
        ...chunk('IEND', []),
    ]);
}

/** "Add to home screen" opens the place that was shown, over the whole screen. */
export function manifest(colours) {
    return JSON.stringify({
        name: 'mixrig',
        short_name: 'mixrig',
        description: 'The desk.',
        display: 'fullscreen',
        background_color: colours.ground,
        theme_color: colours.ground,
        icons: [
            { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any maskable' },
            { src: 'icon.png', sizes: `${PIXELS}x${PIXELS}`, type: 'image/png', purpose: 'any maskable' },
        ],
    }, null, 1) + '\n';
}
