// Runs desks under load and says what they cost.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/tools/bench.h"

#include "dsp/cpu.h"
#include "src/base/clock.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <thread>

namespace mixrig::app {
namespace {

constexpr double kBenchRate = 48000.0;
constexpr dsp::Seconds kWarmUp{1.5};   // of audio: until silent banks sleep
constexpr double kUndisturbed = 0.1;   // what else a machine does can only add to a stretch
constexpr std::size_t kStretch = 960;  // frames: the time between two meter frames

// The value below which this share of all values lies.
double quantile(std::vector<double>& values, double share) {
    const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

std::optional<double> cost(const std::vector<BenchResult>& results, const BenchCase& of) {
    for (const BenchResult& result : results)
        if (result.of.load == of.load && result.of.strips == of.strips &&
            result.of.block == of.block)
            return result.ns_per_strip_frame;
    return std::nullopt;
}

Json result_json(const BenchResult& result) {
    Json out = Json::object();
    out.set("load", kLoadNames[static_cast<std::size_t>(result.of.load)])
        .set("strips", result.of.strips)
        .set("block_frames", result.of.block)
        .set("ns_per_strip_frame", static_cast<float>(result.ns_per_strip_frame))
        .set("ns_per_frame", static_cast<float>(result.ns_per_frame))
        .set("strips_per_core_48k", static_cast<float>(result.strips_per_core()))
        .set("block_p50_us", static_cast<float>(result.p50_us))
        .set("block_p99_us", static_cast<float>(result.p99_us))
        .set("block_max_us", static_cast<float>(result.max_us))
        .set("deadline_us",
             static_cast<float>(static_cast<double>(result.of.block) / kBenchRate * 1e6))
        .set("blocks", result.blocks);
    return out;
}

}  // namespace

double BenchResult::strips_per_core() const {
    return 1e9 / kBenchRate / ns_per_strip_frame;
}

std::vector<BenchCase> all_cases() {
    std::vector<BenchCase> out;
    for (const std::size_t strips : {8u, 32u, 64u, 256u, 1024u})
        for (const std::size_t block : {16u, 64u, 256u}) out.push_back({Load::full, strips, block});
    for (const std::size_t strips : {8u, 32u, 64u, 256u, 1024u})
        out.push_back({Load::one_compressor, strips, 64});
    for (const Load load : {Load::off, Load::silent, Load::empty})
        for (const std::size_t strips : {64u, 1024u}) out.push_back({load, strips, 64});
    out.push_back({Load::show, 48, 64});
    out.push_back({Load::recorded_show, 48, 64});
    return out;
}

BenchResult run_case(const BenchCase& one, double seconds) {
    BenchDesk desk(one.load, one.strips, one.block);
    desk.process_for(kWarmUp);
    std::vector<double> times;      // us of a block
    std::vector<double> stretches;  // ns a frame
    const std::int64_t end = base::monotonic_ns() + static_cast<std::int64_t>(seconds * 1e9);
    while (base::monotonic_ns() < end || stretches.empty()) {
        std::int64_t sum = 0;
        std::size_t frames = 0;
        while (frames < kStretch) {
            const BenchDesk::Time time = desk.process();
            times.push_back(static_cast<double>(time.wall) * 1e-3);
            sum += time.computed;
            frames += one.block;
        }
        stretches.push_back(static_cast<double>(sum) / static_cast<double>(frames));
    }
    BenchResult out{.of = one};
    out.ns_per_frame = quantile(stretches, kUndisturbed);
    out.ns_per_strip_frame = out.ns_per_frame / static_cast<double>(one.strips);
    out.blocks = times.size();
    out.p50_us = quantile(times, 0.5);
    out.p99_us = quantile(times, 0.99);
    out.max_us = quantile(times, 1.0);
    return out;
}

std::vector<Bound> bounds(const std::vector<BenchResult>& results) {
    std::vector<Bound> out;
    const auto one = cost(results, {Load::one_compressor, 64, 64});
    const auto most = cost(results, {Load::one_compressor, 1024, 64});
    const auto off = cost(results, {Load::off, 64, 64});
    if (one) out.push_back({"a full strip with one compressor, 64 strips", *one, 8.0, "ns"});
    // A tenth is what repeated runs of one case differ by.
    if (one && most)
        out.push_back({"the same at 1024 strips, over that at 64", *most / *one, 1.1, ""});
    if (one && off)
        out.push_back(
            {"all off over a full strip with one compressor", *off / *one, 1.0 / 3.0, ""});
    return out;
}

std::string bench_heading() {
    return "load            strips  block  ns/strip/frame  strips/core   p50 us   p99 us   max us";
}

std::string bench_line(const BenchResult& result) {
    char line[128];
    std::snprintf(line, sizeof line, "%-14s  %6zu  %5zu  %14.2f  %11.0f  %7.1f  %7.1f  %7.1f",
                  kLoadNames[static_cast<std::size_t>(result.of.load)].data(), result.of.strips,
                  result.of.block, result.ns_per_strip_frame, result.strips_per_core(),
                  result.p50_us, result.p99_us, result.max_us);
    return line;
}

Json bench_json(const std::vector<BenchResult>& results) {
    Json list = Json::list();
    for (const BenchResult& result : results) list.add(result_json(result));
    Json held = Json::list();
    for (const Bound& bound : bounds(results))
        held.add(std::move(Json::object()
                               .set("what", bound.what)
                               .set("value", static_cast<float>(bound.value))
                               .set("limit", static_cast<float>(bound.limit))
                               .set("held", bound.is_held())));
    Json out = Json::object();
    out.set("version", MIXRIG_VERSION)
        .set("instruction_set", dsp::target_name())
        .set("cores", std::thread::hardware_concurrency())
        .set("results", std::move(list))
        .set("bounds", std::move(held));
    return out;
}

}  // namespace mixrig::app
