// Check sums, generations, and what to do with damage.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/state_file.h"

#include "src/session/atomic_file.h"
#include "src/session/text_file.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <system_error>
#include <utility>

namespace mixrig::session {
namespace {

constexpr std::string_view kMark = "# sum ";

// FNV-1a, 64 bit: against accidents, not against people.
std::uint64_t sum_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325ull;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
    return hash;
}

std::string trailer(std::string_view text) {
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx",
                  static_cast<unsigned long long>(sum_of(text)));
    return std::string(kMark) + digits.data() + "\n";
}

base::Result<std::string> read_checked(const std::filesystem::path& path,
                                       const StateFile::Accept& accept) {
    auto text = read_text(path);
    if (!text) return text.error();
    const std::size_t mark = text->rfind(kMark);
    const base::Error damaged{.what = "is damaged: its check sum does not fit",
                              .where = path.string()};
    if (mark == std::string::npos) return damaged;
    const std::string body = text->substr(0, mark);
    if (text->substr(mark) != trailer(body)) return damaged;
    if (auto taken = accept(body); !taken) return taken.error();
    return body;
}

// Out of the way of the next saves, for someone to look at.
void put_aside(const std::filesystem::path& path) {
    std::error_code ignored;
    const auto aside = path.parent_path() / (path.filename().string() + ".damaged");
    std::filesystem::rename(path, aside, ignored);
}

}  // namespace

StateFile::StateFile(std::filesystem::path path) : path_(std::move(path)) {
    remove_leftovers(path_.parent_path());
}

base::Result<StateFile::Loaded> StateFile::load(const Accept& accept) {
    std::error_code ec;
    const auto backup = backup_of(path_);
    const bool has_main = std::filesystem::exists(path_, ec);
    const bool has_backup = std::filesystem::exists(backup, ec);
    worth_keeping_ = false;
    if (!has_main && !has_backup) return Loaded{};
    auto main = read_checked(path_, accept);
    if (main) {
        worth_keeping_ = true;
        return Loaded{.text = *std::move(main)};
    }
    auto older = has_backup ? read_checked(backup, accept) : main;
    if (has_main) put_aside(path_);
    if (older)
        return Loaded{.text = *std::move(older),
                      .message = main.error().text() + "; went back to " + backup.string()};
    if (has_backup) put_aside(backup);
    return main.error();
}

base::Status StateFile::save(std::string_view text) {
    const auto saved = save_atomically(path_, std::string(text) + trailer(text),
                                       worth_keeping_ ? Keep::previous : Keep::nothing);
    if (saved) worth_keeping_ = true;
    return saved;
}

}  // namespace mixrig::session
