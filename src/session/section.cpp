// Types, ranges and unknown keys.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/section.h"

#include "src/base/edits.h"
#include "src/session/line_grammar.h"
#include "src/session/text_file.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

namespace mixrig::session {
namespace {

using Kind = TomlNode::Kind;

constexpr std::size_t kMostPorts = 4096;  // device channels; the largest interfaces have 1024
constexpr std::size_t kNameBytes = 64;

std::string in_words(double number) {
    std::ostringstream out;
    out << number;
    return out.str();
}

}  // namespace

void Problems::add(std::size_t line, const std::string& what, const std::string& hint) {
    if (first_ && line_ <= line) return;
    first_ = base::Error{.what = what, .where = at_line(file_, line), .hint = hint};
    line_ = line;
}

Section::Section(const TomlNode* table, std::string title, Problems& problems)
    : table_(table), title_(std::move(title)), problems_(&problems) {}

std::string Section::full(std::string_view key) const {
    return title_ + (title_.empty() || key.empty() ? "" : " ") + std::string(key);
}

const TomlNode* Section::known(std::string_view key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
    return table_ == nullptr ? nullptr : table_->find(key);
}

const TomlNode* Section::known(std::string_view key, Kind kind) {
    const TomlNode* node = known(key);
    if (node == nullptr || node->kind == kind) return node;
    wrong_kind(key, *node, kind_name(kind));
    return nullptr;
}

void Section::wrong_kind(std::string_view key, const TomlNode& node, std::string_view wanted) {
    problem(key, "is " + std::string(kind_name(node.kind)) + ", must be " + std::string(wanted));
}

void Section::read(std::string_view key, std::string& text) {
    if (const TomlNode* node = known(key, Kind::text)) text = node->text;
}

void Section::read(std::string_view key, bool& flag) {
    if (const TomlNode* node = known(key, Kind::flag)) flag = node->flag;
}

void Section::read(std::string_view key, double& number, double low, double high) {
    const TomlNode* node = known(key);
    if (node == nullptr) return;
    if (node->kind != Kind::number && node->kind != Kind::whole)
        return wrong_kind(key, *node, kind_name(Kind::number));
    if (!(node->number >= low && node->number <= high))  // NaN fails as well
        return problem(key, in_words(node->number) + " is out of range",
                       in_words(low) + " to " + in_words(high));
    number = node->number;
}

void Section::read(std::string_view key, std::size_t& whole, std::size_t low, std::size_t high) {
    const TomlNode* node = known(key, Kind::whole);
    if (node == nullptr) return;
    if (node->whole < static_cast<std::int64_t>(low) ||
        node->whole > static_cast<std::int64_t>(high))
        return problem(key, std::to_string(node->whole) + " is out of range",
                       std::to_string(low) + " to " + std::to_string(high));
    whole = static_cast<std::size_t>(node->whole);
}

void Section::read_list(std::string_view key, std::vector<std::string>& texts) {
    const TomlNode* node = known(key, Kind::list);
    if (node == nullptr) return;
    std::vector<std::string> out;
    for (const TomlNode& item : node->items) {
        if (item.kind != Kind::text) return wrong_kind(key, item, "a list of texts in quotes");
        out.push_back(item.text);
    }
    texts = std::move(out);
}

void Section::read_numbers(std::string_view key,
                           std::vector<std::pair<std::string, double>>& numbers) {
    const TomlNode* node = known(key, Kind::table);
    if (node == nullptr) return;
    std::vector<std::pair<std::string, double>> out;
    for (std::size_t i = 0; i < node->items.size(); ++i) {
        const TomlNode& item = node->items[i];
        if (item.kind != Kind::number && item.kind != Kind::whole)
            return wrong_kind(key, item, "a table of numbers");
        if (!std::isfinite(item.number)) return problem(key, "a value must be finite");
        out.emplace_back(node->keys[i], item.number);
    }
    numbers = std::move(out);
}

void Section::read_word(std::string_view key, std::string& word,
                        std::initializer_list<std::string_view> words) {
    const TomlNode* node = known(key, Kind::text);
    if (node == nullptr) return;
    if (std::find(words.begin(), words.end(), node->text) == words.end()) {
        std::string list;
        for (const std::string_view w : words) list += (list.empty() ? "" : ", ") + in_quotes(w);
        return problem(key, in_quotes(node->text) + " is not known", "one of " + list);
    }
    word = node->text;
}

void Section::read_name(std::string_view key, std::string& name) {
    read_name(key, name, kNameBytes);
}

void Section::read_name(std::string_view key, std::string& name, std::size_t most_bytes) {
    const TomlNode* node = known(key, Kind::text);
    if (node == nullptr) return;
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    };
    if (std::any_of(node->text.begin(), node->text.end(), is_control))
        return problem(key, "holds a control character", "a name is one line of text");
    if (node->text.size() > most_bytes)
        return problem(key, "is too long", "at most " + std::to_string(most_bytes) + " bytes");
    name = node->text;
}

void Section::read_path(std::string_view key, std::filesystem::path& path) {
    const TomlNode* node = known(key, Kind::text);
    if (node == nullptr) return;
    path.clear();
    if (node->text.empty()) return;
    if (node->text.find('\0') != std::string::npos) return problem(key, "is not a path");
    path = beside_file(node->text);
}

void Section::read_paths(std::string_view key, std::vector<std::filesystem::path>& paths) {
    std::vector<std::string> texts;
    read_list(key, texts);
    if (!has(key)) return;
    paths.clear();
    for (const std::string& text : texts) {
        if (text.empty() || text.find('\0') != std::string::npos)
            return problem(key, in_quotes(text) + " is not a path");
        paths.push_back(beside_file(text));
    }
}

std::filesystem::path Section::beside_file(const std::string& text) const {
    const auto folder = std::filesystem::path(problems_->file()).parent_path();
    return (folder / text).lexically_normal();
}

void Section::read_ports(std::string_view key, std::optional<std::vector<std::size_t>>& ports) {
    const TomlNode* node = known(key);
    if (node == nullptr) return;
    const bool one = node->kind == Kind::whole;
    if (!one && node->kind != Kind::list)
        return wrong_kind(key, *node, "a channel number or a list of two");
    std::vector<std::size_t> out;
    for (const TomlNode& item : one ? std::vector<TomlNode>{*node} : node->items) {
        if (item.kind != Kind::whole) return wrong_kind(key, item, "a channel number");
        if (item.whole < 1 || item.whole > static_cast<std::int64_t>(kMostPorts))
            return problem(key, std::to_string(item.whole) + " is no channel of a device",
                           "they count from 1 to " + std::to_string(kMostPorts));
        out.push_back(static_cast<std::size_t>(item.whole));
    }
    if (out.size() > 2) return problem(key, "names more than two channels", "n, or [left, right]");
    ports = std::move(out);
}

Section Section::table(std::string_view key) {
    const TomlNode* node = known(key);
    const std::string title = "[" + std::string(key) + "]";
    if (node != nullptr && node->kind != Kind::table) {
        problem(key, "must be a table", "write " + title);
        node = nullptr;
    }
    return {node, title, *problems_};
}

std::vector<Section> Section::tables(std::string_view key) {
    std::vector<Section> out;
    const TomlNode* node = known(key);
    if (node == nullptr) return out;
    // Of a table in a table the file writes both names.
    const bool is_inner = title_.starts_with('[') && !title_.starts_with("[[");
    const std::string outer = is_inner ? title_.substr(1, title_.size() - 2) + "." : "";
    const std::string title = "[[" + outer + std::string(key) + "]]";
    const bool right = node->kind == Kind::list &&
                       std::all_of(node->items.begin(), node->items.end(),
                                   [](const TomlNode& item) { return item.kind == Kind::table; });
    if (!right) {
        problem(key, "must be a list of tables", "write " + title);
        return out;
    }
    for (const TomlNode& item : node->items) out.emplace_back(&item, title, *problems_);
    return out;
}

bool Section::has(std::string_view key) const {
    return table_ != nullptr && table_->find(key) != nullptr;
}

std::size_t Section::line(std::string_view key) const {
    return has(key) ? table_->find(key)->line : line();
}

void Section::problem(std::string_view key, const std::string& what, const std::string& hint) {
    problems_->add(line(key), full(key) + ": " + what, hint);
}

void Section::finish() {
    if (table_ == nullptr) return;
    const std::vector<std::string_view> known(known_.begin(), known_.end());
    for (const std::string& key : table_->keys) {
        if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
        problem(key, "is not a known key",
                "did you mean " + in_quotes(base::nearest(key, known)) + "?");
    }
}

}  // namespace mixrig::session
