// Recorded tracks in place of the interface.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/player.h"

#include "src/app/look_at.h"
#include "src/disk/resample.h"
#include "src/disk/sound_file_reader.h"

#include <algorithm>

namespace mixrig::app {

namespace {

base::Result<std::vector<std::filesystem::path>> sound_files(const std::filesystem::path& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const auto suffix = entry.path().extension();
        if (suffix == ".wav" || suffix == ".flac" || suffix == ".aiff" || suffix == ".aif" ||
            suffix == ".rf64")
            files.push_back(entry.path());
    }
    if (error)
        return base::Error{"cannot be read: " + error.message(), folder.string(),
                           "name a folder of sound files; `mixrig demo FOLDER` makes one"};
    if (files.empty())
        return base::Error{"holds no sound files", folder.string(),
                           "it takes .wav, .flac, .aiff; `mixrig demo FOLDER` makes some"};
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

base::Result<Player> Player::open(const std::filesystem::path& folder, const backend::Ports& ports,
                                  dsp::Hertz rate, bool loop) {
    const auto files = sound_files(folder);
    if (!files) return files.error();
    Player player;
    player.loop_ = loop;
    for (const auto& path : *files) {
        auto sound = disk::read_whole(path);
        if (!sound) return sound.error();
        if (sound->frames() == 0) return no_sound(path);
        if (sound->rate.value != rate.value) {
            sound = disk::resample(std::move(*sound), rate);
            if (!sound) return sound.error();
        }
        for (auto& track : sound->tracks) {
            player.length_ = std::max(player.length_, track.size());
            player.tracks_.push_back(std::move(track));
        }
    }
    for (auto& track : player.tracks_) track.resize(player.length_, 0.0f);
    if (player.length_ == 0) return base::Error{"its sound files are empty", folder.string()};
    for (const backend::Port& port : ports.inputs) {
        const bool plays = port.device_channel >= 1 && port.device_channel <= player.tracks_.size();
        player.sources_.push_back(plays ? player.tracks_[port.device_channel - 1].data() : nullptr);
    }
    player.buffers_.assign(ports.inputs.size(), std::vector<float>(kMostFrames, 0.0f));
    for (const auto& buffer : player.buffers_) player.pointers_.push_back(buffer.data());
    player.files_ = files->size();
    player.seconds_ = static_cast<double>(player.length_) / rate.value;
    return player;
}

const float* const* Player::read(std::uint64_t position, std::size_t frames) MIXRIG_REALTIME {
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        float* out = buffers_[i].data();
        for (std::size_t done = 0; done < frames;) {
            const std::uint64_t at = position + done;
            const bool silent = sources_[i] == nullptr || (!loop_ && at >= length_);
            const auto from = static_cast<std::size_t>(at % length_);
            const std::size_t count = std::min(frames - done, length_ - from);
            if (silent)
                std::fill_n(out + done, count, 0.0f);
            else
                std::copy_n(sources_[i] + from, count, out + done);
            done += count;
        }
    }
    return pointers_.data();
}

}  // namespace mixrig::app
