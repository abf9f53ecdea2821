// Takes a TypeScript file of the page into a test.
// SPDX-License-Identifier: GPL-3.0-or-later
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const web = new URL("../../../control/web/", import.meta.url);

// `file` below control/web/src, with all that it imports.
export async function load(file) {
    const { build } = createRequire(new URL("package.json", web))("esbuild");
    const { outputFiles: [bundle] } = await build({
        entryPoints: [fileURLToPath(new URL(`src/${file}`, web))],
        bundle: true, write: false, format: "esm", platform: "node", jsx: "automatic", jsxImportSource: "preact",
    });
    return import(`data:text/javascript;base64,${Buffer.from(bundle.contents).toString("base64")}`);
}
