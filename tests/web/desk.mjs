// A desk of its own for a test: the real daemon on the null clock, which plays the demo band.
// SPDX-License-Identifier: GPL-3.0-or-later
import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fromBuffer, toBuffer } from 'osc-min';

const root = resolve(import.meta.dirname, '../..');
export const mixrig = process.env.MIXRIG ?? join(root, 'build/src/app/mixrig');
const PATIENCE = 15000; // ms; a machine may be busy with other tests

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Waits until a function gives something true; what it was at last is in the error. */
export async function until(what, read, patience = PATIENCE) {
    const end = Date.now() + patience;
    for (;;) {
        const value = await read();
        if (value) return value;
        if (Date.now() > end) throw new Error(`waited in vain for: ${what}`);
        await sleep(20);
    }
}

async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    await once(server, 'close');
    return port;
}

/** Speaks OSC by UDP: what the page did to the desk is asked for by another way than the page's. */
export class Remote {
    constructor(port) {
        this.port = port;
        this.heard = [];
        this.socket = createSocket('udp4');
        this.socket.on('message', (packet) => this.take(fromBuffer(packet)));
        this.socket.unref();
    }

    take(packet) {
        if (packet.oscType === 'bundle') for (const element of packet.elements) this.take(element);
        else this.heard.push({ address: packet.address, args: packet.args.map(({ value }) => value), at: performance.now() });
    }

    send(address, ...args) {
        const view = toBuffer({ address, args });
        this.socket.send(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), this.port, '127.0.0.1');
    }

    /** The arguments of the first answer of this address from now on. */
    async ask(address, ...args) {
        return (await this.answer(address, () => this.send(address, ...args))).args;
    }

    async answer(address, act, patience) {
        const from = this.heard.length;
        act();
        return until(`${address} to be answered`, () => this.heard.slice(from).find((m) => m.address === address), patience);
    }

    async get(address) {
        return (await this.ask(address))[0];
    }

    close() {
        this.socket.close();
    }
}

/** A way to a port that takes `ms` each way, as over a network that is far or slow. */
export async function slowWay(port, ms) {
    const server = createServer((near) => {
        const far = connect(port, '127.0.0.1');
        for (const [from, to] of [[near, far], [far, near]]) {
            from.on('data', (bytes) => setTimeout(() => to.write(bytes), ms));
            from.on('close', () => setTimeout(() => to.destroy(), ms));
            from.on('error', () => to.destroy());
        }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    server.unref();
    return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

const int = (value) => ({ type: 'integer', value });
export { int };

export class Desk {
    /** `toml` is added to its configuration, `osc` and `web` to these parts; `play` says whether the demo band plays. */
    static async start({ toml = '', osc = '', web = '', play = true } = {}) {
        const desk = new Desk();
        desk.folder = mkdtempSync(join(tmpdir(), 'mixrig-web-'));
        desk.osc = await freePort();
        desk.web = await freePort();
        if (play) execFileSync(mixrig, ['demo', join(desk.folder, 'demo'), '--seconds', '6']);
        const config = join(desk.folder, 'desk.toml');
        writeFileSync(config, `${toml}\n[osc]\nport = ${desk.osc}\n${osc}[web]\nport = ${desk.web}\n${web}${play ? '[null]\nplay = "demo"\n' : ''}`);
        desk.remote = new Remote(desk.osc);
        await desk.run();
        return desk;
    }

    get url() {
        return `http://127.0.0.1:${this.web}/`;
    }

    get env() {
        return { ...process.env, XDG_STATE_HOME: join(this.folder, 'state'), HOME: this.folder };
    }

    /** Waits until a value is that. */
    has(address, value, near = 0.02) {
        return until(`the desk to have ${address} at ${value}`, async () => Math.abs((await this.remote.get(address)) - value) <= near);
    }

    async put(address, value) {
        this.remote.send(address, value);
        await this.has(address, value);
    }

    /** The token of an invitation. */
    invite(name, ...words) {
        const config = join(this.folder, 'desk.toml');
        const said = execFileSync(mixrig, ['invite', '-c', config, '--name', name, ...words], { env: this.env, encoding: 'utf8' });
        return /token=([^\s&#]+)/.exec(said)[1];
    }

    uninvite(name) {
        execFileSync(mixrig, ['invite', '-c', join(this.folder, 'desk.toml'), '--revoke', name], { env: this.env });
    }

    async run() {
        const { env } = this;
        const words = ['run', '-c', join(this.folder, 'desk.toml'), '--backend', 'null'];
        this.process = spawn(mixrig, words, { env });
        this.log = '';
        this.remote.heard = []; // an old answer is no sign of a new desk
        for (const out of [this.process.stdout, this.process.stderr]) out.on('data', (text) => (this.log += text));
        this.ended = once(this.process, 'exit');
        await until('the desk', async () => {
            this.remote.send('/ping');
            return this.remote.heard.some(({ address }) => address === '/pong');
        });
        this.remote.heard = [];
    }

    /** As if the plug were pulled. */
    async kill() {
        this.process.kill('SIGKILL');
        await this.ended;
    }

    async stop() {
        this.remote.close();
        await this.kill();
        rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
    }
}
