// One strip: all that is done to its sound.
// SPDX-License-Identifier: GPL-3.0-or-later
import { type Strip, titleOf } from "../table";

export function StripView({ strip }: { strip: Strip }) {
    return <h1>{titleOf(strip)}</h1>;
}
