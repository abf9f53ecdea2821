// The places of a song that have names.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/session/automation.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::app {

// [control] In the order of the song; no two have one name.
class Markers {
public:
    const std::vector<session::Marker>& all() const { return all_; }
    void use(std::vector<session::Marker> markers) { all_ = std::move(markers); }

    // Moves the marker that has this name already.
    base::Status add(std::string_view name, std::uint64_t frame);
    base::Status rename(std::string_view from, std::string_view to);
    base::Status remove(std::string_view name);
    base::Result<session::Marker> find(std::string_view name) const;
    base::Result<session::Marker> behind(std::uint64_t frame) const;
    base::Result<session::Marker> before(std::uint64_t frame) const;

private:
    void sort();

    std::vector<session::Marker> all_;
};

}  // namespace mixrig::app
