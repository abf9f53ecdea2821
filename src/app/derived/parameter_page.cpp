// What the parameter table says, for people and programs.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/derived/parameter_page.h"

#include "src/param/actions.h"
#include "src/param/layout.h"

#include <array>
#include <string_view>
#include <vector>

namespace mixrig::app {
namespace {

using param::Kind;
using param::Row;
using param::Type;

// A desk with two of everything: enough for each row to have a slot that can be asked.
const param::Layout& example() {
    static const param::Layout layout([] {
        param::DeskShape shape = param::DeskShape::of(2, 2, 2, 2, 2);
        shape.restores = true;
        return shape;
    }());
    return layout;
}

constexpr std::array<std::string_view, 12> kTypes = {"number", "toggle", "choice", "text",
                                                     "route",  "source", "insert", "groups",
                                                     "listen", "strip",  "pair",   "order"};
constexpr std::array<std::string_view, 3> kTapers = {"linear", "logarithmic", "fader"};
constexpr std::array<std::string_view, 16> kIndexes = {
    "",           "band",        "comp",       "aux",        "fx",      "mtx",
    "dca",        "mutegroup",   "link",       "speakers",   "automix", "ms_band",
    "multi_band", "multi_split", "field_band", "field_split"};

std::string_view type_name(const Row& row) {
    return kTypes[static_cast<std::size_t>(row.type)];
}

std::vector<Kind> kinds_of(const Row& row) {
    std::vector<Kind> out;
    for (std::size_t k = 0; k < param::kKinds; ++k)
        if (row.kinds & param::only(static_cast<Kind>(k))) out.push_back(static_cast<Kind>(k));
    return out;
}

// "/ch/#" or "/main".
std::string strip_address(Kind kind) {
    std::string out(param::kPrefix[static_cast<std::size_t>(kind)]);
    if (param::is_counted(kind)) out += "/#";
    return out;
}

std::string address(const Row& row, Kind kind) {
    return kind == Kind::desk ? std::string(row.address)
                              : strip_address(kind) + "/" + std::string(row.address);
}

std::string value_text(const Row& row, std::size_t index, float number) {
    const auto r = static_cast<std::size_t>(&row - param::kTable);
    return example().format(example().slot(kinds_of(row).front(), 0, r, index), {number, {}});
}

std::string range(const Row& row) {
    switch (row.type) {
        case Type::number:
            return value_text(row, 0, row.low) + " to " + value_text(row, 0, row.high);
        case Type::toggle:
            return "on, off";
        case Type::choice: {
            std::string out;
            for (const std::string_view word : param::choices(row))
                out += (out.empty() ? "" : ", ") + std::string(word);
            return out;
        }
        case Type::text:
            return "any text";
        case Type::route:
            return "none, main, sub/N";
        case Type::source:
            return "self, ch/N";
        case Type::insert:
            return "none, fx/N";
        case Type::groups:
            return "none, 1 to " + std::to_string(param::groups(row)) + ", several as 1,3";
        case Type::listen:
            return "main, sub/N, aux/N, mtx/N";
        case Type::strip:
            return "main, ch/N, sub/N, aux/N, fx/N, mtx/N";
        case Type::pair:
            return "1 to the number of pairs";
        case Type::order:
            return "all of: " + std::string(row.choices);
    }
    return {};
}

param::Value initial(const Row& row, std::size_t index) {
    const auto r = static_cast<std::size_t>(&row - param::kTable);
    return example().initial(example().slot(kinds_of(row).front(), 0, r, index));
}

// How many of a row may differ from the start.
std::size_t different(const Row& row) {
    return std::min(example().index_count(row.index), row.initials.size());
}

// One, or those of all bands where they differ.
std::string initial_text(const Row& row) {
    if (row.type == Type::text) return {};
    std::string first = value_text(row, 0, initial(row, 0).number);
    for (const Kind kind : kinds_of(row))
        if (row.starts_on & param::only(kind)) first += ", of `" + strip_address(kind) + "` on";
    std::string all = first;
    bool is_same = true;
    for (std::size_t i = 1; i < different(row); ++i) {
        const std::string one = value_text(row, i, initial(row, i).number);
        is_same = is_same && one == first;
        all += ", " + one;
    }
    return is_same ? first : all;
}

// The part of the strip that a row belongs to: what stands before the first slash.
struct Part {
    std::string_view key, heading;
};
constexpr std::array kParts = {
    Part{"hpf", "High-pass and low-pass filter"},
    Part{"lpf", "High-pass and low-pass filter"},
    Part{"gate", "Gate and expander"},
    Part{"eq", "Equaliser"},
    Part{"comp", "Compressors"},
    Part{"automix", "Fader, mute, pan"},
    Part{"fader", "Fader, mute, pan"},
    Part{"mute", "Fader, mute, pan"},
    Part{"dca", "Fader, mute, pan"},
    Part{"mutegroup", "Fader, mute, pan"},
    Part{"link", "Fader, mute, pan"},
    Part{"talkback", "Talkback and oscillator"},
    Part{"oscillator", "Talkback and oscillator"},
    Part{"pan", "Fader, mute, pan"},
    Part{"width", "Fader, mute, pan"},
    Part{"limiter", "Limiter"},
    Part{"ms", "Master chain"},
    Part{"multiband", "Master chain"},
    Part{"field", "Master chain"},
    Part{"saturator", "Master chain"},
    Part{"clipper", "Master chain"},
    Part{"order", "Master chain"},
    Part{"bypass", "Master chain"},
    Part{"automation", "Automation"},
    Part{"record", "Recording"},
    Part{"soundcheck", "Recording"},
    Part{"solo", "Solo and destination"},
    Part{"solo_safe", "Solo and destination"},
    Part{"to", "Solo and destination"},
    Part{"send", "Sends"},
    Part{"", "The desk"},
    Part{"clipping", "Restoration of files"},
    Part{"clicks", "Restoration of files"},
    Part{"dc", "Restoration of files"},
    Part{"hum", "Restoration of files"},
    Part{"noise", "Restoration of files"},
};

std::string_view heading(const Row& row) {
    const std::string_view key = row.address.substr(0, row.address.find('/'));
    for (const Part& part : kParts)
        if (part.key == key) return part.heading;
    return "Strip and input";
}

std::string kinds_text(const Row& row) {
    std::string out;
    for (const Kind kind : kinds_of(row))
        if (kind != Kind::desk) out += (out.empty() ? "`" : " `") + strip_address(kind) + "`";
    return out.empty() ? "desk" : out;
}

constexpr std::string_view kIntroduction =
    R"(# Parameters

Every parameter of the desk, as `src/param/table.h` declares it. This page is what `mixrig params --markdown` prints; a
test compares the two. A row exists below every strip of the last column but one: `fader` of channel 3 is
`/ch/3/fader`. `#` counts from 1. A number may be sent bare, in the unit of its row, or as text with the unit. Where several
defaults are given, they are those of the bands.
)";

void add_action_lines(std::string& out) {
    out += "\n## Actions\n\n| address | arguments | does |\n|---|---|---|\n";
    for (const param::Action& action : param::kActions)
        out += "| `" + std::string(action.address) + "` | " +
               (action.types.empty() ? "" : "`," + std::string(action.types) + "`") + " | " +
               std::string(action.doc) + " |\n";
    out += "\nEvery argument behind a `?` may be left out.\n";
}

}  // namespace

std::string_view index_name(param::Index index) {
    return kIndexes[static_cast<std::size_t>(index)];
}

std::string parameters_markdown() {
    std::string out(kIntroduction);
    std::string_view last;
    for (const Row& row : param::kTable) {
        if (heading(row) != last) {
            last = heading(row);
            out += "\n## " + std::string(last) +
                   "\n\n| address | type | unit | range | default | of | what it does |\n"
                   "|---|---|---|---|---|---|---|\n";
        }
        out += "| `" + std::string(row.address) + "` | " + std::string(type_name(row)) + " | " +
               std::string(param::unit_name(row.unit)) + " | " + range(row) + " | " +
               initial_text(row) + " | " + kinds_text(row) + " | " + std::string(row.doc) + " |\n";
    }
    add_action_lines(out);
    return out;
}

std::string parameters_text() {
    std::string out;
    for (const Row& row : param::kTable)
        for (const Kind kind : kinds_of(row)) {
            const std::string start = initial_text(row);
            out += address(row, kind) + "  [" + range(row) + "]" +
                   (start.empty() ? "" : "  " + start) + "  " + std::string(row.doc) + "\n";
        }
    for (const param::Action& action : param::kActions)
        out += std::string(action.address) + "  " + std::string(action.doc) + "\n";
    if (!out.empty()) out.pop_back();
    return out;
}

Json parameters_json() {
    Json rows = Json::list();
    for (const Row& row : param::kTable)
        for (const Kind kind : kinds_of(row)) {
            Json one = Json::object();
            one.set("address", address(row, kind))
                .set("label", row.label)
                .set("type", type_name(row))
                .set("unit", param::unit_name(row.unit));
            if (row.type == Type::number) {
                one.set("low", row.low).set("high", row.high);
                one.set("taper", kTapers[static_cast<std::size_t>(row.taper)]);
            }
            if (row.keep == param::Keep::told) one.set("told", true);
            if (row.index != param::Index::none) one.set("index", index_name(row.index));
            if (row.type == Type::choice || row.type == Type::order) {
                Json words = Json::list();
                for (const std::string_view word : param::choices(row)) words.add(word);
                one.set("choices", std::move(words));
            }
            if (row.index == param::Index::band || row.initials[0] != 0.0f) {
                Json values = Json::list();
                for (std::size_t i = 0; i < different(row); ++i) values.add(initial(row, i).number);
                one.set("default", std::move(values));
            } else if (row.type == Type::number) {
                one.set("default", row.initial);
            } else if (row.type == Type::text) {
                one.set("default", "");
            } else {
                const auto r = static_cast<std::size_t>(&row - param::kTable);
                const param::Slot slot = example().slot(kind, 0, r, 0);
                one.set("default", example().format(slot, example().initial(slot)));
            }
            one.set("glides", row.motion == param::Motion::glides).set("doc", row.doc);
            rows.add(std::move(one));
        }
    Json actions = Json::list();
    for (const param::Action& action : param::kActions)
        actions.add(std::move(Json::object()
                                  .set("address", action.address)
                                  .set("types", action.types)
                                  .set("doc", action.doc)));
    Json out = Json::object();
    out.set("parameters", std::move(rows)).set("actions", std::move(actions));
    return out;
}

}  // namespace mixrig::app
