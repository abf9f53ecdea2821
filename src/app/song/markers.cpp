// Markers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/markers.h"

#include <algorithm>

namespace mixrig::app {

using base::Error;
using session::Marker;

namespace {

base::Status may_be_called(std::string_view name) {
    const bool is_short = !name.empty() && name.size() <= session::kLongestMarker;
    if (is_short && session::is_utf8(name)) return base::Done{};
    return Error{"a marker has a name of up to 64 bytes, in UTF-8"};
}

auto named(std::string_view name) {
    return [name](const Marker& marker) { return marker.name == name; };
}

Error missing(std::string_view name) {
    return {"there is no marker of this name", std::string(name), "/marker/list tells them"};
}

}  // namespace

void Markers::sort() {
    std::stable_sort(all_.begin(), all_.end(),
                     [](const Marker& a, const Marker& b) { return a.frame < b.frame; });
}

base::Status Markers::add(std::string_view name, std::uint64_t frame) {
    if (auto allowed = may_be_called(name); !allowed) return allowed;
    std::erase_if(all_, named(name));
    all_.push_back({frame, std::string(name)});
    sort();
    return base::Done{};
}

base::Status Markers::rename(std::string_view from, std::string_view to) {
    if (auto allowed = may_be_called(to); !allowed) return allowed;
    const auto marker = std::find_if(all_.begin(), all_.end(), named(from));
    if (marker == all_.end()) return missing(from);
    if (from != to && std::any_of(all_.begin(), all_.end(), named(to)))
        return Error{"there is a marker of this name already", std::string(to)};
    marker->name = to;
    return base::Done{};
}

base::Status Markers::remove(std::string_view name) {
    if (std::erase_if(all_, named(name)) == 0) return missing(name);
    return base::Done{};
}

base::Result<Marker> Markers::find(std::string_view name) const {
    const auto marker = std::find_if(all_.begin(), all_.end(), named(name));
    if (marker == all_.end()) return missing(name);
    return *marker;
}

base::Result<Marker> Markers::behind(std::uint64_t frame) const {
    for (const Marker& marker : all_)
        if (marker.frame > frame) return marker;
    return Error{"there is no marker behind this place"};
}

base::Result<Marker> Markers::before(std::uint64_t frame) const {
    for (auto marker = all_.rbegin(); marker != all_.rend(); ++marker)
        if (marker->frame < frame) return *marker;
    return Error{"there is no marker before this place"};
}

}  // namespace mixrig::app
