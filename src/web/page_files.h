// The page's files, as they are in the program.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace mixrig::web {

struct PageFile {
    std::string_view name;  // "app.js"
    std::string_view bytes;
};

// Of control/web/dist; src/web/embed.py makes this function.
std::span<const PageFile> page_files();

}  // namespace mixrig::web
