// libsndfile behind our reader.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/sound_file_reader.h"

#include "src/disk/promised.h"
#include "src/disk/stop.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sndfile.h>
#include <string>
#include <system_error>
#include <vector>

namespace mixrig::disk {
namespace {

constexpr std::size_t kSamples = 16384;  // samples read at once
constexpr std::string_view kKnown = "WAV, RF64, AIFF and FLAC files are read";
constexpr std::string_view kMadeWhole =
    "the file is damaged; `ffmpeg -i` it into another makes a whole one of what is there";
// From telephones to what a sigma-delta converter delivers; at 1 Hz a second of sound would be
// resampled to half a day.
constexpr int kLowestRate = 1000, kHighestRate = 1'536'000;

float full_scale_of(int format) {
    switch (format & SF_FORMAT_SUBMASK) {
        case SF_FORMAT_PCM_S8:
        case SF_FORMAT_PCM_U8:
            return 1.0f - 0x1p-7f;
        case SF_FORMAT_PCM_16:
            return 1.0f - 0x1p-15f;
        case SF_FORMAT_PCM_24:
            return 1.0f - 0x1p-23f;
        default:
            return 1.0f;  // float; and 32 bit, whose largest sample is 1.0 in a float
    }
}

std::optional<Container> container_of(int format) {
    switch (format & SF_FORMAT_TYPEMASK) {
        case SF_FORMAT_WAV:
        case SF_FORMAT_WAVEX:
            return Container::wav;
        case SF_FORMAT_RF64:
            return Container::rf64;
        case SF_FORMAT_AIFF:
            return Container::aiff;
        case SF_FORMAT_FLAC:
            return Container::flac;
        default:
            return std::nullopt;
    }
}

std::optional<Format> format_of(int format) {
    const auto container = container_of(format);
    if (!container) return std::nullopt;
    switch (format & SF_FORMAT_SUBMASK) {
        case SF_FORMAT_PCM_16:
            return Format{*container, Coding::pcm16};
        case SF_FORMAT_PCM_24:
            return Format{*container, Coding::pcm24};
        case SF_FORMAT_PCM_32:
            return Format{*container, Coding::pcm32};
        case SF_FORMAT_FLOAT:
            return Format{*container, Coding::float32};
        default:
            return std::nullopt;
    }
}

base::Error open_error(const std::filesystem::path& path) {
    std::error_code ec;
    if (std::filesystem::is_directory(path, ec))
        return {.what = "is a folder, not a sound file", .where = path.string()};
    if (!std::filesystem::exists(path, ec))
        return {.what = "no such file", .where = path.string(), .hint = "check name and folder"};
    // One that is no file may never end, or never begin.
    if (!std::filesystem::is_regular_file(path, ec))
        return {.what = "is not a file", .where = path.string()};
    if (std::filesystem::file_size(path, ec) == 0 && !ec)
        return {.what = "the file is empty", .where = path.string()};
    return {};
}

// What libsndfile lets pass.
base::Error header_error(const SF_INFO& info, const std::filesystem::path& path) {
    const auto error = [&](std::string what, std::string_view hint) {
        return base::Error{std::move(what), path.string(), std::string(hint)};
    };
    if (info.channels < 1 || info.frames < 0)
        return error("its header makes no sense (no channels, or no length)", {});
    if (info.samplerate < kLowestRate || info.samplerate > kHighestRate)
        return error("its header says " + std::to_string(info.samplerate) + " Hz",
                     "1 kHz to 1536 kHz are read");
    if (info.frames == SF_COUNT_MAX)
        return error("its header does not say how long it is",
                     "`ffmpeg -i` it into another, which does");
    if (const std::uint64_t missing = missing_bytes(path); missing != 0)
        return error("ends early: its header promises " + std::to_string(missing) + " bytes more",
                     kMadeWhole);
    return {};
}

}  // namespace

struct SoundFileReader::File {
    SNDFILE* handle = nullptr;
    SF_INFO info = {};
    std::uint64_t position = 0;  // frames
    std::string name;
    std::vector<float> scratch;

    File() = default;
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { sf_close(handle); }  // NOLINT: a null handle is ignored
};

SoundFileReader::SoundFileReader(std::unique_ptr<File> file) : file_(std::move(file)) {
    const SF_INFO& i = file_->info;
    info_ = {.channels = static_cast<std::size_t>(i.channels),
             .rate = {static_cast<double>(i.samplerate)},
             .frames = static_cast<std::uint64_t>(i.frames),
             .full_scale = full_scale_of(i.format),
             .format = format_of(i.format)};
}

SoundFileReader::SoundFileReader(SoundFileReader&&) noexcept = default;
SoundFileReader& SoundFileReader::operator=(SoundFileReader&&) noexcept = default;
SoundFileReader::~SoundFileReader() = default;

base::Result<SoundFileReader> SoundFileReader::open(const std::filesystem::path& path) {
    if (base::Error error = open_error(path); !error.what.empty()) return error;
    auto file = std::make_unique<File>();
    file->name = path.string();
    errno = 0;
    file->handle = sf_open(path.c_str(), SFM_READ, &file->info);
    if (file->handle == nullptr) {
        const int code = sf_error(nullptr);
        if (code == SF_ERR_SYSTEM)
            return base::Error{.what = std::string("cannot open it: ") + std::strerror(errno),
                               .where = file->name};
        std::string reason = sf_strerror(nullptr);
        // What it says of rates that are none.
        if (reason.starts_with("Internal error")) reason = "its header makes no sense";
        while (!reason.empty() && (reason.back() == '.' || reason.back() == '\n'))
            reason.pop_back();
        return base::Error{.what = "not a readable sound file: " + reason,
                           .where = file->name,
                           .hint = std::string(kKnown)};
    }
    if (base::Error error = header_error(file->info, path); !error.what.empty()) return error;
    return SoundFileReader(std::move(file));
}

base::Result<std::size_t> SoundFileReader::read(std::span<float> interleaved) {
    if (is_stopped()) return stopped();
    const std::size_t frames = interleaved.size() / info_.channels;
    const sf_count_t got =
        sf_readf_float(file_->handle, interleaved.data(), static_cast<sf_count_t>(frames));
    if (got < 0 || sf_error(file_->handle) != SF_ERR_NO_ERROR)
        return base::Error{.what = std::string("reading failed: ") + sf_strerror(file_->handle),
                           .where = file_->name,
                           .hint = "the file is damaged"};
    file_->position += static_cast<std::uint64_t>(got);
    if (static_cast<std::size_t>(got) < frames && file_->position < info_.frames)
        return base::Error{.what = "ends early: its header promises " +
                                   std::to_string(info_.frames) + " frames, " +
                                   std::to_string(file_->position) + " are there",
                           .where = file_->name,
                           .hint = std::string(kMadeWhole)};
    return static_cast<std::size_t>(got);
}

base::Result<std::size_t> SoundFileReader::read(float* const* planar, std::size_t frames) {
    const std::size_t channels = info_.channels;
    const std::size_t chunk = std::max<std::size_t>(1, kSamples / channels);
    file_->scratch.resize(chunk * channels);
    std::size_t done = 0;
    while (done < frames) {
        const std::size_t wanted = std::min(chunk, frames - done);
        const auto got = read(std::span(file_->scratch).first(wanted * channels));
        if (!got) return got.error();
        for (std::size_t c = 0; c < channels; ++c)
            for (std::size_t f = 0; f < *got; ++f)
                planar[c][done + f] = file_->scratch[f * channels + c];
        done += *got;
        if (*got < wanted) break;
    }
    return done;
}

base::Status SoundFileReader::seek(std::uint64_t frame) {
    if (sf_seek(file_->handle, static_cast<sf_count_t>(frame), SEEK_SET) < 0)
        return base::Error{.what = "cannot go to frame " + std::to_string(frame),
                           .where = file_->name};
    file_->position = frame;
    return base::Done{};
}

base::Result<Sound> read_whole(const std::filesystem::path& path) {
    auto reader = SoundFileReader::open(path);
    if (!reader) return reader.error();
    const SoundInfo info = reader->info();
    Sound sound{.rate = info.rate,
                .full_scale = info.full_scale,
                .tracks = std::vector<std::vector<float>>(info.channels)};
    // Grows as samples arrive: a lying header cannot make us allocate what is not there.
    const std::size_t chunk = std::max<std::size_t>(1, kSamples / info.channels);
    std::vector<float> buffer(chunk * info.channels);
    while (true) {
        const auto got = reader->read(buffer);
        if (!got) return got.error();
        for (std::size_t c = 0; c < info.channels; ++c)
            for (std::size_t f = 0; f < *got; ++f)
                sound.tracks[c].push_back(buffer[f * info.channels + c]);
        if (*got < chunk) break;
    }
    return sound;
}

}  // namespace mixrig::disk
