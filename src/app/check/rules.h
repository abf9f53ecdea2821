// The mix doctor's rules: each judges one figure of the facts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/check/facts.h"
#include "src/app/json.h"
#include "src/app/master/verify.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::app::check {

// Which practice is followed where two of them differ, and which medium a master is for.
enum class Profile : std::uint8_t { classic, float32, streaming, cd, vinyl, video };
inline constexpr std::size_t kProfiles = 6;
using Profiles = std::uint8_t;
constexpr Profiles only(Profile profile) {
    return static_cast<Profiles>(1u << static_cast<unsigned>(profile));
}
inline constexpr Profiles kAnyProfile = (1u << kProfiles) - 1;
inline constexpr Profiles kMixes = only(Profile::classic) | only(Profile::float32);
inline constexpr Profiles kMasters = kAnyProfile & ~kMixes;

base::Result<Profile> profile_named(std::string_view name);
std::string_view profile_name(Profile profile);
std::string_view profile_text(Profile profile);
std::string profile_names();  // "classic, float32, ..."

struct Window {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    constexpr bool holds(double figure) const { return low <= figure && figure <= high; }
};

// Within `pass` it passes, else within `warn` it warns, else it fails.
struct Bounds {
    Profiles in = 0;
    Window pass = {}, warn = {};
};

enum class Subject : std::uint8_t { strip, whole };

struct Rule {
    std::string_view key;   // its name, "A17-level"
    std::string_view rows;  // of mixing practice, "F09 J04"
    std::string_view title;
    Subject subject;
    bool live;  // whether a running desk has what it judges
    std::string_view unit;
    std::array<Bounds, 4> bounds;  // the first that holds the profile; none: it does not judge
    // Empty if this subject is not its matter, or nothing is known.
    std::optional<double> (*figure)(const Facts& facts, std::size_t strip);
    std::string_view advice;
};

std::span<const Rule> rules();
const Rule* find_rule(std::string_view key);  // of whatever case
const Bounds* bounds_of(const Rule& rule, Profile profile);

struct Verdict {
    const Rule* rule = nullptr;
    Grade grade = Grade::pass;
    double figure = 0.0;
    Window pass = {};
    std::string where = {};  // "/ch/3 Snare"; empty: the whole
    std::string note = {};
};

Grade grade_of(double figure, const Bounds& bounds);
// In the order of the table; a rule that judges strips has one verdict each.
std::vector<Verdict> judge(const Facts& facts, Profile profile);
std::vector<Verdict> judge(const Facts& facts, Profile profile, const Rule& rule);

std::string_view grade_name(Grade grade);  // pass, warn, fail
std::string figure_text(const Verdict& verdict);
std::string window_text(const Window& window, std::string_view unit);
std::string described(const Verdict& verdict);
std::string to_text(const Verdict& verdict);  // a line, with grade and key
Grade worst(const std::vector<Verdict>& verdicts);
Json to_json(const Facts& facts, Profile profile, const std::vector<Verdict>& verdicts);

}  // namespace mixrig::app::check
