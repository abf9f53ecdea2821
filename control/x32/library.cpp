// Presets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/library.h"

#include "control/x32/text.h"

#include <algorithm>
#include <array>

namespace mixrig::control::x32 {
namespace {

// Which bit of a scope a node belongs to; the first that fits.
struct Section {
    std::string_view prefix;
    unsigned bit;
};
constexpr unsigned kAlways = 31;
constexpr std::array kSections = {Section{"config", 1}, Section{"preamp", 1},   Section{"delay", 1},
                                  Section{"gate", 2},   Section{"dyn", 3},      Section{"eq", 4},
                                  Section{"mix/", 5},   Section{"par", kAlways}};

// Nothing of a preset if there is none. The node of an effect itself, its type, always is.
const Section* section_of(std::string_view below) {
    static constexpr Section kItself = {"", kAlways};
    if (below.empty()) return &kItself;
    const auto found =
        std::find_if(kSections.begin(), kSections.end(),
                     [&](const Section& section) { return below.starts_with(section.prefix); });
    return found == kSections.end() ? nullptr : &*found;
}

}  // namespace

void Library::save(const std::string& shelf, std::int32_t number, const Store& store,
                   std::string_view path) {
    std::vector<Line>& lines = presets_[{shelf, number}];
    lines.clear();
    has_changed_ = true;
    const auto nodes = store.tree().nodes();
    for (NodeId n = 0; n < nodes.size(); ++n) {
        std::string_view below = nodes[n].path;
        if (!below.starts_with(path)) continue;
        below.remove_prefix(path.size());
        if (!below.empty() && below.front() != '/') continue;
        if (!below.empty()) below.remove_prefix(1);
        if (section_of(below) == nullptr) continue;
        const std::string text = store.format_node(n);
        lines.push_back({std::string(below), text.substr(text.find(' '))});
    }
}

bool Library::load(const std::string& shelf, std::int32_t number, std::string_view path,
                   std::uint32_t scope, const std::function<void(const std::string&)>& say) const {
    const auto preset = presets_.find({shelf, number});
    if (preset == presets_.end()) return false;
    for (const Line& line : preset->second) {
        const unsigned bit = section_of(line.below)->bit;
        if (bit != kAlways && (scope >> bit & 1u) == 0) continue;
        say(std::string(path) + (line.below.empty() ? "" : "/") + line.below + line.values);
    }
    return true;
}

void Library::copy(const std::string& shelf, std::int32_t from, std::int32_t to) {
    const auto preset = presets_.find({shelf, from});
    if (preset == presets_.end()) return;
    const std::vector<Line> lines = preset->second;
    presets_[{shelf, to}] = lines;
    has_changed_ = true;
}

std::string Library::text() const {
    std::string out;
    for (const auto& [place, lines] : presets_)
        for (const Line& line : lines)
            out +=
                place.first + ' ' + std::to_string(place.second) + " /" + line.below + line.values;
    return out;
}

void Library::read(std::string_view line) {
    const std::string shelf(take_until(line, ' '));
    const auto number = leading<std::int32_t>(take_until(line, ' '));
    const std::size_t blank = line.find(' ');
    if (!line.starts_with('/') || blank == std::string_view::npos) return;
    const std::string_view below = line.substr(1, blank - 1);
    if (section_of(below) == nullptr) return;
    presets_[{shelf, number}].push_back(
        {std::string(below), std::string(line.substr(blank)) + '\n'});
}

}  // namespace mixrig::control::x32
