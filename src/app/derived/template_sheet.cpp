// Every address of a desk, on paper.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/derived/template.h"
#include "src/param/actions.h"

namespace mixrig::app {
namespace {

using param::Kind;
using param::Type;

std::string span_of(std::size_t count) {
    return count == 1 ? "1" : "1-" + std::to_string(count);
}

std::string takes(const param::Layout& layout, param::Slot slot) {
    const param::Row& row = layout.row(slot);
    switch (row.type) {
        case Type::number:
            return "f " + layout.format(slot, {row.low}) + " to " + layout.format(slot, {row.high});
        case Type::toggle:
            return "i 0, 1";
        case Type::text:
            return "s";
        case Type::choice:
            return "s " + std::string(row.choices);
        default:
            return "s " + layout.format(slot, {0.0f}) + " to " +
                   layout.format(slot, {layout.high(slot)});
    }
}

// "/ch/1-16/eq/1-6/freq".
std::string address_of(const param::Layout& layout, Kind kind, std::size_t row) {
    std::string out(param::kPrefix[static_cast<std::size_t>(kind)]);
    if (param::is_counted(kind)) out += "/" + span_of(layout.shape().count(kind));
    if (kind != Kind::desk) out += '/';
    for (const char c : param::kTable[row].address)
        out += c == '#' ? span_of(layout.index_count(param::kTable[row].index)) : std::string(1, c);
    return out;
}

void add_names(std::string& out, const param::Layout& layout, const param::Values& values) {
    out += "\n| strip | name |\n|---|---|\n";
    for (const Kind kind : param::kCountedKinds)
        for (std::size_t n = 0; n < layout.shape().count(kind); ++n) {
            const std::string& name = values.text(layout.slot(kind, n, param::row("name")));
            if (!name.empty())
                out += "| `" + std::string(param::kPrefix[static_cast<std::size_t>(kind)]) + "/" +
                       std::to_string(n + 1) + "` | " + name + " |\n";
        }
}

void add_kind(std::string& out, const param::Layout& layout, Kind kind) {
    if (layout.shape().count(kind) == 0) return;
    std::string lines;
    for (std::size_t row = 0; row < param::kRows; ++row) {
        const param::Row& at = param::kTable[row];
        if (!layout.has(kind, row) || layout.index_count(at.index) == 0) continue;
        lines += "| `" + address_of(layout, kind, row) + "` | " +
                 takes(layout, layout.slot(kind, 0, row)) + " | " +
                 (at.keep == param::Keep::told ? "told; " : "") + std::string(at.label) + " |\n";
    }
    if (lines.empty()) return;
    const std::string_view prefix = param::kPrefix[static_cast<std::size_t>(kind)];
    out += "\n## " + (prefix.empty() ? std::string("Desk") : "`" + std::string(prefix) + "`") +
           "\n\n| address | takes | is |\n|---|---|---|\n" + lines;
}

}  // namespace

std::string osc_sheet(std::string_view name, std::size_t port, const param::Layout& layout,
                      const param::Values& values) {
    std::string out = "# " + std::string(name) +
                      ": OSC addresses\n\n"
                      "Send to UDP or TCP port " +
                      std::to_string(port) +
                      " (`[osc] port`), listen on the port that you "
                      "send from (or say "
                      "/hello), and repeat `/subscribe`\nevery 5 s: the desk sends the same "
                      "addresses back. `1-16` is a number from 1 to 16. Levels are dB, times ms.\n";
    add_names(out, layout, values);
    for (std::size_t k = 0; k < param::kKinds; ++k) add_kind(out, layout, static_cast<Kind>(k));
    out += "\n## Actions\n\n| address | takes | does |\n|---|---|---|\n";
    for (const param::Action& action : param::kActions)
        out += "| `" + std::string(action.address) + "` | " + std::string(action.types) + " | " +
               std::string(action.doc) + " |\n";
    return out;
}

}  // namespace mixrig::app
