// The choice of an instruction set.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/cpu.h"

#include <doctest/doctest.h>

#include <string>

using namespace mixrig::dsp;

TEST_CASE("cpu: the best target is chosen, and any other can be") {
    init();
    const auto all = targets();
    REQUIRE(!all.empty());
    CHECK(std::string(target_name()) == all.front().name);
    for (const Target& target : all) {
        use_target(target);
        CHECK(std::string(target_name()) == target.name);
        MESSAGE(std::string(target.name));
    }
    init();
}
