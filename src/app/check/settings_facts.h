// What the values of a desk say to the rules, before anything is heard.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/check/facts.h"
#include "src/param/values.h"

#include <cstddef>

namespace mixrig::app::check {

// A channel, subgroup or effect bus: address, name and settings.
StripFacts settings_of(const param::Layout& layout, const param::Values& values, param::Kind kind,
                       std::size_t strip);
// The main strip and its chain.
ChainFacts chain_settings(const param::Layout& layout, const param::Values& values);

}  // namespace mixrig::app::check
