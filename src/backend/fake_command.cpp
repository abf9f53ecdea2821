// The lines that steer the fake device of test builds.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/fake_command.h"

#include <array>
#include <cmath>
#include <sstream>
#include <string_view>
#include <utility>

namespace mixrig::backend {

namespace {

using Kind = FakeCommand::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 11> kWords{{
    {"stall", Kind::stall},
    {"late", Kind::late},
    {"vanish", Kind::vanish},
    {"return", Kind::comes_back},
    {"rate", Kind::rate},
    {"block", Kind::block},
    {"storm", Kind::storm},
    {"inject", Kind::inject},
    {"sine", Kind::sine},
    {"counters", Kind::counters},
    {"peaks", Kind::peaks},
}};

constexpr std::array<std::pair<std::string_view, FakeSignal>, 5> kSignals{{
    {"nan", FakeSignal::nan},
    {"inf", FakeSignal::inf},
    {"big", FakeSignal::big},
    {"dc", FakeSignal::dc},
    {"subnormal", FakeSignal::subnormal},
}};

template <typename Table, typename Value>
bool find_word(const Table& table, std::istringstream& line, Value& value) {
    std::string word;
    line >> word;
    for (const auto& [name, meaning] : table)
        if (name == word) {
            value = meaning;
            return true;
        }
    return false;
}

template <typename Number>
bool read_between(std::istringstream& line, Number low, Number high, Number& value) {
    return static_cast<bool>(line >> value) && value >= low && value <= high;
}

bool read_input(std::istringstream& line, std::size_t inputs, FakeCommand& command) {
    if (!read_between<std::size_t>(line, 1, inputs, command.input)) return false;
    --command.input;
    return true;
}

bool read_level(std::istringstream& line, FakeCommand& command) {
    std::string word;
    line >> word;
    if (word == "off") return true;
    double level = 0.0;
    if (!(std::istringstream(word) >> level) || !(level <= 60.0)) return false;
    command.amplitude = std::pow(10.0, level / 20.0);
    return true;
}

bool read_arguments(std::istringstream& line, std::size_t inputs, FakeCommand& command) {
    switch (command.kind) {
        case Kind::stall:
        case Kind::late:
            return read_between(line, 1u, 60'000u, command.milliseconds);
        case Kind::rate:
            return read_between(line, 8'000u, 384'000u, command.rate);
        case Kind::block:
            return read_between<std::size_t>(line, 1, kLargestFakeBlock, command.block);
        case Kind::inject:
            return find_word(kSignals, line, command.signal) && read_input(line, inputs, command) &&
                   read_between<std::uint64_t>(line, 1, UINT64_MAX, command.frames);
        case Kind::sine:
            return read_input(line, inputs, command) &&
                   read_between(line, 0.0, 192'000.0, command.hertz) && read_level(line, command);
        case Kind::vanish:
        case Kind::comes_back:
        case Kind::storm:
        case Kind::counters:
        case Kind::peaks:
            return true;
    }
    return false;
}

}  // namespace

base::Result<FakeCommand> parse_fake_command(const std::string& text, std::size_t inputs) {
    std::istringstream line(text);
    FakeCommand command;
    if (!find_word(kWords, line, command.kind))
        return base::Error{.what = "unknown command", .where = text};
    std::string rest;
    if (!read_arguments(line, inputs, command) || line >> rest)
        return base::Error{.what = "wrong arguments", .where = text};
    return command;
}

}  // namespace mixrig::backend
