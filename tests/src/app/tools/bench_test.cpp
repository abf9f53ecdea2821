// The bench: that it loads what it says, and tells bounds from figures.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/tools/bench.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace mixrig::app {
namespace bench_test {

BenchResult result(Load load, std::size_t strips, double ns) {
    return {.of = {load, strips, 64}, .ns_per_strip_frame = ns};
}

TEST_CASE("bench: a result of every load has figures that fit each other") {
    for (const Load load : {Load::full, Load::one_compressor, Load::off, Load::silent, Load::empty,
                            Load::show, Load::recorded_show}) {
        const BenchResult measured = run_case({load, 16, 64}, 0.02);
        CAPTURE(kLoadNames[static_cast<std::size_t>(load)]);
        CHECK(measured.blocks >= 15);  // a stretch has 960 frames
        CHECK(measured.ns_per_strip_frame > 0.0);
        CHECK(measured.ns_per_frame == doctest::Approx(16.0 * measured.ns_per_strip_frame));
        CHECK(measured.p50_us <= measured.p99_us);
        CHECK(measured.p99_us <= measured.max_us);
    }
}

TEST_CASE("bench: the default run covers what the project promises to measure") {
    const auto cases = all_cases();
    for (const std::size_t strips : {8u, 32u, 64u, 256u, 1024u})
        for (const std::size_t block : {16u, 64u, 256u})
            CHECK(std::any_of(cases.begin(), cases.end(), [&](const BenchCase& one) {
                return one.load == Load::full && one.strips == strips && one.block == block;
            }));
}

TEST_CASE("bench: bounds are told from the cases that were run, and only from those") {
    CHECK(bounds({}).empty());
    const auto held = bounds({result(Load::one_compressor, 64, 6.0),
                              result(Load::one_compressor, 1024, 6.3), result(Load::off, 64, 1.9)});
    REQUIRE(held.size() == 3);
    CHECK(std::all_of(held.begin(), held.end(), [](const Bound& b) { return b.is_held(); }));
    const auto missed = bounds({result(Load::one_compressor, 64, 9.0), result(Load::off, 64, 4.0)});
    REQUIRE(missed.size() == 2);
    CHECK(std::none_of(missed.begin(), missed.end(), [](const Bound& b) { return b.is_held(); }));
}

TEST_CASE("bench: strips per core follow from the cost of one") {
    CHECK(result(Load::full, 64, 5.0).strips_per_core() == doctest::Approx(4166.7).epsilon(1e-4));
}

}  // namespace bench_test
}  // namespace mixrig::app
