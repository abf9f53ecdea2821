// Messages of the commands.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"

#include <cstdio>
#include <string>

namespace mixrig::app {

int fail(const base::Error& error) {
    std::fflush(stdout);  // what was said before stands before it
    std::fprintf(stderr, "mixrig: %s\n", error.text().c_str());
    return kFailed;
}

void print_line(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

void show_progress(double share) {
    static int shown = -1;
    const int percent = static_cast<int>(share * 100.0);
    if (percent == shown) return;
    shown = percent;
    std::fprintf(stderr, "\r%3d %%", percent);
    if (percent == 100) std::fprintf(stderr, "\r     \r");
}

}  // namespace mixrig::app
