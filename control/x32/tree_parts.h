// Nodes that the trees of both kinds of desks have alike.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace mixrig::control::x32 {

inline constexpr std::string_view kFilter = "on=OO type=FILTER!3.0 f=FREQ!990.9";
inline constexpr std::string_view kEqualizer = "on=OO!ON";
inline constexpr std::string_view kBand =
    "type=EQ!PEQ;PEQ;PEQ;HShv f=FREQ!124.7;496.6;1k97;10k02 "
    "g=lin(-15,15,0.25,d2,m3,+)!+0 q=log(10,0.3,71,d1,m2)!2.0";
inline constexpr std::string_view kBusBand =
    "type=EQ!PEQ f=FREQ!80;200;500;1k50;4k00;10k02 "
    "g=lin(-15,15,0.25,d2,m3,+)!+0 q=log(10,0.3,71,d1,m2)!2.0";

}  // namespace mixrig::control::x32
