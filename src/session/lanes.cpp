// Lanes, and how they are edited.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/lanes.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mixrig::session {

namespace {

constexpr float kLevelTolerance_dB = 0.03f;

Points::const_iterator behind(const Points& points, std::uint64_t frame) {
    return std::upper_bound(points.begin(), points.end(), frame,
                            [](std::uint64_t at, const Point& point) { return at < point.frame; });
}

Points::const_iterator from(const Points& points, std::uint64_t frame) {
    return std::lower_bound(points.begin(), points.end(), frame,
                            [](const Point& point, std::uint64_t at) { return point.frame < at; });
}

// The last of several at one frame holds.
void add(Points& points, Point point) {
    if (!points.empty() && points.back().frame == point.frame)
        points.back().value = point.value;
    else
        points.push_back(point);
}

// Both layers in one, at every point of either.
Points summed(const param::Layout& layout, param::Slot slot, const Lane& lane) {
    if (lane.trims.empty()) return lane.moves;
    Points out;
    auto move = lane.moves.begin(), trim = lane.trims.begin();
    float value = 0.0f, dB = 0.0f;
    while (move != lane.moves.end() || trim != lane.trims.end()) {
        const std::uint64_t frame = std::min(move != lane.moves.end() ? move->frame : UINT64_MAX,
                                             trim != lane.trims.end() ? trim->frame : UINT64_MAX);
        if (move != lane.moves.end() && move->frame == frame) value = (move++)->value;
        if (trim != lane.trims.end() && trim->frame == frame) dB = (trim++)->value;
        if (move != lane.moves.begin()) out.push_back({frame, trimmed(layout, slot, value, dB)});
    }
    return out;
}

void begin_at_start(Points& points, float value) {
    if (points.empty() || points.front().frame != 0) points.insert(points.begin(), {0, value});
}

}  // namespace

std::optional<float> value_at(const Points& points, std::uint64_t frame) {
    const auto next = behind(points, frame);
    if (next == points.begin()) return std::nullopt;
    return std::prev(next)->value;
}

Points spliced(const Points& old, const Points& fresh, std::uint64_t begin, std::uint64_t end) {
    Points out(old.begin(), from(old, begin));
    for (const Point& point : fresh)
        if (point.frame >= begin && point.frame < end) add(out, point);
    const auto rest = from(old, end);
    if (const auto goes_on = value_at(old, end); goes_on && end > begin) add(out, {end, *goes_on});
    for (auto point = rest; point != old.end(); ++point) add(out, *point);
    return out;
}

Points thinned(const Points& points, float tolerance) {
    Points out;
    for (const Point& point : points)
        if (out.empty() || std::fabs(point.value - out.back().value) > tolerance)
            out.push_back(point);
    if (!out.empty() && out.back().value != points.back().value) out.push_back(points.back());
    return out;
}

float tolerance_of(const param::Layout& layout, param::Slot slot) {
    const bool may_switch = layout.row(slot).address.starts_with("gate/");
    return can_be_trimmed(layout, slot) && !may_switch ? kLevelTolerance_dB : 0.0f;
}

float trimmed(const param::Layout& layout, param::Slot slot, float value, float trim_dB) {
    const param::Row& row = layout.row(slot);
    const bool is_silent = row.taper == param::Taper::fader && value <= row.low;
    return is_silent ? value : layout.clamp(slot, value + trim_dB);
}

std::optional<float> value_at(const param::Layout& layout, param::Slot slot, const Lane& lane,
                              std::uint64_t frame) {
    const auto value = value_at(lane.moves, frame);
    if (!value || lane.trims.empty()) return value;
    return trimmed(layout, slot, *value, value_at(lane.trims, frame).value_or(0.0f));
}

Lanes lanes_of(const Automation& automation, const param::Values& before) {
    Lanes lanes;
    for (const Move& move : automation.moves)
        add(lanes[move.setting.slot].moves, {move.frame, move.setting.value.number});
    for (const Move& trim : automation.trims)
        add(lanes[trim.setting.slot].trims, {trim.frame, trim.setting.value.number});
    for (auto& [slot, lane] : lanes) begin_at_start(lane.moves, before.number(slot));
    return lanes;
}

Automation automation_of(const Lanes& lanes) {
    Automation out;
    for (const auto& [slot, lane] : lanes) {
        for (const Point& point : lane.moves)
            out.moves.push_back({point.frame, {.slot = slot, .value = {point.value}}});
        for (const Point& point : lane.trims)
            out.trims.push_back({point.frame, {.slot = slot, .value = {point.value}}});
    }
    return out;
}

std::vector<Move> moves_of(const Lanes& lanes, const param::Layout& layout) {
    std::vector<Move> out;
    for (const auto& [slot, lane] : lanes)
        for (const Point& point : summed(layout, slot, lane))
            out.push_back({point.frame, {.slot = slot, .value = {point.value}}});
    std::stable_sort(out.begin(), out.end(),
                     [](const Move& a, const Move& b) { return a.frame < b.frame; });
    return out;
}

std::vector<Move> moves_of(const Automation& automation, const param::Layout& layout,
                           const param::Values& before) {
    if (automation.trims.empty()) return automation.moves;
    return moves_of(lanes_of(automation, before), layout);
}

void fold(Lane& lane, const param::Layout& layout, param::Slot slot) {
    lane = {.moves = summed(layout, slot, lane), .trims = {}};
}

}  // namespace mixrig::session
