// Every row of mixing practice, and who judges it: a rule, another command, the desk by the way it
// is built, or a person.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace mixrig::app::check {

enum class Judge : std::uint8_t {
    check,    // a rule of this doctor
    verify,   // `mixrig verify`, of a delivery
    command,  // another command does or measures it
    desk,     // the desk has it, or is built so: there is nothing that could fail
    person,   // taste, place, understanding: no figure says it
    nobody,   // not there, or no matter of a desk
};

struct PracticeRow {
    std::string_view id, title;
    Judge judge;
    std::string_view why;
};

std::span<const PracticeRow> practice();

}  // namespace mixrig::app::check
