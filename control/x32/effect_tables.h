// The tables that say which effect of the dialect is which unit of ours, and which of its
// parameters is which of that.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/x32/mapping_tables.h"

#include <cstddef>
#include <string_view>

namespace mixrig::control::x32 {

// A unit of ours is called by the first type of theirs that it stands for. Of two effects in one
// (D/RV, CR/R...) ours is the first.
struct UnitRow {
    std::string_view theirs, ours;
};
// clang-format off
inline constexpr UnitRow kUnits[] = {
    {"HALL", "hall"}, {"VREV", "hall"},
    {"ROOM", "room"}, {"AMBI", "room"}, {"CHAM", "room"}, {"VRM", "room"},
    {"PLAT", "plate"}, {"RPLT", "plate"},
    {"DLY", "echo"}, {"3TAP", "echo"}, {"4TAP", "echo"}, {"D/RV", "echo"}, {"D/CR", "echo"}, {"D/FL", "echo"}, {"MODD", "echo"},
    {"CRS", "chorus"}, {"CR/R", "chorus"},
    {"FLNG", "flanger"}, {"FL/R", "flanger"},
    {"PHAS", "phaser"},
    {"DRV", "saturation"}, {"DRV2", "saturation"},
    {"DES", "de_esser"}, {"DES2", "de_esser"},
    {"PAN", "tremolo"},
};

// Of the effects of these names, par/NN. Of two sides that have one each it is the left one's.
struct EffectLeafRow {
    std::string_view effects;
    std::size_t parameter;
    std::size_t row;
    const Conversion* conversion;
    float argument = 1.0f;
    std::size_t peer = 0;  // another parameter, where the conversion needs one
};

inline constexpr float kSeconds = 1000.0f;
inline constexpr float kOf30 = 1.0f / 30, kOf39 = 1.0f / 39, kOf50 = 1.0f / 50, kOf76 = 1.0f / 76;
inline constexpr float kOfHalfTurn = 1.0f / 180;
// Their depths and drives are per cent of what they do not say; ours go as far as ours go.
inline constexpr float kChorusDepth_ms = 0.1f, kFlangerDepth_ms = 0.08f, kOctaves = 0.04f, kDrive_dB = 0.36f;

inline constexpr EffectLeafRow kEffectLeaves[] = {
    {"HALL AMBI RPLT ROOM CHAM PLAT VREV VRM", 1, param::row("reverb/predelay"), &kSame},
    {"HALL AMBI RPLT ROOM CHAM PLAT VREV VRM", 2, param::row("reverb/decay"), &kScaled, kSeconds},
    {"HALL AMBI PLAT VRM", 3, param::row("reverb/size"), &kScaled, kPercent},
    {"RPLT", 3, param::row("reverb/size"), &kScaled, kOf39},
    {"ROOM CHAM", 3, param::row("reverb/size"), &kScaled, kOf76},
    {"HALL AMBI RPLT ROOM CHAM PLAT", 4, param::row("reverb/damping"), &kSame},
    {"HALL AMBI PLAT", 5, param::row("reverb/diffusion"), &kScaled, kOf30},
    {"RPLT ROOM CHAM", 5, param::row("reverb/diffusion"), &kScaled, kPercent},
    {"VRM", 4, param::row("reverb/diffusion"), &kScaled, kOf30},
    {"HALL AMBI RPLT ROOM CHAM PLAT VREV", 7, param::row("reverb/locut"), &kSame},
    {"HALL AMBI RPLT ROOM CHAM PLAT VREV", 8, param::row("reverb/hicut"), &kSame},
    {"VRM", 9, param::row("reverb/locut"), &kSame},
    {"VRM", 10, param::row("reverb/hicut"), &kSame},
    {"HALL RPLT ROOM CHAM", 12, param::row("reverb/modulation"), &kScaled, kPercent},
    {"AMBI", 9, param::row("reverb/modulation"), &kScaled, kPercent},
    {"PLAT", 11, param::row("reverb/modulation"), &kScaled, kOf50},
    {"VREV", 3, param::row("reverb/modulation"), &kScaled, kPercent},

    {"DLY", 1, param::row("mix"), &kScaled, kPercent},
    {"DLY", 2, param::row("echo/time"), &kEchoTime, 1, 4},
    {"DLY", 3, param::row("echo/pingpong"), &kEchoCross},
    {"DLY", 4, param::row("echo/time"), &kEchoFactor, 1, 2},
    {"DLY", 4, param::row("echo/ratio"), &kEchoLeft, 1, 5},
    {"DLY", 5, param::row("echo/ratio"), &kEchoRight, 1, 4},
    {"DLY", 9, param::row("echo/locut"), &kSame},
    {"DLY", 10, param::row("echo/feedback"), &kScaled, kPercent},
    {"DLY", 12, param::row("echo/hicut"), &kSame},
    {"3TAP 4TAP D/RV D/CR D/FL MODD", 1, param::row("echo/time"), &kSame},
    {"3TAP D/RV D/CR D/FL", 4, param::row("echo/feedback"), &kScaled, kPercent},
    {"4TAP MODD", 3, param::row("echo/feedback"), &kScaled, kPercent},
    {"3TAP", 5, param::row("echo/locut"), &kSame},
    {"4TAP MODD", 4, param::row("echo/locut"), &kSame},
    {"3TAP", 6, param::row("echo/hicut"), &kSame},
    {"4TAP MODD", 5, param::row("echo/hicut"), &kSame},
    {"D/RV D/CR D/FL", 3, param::row("echo/hicut"), &kSame},
    {"3TAP 4TAP", 13, param::row("echo/pingpong"), &kSame},
    {"D/RV D/CR D/FL", 12, param::row("mix"), &kScaled, kPercent},
    {"MODD", 13, param::row("mix"), &kScaled, kPercent},

    {"CRS CR/R", 1, param::row("chorus/rate"), &kSame},
    {"CRS CR/R", 2, param::row("chorus/depth"), &kScaled, kChorusDepth_ms},
    {"CRS", 4, param::row("chorus/delay"), &kSame},
    {"CR/R", 3, param::row("chorus/delay"), &kSame},
    {"CRS", 6, param::row("chorus/mix"), &kScaled, kPercent},
    {"CR/R", 12, param::row("chorus/mix"), &kScaled, kPercent},
    {"CRS", 11, param::row("chorus/spread"), &kScaled, kPercent},

    {"FLNG FL/R", 1, param::row("flanger/rate"), &kSame},
    {"FLNG FL/R", 2, param::row("flanger/depth"), &kScaled, kFlangerDepth_ms},
    {"FLNG", 4, param::row("flanger/delay"), &kSame},
    {"FL/R", 3, param::row("flanger/delay"), &kSame},
    {"FLNG", 6, param::row("flanger/mix"), &kScaled, kPercent},
    {"FL/R", 12, param::row("flanger/mix"), &kScaled, kPercent},
    {"FLNG", 9, param::row("flanger/spread"), &kScaled, kOfHalfTurn},
    {"FL/R", 4, param::row("flanger/spread"), &kScaled, kOfHalfTurn},
    {"FLNG", 12, param::row("flanger/feedback"), &kScaled, kPercent},
    {"FL/R", 5, param::row("flanger/feedback"), &kScaled, kPercent},

    {"PHAS", 1, param::row("phaser/rate"), &kSame},
    {"PHAS", 2, param::row("phaser/depth"), &kScaled, kOctaves},
    {"PHAS", 3, param::row("phaser/feedback"), &kScaled, kPercent},
    {"PHAS", 5, param::row("phaser/stages"), &kStages},
    {"PHAS", 6, param::row("phaser/mix"), &kScaled, kPercent},
    {"PHAS", 8, param::row("phaser/spread"), &kScaled, kOfHalfTurn},

    {"DRV DRV2", 1, param::row("saturation/drive"), &kScaled, kDrive_dB},
    {"DRV DRV2", 4, param::row("saturation/output"), &kSame},
    {"DRV DRV2", 6, param::row("saturation/tone"), &kSame},

    // How much of the upper band it takes, 0 to 50: our threshold, so many decibels below 0.
    {"DES DES2", 2, param::row("de_esser/threshold"), &kScaled, -1.0f},

    {"PAN", 1, param::row("tremolo/rate"), &kSame},
    {"PAN", 2, param::row("tremolo/spread"), &kScaled, kOfHalfTurn},
    {"PAN", 4, param::row("tremolo/depth"), &kScaled, kPercent},
};
// clang-format on

}  // namespace mixrig::control::x32
