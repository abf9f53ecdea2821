// A chain file: what a stereo file goes through on its way to a master.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/disk/format.h"
#include "src/disk/sound.h"
#include "src/param/layout.h"
#include "src/session/scene.h"
#include "src/session/song.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace mixrig::app {

// Between the steps.
inline constexpr disk::Format kExact{disk::Container::wav, disk::Coding::float32};
inline constexpr double kHeadroom_dB = 40.0;  // there nothing is cut off

// Gone when nobody needs it any more.
class TemporaryFile {
public:
    explicit TemporaryFile(std::filesystem::path path) : path_(std::move(path)) {}
    ~TemporaryFile() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// A desk of one stereo channel into main, and nothing else; at the input's rate if `rate` is 0.
base::Result<session::Song> desk_for(const std::filesystem::path& input, double rate);

struct Chain {
    session::Scene restoration = {}, blocks = {}, limiter = {};
};

// Restoration comes first. `layout` is a desk's with_restoration(); an empty path is an empty
// chain.
base::Result<Chain> read_chain(const std::filesystem::path& file, const param::Layout& layout);

// The file through all that its chain says, the limiter too if that is on: on the desk that masters
// it, but without a gain. As long as the file, and at its rate.
base::Result<disk::Sound> through_chain(const std::filesystem::path& input,
                                        const std::filesystem::path& chain);

}  // namespace mixrig::app
