// The mix doctor: its rules, how they stand, and the figure behind each.
// SPDX-License-Identifier: GPL-3.0-or-later
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useSession } from "../session";
import { Button } from "../widgets/button";

const EVERY = 2000; // ms

interface Rule {
    key: string;
    result: string;
    title: string;
}

const MARKS: Record<string, string> = { pass: "✓", warn: "!", fail: "✕" };
const ORDER = ["fail", "warn", "pass"];
const rank = (result: string): number => (ORDER.indexOf(result) + ORDER.length + 1) % (ORDER.length + 1);

export function QaView() {
    const session = useSession();
    const rules = useSignal<Rule[]>([]);
    const opened = useSignal("");
    const detail = useSignal("");
    const profile = useSignal("");
    const open = session.connection.state.value === "open";

    useEffect(() => {
        if (!open) return undefined;
        const read = async (): Promise<void> => {
            if (document.hidden) return;
            const lines = await session.list("/qa/list");
            const read = lines.map(([key, result, title]) => ({ key: String(key), result: String(result), title: String(title) }));
            rules.value = read.sort((a, b) => rank(a.result) - rank(b.result) || a.key.localeCompare(b.key));
        };
        void read();
        // To ask is to run what may change it, which is not for who only watches.
        if (!session.store.locked.peek())
            void session.act("/qa/profile").then((answer) => (profile.value = String(answer?.[0] ?? "")));
        const timer = setInterval(() => void read(), EVERY);
        return () => clearInterval(timer);
    }, [open]);

    const show = async (key: string): Promise<void> => {
        opened.value = opened.value === key ? "" : key;
        detail.value = "";
        if (opened.value === "") return;
        const answer = await session.act(`/qa/${key}`);
        if (answer && opened.value === key) detail.value = answer.slice(1).map(String).join("\n");
    };
    const count = (result: string): number => rules.value.filter((rule) => rule.result === result).length;
    return (
        <div class="page qa">
            <div class="toolbar">
                <h1>Mix doctor</h1>
                <p class="hint" role="status">
                    {`${count("fail")} failed, ${count("warn")} to look at, ${count("pass")} good`}
                    {profile.value && ` · profile ${profile.value}`}
                </p>
                <Button changes onPress={() => void session.act("/qa/reset").then((done) => done && session.say("A new take begins"))}>
                    New take
                </Button>
            </div>
            <ul class="rules">
                {rules.value.map(({ key, result, title }) => (
                    <li key={key}>
                        <button type="button" aria-expanded={opened.value === key} onClick={() => void show(key)}>
                            <span class={`badge ${result}`} aria-label={result}>
                                {MARKS[result] ?? "–"}
                            </span>
                            <span class="key">{key}</span>
                            <span class="title">{title}</span>
                        </button>
                        {opened.value === key && detail.value !== "" && <pre class="detail">{detail.value}</pre>}
                    </li>
                ))}
            </ul>
        </div>
    );
}
