// Addresses to slots and back.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/param/layout.h"

#include "src/base/edits.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <limits>

namespace mixrig::param {
namespace {

bool is_number(std::string_view part) {
    return !part.empty() && part.size() <= 5 && part.front() != '0' &&
           std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::size_t to_number(std::string_view part) {
    std::size_t number = 0;
    std::from_chars(part.data(), part.data() + part.size(), number);
    return number;
}

// The kind whose prefix begins the address, and how much of the address that is. Longest prefix
// first.
std::optional<std::pair<Kind, std::size_t>> kind_of(std::string_view address) {
    constexpr std::array order = {Kind::master, Kind::main, Kind::ch,  Kind::sub,
                                  Kind::aux,    Kind::fx,   Kind::mtx, Kind::restore};
    for (const Kind kind : order) {
        const std::string_view prefix = kPrefix[static_cast<std::size_t>(kind)];
        if (address.size() > prefix.size() && address.starts_with(prefix) &&
            address[prefix.size()] == '/')
            return std::pair{kind, prefix.size() + 1};
    }
    return std::nullopt;
}

// "eq/3/freq" -> {"eq/#/freq", 3}; 0 where there is no number. All else is kept as it stands.
std::pair<std::string, std::size_t> split_index(std::string_view below) {
    std::string pattern;
    std::size_t index = 0;
    for (std::size_t begin = 0; begin <= below.size();) {
        const std::size_t end = std::min(below.find('/', begin), below.size());
        const std::string_view part = below.substr(begin, end - begin);
        const bool counts = index == 0 && is_number(part);
        if (counts) index = to_number(part);
        pattern += counts ? std::string_view("#") : part;
        if (end < below.size()) pattern += '/';
        begin = end + 1;
    }
    return {pattern, index};
}

}  // namespace

DeskShape DeskShape::of(std::size_t channels, std::size_t subgroups, std::size_t auxes,
                        std::size_t effects, std::size_t matrices) {
    DeskShape shape;
    shape.stereo[0].assign(channels, false);
    shape.stereo[1].assign(subgroups, true);
    shape.stereo[2].assign(auxes, true);
    shape.stereo[3].assign(effects, true);
    shape.stereo[4].assign(matrices, true);
    return shape;
}

std::size_t DeskShape::count(Kind kind) const {
    if (kind == Kind::restore) return restores ? 1 : 0;
    return is_counted(kind) ? stereo[static_cast<std::size_t>(kind)].size() : 1;
}

bool DeskShape::is_stereo(Kind kind, std::size_t strip) const {
    return is_counted(kind) ? stereo[static_cast<std::size_t>(kind)][strip] : kind != Kind::desk;
}

Layout::Layout(DeskShape shape) : shape_(std::move(shape)) {
    for (std::size_t k = 0; k < kKinds; ++k) {
        const auto kind = static_cast<Kind>(k);
        Section& section = sections_[k];
        section.first = static_cast<Slot>(size_);
        for (std::size_t r = 0; r < kRows; ++r) {
            section.offset[r] = static_cast<std::uint16_t>(section.entries.size());
            if (!has(kind, r)) continue;
            for (std::size_t i = 0; i < index_count(kTable[r].index); ++i)
                section.entries.push_back(
                    {static_cast<std::uint16_t>(r), static_cast<std::uint16_t>(i)});
        }
        size_ += section.entries.size() * shape_.count(kind);
    }
}

std::size_t Layout::index_count(Index index) const {
    switch (index) {
        case Index::none:
            return 1;
        case Index::band:
            return kBands;
        case Index::comp:
            return kComps;
        case Index::aux:
            return shape_.count(Kind::aux);
        case Index::fx:
            return shape_.count(Kind::fx);
        case Index::mtx:
            return shape_.count(Kind::mtx);
        case Index::dca:
            return kDcas;
        case Index::automix:
            return kAutomixes;
        case Index::mutegroup:
            return kMuteGroups;
        case Index::link:
            return kLinks;
        case Index::speakers:
            return shape_.speakers;
        case Index::ms_band:
            return kMsBands;
        case Index::multi_band:
            return kMultiBands;
        case Index::multi_split:
            return kMultiBands - 1;
        case Index::field_band:
            return kFieldBands;
        case Index::field_split:
            return kFieldBands - 1;
    }
    return 1;
}

std::optional<Slot> Layout::find(std::string_view address) const {
    Kind kind = Kind::desk;
    std::size_t strip = 0;
    std::string_view below = address;
    if (const auto found = kind_of(address)) {
        kind = found->first;
        below.remove_prefix(found->second);
        if (is_counted(kind)) {
            const std::size_t end = std::min(below.find('/'), below.size());
            if (!is_number(below.substr(0, end)) || end == below.size()) return std::nullopt;
            strip = to_number(below.substr(0, end)) - 1;
            below.remove_prefix(end + 1);
        }
        if (strip >= shape_.count(kind)) return std::nullopt;
    }
    const auto [pattern, number] = split_index(below);
    for (std::size_t r = 0; r < kRows; ++r) {
        if (kTable[r].address != pattern || !has(kind, r)) continue;
        const bool counted = kTable[r].index != Index::none;
        if (counted != (number != 0) || (counted && number > index_count(kTable[r].index)))
            return std::nullopt;
        return slot(kind, strip, r, counted ? number - 1 : 0);
    }
    return std::nullopt;
}

Place Layout::place(Slot slot) const {
    assert(slot < size_);
    std::size_t k = 0;
    while (k + 1 < kKinds && slot >= sections_[k + 1].first) ++k;
    const Section& section = sections_[k];
    const std::size_t within = slot - section.first;
    const Entry entry = section.entries[within % section.entries.size()];
    return {static_cast<Kind>(k), static_cast<std::uint16_t>(within / section.entries.size()),
            entry.row, entry.index};
}

std::string Layout::address(Slot slot) const {
    const Place at = place(slot);
    std::string out(kPrefix[static_cast<std::size_t>(at.kind)]);
    if (is_counted(at.kind)) out += "/" + std::to_string(at.strip + 1);
    if (at.kind != Kind::desk) out += '/';
    for (const char c : kTable[at.row].address) {
        if (c == '#')
            out += std::to_string(at.index + 1);
        else
            out += c;
    }
    return out;
}

Slot Layout::slot(Kind kind, std::size_t strip, std::size_t row, std::size_t index) const {
    const Section& section = sections_[static_cast<std::size_t>(kind)];
    assert(has(kind, row) && strip < shape_.count(kind) && index < index_count(kTable[row].index));
    return static_cast<Slot>(section.first + strip * section.entries.size() + section.offset[row] +
                             index);
}

Value Layout::initial(Slot slot) const {
    const Place at = place(slot);
    const Row& row = kTable[at.row];
    if ((row.starts_on & only(at.kind)) != 0) return {1.0f};
    if (at.index < row.initials.size() && row.initials[at.index] != 0.0f)
        return {row.initials[at.index]};
    return {row.initial};
}

float Layout::high(Slot slot) const {
    const Row& at = row(slot);
    if (at.type == Type::route)
        return kRouteFirstSub + static_cast<float>(shape_.count(Kind::sub)) - 1.0f;
    if (at.type == Type::source) return static_cast<float>(shape_.count(Kind::ch));
    if (at.type == Type::insert) return static_cast<float>(shape_.count(Kind::fx));
    if (at.type == Type::pair) return static_cast<float>(shape_.speakers - 1);
    if (at.type == Type::listen || at.type == Type::strip) {
        std::size_t strips = 0;
        for (const Kind kind : named_kinds(at.type)) strips += shape_.count(kind);
        return static_cast<float>(strips);
    }
    return at.high;
}

float Layout::from_number(Slot slot, float number) const {
    const Row& at = row(slot);
    if (at.type == Type::pair) return number - 1.0f;
    if (at.type == Type::groups) {
        const float group = std::round(std::clamp(number, 0.0f, static_cast<float>(groups(at))));
        return group == 0.0f ? 0.0f : static_cast<float>(1u << (static_cast<unsigned>(group) - 1));
    }
    if (at.type != Type::choice) return number;
    const auto words = choices(at);
    for (std::size_t i = 0; i < words.size(); ++i)
        if (is_number(words[i]) && static_cast<float>(to_number(words[i])) == number)
            return static_cast<float>(i);
    return number;
}

float Layout::clamp(Slot slot, float value) const {
    const Row& at = row(slot);
    const float clamped = std::min(std::max(value, at.low), high(slot));
    return at.type == Type::number ? clamped : std::round(clamped);
}

std::string Layout::nearest(std::string_view address) const {
    std::string best;
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    const auto consider = [&](const std::string& candidate) {
        const std::size_t edits = base::edits(address, candidate);
        if (edits < fewest) fewest = edits, best = candidate;
    };
    // The first strip of each kind stands for all; the mistyped address's own strip is tried as
    // well.
    for (std::size_t k = 0; k < kKinds; ++k) {
        const auto kind = static_cast<Kind>(k);
        const std::size_t count = shape_.count(kind);
        if (count == 0 || sections_[k].entries.empty()) continue;
        std::size_t strip = 0;
        const std::string_view prefix = kPrefix[k];
        if (is_counted(kind) && address.starts_with(prefix) && address.size() > prefix.size()) {
            const std::string_view rest = address.substr(prefix.size() + 1);
            const std::string_view part = rest.substr(0, std::min(rest.find('/'), rest.size()));
            if (is_number(part)) strip = std::min(to_number(part), count) - 1;
        }
        const Slot first =
            sections_[k].first + static_cast<Slot>(strip * sections_[k].entries.size());
        for (std::size_t e = 0; e < sections_[k].entries.size(); ++e)
            consider(this->address(first + static_cast<Slot>(e)));
    }
    return best;
}

}  // namespace mixrig::param
