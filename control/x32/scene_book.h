// Scenes by number, as the dialect has them: the number and the title are in the name of ours.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control::x32 {

// Scene 7 "Chorus" of theirs is our scene "x32-007 Chorus", whoever has saved it.
class SceneBook {
public:
    static constexpr std::int32_t kMost = 100;
    struct Page {
        std::string name;   // of our scene
        std::string title;  // as theirs
        bool operator==(const Page&) const = default;
    };

    // What our scenes are now; all others are none of theirs. The numbers that have changed.
    std::vector<std::int32_t> read(const std::vector<std::string>& names);
    const Page* find(std::int32_t number) const;
    // Our scene of this name was saved, or the one of this number deleted.
    void set(std::int32_t number, const std::string& name) { pages_[number] = page_of(name); }
    void remove(std::int32_t number) { pages_.erase(number); }

    // Letters, digits and - _ . are kept, all else is a blank.
    static std::string name_of(std::int32_t number, std::string_view title);

private:
    static Page page_of(const std::string& name);
    std::map<std::int32_t, Page> pages_;
};

}  // namespace mixrig::control::x32
