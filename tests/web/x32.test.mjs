// The desk as an X32, seen by a client library of others: x32-osc, which has learnt a desk of firmware 4.06 and checks
// one against that, leaf by leaf and step by step. MIXRIG_X32=all before the command checks every leaf it knows.
// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { quiet } from './support/machine.mjs';

const require = createRequire(import.meta.url);
const mixrig = process.env.MIXRIG ?? resolve(import.meta.dirname, '../../build/src/app/mixrig');
const all = process.env.MIXRIG_X32 === 'all';
const folder = mkdtempSync(join(tmpdir(), 'mixrig-x32-'));

// Large enough that every leaf which can be a parameter of ours is one.
const TOML = `
[desk]
channels = 40
subgroups = 2
auxes = 6
effects = 8
matrices = 6
[osc]
port = 0
[web]
enabled = false
[x32]
enabled = true
port = 0
`;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

async function until(what, read, patience = 20000) {
    const end = Date.now() + patience;
    for (;;) {
        const value = read();
        if (value) return value;
        if (Date.now() > end) throw new Error(`waited in vain for: ${what}`);
        await sleep(5);
    }
}

const padded = (text) => {
    const bytes = Buffer.from(text);
    return Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))]);
};

function message(address, ...args) {
    const tags = args.map((arg) => (typeof arg === 'string' ? 's' : Number.isInteger(arg) ? 'i' : 'f'));
    const data = args.map((arg) => {
        if (typeof arg === 'string') return padded(arg);
        const bytes = Buffer.alloc(4);
        if (Number.isInteger(arg)) bytes.writeInt32BE(arg);
        else bytes.writeFloatBE(arg);
        return bytes;
    });
    return Buffer.concat([padded(address), padded(`,${tags.join('')}`), ...data]);
}

/** The address of a message, and its first argument if that is a text. */
function read(packet) {
    const address = packet.subarray(0, packet.indexOf(0)).toString();
    const tags = packet.subarray(Math.floor(address.length / 4) * 4 + 4);
    const isText = tags[1] === 's'.charCodeAt(0);
    const data = tags.subarray(Math.floor(tags.indexOf(0) / 4) * 4 + 4);
    return { address, text: isText ? data.subarray(0, data.indexOf(0)).toString() : '', data };
}

let desk;
let log = '';
let port;

class Client {
    static async open() {
        const client = new Client();
        client.heard = [];
        client.socket = dgram.createSocket('udp4');
        client.socket.on('message', (packet) => client.heard.push(read(packet)));
        client.socket.bind(0, '127.0.0.1');
        await once(client.socket, 'listening');
        client.socket.setRecvBufferSize(4 << 20);
        return client;
    }

    send(...args) {
        this.socket.send(message(...args), port, '127.0.0.1');
    }

    /** The text of a node; asked again if it is lost, as UDP may. */
    async node(path) {
        for (let tries = 0; tries < 20; ++tries) {
            const from = this.heard.length;
            this.send('/node', path);
            const found = () => this.heard.slice(from).find(({ address, text }) => address === 'node' && text.startsWith(`/${path} `));
            const answer = await until(path, found, 1000).catch(() => undefined);
            if (answer) return answer.text.trimEnd();
        }
        throw new Error(`no answer: ${path}`);
    }

    close() {
        this.socket.close();
    }
}

async function start() {
    log = '';
    const env = { ...process.env, XDG_STATE_HOME: folder, HOME: folder };
    desk = spawn(mixrig, ['run', '-c', join(folder, 'desk.toml'), '--backend', 'null'], { env });
    for (const out of [desk.stdout, desk.stderr]) out.on('data', (text) => (log += text));
    port = Number(await until('the port of the dialect', () => /is an X32 .*UDP port (\d+)/.exec(log)?.[1]));
}

before(async () => {
    writeFileSync(join(folder, 'desk.toml'), TOML);
    await start();
    // The library knows one port only.
    const create = dgram.createSocket;
    dgram.createSocket = (...args) => {
        const socket = create(...args);
        const connect = socket.connect.bind(socket);
        socket.connect = (_, address) => connect(port, address);
        return socket;
    };
    process.chdir(folder); // it leaves files where it finds differences
});

after(async () => {
    desk.kill('SIGTERM');
    await once(desk, 'exit');
    rmSync(folder, { recursive: true, force: true });
});

/** Seconds of a processor that the desk has spent answering: its first thread, which is the one that hears and answers. */
function spent() {
    const [, fields] = readFileSync(`/proc/${desk.pid}/task/${desk.pid}/stat`, 'utf8').split(') ');
    const [user, system] = fields.split(' ').slice(11, 13);
    return (Number(user) + Number(system)) / 100; // proc(5): ticks, of which Linux makes 100 a second for programs
}

async function library() {
    const { X32 } = require('x32-osc');
    const x32 = new X32('127.0.0.1', 1000);
    const errors = [];
    x32.on('error', (error) => errors.push(error.message));
    const [begin, before] = [performance.now(), spent()];
    await new Promise((done) => x32.on('ready', done));
    const fetched = { ms: performance.now() - begin, cpu: spent() - before };
    // Its waits are for a desk that answers before it has changed. Ours does one message after the other.
    x32._sendDatawTimeout = async (address, value, int) => {
        const type = typeof value === 'string' ? 's' : int ? 'i' : 'f';
        x32._send(address, [{ type, data: value }]);
    };
    return { x32, errors, fetched };
}

/** Leaves that differ from what the library has learnt; how many it has looked at. */
async function differences(x32, work) {
    const print = console.log;
    let leaves = 0;
    console.log = (line) => (leaves += String(line).startsWith('Testing leaf') ? 1 : 0);
    try {
        return { different: await work(), leaves };
    } finally {
        console.log = print;
    }
}

test('the library fetches the whole state of 2,117 nodes', async (t) => {
    const { x32, errors, fetched } = await library();
    x32.close();
    t.diagnostic(`fetched in ${fetched.ms.toFixed(0)} ms, of which the desk took ${(1000 * fetched.cpu).toFixed(0)} ms of a processor`);
    assert.deepEqual(errors, []);
    assert.equal(x32.model, 'X32');
    assert.equal(x32.OSC.main.st.mix.fader, '0.0');
    // One question after the other, each of which waits for whoever else has the processor: what the desk itself takes counts.
    assert.ok(fetched.cpu < 1, `${fetched.cpu} s`);
});

test('every step of every leaf reads as on a desk', async (t) => {
    const { x32, errors } = await library();
    const { x32NodeStructure: tree } = require('x32-osc/x32definitions.js');
    const channel = tree.ch["'07"];
    const begin = performance.now();
    const { different, leaves } = await differences(x32, async () => {
        if (all) return x32.testX32NodeStructure();
        const out = [];
        for (const node of ['gate', 'eq', 'insert', 'preamp', 'grp'])
            out.push(...(await x32._testTree(channel[node], `/ch/07/${node}`)));
        return out;
    });
    t.diagnostic(`${leaves} leaves in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    x32.close();
    assert.deepEqual(different, []);
    assert.deepEqual(errors, []);
    assert.ok(leaves > (all ? 1600 : 25));
});

test('8,000 values sent at once are all there, and each of four clients hears of what the others do', async (t) => {
    const clients = await Promise.all([1, 2, 3, 4].map(() => Client.open()));
    for (const client of clients) client.send('/xremote');
    await clients[0].node('config/mono');
    const channels = Array.from({ length: 32 }, (_, i) => String(i + 1).padStart(2, '0'));
    // 8,000 leaves, each its own value, as fast as the socket takes them.
    const sets = [];
    for (let round = 0; sets.length < 8000; ++round)
        for (const channel of channels)
            for (const band of [1, 2, 3, 4]) sets.push([`/ch/${channel}/eq/${band}/g`, ((round * 7 + band) % 121) / 120 + 1e-9]);
    sets.length = 8000;
    const last = new Map(sets);
    for (const client of clients) client.heard = [];
    const begin = performance.now();
    for (const set of sets) clients[0].send(...set);
    const line = await clients[0].node('ch/32/eq/4'); // behind all of them
    t.diagnostic(`8,000 sets taken in ${(performance.now() - begin).toFixed(0)} ms`);
    assert.ok(line.length > 0);
    for (const channel of channels)
        for (const band of [1, 2, 3, 4]) {
            const gain = Number((await clients[1].node(`ch/${channel}/eq/${band}`)).split(' ')[3]);
            const wanted = -15 + 30 * last.get(`/ch/${channel}/eq/${band}/g`);
            assert.ok(Math.abs(gain - wanted) <= 0.06, `${channel} ${band}: ${gain} for ${wanted}`);
        }
    // Whatever was told in between, each of the others knows the last value.
    await until('the last notice', () => clients.slice(1).every(({ heard }) => heard.some(({ address }) => address === '/ch/32/eq/4/g')));
    for (const { heard } of clients.slice(1)) {
        const known = new Map(heard.filter(({ address }) => address.endsWith('/g')).map(({ address, data }) => [address, data.readFloatBE()]));
        for (const [address, value] of known) assert.ok(Math.abs(value - last.get(address)) < 0.005, address);
        assert.ok(known.size > 100);
    }
    assert.equal(clients[0].heard.filter(({ address }) => address.endsWith('/g')).length, 0);
    clients.forEach((client) => client.close());
});

test('a scene by its number comes back, and everybody is told', async () => {
    const [one, two] = [await Client.open(), await Client.open()];
    for (const client of [one, two]) client.send('/xremote');
    one.send('/ch/05/mix/fader', 0.749756);
    one.send('/save', 'scene', 12, 'Verse', '');
    await until('the scene to be saved', () => one.heard.some(({ address }) => address === '/save'));
    one.send('/ch/05/mix/fader', 0.25);
    await until('the other one to hear', () => two.heard.some(({ address }) => address === '/ch/05/mix/fader'));
    [one.heard, two.heard] = [[], []];
    two.send('/-action/goscene', 12);
    for (const client of [one, two])
        await until('the recall', () => client.heard.some(({ address, data }) => address === '/ch/05/mix/fader' && Math.abs(data.readFloatBE() - 0.749756) < 1e-4));
    assert.match(await one.node('-show/showfile/scene/012'), /"Verse" "" %000000000 1/);
    assert.match(await one.node('ch/05/mix'), /ON 0\.0 ON/);
    one.close();
    two.close();
});

test('what ours cannot say outlives kill -9, if it was said a second before; a damaged file ends nothing', async () => {
    const kept = Object.entries({
        'ch/01/config': '"Kick" 3 BLi 7',
        'fx/1': 'GEQ2',
        'fx/1/par': '1.0 -2.5 3.0',
        'fx/2': 'AMBI',
        'headamp/005': '+12.5 ON',
    });
    let client = await Client.open();
    for (const [path, values] of kept) client.send('/', `${path} ${values}`);
    await client.node('headamp/005');
    client.send('/save', 'libchan', 4, 'Voice', 0);
    await until('the preset', () => client.heard.some(({ address }) => address === '/save'));
    await quiet(1200);
    desk.kill('SIGKILL');
    await once(desk, 'exit');
    await start();
    client.close();
    client = await Client.open();
    for (const [path, values] of kept) assert.ok((await client.node(path)).startsWith(`/${path} ${values}`), path);
    assert.match(await client.node('-libs/ch/005'), /"Voice" 0 %0+ 1/);
    client.close();

    desk.kill('SIGTERM');
    await once(desk, 'exit');
    const state = readdirSync(folder, { recursive: true }).filter((file) => /x32\.kept/.test(file));
    assert.ok(state.length > 0);
    for (const file of state) {
        assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600);
        writeFileSync(join(folder, file), 'garbage');
    }
    await start();
    await until('the message', () => /x32\.kept.*damaged/.test(log));
    client = await Client.open();
    assert.equal(await client.node('headamp/005'), '/headamp/005 +0.0 OFF');
    client.close();
});

test('a dump of a real desk, written line by line, reads back as it was', { skip: !all }, async (t) => {
    const dump = JSON.parse(readFileSync(require.resolve('x32-osc/x32-osc-obj.json')));
    const { x32NodeStructure: tree } = require('x32-osc/x32definitions.js');
    const nodes = [];
    const walk = (node, path, values) => {
        const leaves = Object.keys(node).filter((name) => node[name]._type);
        const name = (key) => key.replace(/^'/, '');
        if (path && leaves.length > 0)
            nodes.push([path, leaves.map((leaf) => ({ text: String(values?.[name(leaf)] ?? '').replace(/^"|"$/g, ''), quoted: /string/i.test(node[leaf]._type) }))]);
        for (const key of Object.keys(node)) if (!node[key]._type) walk(node[key], path ? `${path}/${name(key)}` : name(key), values?.[name(key)]);
    };
    walk(tree, '', dump);
    const client = await Client.open();
    const said = ({ text, quoted }) => (quoted ? `"${text}"` : text);
    for (const [path, leaves] of nodes) {
        client.send('/', `${path} ${leaves.map(said).join(' ')}`);
        await client.node(path);
    }
    const different = [];
    let values = 0;
    for (const [path, leaves] of nodes) {
        const line = await client.node(path);
        const wanted = `/${path} ${leaves.map(said).join(' ')}`;
        values += leaves.length;
        if (line.replaceAll('"', '') !== wanted.replaceAll('"', '')) different.push([line, wanted]);
    }
    t.diagnostic(`${nodes.length} nodes, ${values} values, ${different.length} nodes differ`);
    assert.equal(nodes.length, 2117);
    assert.deepEqual(different, []);
    client.close();
});
