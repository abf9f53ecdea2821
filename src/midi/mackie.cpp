// What the controls of Mackie Control units do.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/mackie.h"

#include "src/midi/turn.h"

#include <algorithm>
#include <cmath>

namespace mixrig::midi {
namespace {

using param::Slot;

constexpr unsigned kTopOfTenBits = 0x3ff0;
constexpr unsigned kCounterClockwise = 0x40;

int detents(unsigned value) {
    const int size = static_cast<int>(value & 0x3fu);
    return (value & kCounterClockwise) != 0 ? -size : size;
}

}  // namespace

param::Value fader_value(const param::Layout& layout, Slot slot, unsigned code) {
    const float at = code >= kTopOfTenBits ? 1.0f : static_cast<float>(code) / kMost14;
    return at_position(layout, slot, at);
}

unsigned fader_code(const param::Layout& layout, Slot slot, const param::Value& value) {
    return static_cast<unsigned>(
        std::lround(position(layout, slot, value).value_or(0.0f) * kMost14));
}

Mackie::Mackie(const param::Layout& layout, const DeskSide& desk, std::size_t units)
    : layout_(layout), desk_(desk), units_(units) {
    for (std::size_t g = 0; g < kGroups; ++g) {
        const auto group = static_cast<Group>(g);
        first_[g] = strips_.size();
        const std::size_t count =
            group == Group::dca ? param::kDcas : layout.shape().count(kind_of(group));
        for (std::size_t number = 0; number < count; ++number) strips_.push_back({group, number});
    }
    clips_.resize(strips_.size());
}

void Mackie::receive(std::size_t unit, View bytes, std::int64_t now) {
    Unit& at = units_[unit];
    if (at.wire == nullptr || at.wire->is_probe(bytes)) return;
    at.was_heard = true;
    const Message message = read(bytes);
    const auto sense = message.kind == Kind::note ? Wire::Sense::button : Wire::Sense::position;
    // A finger means every position.
    const bool has_finger = message.kind == Kind::bend && message.channel <= kMasterFader &&
                            at.touched[message.channel] && !at.wire->echoes();
    if (!has_finger && at.wire->is_echo(bytes, sense, now)) return;
    switch (message.kind) {
        case Kind::note:
            return hear_button(unit, message, now);
        case Kind::bend:
            return hear_fader(unit, message, now);
        case Kind::cc:
            return hear_controller(unit, message);
        case Kind::sysex:
            return hear_sysex(at, bytes);
        case Kind::pressure:
        case Kind::other:
            return;
    }
}

void Mackie::hear_button(std::size_t unit, const Message& message, std::int64_t now) {
    if (message.number >= kTouchNote && message.number <= kTouchNote + kMasterFader)
        return hear_touch(unit, message.number - kTouchNote, message.value != 0, now);
    if (message.value == 0) return;
    for (const Button& button : kButtons)
        if (message.number >= button.note && message.number < button.note + button.count)
            return press(button, unit * kColumns + message.number - button.note);
}

// While a finger is on a fader its motor is left alone; afterwards it is told where it is to stand,
// which it may not remember.
void Mackie::hear_touch(std::size_t unit, std::size_t fader, bool down, std::int64_t now) {
    Unit& at = units_[unit];
    at.knows_touch = true;
    if (at.touched[fader] == down) return;
    at.touched[fader] = down;
    if (fader < kColumns) at.moved[fader] = now;
    at.wire->forget(kPlaceFader + static_cast<Place>(fader));
    if (!down) return desk_.touch(at.held[fader], false);
    const auto slot = fader_at(unit, fader);
    if (!slot) {
        at.touched[fader] = false;
        return;
    }
    at.held[fader] = *slot;
    desk_.touch(*slot, true);
}

// A fader that knows fingers moves without one only because its motor does.
void Mackie::hear_fader(std::size_t unit, const Message& message, std::int64_t now) {
    Unit& at = units_[unit];
    const std::size_t fader = message.channel;
    if (fader > kMasterFader || (at.knows_touch && !at.touched[fader])) return;
    const auto slot = at.touched[fader] ? std::optional(at.held[fader]) : fader_at(unit, fader);
    if (!slot) return;
    if (fader < kColumns) at.moved[fader] = now;
    at.wire->shows(kPlaceFader + static_cast<Place>(fader), bend(message.channel, message.value));
    // What stands there already is left as exact as it is.
    if (fader_code(layout_, *slot, desk_.get(*slot)) == message.value) return;
    (void)desk_.set(*slot, fader_value(layout_, *slot, message.value));
}

void Mackie::hear_controller(std::size_t unit, const Message& message) {
    if (message.number == kJog) return jog(detents(message.value));
    if (message.number < kPotTurn || message.number >= kPotTurn + kColumns) return;
    const auto slot = pot_at(unit * kColumns + message.number - kPotTurn);
    if (slot)
        (void)desk_.set(*slot, turned(layout_, *slot, desk_.get(*slot), detents(message.value)));
}

void Mackie::press(const Button& button, std::size_t column) {
    switch (button.does) {
        case Does::toggle:
        case Does::arm:
        case Does::select:
        case Does::push:
            return press_of_strip(button, column);
        case Does::act:
        case Does::record:
        case Does::desk:
        case Does::automate:
            return press_of_desk(button);
        default:
            return press_of_surface(button);
    }
}

void Mackie::press_of_strip(const Button& button, std::size_t column) {
    if (button.does == Does::push) {
        if (const auto slot = pot_at(column))
            (void)desk_.set(*slot, pushed(layout_, *slot, desk_.get(*slot)));
        return;
    }
    const auto strip = strip_at(column);
    if (!strip) return;
    if (button.does == Does::select) {
        selected_ = bank_ + column;
        return;
    }
    const auto slot = slot_of(*strip, button.row, button.dca_row);
    if (slot) (void)desk_.set(*slot, {number(*slot) == 0.0f ? 1.0f : 0.0f});
}

void Mackie::press_of_surface(const Button& button) {
    switch (button.does) {
        case Does::assign:
            return assign(static_cast<Assign>(button.number));
        case Does::move:
            return move(button.number);
        case Does::bank:
            return move(button.number * static_cast<int>(columns()));
        case Does::page: {
            const std::size_t pages = (pots_of_selected().size() + columns() - 1) / columns();
            const auto page = static_cast<std::ptrdiff_t>(page_) + button.number;
            if (page >= 0 && page < static_cast<std::ptrdiff_t>(pages))
                page_ = static_cast<std::size_t>(page);
            return;
        }
        case Does::flip:
            flipped_ = !flipped_;
            return;
        case Does::home:
            bank_ = 0;
            return;
        case Does::go: {
            const std::size_t first = first_[static_cast<std::size_t>(button.number)];
            if (first < strips_.size()) bank_ = first;
            return;
        }
        case Does::values:
            shows_values_ = !shows_values_;
            return;
        case Does::fine:
            jogs_finely_ = !jogs_finely_;
            return;
        default:
            return;
    }
}

void Mackie::press_of_desk(const Button& button) {
    switch (button.does) {
        case Does::act:
            (void)act(button.address);
            return;
        case Does::record: {
            const auto state = layout_.slot(param::Kind::desk, 0, button.row);
            (void)act(number(state) == button.lit ? "/record/stop" : "/record/start");
            return;
        }
        case Does::desk: {
            const auto slot = layout_.slot(param::Kind::desk, 0, button.row);
            (void)desk_.set(slot, pushed(layout_, slot, desk_.get(slot)));
            return;
        }
        case Does::automate: {
            const auto slot = slot_of(strips_[selected_], button.row, kNoRow);
            if (!slot) return;
            const auto mode = static_cast<float>(button.number);
            constexpr float kRead = 1.0f;
            (void)desk_.set(*slot, {number(*slot) == mode ? kRead : mode});
            return;
        }
        default:
            return;
    }
}

// Again: the next bus, or the next page.
void Mackie::assign(Assign to) {
    const bool again = assign_ == to;
    assign_ = to;
    if (!again) {
        page_ = 0;
        return;
    }
    if (to == Assign::send && buses() != 0) send_bus_ = (send_bus_ + 1) % buses();
    const std::size_t pages = (pots_of_selected().size() + columns() - 1) / columns();
    page_ = pages == 0 ? 0 : (page_ + 1) % pages;
}

// The last strip stays on the surface.
void Mackie::move(int strips) {
    const auto last = static_cast<std::ptrdiff_t>(strips_.empty() ? 0 : strips_.size() - 1);
    const auto to = static_cast<std::ptrdiff_t>(bank_) + strips;
    if (to > last) return;
    bank_ = static_cast<std::size_t>(std::max<std::ptrdiff_t>(to, 0));
}

void Mackie::jog(int detents) {
    const Slot at = layout_.slot(param::Kind::desk, 0, param::row("/transport/position"));
    const float step = jogs_finely_ ? 0.1f : 1.0f;
    const float to = std::max(0.0f, number(at) + step * static_cast<float>(detents));
    const std::array<Argument, 1> words = {to};
    (void)desk_.act("/transport/locate", words);
}

bool Mackie::act(std::string_view address) {
    return desk_.act(address, {});
}

std::optional<Mackie::Strip> Mackie::strip_at(std::size_t column) const {
    const std::size_t at = bank_ + column;
    return at < strips_.size() ? std::optional(strips_[at]) : std::nullopt;
}

std::optional<Slot> Mackie::slot_of(const Strip& strip, std::size_t row, std::size_t dca_row,
                                    std::size_t index) const {
    if (strip.group == Group::dca) {
        if (dca_row == kNoRow) return std::nullopt;
        return layout_.slot(param::Kind::desk, 0, dca_row, strip.number);
    }
    const param::Kind kind = kind_of(strip.group);
    if (!layout_.has(kind, row) || index >= layout_.index_count(param::kTable[row].index))
        return std::nullopt;
    return layout_.slot(kind, strip.number, row, index);
}

std::optional<Slot> Mackie::slot_of(const std::optional<Strip>& strip,
                                    const OfStrip& control) const {
    return strip ? slot_of(*strip, control.row, control.dca_row) : std::nullopt;
}

std::size_t Mackie::buses() const {
    std::size_t count = 0;
    for (const std::size_t row : kSendLevels)
        count += layout_.index_count(param::kTable[row].index);
    return count;
}

std::optional<Slot> Mackie::send_at(const Strip& strip, std::size_t bus) const {
    for (const std::size_t row : kSendLevels) {
        const std::size_t count = layout_.index_count(param::kTable[row].index);
        if (bus < count) return slot_of(strip, row, kNoRow, bus);
        bus -= count;
    }
    return std::nullopt;
}

std::vector<Slot> Mackie::pots_of_selected() const {
    std::vector<Slot> out;
    const Strip& strip = strips_[selected_];
    const auto add = [&](std::size_t row, std::size_t index) {
        if (const auto slot = slot_of(strip, row, kNoRow, index)) out.push_back(*slot);
    };
    switch (assign_) {
        case Assign::track:
            for (const Pot& pot : kTrackPots) add(pot.row, pot.index);
            break;
        case Assign::dynamics:
            for (const Pot& pot : kDynamicsPots) add(pot.row, pot.index);
            break;
        case Assign::eq:
            for (std::size_t band = 0; band < param::kBands; ++band)
                for (const std::size_t row : kEqBand) add(row, band);
            break;
        case Assign::sends:
            for (const std::size_t row : kSendLevels)
                for (std::size_t b = 0; b < layout_.index_count(param::kTable[row].index); ++b)
                    add(row, b);
            break;
        case Assign::send:
        case Assign::pan:
            break;
    }
    return out;
}

std::optional<Slot> Mackie::assigned_at(std::size_t column) const {
    if (pots_are_of_strips()) {
        const auto strip = strip_at(column);
        if (!strip) return std::nullopt;
        return assign_ == Assign::pan ? slot_of(strip, kPan) : send_at(*strip, send_bus_);
    }
    const std::vector<Slot> pots = pots_of_selected();
    const std::size_t at = page_ * columns() + column;
    return at < pots.size() ? std::optional(pots[at]) : std::nullopt;
}

std::optional<Slot> Mackie::pot_at(std::size_t column) const {
    return flipped_ ? slot_of(strip_at(column), kFader) : assigned_at(column);
}

std::optional<Slot> Mackie::fader_at(std::size_t unit, std::size_t fader) const {
    if (fader == kMasterFader) return layout_.slot(param::Kind::main, 0, kFader.row);
    const std::size_t column = unit * kColumns + fader;
    return flipped_ ? assigned_at(column) : slot_of(strip_at(column), kFader);
}

}  // namespace mixrig::midi
