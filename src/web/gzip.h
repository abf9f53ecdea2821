// Text made small for the wire, by zlib.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace mixrig::web {

// As `Content-Encoding: gzip`; empty if memory ran out. Effort 1 is quickest, 9 smallest.
std::string gzipped(std::string_view text, int effort);

}  // namespace mixrig::web
