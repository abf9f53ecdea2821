// Silence, sound, silence.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/album_files.h"

#include "src/disk/edit.h"
#include "src/disk/sound_file_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace mixrig::app {
namespace {

constexpr std::size_t kChunk = 16384;         // frames
constexpr double kEdge = 0.01, kPause = 1.0;  // seconds: fades of an excerpt, silence between two
constexpr std::size_t kChannels = 2;

// The stretch of a reel's time line that one file holds.
struct Stretch {
    std::filesystem::path file;
    std::uint64_t from, to;
};

std::vector<Stretch> time_line(const Delivery& delivery, std::size_t reel,
                               const std::filesystem::path& folder) {
    std::vector<Stretch> out;
    const DeliveredReel& whole = delivery.reels[reel];
    if (!whole.image.empty()) return {{folder / whole.image, 0, whole.frames}};
    for (const DeliveredSong& song : delivery.songs)
        if (song.reel == reel) out.push_back({folder / song.file, song.from, song.to});
    return out;
}

base::Status append(const Stretch& stretch, std::uint64_t first, std::uint64_t last,
                    disk::Sound& out) {
    const std::uint64_t begin = std::max(first, stretch.from), end = std::min(last, stretch.to);
    if (begin >= end) return base::Done{};
    auto reader = disk::SoundFileReader::open(stretch.file);
    if (!reader) return reader.error();
    if (auto there = reader->seek(begin - stretch.from); !there) return there;
    std::array<float*, kChannels> planar{};
    const std::size_t had = out.frames();
    for (std::size_t c = 0; c < kChannels; ++c) {
        out.tracks[c].resize(had + static_cast<std::size_t>(end - begin));
        planar[c] = out.tracks[c].data() + had;
    }
    const auto got = reader->read(planar.data(), static_cast<std::size_t>(end - begin));
    if (!got) return got.error();
    return base::Done{};
}

base::Result<disk::Sound> excerpt(const std::vector<Stretch>& line, dsp::Hertz rate,
                                  std::uint64_t first, std::uint64_t last) {
    disk::Sound out{.rate = rate, .tracks = std::vector<std::vector<float>>(kChannels)};
    for (const Stretch& stretch : line)
        if (auto added = append(stretch, first, last, out); !added) return added.error();
    const auto edge = static_cast<std::uint64_t>(kEdge * rate.value);
    disk::fade_in(out, edge, base::FadeCurve::cosine);
    disk::fade_out(out, edge, base::FadeCurve::cosine);
    return out;
}

}  // namespace

base::Result<TimeLineFile> TimeLineFile::open(const std::filesystem::path& path,
                                              const disk::WriterSettings& settings,
                                              std::uint64_t from) {
    auto writer = disk::SoundFileWriter::open(path, settings);
    if (!writer) return writer.error();
    return TimeLineFile(*std::move(writer), from);
}

base::Status TimeLineFile::silence(std::uint64_t frames) {
    const std::vector<float> zeros(kChunk * kChannels);
    for (; frames > 0; frames -= std::min<std::uint64_t>(frames, kChunk)) {
        const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(frames, kChunk));
        const auto part = std::span<const float>(zeros).first(now * kChannels);
        if (auto written = writer_.write(part); !written) return written;
    }
    return base::Done{};
}

base::Status TimeLineFile::add(const disk::Sound& sound, std::uint64_t at) {
    if (auto silent = silence(at - std::min(at, position_)); !silent) return silent;
    const std::array<const float*, kChannels> planar = {sound.tracks[0].data(),
                                                        sound.tracks[1].data()};
    position_ = at + sound.frames();
    return writer_.write(planar.data(), sound.frames());
}

base::Status TimeLineFile::close(std::uint64_t end) {
    if (auto silent = silence(end - std::min(end, position_)); !silent) return silent;
    return writer_.close();
}

base::Status cut_file(const std::filesystem::path& from, std::uint64_t first, std::uint64_t last,
                      const std::filesystem::path& to, const disk::WriterSettings& settings) {
    auto reader = disk::SoundFileReader::open(from);
    if (!reader) return reader.error();
    if (auto there = reader->seek(first); !there) return there;
    auto writer = disk::SoundFileWriter::open(to, settings);
    if (!writer) return writer.error();
    std::vector<float> chunk(kChunk * kChannels);
    for (std::uint64_t left = last - first; left > 0;) {
        const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(left, kChunk));
        const auto part = std::span(chunk).first(now * kChannels);
        const auto got = reader->read(part);
        if (!got) return got.error();
        if (*got < now) return base::Error{.what = "ends early", .where = from.string()};
        if (auto written = writer->write(part); !written) return written;
        left -= now;
    }
    return writer->close();
}

base::Status write_preview(const Delivery& delivery, const std::filesystem::path& folder,
                           double seconds, const std::filesystem::path& to) {
    const auto around = static_cast<std::uint64_t>(std::llround(seconds * delivery.rate.value));
    const auto pause = static_cast<std::uint64_t>(kPause * delivery.rate.value);
    auto file = TimeLineFile::open(to, {.channels = kChannels, .rate = delivery.rate}, 0);
    if (!file) return file.error();
    std::uint64_t end = 0;
    for (std::size_t i = 1; i < delivery.songs.size(); ++i) {
        const DeliveredSong& song = delivery.songs[i];
        if (song.reel != delivery.songs[i - 1].reel) continue;
        const std::uint64_t gap = song.place.gap_start;
        const auto part = excerpt(time_line(delivery, song.reel, folder), delivery.rate,
                                  gap - std::min(gap, around), song.place.start + around);
        if (!part) return part.error();
        if (auto added = file->add(*part, end == 0 ? 0 : end + pause); !added) return added;
        end += (end == 0 ? 0 : pause) + part->frames();
    }
    return file->close(end);
}

}  // namespace mixrig::app
