// Strips to banks and lanes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/geometry.h"

namespace mixrig::engine {

using param::Kind;

Geometry::Geometry(const param::DeskShape& shape) {
    constexpr std::array kinds = {Kind::ch,  Kind::sub,  Kind::aux,   Kind::fx,
                                  Kind::mtx, Kind::main, Kind::master};
    first.resize(kinds.size());
    Strip next = 0;
    for (const Kind kind : kinds) {
        first[static_cast<std::size_t>(kind)] = next;
        next += static_cast<Strip>(shape.count(kind));
    }
    strips.resize(next);

    // Banks in the order of computation, so that the terms of a sum come in that order too.
    add(shape, Kind::ch, Stage::channels);
    add(shape, Kind::sub, Stage::groups);
    add(shape, Kind::fx, Stage::groups);
    add(shape, Kind::main, Stage::buses);
    add(shape, Kind::aux, Stage::buses);
    add(shape, Kind::master, Stage::ends);
    add(shape, Kind::mtx, Stage::ends);
    monitor = static_cast<Column>(columns);
    columns += 2;

    add_outputs(main());
    for (std::size_t i = 0; i < shape.count(Kind::aux); ++i) add_outputs(strip(Kind::aux, i));
    for (std::size_t i = 0; i < shape.count(Kind::mtx); ++i) add_outputs(strip(Kind::mtx, i));
    for (std::size_t pair = 0; pair < shape.speakers; ++pair)
        for (std::size_t side = 0; side < 2; ++side)
            outputs.push_back({.monitor = true, .side = side, .pair = pair});
    talkback = shape.talkback;
    if (talkback) ++inputs;
}

void Geometry::add(const param::DeskShape& shape, Kind kind, Stage stage) {
    for (std::size_t number = 0; number < shape.count(kind); ++number) {
        const bool stereo = shape.is_stereo(kind, number);
        const Strip id = strip(kind, number);
        // The first free lane of the stage's last bank; pairs begin at even lanes.
        std::size_t lane = dsp::kLanes;
        if (!banks.empty() && banks.back().stage == stage) {
            lane = 0;
            for (std::size_t l = 0; l < dsp::kLanes; ++l)
                if (banks.back().used & dsp::lane_bit(l)) lane = l + 1;
            if (stereo && lane % 2 == 1) ++lane;
        }
        if (lane + (stereo ? 2 : 1) > dsp::kLanes) {
            banks.push_back({.stage = stage, .strips = {}});
            lane = 0;
        }
        StripPlace& place = strips[id];
        place = {.kind = kind,
                 .number = static_cast<std::uint16_t>(number),
                 .bank = static_cast<std::uint16_t>(banks.size() - 1),
                 .lane = static_cast<std::uint16_t>(lane),
                 .stereo = stereo};
        BankPlace& bank = banks.back();
        bank.used = static_cast<dsp::LaneMask>(bank.used | place.mask());
        if (stereo) bank.linked = static_cast<dsp::LaneMask>(bank.linked | place.mask());
        bank.strips.push_back(id);
        if (kind == Kind::ch) {
            place.input = inputs;
            inputs += place.lanes();
        } else if (kind != Kind::master) {
            place.column = static_cast<Column>(columns);
            columns += place.lanes();
        }
    }
}

void Geometry::add_outputs(Strip strip) {
    for (std::size_t side = 0; side < strips[strip].lanes(); ++side)
        outputs.push_back({.strip = strip, .side = side});
}

}  // namespace mixrig::engine
