// Load figures against sorted lists, and whose fault an overload was.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/load.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace mixrig;
using monitor::Load;
using Patience = monitor::Load::Patience;

namespace load_test {

constexpr double kRate = 48000.0;
constexpr std::uint32_t kBlock = 64;
constexpr double kDeadline_ns = kBlock / kRate * 1e9;

std::uint32_t ns(double share) {
    return static_cast<std::uint32_t>(std::lround(share * kDeadline_ns));
}

link::BlockTime block(std::uint64_t number, double share) {
    return {.frame = number * kBlock, .frames = kBlock, .ns = ns(share)};
}

void add(Load& load, std::size_t blocks, double share) {
    for (std::size_t i = 0; i < blocks; ++i) load.add(block(i, share));
}

TEST_CASE("load: mean, percentile and longest agree with a sorted list") {
    std::mt19937 random(1);
    for (const double spread : {0.02, 0.2, 0.6}) {
        CAPTURE(spread);
        std::lognormal_distribution<double> share(std::log(0.2), spread);
        for (const std::size_t count : {1u, 7u, 100u, 101u, 20000u}) {
            CAPTURE(count);
            Load load({kRate});
            std::vector<double> all;
            for (std::size_t i = 0; i < count; ++i) {
                const auto b = block(i, share(random));
                load.add(b);
                all.push_back(b.ns / kDeadline_ns);
            }
            std::sort(all.begin(), all.end());
            double mean = 0.0;
            for (const double s : all) mean += s / static_cast<double>(count);
            const auto rank =
                static_cast<std::size_t>(std::ceil(0.99 * static_cast<double>(count)));
            const auto late =
                std::count_if(all.begin(), all.end(), [](double s) { return s > 1.0; });
            const monitor::LoadFigures figures = load.since_start();
            CHECK(figures.mean == doctest::Approx(mean).epsilon(1e-9));
            CHECK(std::fabs(figures.p99 - all[rank - 1]) <= 0.005);  // a bin of the histogram
            CHECK(figures.longest == doctest::Approx(all.back()).epsilon(1e-9));
            CHECK(figures.blocks == count);
            CHECK(figures.late == static_cast<std::uint64_t>(late));
        }
    }
}

TEST_CASE("load: nothing heard is no load") {
    const Load load({kRate});
    CHECK(load.since_start().blocks == 0);
    CHECK(load.last_second().p99 == 0.0);
}

TEST_CASE("load: the last second forgets, the whole does not") {
    Load load({kRate});
    add(load, 1, 0.8);
    add(load, 400, 0.1);  // 0.53 s
    CHECK(load.last_second().longest == doctest::Approx(0.8).epsilon(1e-4));
    add(load, 400, 0.1);
    CHECK(load.last_second().longest == doctest::Approx(0.1).epsilon(1e-4));
    CHECK(load.since_start().longest == doctest::Approx(0.8).epsilon(1e-4));
    add(load, 10000, 0.2);
    // 0.9 to 1 s of blocks, all of them new.
    CHECK(load.last_second().blocks >= 675);
    CHECK(load.last_second().blocks <= 750);
    CHECK(load.last_second().mean == doctest::Approx(0.2).epsilon(1e-4));
}

TEST_CASE("load: blocks of different size are judged by their own deadline") {
    Load load({kRate});
    load.add({.frame = 0, .frames = 16, .ns = ns(0.125)});
    load.add({.frame = 16, .frames = 256, .ns = ns(2.0)});
    CHECK(load.since_start().mean == doctest::Approx(0.5).epsilon(1e-4));
    CHECK(load.since_start().late == 0);
    load.add({.frame = 272, .frames = 0, .ns = 1000});  // says nothing
    CHECK(load.since_start().blocks == 2);
}

TEST_CASE("load: far too long blocks are counted, and the longest is exact") {
    Load load({kRate});
    add(load, 10, 50.0);
    CHECK(load.since_start().p99 == doctest::Approx(50.0).epsilon(1e-6));
    CHECK(load.since_start().late == 10);
}

TEST_CASE("load: an overload is laid at the door of the dearest bank of its time") {
    Load load({kRate});
    load.add_ticks(5 * kBlock, std::vector<std::uint32_t>{9000, 10, 10});
    load.add(block(5, 0.5));
    load.add(block(6, 0.95));
    CHECK_FALSE(load.take_overload(Patience::waits));
    load.add_ticks(6 * kBlock, std::vector<std::uint32_t>{9000, 10, 10});  // before it
    CHECK_FALSE(load.take_overload(Patience::waits));
    load.add_ticks(20 * kBlock, std::vector<std::uint32_t>{500, 400, 700});
    const auto overload = load.take_overload(Patience::waits);
    REQUIRE(overload);
    CHECK(overload->bank == 2);
    CHECK(overload->frame == 6 * kBlock);
    CHECK(overload->share == doctest::Approx(0.95).epsilon(1e-4));
    CHECK(load.overloads() == 1);
    CHECK_FALSE(load.take_overload(Patience::over));
}

TEST_CASE("load: a reading from the middle of the block counts as well") {
    Load load({kRate});
    load.add_ticks(6 * kBlock + 32, std::vector<std::uint32_t>{10, 8000, 10});
    load.add(block(6, 1.5));
    load.add_ticks(20 * kBlock, std::vector<std::uint32_t>{500, 400, 700});
    const auto overload = load.take_overload(Patience::waits);
    REQUIRE(overload);
    CHECK(overload->bank == 1);
}

TEST_CASE("load: of several overloads the worst is told, all are counted") {
    Load load({kRate});
    load.add(block(1, 1.2));
    load.add(block(2, 3.0));
    load.add(block(3, 0.91));
    load.add(block(4, 0.9 - 1e-4));
    const auto overload = load.take_overload(Patience::over);
    REQUIRE(overload);
    CHECK(overload->frame == 2 * kBlock);
    CHECK(load.overloads() == 3);
    CHECK(load.since_start().late == 2);
}

}  // namespace load_test
