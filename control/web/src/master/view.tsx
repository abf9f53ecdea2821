// The master chain, its loudness and what it turns down.
// SPDX-License-Identifier: GPL-3.0-or-later

export function MasterView() {
    return <h1>Master</h1>;
}
