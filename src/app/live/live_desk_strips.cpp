// A running desk: actions of single strips.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/gain_freeze.h"
#include "src/app/live/live_desk.h"
#include "src/app/live/more_me.h"

#include <charconv>
#include <string>

namespace mixrig::app {

namespace {

// The number, from 0, in "/ch/3/freeze_gain".
base::Result<std::size_t> strip_number(std::string_view address, param::Kind kind,
                                       const param::DeskShape& shape) {
    const std::string_view digits =
        address.substr(param::kPrefix[static_cast<std::size_t>(kind)].size() + 1);
    std::size_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (number < 1 || number > shape.count(kind))
        return base::Error{"there are only " + std::to_string(shape.count(kind)) + " of these"};
    return number - 1;
}

}  // namespace

bool LiveDesk::is_of_strip(std::string_view address) {
    return address.ends_with("/freeze_gain") || address.ends_with("/more") ||
           address.ends_with("/less");
}

base::Result<std::vector<control::OscArg>> LiveDesk::act_on_strip(const control::ActionCall& call) {
    const std::string_view address = call.address;
    const std::span<const control::OscArg> args = call.args;
    if (address.ends_with("/freeze_gain")) return act_freeze(address, args[0].as_number());
    const auto aux = strip_number(address, param::Kind::aux, layout_.shape());
    if (!aux) return aux.error();
    MoreMe asked{.aux = *aux, .own = args[0].as_text()};
    if (args.size() > 1) asked.step_dB = args[1].as_number();
    if (address.ends_with("/less")) asked.step_dB = -asked.step_dB;
    monitor_->snapshot(readings_);
    const auto mix =
        more_me(layout_, desk_.values(), console_->geometry(), readings_.loudness, asked);
    if (!mix) return mix.error();
    if (auto done = move(mix->moves, call.from); !done) return done.error();
    return std::vector{control::OscArg::number(static_cast<float>(mix->own_dB)),
                       control::OscArg::number(static_cast<float>(mix->others_dB))};
}

base::Result<std::vector<control::OscArg>> LiveDesk::act_freeze(std::string_view address,
                                                                double dB) {
    const auto channel = strip_number(address, param::Kind::ch, layout_.shape());
    if (!channel) return channel.error();
    const auto moves = freeze_gain(layout_, desk_.values(), *channel, dB);
    if (!moves) return moves.error();
    if (auto done = move(*moves, control::kDeskItself); !done) return done.error();
    return std::vector{control::OscArg::number(
        desk_.values().number(layout_.slot(param::Kind::ch, *channel, param::row("trim"))))};
}

// Together, at one quantum boundary, and no further than whoever asked for it may go.
base::Status LiveDesk::move(const Moves& moves, control::Origin from) {
    const control::OpenBatch batch(desk_);
    for (const Move& one : moves) {
        const float value = desk_.access().bounded(from, one.slot, one.value);
        if (auto set = desk_.set(one.slot, {value, {}}, control::kDeskItself); !set)
            return set.error();
    }
    return base::Done{};
}

}  // namespace mixrig::app
