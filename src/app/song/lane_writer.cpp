// Passes of hands over lanes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/lane_writer.h"

#include "dsp/lanes.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mixrig::app {

using session::Lane;
using session::Point;
using session::Points;

namespace {

// Steps of a way back: the glides of the engine, 10 ms each, make one line of them.
constexpr std::uint64_t kStep = 8 * dsp::kQuantum;

}  // namespace

// A trim is told as the level that it makes: the rest of it is the lane's.
float LaneWriter::written(const Touch& touch, Layer layer) const {
    if (layer == Layer::moves) return touch.value;
    const auto moves = session::value_at(lanes_.at(touch.slot).moves, touch.song);
    return std::clamp(touch.value - moves.value_or(touch.before), -kMostTrim_dB, kMostTrim_dB);
}

LaneWriter::Pass LaneWriter::begun(const Touch& touch) {
    Lane& lane = lanes_[touch.slot];
    Pass pass{.layer = touch.layer,
              .before = lane,
              .begin = touch.song,
              .lap = touch.lap,
              .lets_go = touch.lets_go,
              .resting = resting_.contains(touch.slot)};
    if (lane.moves.empty()) lane.moves.push_back({0, touch.before});
    const param::Row& row = layout_.row(touch.slot);
    const float level = session::value_at(lane.moves, touch.song).value_or(touch.before);
    if (row.taper == param::Taper::fader && level <= row.low) pass.layer = Layer::moves;
    if (pass.layer == Layer::trims && lane.trims.empty()) lane.trims.push_back({0, 0.0f});
    return pass;
}

void LaneWriter::touch(const Touch& touch) {
    auto found = passes_.find(touch.slot);
    if (found == passes_.end()) found = passes_.emplace(touch.slot, begun(touch)).first;
    Pass& pass = found->second;
    pass.moved = touch.now;
    const Point point{std::max(touch.song, pass.begin), written(touch, pass.layer)};
    if (touch.waits)
        pass.waiting.push_back({point});
    else
        write(pass, point);
}

void LaneWriter::write(Pass& pass, Point point) {
    if (pass.points.empty() || pass.points.back().frame < point.frame)
        pass.points.push_back(point);
    else
        pass.points.back().value = point.value;
}

void LaneWriter::sent(std::uint64_t batch) {
    for (auto& [slot, pass] : passes_)
        for (Waiting& waiting : pass.waiting)
            if (waiting.batch == 0) waiting.batch = batch;
}

void LaneWriter::heard(std::uint64_t batch, std::uint64_t song, std::uint64_t lap) {
    for (auto& [slot, pass] : passes_) {
        std::size_t done = 0;
        for (; done < pass.waiting.size(); ++done) {
            const Waiting& waiting = pass.waiting[done];
            if (waiting.batch == 0 || waiting.batch > batch) break;
            // Before there was a point, the hand has moved a little later than was thought.
            if (pass.points.empty()) pass.begin = song, pass.lap = lap;
            write(pass, {std::max(song, pass.begin), waiting.point.value});
        }
        pass.waiting.erase(pass.waiting.begin(),
                           pass.waiting.begin() + static_cast<std::ptrdiff_t>(done));
    }
}

void LaneWriter::hold(param::Slot slot, bool on) {
    if (on)
        resting_.insert(slot);
    else
        resting_.erase(slot);
    if (const auto pass = passes_.find(slot); pass != passes_.end()) {
        pass->second.resting = on;
        if (!on && pass->second.lets_go) pass->second.moved = 0;  // long ago
    }
}

void LaneWriter::set_lets_go(param::Slot slot, bool lets_go) {
    if (const auto pass = passes_.find(slot); pass != passes_.end()) pass->second.lets_go = lets_go;
}

std::set<param::Slot> LaneWriter::held() const {
    std::set<param::Slot> out;
    for (const auto& [slot, pass] : passes_) out.insert(slot);
    return out;
}

std::set<param::Slot> LaneWriter::held_before(std::uint64_t lap) const {
    std::set<param::Slot> out;
    for (const auto& [slot, pass] : passes_)
        if (pass.lap < lap) out.insert(slot);
    return out;
}

std::set<param::Slot> LaneWriter::left_since(std::int64_t then) const {
    std::set<param::Slot> out;
    for (const auto& [slot, pass] : passes_)
        if (pass.lets_go && !pass.resting && pass.moved <= then) out.insert(slot);
    return out;
}

std::optional<float> LaneWriter::value(param::Slot slot, std::uint64_t song, float value) const {
    const auto pass = passes_.find(slot);
    if (pass == passes_.end()) return value;
    if (pass->second.layer == Layer::moves) return std::nullopt;
    const auto lane = lanes_.find(slot);
    if (lane == lanes_.end()) return value;
    const auto moves = session::value_at(lane->second.moves, song);
    return session::trimmed(layout_, slot, moves.value_or(value), newest(pass->second));
}

session::Lanes LaneWriter::finish(const std::set<param::Slot>& slots, std::uint64_t song,
                                  std::uint64_t way_back) {
    session::Lanes before;
    for (const param::Slot slot : slots) {
        const auto pass = passes_.find(slot);
        if (pass == passes_.end()) continue;
        before[slot] = pass->second.before;
        lanes_[slot] = finished(slot, pass->second, song, way_back);
        passes_.erase(pass);
    }
    return before;
}

session::Lanes LaneWriter::so_far(std::uint64_t song) const {
    session::Lanes out = lanes_;
    for (const auto& [slot, pass] : passes_) out[slot] = finished(slot, pass, song, 0);
    return out;
}

// Whoever moves a level by hand hears it without the trims that were there: they end with the pass.
Lane LaneWriter::finished(param::Slot slot, Pass pass, std::uint64_t song,
                          std::uint64_t way_back) const {
    for (const Waiting& waiting : pass.waiting) write(pass, waiting.point);
    const auto found = lanes_.find(slot);
    Lane lane = found == lanes_.end() ? pass.before : found->second;
    const std::uint64_t end = std::max(song, pass.points.back().frame + 1);
    Points fresh = session::thinned(pass.points, session::tolerance_of(layout_, slot));
    const Points back = way_back_of(slot, pass, lane, end, way_back);
    fresh.insert(fresh.end(), back.begin(), back.end());
    const std::uint64_t over = end + (back.empty() ? 0 : way_back);
    if (pass.layer == Layer::trims) {
        lane.trims = session::spliced(lane.trims, fresh, pass.begin, over);
        return lane;
    }
    lane.moves = session::spliced(lane.moves, fresh, pass.begin, over);
    if (!lane.trims.empty())
        lane.trims = session::spliced(lane.trims, {{pass.begin, 0.0f}}, pass.begin, over);
    return lane;
}

// From where the hand has left it to what the lane says by then: a level on a line in dB, a
// frequency by the same ratio in the same time.
Points LaneWriter::way_back_of(param::Slot slot, const Pass& pass, const Lane& lane,
                               std::uint64_t song, std::uint64_t frames) const {
    const param::Row& row = layout_.row(slot);
    const auto goal = pass.layer == Layer::trims
                          ? session::value_at(lane.trims, song + frames)
                          : session::value_at(layout_, slot, lane, song + frames);
    const float start = pass.points.back().value;
    if (row.motion != param::Motion::glides || row.type != param::Type::number || !pass.lets_go ||
        frames < kStep || !goal || *goal == start)
        return {};
    const bool by_ratio = row.taper == param::Taper::logarithmic && pass.layer == Layer::moves;
    Points out;
    for (std::uint64_t at = 0; at < frames; at += kStep) {
        const float share = static_cast<float>(at) / static_cast<float>(frames);
        const float value =
            by_ratio ? start * std::pow(*goal / start, share) : start + share * (*goal - start);
        // In a file it is for people, too.
        out.push_back({song + at, at == 0 ? start : std::round(value * 100.0f) / 100.0f});
    }
    return session::thinned(out, session::tolerance_of(layout_, slot));
}

}  // namespace mixrig::app
