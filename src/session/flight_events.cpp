// The events of a flight, written and read.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/flight_events.h"

#include "dsp/lanes.h"
#include "src/session/text_file.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <fstream>
#include <map>
#include <optional>
#include <utility>

namespace mixrig::session {
namespace {

constexpr std::size_t kMarkColumn = 56;
constexpr std::string_view kAhead = " ahead", kRemark = "# ", kRamp = "f ramp",
                           kImpulse = "f impulse ", kNone = "none";

std::string mark_text(FlightMark mark) {
    return "#" + std::to_string(mark.number) + (mark.ahead ? std::string(kAhead) : "");
}

// Takes a whole number from the front.
std::optional<std::uint64_t> take_number(std::string_view& text) {
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    return number;
}

// What stands behind the last " #" of a line; any other comment is no mark.
FlightMark mark_of(std::string_view line) {
    const std::size_t at = line.rfind(" #");
    if (at == line.npos) return {};
    line.remove_prefix(at + 2);
    const auto number = take_number(line);
    if (!number || (!line.empty() && line != kAhead)) return {};
    return {.number = *number, .ahead = !line.empty()};
}

// A comment that says something: what, and in which batch.
struct Remark {
    std::uint64_t frame = 0;
    FlightMark mark = {};
    bool is_ramp = false;
    FlightImpulse impulse = {};
};

std::optional<Remark> remark_of(std::string_view line) {
    const std::size_t end = line.rfind(" #");
    if (!line.starts_with(kRemark) || end == line.npos || end < kRemark.size()) return std::nullopt;
    Remark out{.mark = mark_of(line)};
    line = line.substr(kRemark.size(), end - kRemark.size());
    const auto frame = take_number(line);
    if (!frame) return std::nullopt;
    out.frame = *frame;
    out.is_ramp = line == kRamp;
    if (out.is_ramp) return out;
    if (!line.starts_with(kImpulse)) return std::nullopt;
    line.remove_prefix(kImpulse.size());
    const auto effect = take_number(line);
    if (!effect || *effect == 0 || !line.starts_with(' ')) return std::nullopt;
    line.remove_prefix(1);
    out.impulse = {static_cast<std::size_t>(*effect - 1),
                   line == kNone ? std::string() : std::string(line)};
    return out;
}

std::uint64_t boundary(std::uint64_t frame) {
    return (frame + dsp::kQuantum - 1) / dsp::kQuantum * dsp::kQuantum;
}

// What was read so far.
struct Reading {
    std::map<std::uint64_t, FlightBatch> marked;  // by number
    std::vector<Move> by_hand;
};

void add(Reading& reading, FlightMark mark, Move move) {
    if (mark.number != 0) {
        FlightBatch& batch =
            reading.marked.try_emplace(mark.number, FlightBatch{.frame = move.frame, .mark = mark})
                .first->second;
        if (batch.frame == move.frame && batch.mark.ahead == mark.ahead && !batch.is_ramp) {
            batch.settings.push_back(std::move(move.setting));
            return;
        }
    }
    reading.by_hand.push_back(std::move(move));
}

void add(Reading& reading, const Remark& remark) {
    FlightBatch& batch = reading.marked
                             .try_emplace(remark.mark.number,
                                          FlightBatch{.frame = remark.frame, .mark = remark.mark})
                             .first->second;
    batch.is_ramp = remark.is_ramp;
    if (!remark.is_ramp) batch.impulses.push_back(remark.impulse);
}

std::vector<FlightBatch> batches_by_hand(std::vector<Move> moves) {
    std::stable_sort(moves.begin(), moves.end(),
                     [](const Move& a, const Move& b) { return a.frame < b.frame; });
    std::vector<FlightBatch> out;
    for (Move& move : moves) {
        const std::uint64_t frame = boundary(move.frame);
        if (out.empty() || out.back().frame != frame) out.push_back({.frame = frame});
        out.back().settings.push_back(std::move(move.setting));
    }
    return out;
}

// A batch by hand is worked out before the first one that is heard later, except that nothing live
// is heard before what was worked out before it.
std::vector<FlightBatch> in_order(Reading reading) {
    std::vector<FlightBatch> marked;
    for (auto& [number, batch] : reading.marked) marked.push_back(std::move(batch));
    std::vector<std::uint64_t> next_live(marked.size() + 1, UINT64_MAX);
    for (std::size_t i = marked.size(); i-- > 0;)
        next_live[i] = marked[i].mark.ahead ? next_live[i + 1] : marked[i].frame;
    std::vector<FlightBatch> by_hand = batches_by_hand(std::move(reading.by_hand));
    std::vector<FlightBatch> out;
    auto next = by_hand.begin();
    for (std::size_t i = 0; i < marked.size(); ++i) {
        while (next != by_hand.end() && next->frame < marked[i].frame && next->frame < next_live[i])
            out.push_back(std::move(*next++));
        out.push_back(std::move(marked[i]));
    }
    std::move(next, by_hand.end(), std::back_inserter(out));
    return out;
}

}  // namespace

std::string flight_line(std::uint64_t frame, std::string_view address, std::string_view value,
                        FlightMark mark) {
    std::string line = std::to_string(frame) + "f ";
    line.append(address).append(" ").append(value);
    line.resize(std::max(line.size() + 1, kMarkColumn), ' ');
    return line + mark_text(mark) + "\n";
}

std::string flight_ramp_line(std::uint64_t frame, FlightMark mark) {
    return std::string(kRemark) + std::to_string(frame).append(kRamp) + " " + mark_text(mark) +
           "\n";
}

std::string flight_impulse_line(std::uint64_t frame, const FlightImpulse& impulse,
                                FlightMark mark) {
    return std::string(kRemark) + std::to_string(frame).append(kImpulse) +
           std::to_string(impulse.effect + 1) + " " +
           (impulse.file.empty() ? std::string(kNone) : impulse.file) + " " + mark_text(mark) +
           "\n";
}

base::Result<std::vector<FlightBatch>> parse_flight_events(std::istream& text,
                                                           const param::Layout& layout,
                                                           dsp::Hertz rate,
                                                           const std::string& file) {
    Reading reading;
    std::string line;
    for (std::size_t number = 1; std::getline(text, line); ++number) {
        if (line.ends_with('\r')) line.pop_back();
        if (const auto remark = remark_of(line)) {
            add(reading, *remark);
            continue;
        }
        auto words = split_lines(line, "automation", file);
        if (!words) {
            base::Error error = words.error();
            error.where = at_line(file, number);
            return error;
        }
        if (words->empty()) continue;
        words->front().line = number;
        auto move = read_move(words->front(), layout, rate, file);
        if (!move) return move.error();
        add(reading, mark_of(line), *std::move(move));
    }
    if (text.bad()) return base::Error{.what = "reading it failed", .where = file};
    return in_order(std::move(reading));
}

base::Result<std::vector<FlightBatch>> load_flight_events(const std::filesystem::path& path,
                                                          const param::Layout& layout,
                                                          dsp::Hertz rate) {
    std::error_code ignored;
    std::ifstream in(path, std::ios::binary);
    if (!in || !std::filesystem::is_regular_file(path, ignored))
        return base::Error{.what = "no such file", .where = path.string()};
    return parse_flight_events(in, layout, rate, path.string());
}

}  // namespace mixrig::session
