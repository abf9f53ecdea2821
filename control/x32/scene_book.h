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

    // What our scenes are now; all others are none of theirs. Of two with one number the one that
    // had it before keeps it. The numbers that have changed.
    std::vector<std::int32_t> read(const std::vector<std::string>& names);
    const Page* find(std::int32_t number) const;
    // Our scene of this name has the number now.
    void set(std::int32_t number, const std::string& name) { pages_[number] = page_of(name); }

    // Letters, digits and - _ . are kept, all else is a blank.
    static std::string name_of(std::int32_t number, std::string_view title);
    static Page page_of(const std::string& name);

private:
    std::map<std::int32_t, Page> pages_;
};

}  // namespace mixrig::control::x32
