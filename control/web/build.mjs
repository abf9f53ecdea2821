// Bundles the page into dist/, or with `tests` its unit tests into build/.
// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { manifest, pngIcon, svgIcon } from './icon.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const words = process.argv.slice(2);

// The bundle is a copy of these as well, and says so as their licences ask.
const licences = ['preact', '@preact/signals', '@preact/signals-core']
    .map((name) => `${name}\n\n${readFileSync(join(here, 'node_modules', name, 'LICENSE'), 'utf8').trim()}`)
    .join('\n\n');

// As src/web/site.cpp makes ETags (FNV-1a, 64 bits): a file that is asked for by its own is never asked for again.
function versionOf(bytes) {
    let hash = 0xcbf29ce484222325n;
    for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    return hash.toString(16).padStart(16, '0');
}

const common = {
    absWorkingDir: here,
    bundle: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
};

if (words[0] === 'tests') {
    const tests = readdirSync(join(here, 'src'), { recursive: true })
        .filter((name) => name.endsWith('.test.ts'))
        .map((name) => join('src', name));
    rmSync(join(here, 'build'), { recursive: true, force: true });
    await build({
        ...common,
        entryPoints: tests,
        outdir: 'build',
        outExtension: { '.js': '.mjs' },
        platform: 'node',
        format: 'esm',
        sourcemap: 'inline',
    });
} else {
    // Another folder than dist: for the test that compares the two.
    const out = words[0] ?? join(here, 'dist');
    mkdirSync(out, { recursive: true });
    await build({
        ...common,
        entryPoints: { app: 'src/main.tsx' },
        banner: { js: `/*! In this file, besides mixrig (GPL-3.0-or-later) and osc-min (Zlib):\n\n${licences}\n*/` },
        outdir: relative(here, out),
        platform: 'browser',
        format: 'iife',
        target: ['chrome90', 'firefox90', 'safari15'],
        minify: true,
        legalComments: 'none',
    });
    const html = readFileSync(join(here, 'src/index.html'), 'utf8');
    const versioned = html.replace(/"(app\.\w+)"/g, (_, name) => `"${name}?v=${versionOf(readFileSync(join(out, name)))}"`);
    writeFileSync(join(out, 'index.html'), versioned);
    const variables = readFileSync(join(here, 'src/css/base.css'), 'utf8').matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g);
    const colours = Object.fromEntries([...variables].map(([, name, colour]) => [name, colour]));
    writeFileSync(join(out, 'icon.svg'), svgIcon(colours));
    writeFileSync(join(out, 'icon.png'), pngIcon(colours));
    writeFileSync(join(out, 'manifest.webmanifest'), manifest(colours));
}
