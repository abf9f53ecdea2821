// What a convolution does on the audio thread, its library's part included: under the trap.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/convolution/convolution.h"
#include "tests/support/trap.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <thread>
#include <vector>

using namespace mixrig;
using convolution::Convolution;

TEST_CASE("convolution: neither allocates nor locks nor calls the system, a reset included") {
    std::vector<float> response(96000);
    for (std::size_t n = 0; n < response.size(); ++n)
        response[n] = static_cast<float>(std::sin(0.7 * static_cast<double>(n * n % 977)));
    auto made = Convolution::make({response, response}, {48000.0});
    REQUIRE(made);
    Convolution& unit = **made;
    test::Offences found;
    bool watching = false;
    std::thread thread([&] {
        watching = test::watch_system_calls();
        std::array<float, dsp::kQuantum> left{}, right{};
        const test::Trap trap;
        for (std::size_t q = 0; q < 6000; ++q) {
            if (q % 100 == 0) unit.set({static_cast<float>(q % 250), -3.0f}, dsp::Change::glide);
            if (q == 4000) unit.reset();
            unit.begin_quantum();
            left.fill(0.1f);
            right.fill(-0.1f);
            unit.process(left.data(), right.data(), {0, dsp::kQuantum});
            (void)unit.is_at_rest();
        }
        found = test::offences();
    });
    thread.join();
    CHECK(watching);
    CHECK(found.calls == 0);
    CHECK(found.system_calls == 0);
}
