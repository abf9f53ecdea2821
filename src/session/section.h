// One table of a TOML file, read key by key into variables that hold their defaults.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/session/toml.h"

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mixrig::session {

// Keeps the problem that stands first in the file.
class Problems {
public:
    explicit Problems(std::string file) : file_(std::move(file)) {}

    void add(std::size_t line, const std::string& what, const std::string& hint = {});
    bool any() const { return first_.has_value(); }
    const base::Error& first() const { return *first_; }
    const std::string& file() const { return file_; }

private:
    std::string file_;
    std::optional<base::Error> first_;
    std::size_t line_ = 0;
};

// Every `read` names a key that is known; `finish` reports the keys that nobody asked for. A key
// that is missing or wrong leaves its variable as it was.
class Section {
public:
    // `table` may be null: then every key is missing. `title` is how the file writes it: "[audio]".
    Section(const TomlNode* table, std::string title, Problems& problems);

    void read(std::string_view key, std::string& text);
    void read(std::string_view key, bool& flag);
    void read(std::string_view key, double& number, double low, double high);
    void read(std::string_view key, std::size_t& whole, std::size_t low, std::size_t high);
    void read_list(std::string_view key, std::vector<std::string>& texts);
    // { "one" = 1.0, "two" = 2.0 }: keys that are not known beforehand.
    void read_numbers(std::string_view key, std::vector<std::pair<std::string, double>>& numbers);
    // One of these words.
    void read_word(std::string_view key, std::string& word,
                   std::initializer_list<std::string_view> words);
    // A name of a strip, a desk, a song: no control characters, at most 64 bytes or as many as
    // said.
    void read_name(std::string_view key, std::string& name);
    void read_name(std::string_view key, std::string& name, std::size_t most_bytes);
    // A path, relative ones beside the file.
    void read_path(std::string_view key, std::filesystem::path& path);
    // A list of them.
    void read_paths(std::string_view key, std::vector<std::filesystem::path>& paths);
    // A device channel, or a list of up to two: n, [l, r], [].
    void read_ports(std::string_view key, std::optional<std::vector<std::size_t>>& ports);

    Section table(std::string_view key);
    std::vector<Section> tables(std::string_view key);  // [[key]]

    bool has(std::string_view key) const;
    std::size_t line() const { return table_ == nullptr ? 0 : table_->line; }
    std::size_t line(std::string_view key) const;  // of the key; else of the table
    void problem(std::string_view key, const std::string& what, const std::string& hint = {});
    void finish();

private:
    std::filesystem::path beside_file(const std::string& text) const;
    const TomlNode* known(std::string_view key);
    const TomlNode* known(std::string_view key, TomlNode::Kind kind);
    void wrong_kind(std::string_view key, const TomlNode& node, std::string_view wanted);
    std::string full(std::string_view key) const;

    const TomlNode* table_;
    std::string title_;
    Problems* problems_;
    std::vector<std::string> known_;
};

}  // namespace mixrig::session
