// The desks of a bounce and the files that come out of them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/bounce/bounce.h"
#include "src/app/bounce/bounce_desk.h"
#include "src/app/bounce/bounce_file.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mixrig::app {

class BounceSet {
public:
    static base::Result<std::unique_ptr<BounceSet>> open(const BounceMix& mix,
                                                         const BounceSettings& settings);

    // All desks wait for one another: how many frames from `position` on may be computed.
    base::Result<std::size_t> send(std::uint64_t position, std::size_t frames);
    // A block, whose inputs begin at index 0. Desks that follow come after the first one, side by
    // side.
    void process(const float* const* inputs, std::uint64_t position, std::size_t frames);
    base::Status write(std::uint64_t position, std::size_t frames, std::uint64_t length);
    base::Status close();

    // Which of these frames of the last block reach that level in any file, or for who watches.
    std::vector<bool> loud(float level, std::size_t frames) const;
    // Of the latest file.
    std::uint64_t latest() const;
    BounceDesk& first() { return *desks_.front(); }
    const std::vector<BounceFile>& files() const { return files_; }
    const std::vector<std::size_t>& stems() const { return stems_; }  // among files()
    std::optional<std::size_t> full_mix() const { return full_mix_; }

private:
    void watch(std::size_t frames);
    BounceSet(const BounceMix& mix, const BounceSettings& settings);

    base::Status open_mixes();
    base::Status open_stems();
    base::Status open_tracks();
    base::Status open_inserts();
    base::Status open_effects();
    base::Status open_file(const std::string& what, std::size_t channels, std::uint64_t late,
                           BounceFile::Source source);
    base::Status open_file(const std::string& what, const std::filesystem::path& path,
                           disk::WriterSettings writer, std::uint64_t late,
                           BounceFile::Source source);
    base::Status open_main(const std::string& what, const BounceDesk& desk);
    base::Status open_exact();
    BounceFile::Source tap_of(const BounceDesk& desk, engine::Strip strip, link::Tap tap);
    std::uint64_t longest() const;
    BounceDesk& add(const BounceMix& mix, engine::EngineConfig config,
                    std::vector<bool> silent = {});
    float value(param::Kind kind, std::size_t strip, std::size_t row) const;
    std::string track_name(const session::Track& track) const;
    std::size_t inserted(param::Kind kind, std::size_t strip) const;
    bool stands_in_a_strip(std::size_t effect) const;
    std::string effect_name(std::size_t effect) const;

    const BounceMix& mix_;
    const BounceSettings& settings_;
    // The desk without corrective processing, if a file comes from it.
    param::Values clean_values_;
    std::vector<session::Move> clean_moves_;
    std::optional<BounceMix> clean_;
    std::vector<std::unique_ptr<BounceDesk>> desks_;
    std::vector<BounceFile> files_;
    std::vector<std::size_t> stems_;
    std::optional<std::size_t> full_mix_;
    std::array<std::vector<float>, 2> watched_;  // the main output of a block, if it is watched
    engine::Workers workers_;
    // The slice at work.
    const float* const* inputs_ = nullptr;
    std::size_t offset_ = 0, slice_ = 0;
};

}  // namespace mixrig::app
