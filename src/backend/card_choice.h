// Which sound card to take, by its name and channels; never "the default one", which may be a
// monitor.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/backend.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mixrig::backend {

struct CardInfo {
    unsigned id = 0;
    std::string name = {};
    unsigned inputs = 0;
    unsigned outputs = 0;
    std::vector<unsigned> rates = {};
};

struct CardWish {
    std::string name = {};  // part of it, in any case; empty: any
    unsigned inputs = 0;    // the highest channel in use
    unsigned outputs = 0;
    bool separate_input = false;  // Pulse lists sources and sinks apart, and keeps them in step
};

struct CardChoice {
    std::optional<CardInfo> output = {};
    std::optional<CardInfo> input = {};
};

// Empty if no card has a channel of those that are wished.
std::optional<CardChoice> choose_card(const std::vector<CardInfo>& cards, const CardWish& wish);

// The wished rate, or the nearest that the card has.
unsigned choose_rate(const CardInfo& card, unsigned wished);

CardWish wish_of(const BackendConfig& config);

}  // namespace mixrig::backend
