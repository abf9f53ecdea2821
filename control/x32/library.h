// Presets of channels and effects.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/x32/store.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mixrig::control::x32 {

class Library {
public:
    // The nodes below the path ("ch/01", "fx/2"), as text; faders, mutes and memberships are none
    // of a preset's.
    void save(const std::string& shelf, std::int32_t number, const Store& store,
              std::string_view path);
    bool has(const std::string& shelf, std::int32_t number) const {
        return presets_.contains({shelf, number});
    }
    // Calls say(line) with the lines of a node's text, those of the scope only.
    bool load(const std::string& shelf, std::int32_t number, std::string_view path,
              std::uint32_t scope, const std::function<void(const std::string&)>& say) const;
    void remove(const std::string& shelf, std::int32_t number) {
        has_changed_ |= presets_.erase({shelf, number}) != 0;
    }
    // Nothing if there is none at `from`.
    void copy(const std::string& shelf, std::int32_t from, std::int32_t to);

    // Whether something has changed since the call before.
    bool take_changed() { return std::exchange(has_changed_, false); }
    // All of it, in lines: "libchan 4 /eq/1 PEQ 124.7 +0.00 2.0".
    std::string text() const;
    // One of them; what is none is left out.
    void read(std::string_view line);

private:
    struct Line {
        std::string below, values;  // "eq/1", " PEQ 124.7 +0.00 2.0"
    };
    std::map<std::pair<std::string, std::int32_t>, std::vector<Line>> presets_;
    bool has_changed_ = false;
};

}  // namespace mixrig::control::x32
