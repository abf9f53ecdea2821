// Reads a file piece by piece.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/file_facts.h"

#include "src/app/check/sound_listener.h"
#include "src/disk/sound_file_reader.h"

#include <algorithm>
#include <cctype>
#include <span>
#include <vector>

namespace mixrig::app::check {

base::Result<SoundFacts> sound_facts(const std::filesystem::path& path) {
    auto file = disk::SoundFileReader::open(path);
    if (!file) return file.error();
    const disk::SoundInfo& info = file->info();
    auto listener = SoundListener::create(
        {.channels = info.channels, .rate = info.rate, .full_scale = info.full_scale});
    if (!listener) return base::Error{listener.error().what, path.string(), listener.error().hint};
    constexpr std::size_t kFrames = 16384;
    std::vector<float> sound(kFrames * info.channels);
    for (std::size_t frames = kFrames; frames == kFrames;) {
        const auto read = file->read(std::span<float>(sound));
        if (!read) return read.error();
        frames = *read;
        listener->add(std::span<const float>(sound).first(frames * info.channels));
    }
    SoundFacts out = listener->facts();
    if (out.measured.frames == 0)
        return base::Error{"there is no sound in it", path.string(), "is it the right file?"};
    out.name = path.filename().string();
    out.format = info.format;
    out.suffix = path.extension().string();
    std::transform(out.suffix.begin(), out.suffix.end(), out.suffix.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

}  // namespace mixrig::app::check
