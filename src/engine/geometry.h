// Where every strip lives: its bank and lane, its column in the mix matrix. Fixed for the life of
// an engine.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "src/param/layout.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mixrig::engine {

using Strip =
    std::uint32_t;  // channels, subgroups, auxes, effects, matrices, main, master, in this order
using Column = std::uint32_t;  // one lane of a bus in the mix matrix

// Strips whose place in the order of computation is known beforehand. Subgroups and effect returns
// may feed one another; the plan sorts them.
enum class Stage : std::uint8_t { channels, groups, buses, ends };

struct StripPlace {
    param::Kind kind = param::Kind::ch;
    std::uint16_t number = 0;  // from 0, within its kind
    std::uint16_t bank = 0;
    std::uint16_t lane = 0;  // of the left side; the right side is lane + 1, and lane is even
    bool stereo = false;
    Column column = 0;      // of the left side; only buses have one
    std::size_t input = 0;  // engine input of the left side; only channels have one

    std::size_t lanes() const { return stereo ? 2 : 1; }
    dsp::LaneMask mask() const { return static_cast<dsp::LaneMask>((stereo ? 3u : 1u) << lane); }
};

struct BankPlace {
    Stage stage = Stage::channels;
    dsp::LaneMask used = 0;    // lanes that belong to a strip
    dsp::LaneMask linked = 0;  // lanes of stereo strips
    std::vector<Strip> strips;
};

// One output of the engine: a lane of main, an aux, a matrix, or of the monitor bus.
struct OutputPlace {
    bool monitor = false;
    Strip strip = 0;
    std::size_t side = 0;
    std::size_t pair = 0;  // of the monitor bus's outputs
};

struct Geometry {
    explicit Geometry(const param::DeskShape& shape);

    Strip strip(param::Kind kind, std::size_t number) const {
        return first[static_cast<std::size_t>(kind)] + static_cast<Strip>(number);
    }
    std::size_t count(param::Kind kind) const {
        return strip(static_cast<param::Kind>(static_cast<std::size_t>(kind) + 1), 0) -
               strip(kind, 0);
    }
    Strip main() const { return strip(param::Kind::main, 0); }
    Strip master() const { return strip(param::Kind::master, 0); }

    std::vector<StripPlace> strips;
    std::vector<BankPlace> banks;
    std::vector<OutputPlace> outputs;  // main, auxes, matrices, monitor
    std::size_t inputs = 0;            // of channels, then of the talkback if there is one
    bool talkback = false;
    std::size_t columns = 0;
    Column monitor = 0;        // left; right follows
    std::vector<Strip> first;  // of each kind

private:
    void add(const param::DeskShape& shape, param::Kind kind, Stage stage);
    void add_outputs(Strip strip);
};

}  // namespace mixrig::engine
