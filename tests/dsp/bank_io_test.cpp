// Between planar buffers and banks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/bank_io.h"

#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <vector>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;

namespace bank_io_test {

// Planar buffers at every alignment, with bits that are not numbers among them.
struct Planar {
    explicit Planar(std::uint32_t seed) : memory(kLanes * 64) {
        std::mt19937 bits(seed);
        for (float& x : memory) x = std::bit_cast<float>(static_cast<std::uint32_t>(bits()));
    }
    float* lane(std::size_t lane) { return memory.data() + lane * 64 + lane % 5; }
    std::vector<float> memory;
};

TEST_CASE("interleave: moves bits as defined for every slice, silence for null pointers") {
    on_every_target([](const Target& target) {
        CAPTURE(std::string(target.name));
        Noise noise(41);
        for (std::size_t first = 0; first < kQuantum; ++first)
            for (std::size_t count = 0; first + count <= kQuantum; ++count) {
                Planar planar(42);
                const LaneMask present = count % 2 ? kAllLanes : noise.lanes();
                PlanarInputs in{};
                for (std::size_t lane = 0; lane < kLanes; ++lane)
                    if (present & lane_bit(lane)) in[lane] = planar.lane(lane);
                BankBlock block;
                noise.fill(block);
                BankBlock expected = block;
                interleave(in, block.x, {first, count});
                scalar::interleave(in, expected.x, {first, count});
                CHECK(same_bits(block, expected));
            }
    });
}

TEST_CASE("deinterleave: moves bits as defined and writes nothing else") {
    on_every_target([](const Target& target) {
        CAPTURE(std::string(target.name));
        Noise noise(43);
        for (std::size_t first = 0; first < kQuantum; ++first)
            for (std::size_t count = 0; first + count <= kQuantum; ++count) {
                BankBlock block;
                noise.fill(block);
                Planar all(44), each(44), expected(44);
                const LaneMask wanted = count % 2 ? kAllLanes : noise.lanes();
                PlanarOutputs out{}, defined{};
                for (std::size_t lane = 0; lane < kLanes; ++lane) {
                    if (!(wanted & lane_bit(lane))) continue;
                    out[lane] = all.lane(lane);
                    defined[lane] = expected.lane(lane);
                    deinterleave(block.x, lane, each.lane(lane), {first, count});
                }
                deinterleave(block.x, out, {first, count});
                scalar::deinterleave(block.x, defined, {first, count});
                const std::size_t bytes = all.memory.size() * sizeof(float);
                CHECK(same_bits(all.memory.data(), expected.memory.data(), bytes));
                CHECK(same_bits(each.memory.data(), expected.memory.data(), bytes));
            }
    });
}

}  // namespace bank_io_test
