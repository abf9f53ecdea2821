// Presets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/library.h"

#include <algorithm>
#include <array>

namespace mixrig::control::x32 {
namespace {

// Which bit of a scope a node belongs to; the first that fits.
struct Part {
    std::string_view prefix;
    unsigned bit;
};
constexpr unsigned kAlways = 31;
constexpr std::array kParts = {Part{"config", 1}, Part{"preamp", 1},   Part{"delay", 1},
                               Part{"gate", 2},   Part{"dyn", 3},      Part{"eq", 4},
                               Part{"mix/", 5},   Part{"par", kAlways}};

// Nothing of a preset if there is none. The node of an effect itself, its type, always is.
const Part* part_of(std::string_view below) {
    static constexpr Part kItself = {"", kAlways};
    if (below.empty()) return &kItself;
    const auto found = std::find_if(kParts.begin(), kParts.end(), [&](const Part& part) {
        return below.starts_with(part.prefix);
    });
    return found == kParts.end() ? nullptr : &*found;
}

}  // namespace

void Library::save(const std::string& shelf, std::int32_t number, const Store& store,
                   std::string_view path) {
    std::vector<Line>& lines = presets_[{shelf, number}];
    lines.clear();
    const auto nodes = store.tree().nodes();
    for (NodeId n = 0; n < nodes.size(); ++n) {
        std::string_view below = nodes[n].path;
        if (!below.starts_with(path)) continue;
        below.remove_prefix(path.size());
        if (!below.empty() && below.front() != '/') continue;
        if (!below.empty()) below.remove_prefix(1);
        if (part_of(below) == nullptr) continue;
        const std::string text = store.format_node(n);
        lines.push_back({std::string(below), text.substr(text.find(' '))});
    }
}

bool Library::load(const std::string& shelf, std::int32_t number, std::string_view path,
                   std::uint32_t scope, const std::function<void(const std::string&)>& say) const {
    const auto preset = presets_.find({shelf, number});
    if (preset == presets_.end()) return false;
    for (const Line& line : preset->second) {
        const unsigned bit = part_of(line.below)->bit;
        if (bit != kAlways && (scope >> bit & 1u) == 0) continue;
        say(std::string(path) + (line.below.empty() ? "" : "/") + line.below + line.values);
    }
    return true;
}

}  // namespace mixrig::control::x32
