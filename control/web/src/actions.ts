// Actions of the desk: asked for by a message, answered by one or by a list that ends with /end, or by /error.
// SPDX-License-Identifier: GPL-3.0-or-later
import type { Arg, Message, OutArg, OutMessage } from "./osc";

const PATIENCE = 6000; // ms; a disk may take a while

export class Refusal extends Error {}

interface Asked {
    address: string;
    list: boolean;
    lines: Arg[][];
    done: (lines: Arg[][]) => void;
    failed: (error: Refusal) => void;
    timer: ReturnType<typeof setTimeout>;
}

export class Actions {
    private waiting: Asked[] = [];

    constructor(private readonly send: (messages: OutMessage[]) => boolean) {}

    /** The arguments of the answer. */
    async ask(address: string, ...args: OutArg[]): Promise<Arg[]> {
        const lines = await this.begin(address, false, args);
        return lines[0] ?? [];
    }

    /** The arguments of every line of the answer. */
    askList(address: string, ...args: OutArg[]): Promise<Arg[][]> {
        return this.begin(address, true, args);
    }

    /** True if the message answered something that was asked. */
    message({ address, args }: Message): boolean {
        if (address === "/error") {
            const asked = this.waiting.find((one) => one.address === args[0]);
            if (asked) this.end(asked)?.failed(new Refusal(String(args[1])));
            return asked !== undefined;
        }
        const asked = this.waiting.find((one) => one.address === address || `${one.address}/end` === address);
        if (!asked) return false;
        if (asked.list && address === asked.address) {
            asked.lines.push(args);
            return true;
        }
        if (!asked.list) asked.lines.push(args);
        this.end(asked)?.done(asked.lines);
        return true;
    }

    closed(): void {
        for (const asked of [...this.waiting]) this.end(asked)?.failed(new Refusal("the desk is not connected"));
    }

    private begin(address: string, list: boolean, args: OutArg[]): Promise<Arg[][]> {
        return new Promise((done, failed) => {
            if (!this.send([{ address, args }])) {
                failed(new Refusal("the desk is not connected"));
                return;
            }
            const timer = setTimeout(() => this.end(asked)?.failed(new Refusal("the desk did not answer")), PATIENCE);
            const asked: Asked = { address, list, lines: [], done, failed, timer };
            this.waiting.push(asked);
        });
    }

    private end(asked: Asked): Asked | undefined {
        clearTimeout(asked.timer);
        const there = this.waiting.includes(asked);
        this.waiting = this.waiting.filter((one) => one !== asked);
        return there ? asked : undefined;
    }
}
