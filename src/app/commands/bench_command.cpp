// mixrig bench: how many strips this machine can carry.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/cpu.h"
#include "src/app/commands/cli.h"
#include "src/app/tools/bench.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace mixrig::app {
namespace {

struct BenchOptions {
    bool json = false;
    bool quick = false;
    std::size_t strips = 0;
    std::size_t block = 64;
    Load load = Load::full;
    double seconds = 0.0;
};

std::vector<BenchCase> cases_of(const BenchOptions& options) {
    if (options.strips != 0) return {{options.load, options.strips, options.block}};
    return all_cases();
}

void print_bounds(const std::vector<BenchResult>& results) {
    for (const Bound& bound : bounds(results)) {
        char line[160];
        std::snprintf(line, sizeof line, "%-48s %6.2f%s, at most %.2f%s: %s", bound.what.c_str(),
                      bound.value, bound.unit.c_str(), bound.limit, bound.unit.c_str(),
                      bound.is_held() ? "held" : "NOT held");
        print_line(line);
    }
}

int run_bench(const BenchOptions& options) {
    dsp::init();
    const double seconds = options.seconds > 0.0 ? options.seconds : (options.quick ? 0.1 : 1.2);
    if (!options.json) {
        print_line(std::string("mixrig " MIXRIG_VERSION ", ") + dsp::target_name() + ", " +
                   std::to_string(std::thread::hardware_concurrency()) +
                   " cores, one used; 48 kHz, 16 mono monitor mixes");
        print_line(bench_heading());
    }
    std::vector<BenchResult> results;
    for (const BenchCase& one : cases_of(options)) {
        results.push_back(run_case(one, seconds));
        if (!options.json) print_line(bench_line(results.back()));
    }
    if (options.json)
        print_line(bench_json(results).text());
    else
        print_bounds(results);
    return kDone;
}

}  // namespace

Command add_bench(CLI::App& mixrig) {
    auto options = std::make_shared<BenchOptions>();
    CLI::App* app = mixrig.add_subcommand(
        "bench", "Measure what strips cost on this machine, and how many one core carries");
    app->add_flag("--json", options->json, "For programs");
    app->add_flag("--quick", options->quick, "A tenth of a second for each case");
    app->add_option("--seconds", options->seconds, "For each case, instead of 1.2")
        ->check(CLI::Range(0.01, 600.0));
    auto* strips = app->add_option("--strips", options->strips, "Only one case: so many channels")
                       ->check(CLI::Range(std::size_t{1}, std::size_t{1024}));
    app->add_option("--block", options->block, "Frames of this case")
        ->check(CLI::Range(std::size_t{1}, std::size_t{8192}))
        ->capture_default_str()
        ->needs(strips);
    std::vector<std::pair<std::string, Load>> names;
    for (std::size_t i = 0; i < kLoadNames.size(); ++i)
        names.emplace_back(std::string(kLoadNames[i]), static_cast<Load>(i));
    app->add_option("--load", options->load, "Load of this case")
        ->transform(CLI::CheckedTransformer(names))
        ->needs(strips);
    return {app, [options] { return run_bench(*options); }};
}

}  // namespace mixrig::app
