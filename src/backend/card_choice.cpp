// Which sound card to take, by its name and channels; never "the default one", which may be a
// monitor.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/card_choice.h"

#include <algorithm>
#include <cctype>

namespace mixrig::backend {

namespace {

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

bool is_monitor(const CardInfo& card) {
    return card.name.starts_with("Monitor of ");
}

unsigned highest_channel(const std::vector<Port>& ports) {
    unsigned highest = 0;
    for (const Port& port : ports) highest = std::max(highest, port.device_channel);
    return highest;
}

// The card with most of what is wished; the first of equals.
template <typename Score>
std::optional<CardInfo> best(const std::vector<CardInfo>& cards, const Score& score) {
    std::optional<CardInfo> found;
    unsigned highest = 0;
    for (const CardInfo& card : cards)
        if (const unsigned points = score(card); points > highest) {
            found = card;
            highest = points;
        }
    return found;
}

}  // namespace

std::optional<CardChoice> choose_card(const std::vector<CardInfo>& cards, const CardWish& wish) {
    std::vector<CardInfo> named;
    for (const CardInfo& card : cards)
        if (lower(card.name).find(lower(wish.name)) != std::string::npos) named.push_back(card);

    const auto inputs = [&](const CardInfo& card) { return std::min(card.inputs, wish.inputs); };
    const auto outputs = [&](const CardInfo& card) { return std::min(card.outputs, wish.outputs); };
    CardChoice choice;
    if (wish.outputs > 0)
        choice.output = best(named, [&](const CardInfo& card) {
            return outputs(card) == 0 ? 0
                                      : outputs(card) + (wish.separate_input ? 0 : inputs(card));
        });
    if (choice.output && choice.output->inputs > 0 && wish.inputs > 0) choice.input = choice.output;
    // Two cards have two clocks, so a second one is taken only where a server keeps them in step.
    if (!choice.input && (wish.separate_input || !choice.output))
        choice.input = best(named, [&](const CardInfo& card) {
            return 2 * inputs(card) - (is_monitor(card) && inputs(card) > 0 ? 1 : 0);
        });
    if (!choice.input && wish.separate_input && wish.inputs > 0)  // the name was the sink's
        choice.input =
            best(cards, [&](const CardInfo& card) { return is_monitor(card) ? 0 : inputs(card); });
    if (!choice.output && !choice.input) return std::nullopt;
    return choice;
}

unsigned choose_rate(const CardInfo& card, unsigned wished) {
    unsigned nearest = wished;
    unsigned distance = ~0u;
    for (const unsigned rate : card.rates) {
        const unsigned off = rate > wished ? rate - wished : wished - rate;
        if (off < distance) {
            nearest = rate;
            distance = off;
        }
    }
    return nearest;
}

CardWish wish_of(const BackendConfig& config) {
    return {.name = config.device,
            .inputs = highest_channel(config.ports.inputs),
            .outputs = highest_channel(config.ports.outputs)};
}

}  // namespace mixrig::backend
