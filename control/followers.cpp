// Link groups and exclusive solo.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/followers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace mixrig::control {

using param::Kind;
using param::row;
using param::Row;
using param::Type;

namespace {

constexpr std::size_t kNotLinked = param::kRows;

// The row of /link that says whether this one is shared.
constexpr std::size_t link_row(const Row& at) {
    struct Rule {
        std::string_view prefix;
        std::size_t row;
    };
    constexpr std::array rules = {
        Rule{"fader", row("/link/#/fader")},    Rule{"trim", row("/link/#/trim")},
        Rule{"hpf/", row("/link/#/eq")},        Rule{"lpf/", row("/link/#/eq")},
        Rule{"eq/", row("/link/#/eq")},         Rule{"gate/", row("/link/#/dynamics")},
        Rule{"comp/", row("/link/#/dynamics")}, Rule{"send/", row("/link/#/sends")},
    };
    if (at.address == "mute") return row("/link/#/mute");
    if (at.address.ends_with("pan")) return kNotLinked;
    if (at.type != Type::number && at.type != Type::toggle && at.type != Type::choice)
        return kNotLinked;
    for (const Rule& rule : rules)
        if (at.address.starts_with(rule.prefix)) return rule.row;
    return kNotLinked;
}

constexpr auto kLinkRows = [] {
    std::array<std::size_t, param::kRows> rows{};
    for (std::size_t r = 0; r < param::kRows; ++r) rows[r] = link_row(param::kTable[r]);
    return rows;
}();

// Where equal distances are equal moves.
float to_place(const Row& at, float value) {
    return at.taper == param::Taper::logarithmic ? std::log(value) : value;
}
float from_place(const Row& at, float place) {
    return at.taper == param::Taper::logarithmic ? std::exp(place) : place;
}

std::uint64_t key_of(std::size_t what, std::size_t group, std::size_t index) {
    return (static_cast<std::uint64_t>(what) << 32) | (group << 16) | index;
}

}  // namespace

Followers::Followers(const param::Layout& layout, const param::Values& values)
    : layout_(layout), values_(values) {
    for (param::Slot slot = 0; slot < layout.size(); ++slot) {
        const std::size_t at = layout.place(slot).row;
        if (at == row("solo") || at == row("/dca/#/solo")) solos_.push_back(slot);
    }
}

float Followers::desk_number(std::size_t at, std::size_t index) const {
    return values_.number(layout_.slot(Kind::desk, 0, at, index));
}

// In a batch the first move of a group leads: what else the batch says, it says of each by itself.
bool Followers::leads(std::uint64_t key, std::uint64_t batch) {
    if (batch == 0) return true;
    if (batch != batch_) led_.clear();
    batch_ = batch;
    return led_.insert(key).second;
}

void Followers::follow(const Move& move, const Set& set) {
    const param::Place place = layout_.place(move.slot);
    const bool is_solo = place.row == row("solo") || place.row == row("/dca/#/solo");
    if (is_solo && move.before == 0.0f && move.after != 0.0f &&
        desk_number(row("/solo/exclusive")) != 0.0f && leads(key_of(row("solo"), 0, 0), move.batch))
        return end_solos(move.slot, set);
    if (kLinkRows[place.row] != kNotLinked && layout_.has(place.kind, row("link")))
        follow_link(move, place, set);
}

void Followers::end_solos(param::Slot but, const Set& set) const {
    for (const param::Slot slot : solos_)
        if (slot != but && values_.number(slot) != 0.0f) set(slot, 0.0f);
}

void Followers::follow_link(const Move& move, const param::Place& place, const Set& set) {
    const auto link_of = [&](Kind kind, std::size_t strip) {
        return static_cast<std::size_t>(values_.number(layout_.slot(kind, strip, row("link"))));
    };
    places_.erase(move.slot);
    const std::size_t group = link_of(place.kind, place.strip);
    if (group == 0 || desk_number(kLinkRows[place.row], group - 1) == 0.0f) return;
    if (!leads(key_of(place.row, group, place.index), move.batch) || move.before == move.after)
        return;
    const Row& at = param::kTable[place.row];
    const bool fades = at.taper == param::Taper::fader;
    const bool from_silence = fades && move.before <= at.low;
    if (from_silence && brought_down_.erase(move.slot) == 0) return;
    if (fades && move.after <= at.low) brought_down_.insert(move.slot);
    const float distance = to_place(at, move.after) - to_place(at, move.before);
    for (std::size_t k = 0; k < param::kKinds; ++k) {
        const auto kind = static_cast<Kind>(k);
        if (!layout_.has(kind, place.row) || !layout_.has(kind, row("link"))) continue;
        for (std::size_t strip = 0; strip < layout_.shape().count(kind); ++strip) {
            if (link_of(kind, strip) != group) continue;
            const param::Slot slot = layout_.slot(kind, strip, place.row, place.index);
            if (slot == move.slot) continue;
            if (at.type == Type::number)
                move_by(slot, distance, from_silence, set);
            else if (values_.number(slot) != move.after)
                set(slot, move.after);
        }
    }
}

void Followers::move_by(param::Slot slot, float distance, bool only_those_along, const Set& set) {
    const Row& at = layout_.row(slot);
    const float now = values_.number(slot);
    const auto value_at = [&](float place) { return layout_.clamp(slot, from_place(at, place)); };
    const auto known = places_.find(slot);
    // Moved by something else since: it counts from where it stands.
    const bool is_along = known != places_.end() && value_at(known->second) == now;
    if (only_those_along && !is_along) return;
    const float place = (is_along ? known->second : to_place(at, now)) + distance;
    places_[slot] = place;
    if (value_at(place) != now) set(slot, value_at(place));
}

}  // namespace mixrig::control
