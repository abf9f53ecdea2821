// Serves the page beside a running desk while the page is worked on: dist/, /table.json, and OSC over WebSocket.
// SPDX-License-Identifier: GPL-3.0-or-later
//   node dev.mjs [--port 8080] [--osc 9000] [--mixrig ../../build/src/app/mixrig]
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
    options: {
        port: { type: 'string', default: '8080' },
        osc: { type: 'string', default: '9000' },
        mixrig: { type: 'string', default: join(here, '../../build/src/app/mixrig') },
    },
});
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const ask = (...words) => execFileSync(options.mixrig, words, { encoding: 'utf8' });

// In the order of src/monitor/meters.h.
const meters = [
    'input_peak', 'pre_peak', 'post_peak_left', 'post_peak_right', 'post_rms_left', 'post_rms_right', 'peak_hold',
    'gate', 'comp_1', 'comp_2', 'limiter', 'clips', 'automix',
];

const chain = ['comp_1', 'comp_2', 'band_1', 'band_2', 'band_3', 'band_4', 'band_5', 'limiter'];

function table() {
    const { parameters, actions } = JSON.parse(ask('params', '--json'));
    const shape = {};
    const addresses = ask('get', '--port', options.osc, '//*').match(/^\/\S+/gm);
    for (const address of addresses) {
        const [, kind, strip] = /^\/(\w+)\/(\d+)\/name$/.exec(address) ?? [];
        if (kind) shape[kind] = Math.max(shape[kind] ?? 0, Number(strip));
    }
    for (const { address, index } of parameters) {
        if (!index) continue;
        // The last number of an address is what its index counts.
        const like = new RegExp(`^${address.replaceAll('#', '(\\d+)')}$`);
        const numbers = addresses.map((a) => Number(like.exec(a)?.at(-1) ?? 0));
        shape[index] ??= Math.max(...numbers);
    }
    return JSON.stringify({ name: 'mixrig', shape, parameters, actions, meters, chain });
}

const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://desk').pathname;
    try {
        const body = path === '/table.json' ? table() : readFileSync(join(here, 'dist', path === '/' ? 'index.html' : path));
        const type = path === '/table.json' ? 'application/json' : types[extname(path)] ?? 'text/html';
        response.writeHead(200, { 'content-type': type }).end(body);
    } catch (error) {
        response.writeHead(404).end(String(error));
    }
});

// OSC over TCP has the size of each packet in front of it.
new WebSocketServer({ server }).on('connection', (socket) => {
    const desk = connect(Number(options.osc), '127.0.0.1');
    let rest = Buffer.alloc(0);
    desk.setNoDelay(true);
    desk.on('data', (data) => {
        rest = Buffer.concat([rest, data]);
        while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE()) {
            const end = 4 + rest.readUInt32BE();
            socket.send(rest.subarray(4, end));
            rest = rest.subarray(end);
        }
    });
    socket.on('message', (packet) => {
        const size = Buffer.alloc(4);
        size.writeUInt32BE(packet.length);
        desk.write(Buffer.concat([size, packet]));
    });
    desk.on('close', () => socket.close());
    desk.on('error', () => socket.close());
    socket.on('close', () => desk.destroy());
});
server.listen(Number(options.port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
