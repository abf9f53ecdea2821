// A text file in one piece, or the reason why not.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/text_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace mixrig::session {
namespace {

// A scene of a 1024-channel desk has some 10 MiB.
constexpr std::uintmax_t kMost = 64u << 20;

}  // namespace

base::Result<std::string> read_text(const std::filesystem::path& path) {
    std::error_code ec;
    const auto status = std::filesystem::status(path, ec);
    if (!std::filesystem::exists(status))
        return base::Error{.what = "no such file", .where = path.string()};
    if (std::filesystem::is_directory(status))
        return base::Error{.what = "is a folder, not a file", .where = path.string()};
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return base::Error{.what = std::string("cannot read it: ") + std::strerror(errno),
                           .where = path.string()};
    std::string text;
    char chunk[65536];
    while (in.read(chunk, sizeof chunk) || in.gcount() > 0) {
        text.append(chunk, static_cast<std::size_t>(in.gcount()));
        if (text.size() > kMost)
            return base::Error{.what = "is larger than 64 MiB: not a file of mixrig",
                               .where = path.string()};
    }
    if (in.bad()) return base::Error{.what = "reading it failed", .where = path.string()};
    return text;
}

std::string at_line(const std::string& file, std::size_t line) {
    return line == 0 ? file : file + ":" + std::to_string(line);
}

}  // namespace mixrig::session
