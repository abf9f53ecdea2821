// What turns down in the master chain, by the names of its fields.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useDesk } from "../session";
import { Reduction } from "../strip/readings";

export const CHAIN_METER = "/meters/main/chain";

export function ChainReduction({ field, label }: { field: string; label: string }) {
    return <Reduction meter={CHAIN_METER} field={useDesk().chainFields.indexOf(field)} label={label} />;
}
