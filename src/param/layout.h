// Which parameters a desk of a given size has: every row, instantiated; addresses to slots and
// back.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/param/table.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::param {

// How many strips of each kind, and which of them are stereo. Fixed while the desk runs.
struct DeskShape {
    std::array<std::vector<bool>, kCountedKinds.size()> stereo;  // by Kind: ch, sub, aux, fx, mtx
    std::size_t speakers = 1;  // pairs of monitor outputs, at most kMostSpeakers
    bool talkback = false;     // there is an input for it, behind those of the channels
    bool restores = false;     // files, not a live desk

    // Channels mono, buses stereo.
    static DeskShape of(std::size_t channels, std::size_t subgroups, std::size_t auxes,
                        std::size_t effects, std::size_t matrices);
    std::size_t count(Kind kind) const;
    bool is_stereo(Kind kind, std::size_t strip) const;  // main and master always are
};

using Slot = std::uint32_t;

struct Place {
    Kind kind = Kind::desk;
    std::uint16_t strip = 0;  // from 0
    std::uint16_t row = 0;
    std::uint16_t index = 0;  // from 0; what the second # of the address counts
};

// A value in its row's unit: `number` for all types but text, which use `text`.
struct Value {
    float number = 0.0f;
    std::string text = {};
    bool operator==(const Value&) const = default;
};

class Layout {
public:
    explicit Layout(DeskShape shape);

    const DeskShape& shape() const { return shape_; }
    std::size_t size() const { return size_; }

    std::optional<Slot> find(std::string_view address) const;
    std::string address(Slot slot) const;
    Place place(Slot slot) const;
    const Row& row(Slot slot) const { return kTable[place(slot).row]; }
    // Precondition: the row exists for the kind, strip and index are within the desk's counts.
    Slot slot(Kind kind, std::size_t strip, std::size_t row, std::size_t index = 0) const;
    bool has(Kind kind, std::size_t row) const { return (kTable[row].kinds & only(kind)) != 0; }
    std::size_t index_count(Index index) const;

    Value initial(Slot slot) const;
    // The largest value a row may have here, where the size of the desk decides; else the row's
    // own.
    float high(Slot slot) const;
    // What a bare number means: an index, but 24 where the words of a choice are "12 18 24", and 3
    // the third of groups or loudspeakers.
    float from_number(Slot slot, float number) const;
    // Precondition: finite. Toggles, choices, routes and sources become whole numbers.
    float clamp(Slot slot, float value) const;

    // "-6 dB", "1.2 kHz", "on", "bell", "sub/2": a value out of range is returned as it was
    // written.
    base::Result<Value> parse(Slot slot, std::string_view text) const;
    // Canonical text, which parse reads back as the same value.
    std::string format(Slot slot, const Value& value) const;
    // The known address that is nearest to a mistyped one, for messages.
    std::string nearest(std::string_view address) const;

private:
    std::string known(const Row& row) const;
    std::string strip_text(Type type, std::size_t number) const;

    struct Entry {
        std::uint16_t row, index;
    };
    struct Section {
        Slot first = 0;
        std::vector<Entry> entries;                 // of one strip, in the table's order
        std::array<std::uint16_t, kRows> offset{};  // of the row's first entry
    };

    DeskShape shape_;
    std::array<Section, kKinds> sections_;
    std::size_t size_ = 0;
};

// The number of a route: 0 none, 1 main, 2 + k subgroup k (from 0). Of a source: 0 self, 1 + k
// channel k. Of an insert: 0 none, 1 + k effect k. Of what is listened to: 0 main, then subgroups,
// monitor mixes and matrices. Of groups: bit k is group k.
inline constexpr float kRouteNone = 0.0f, kRouteMain = 1.0f, kRouteFirstSub = 2.0f;
inline constexpr float kSourceSelf = 0.0f, kSourceFirstChannel = 1.0f;
inline constexpr float kInsertNone = 0.0f, kInsertFirstEffect = 1.0f;
inline constexpr float kListenMain = 0.0f;
// Of any strip: 0 main, then every counted strip in the order of the engine.
inline constexpr float kStripMain = 0.0f, kStripFirst = 1.0f;
inline constexpr std::array<Kind, 3> kListenKinds = {Kind::sub, Kind::aux, Kind::mtx};
// What a row of this type may name besides main.
constexpr std::span<const Kind> named_kinds(Type type) {
    if (type == Type::listen) return kListenKinds;
    return kCountedKinds;
}

// How many groups there are to choose from.
std::size_t groups(const Row& row);
// The words of a choice.
std::vector<std::string_view> choices(const Row& row);
std::string_view unit_name(Unit unit);

// Knob positions, 0..1, and back; number rows only.
float to_knob(const Row& row, float value);
float from_knob(const Row& row, float knob);

}  // namespace mixrig::param
