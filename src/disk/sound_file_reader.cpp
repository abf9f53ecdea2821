// libsndfile behind our reader.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/sound_file_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sndfile.h>
#include <string>
#include <system_error>
#include <vector>

namespace mixrig::disk {
namespace {

constexpr std::size_t kChunk = 16384;  // samples read at once
constexpr std::string_view kKnown = "WAV, RF64, AIFF and FLAC files are read";

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
    if (std::filesystem::file_size(path, ec) == 0 && !ec)
        return {.what = "the file is empty", .where = path.string()};
    return {};
}

}  // namespace

struct SoundFileReader::File {
    SNDFILE* handle = nullptr;
    SF_INFO info = {};
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
        while (!reason.empty() && (reason.back() == '.' || reason.back() == '\n'))
            reason.pop_back();
        return base::Error{.what = "not a readable sound file: " + reason,
                           .where = file->name,
                           .hint = std::string(kKnown)};
    }
    if (file->info.channels < 1 || file->info.samplerate < 1 || file->info.frames < 0)
        return base::Error{.what = "its header makes no sense (no channels, rate or length)",
                           .where = file->name};
    return SoundFileReader(std::move(file));
}

base::Result<std::size_t> SoundFileReader::read(std::span<float> interleaved) {
    const std::size_t frames = interleaved.size() / info_.channels;
    const sf_count_t got =
        sf_readf_float(file_->handle, interleaved.data(), static_cast<sf_count_t>(frames));
    if (got < 0 || sf_error(file_->handle) != SF_ERR_NO_ERROR)
        return base::Error{.what = std::string("reading failed: ") + sf_strerror(file_->handle),
                           .where = file_->name,
                           .hint = "the file is damaged"};
    return static_cast<std::size_t>(got);
}

base::Result<std::size_t> SoundFileReader::read(float* const* planar, std::size_t frames) {
    const std::size_t channels = info_.channels;
    const std::size_t chunk = std::max<std::size_t>(1, kChunk / channels);
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
    const std::size_t chunk = std::max<std::size_t>(1, kChunk / info.channels);
    std::vector<float> buffer(chunk * info.channels);
    while (true) {
        const auto got = reader->read(buffer);
        if (!got) return got.error();
        for (std::size_t c = 0; c < info.channels; ++c)
            for (std::size_t f = 0; f < *got; ++f)
                sound.tracks[c].push_back(buffer[f * info.channels + c]);
        if (*got < chunk) break;
    }
    if (sound.frames() < info.frames)
        return base::Error{.what = "ends early: its header promises " +
                                   std::to_string(info.frames) + " frames, " +
                                   std::to_string(sound.frames()) + " are there",
                           .where = path.string(),
                           .hint = "the file is damaged"};
    return sound;
}

}  // namespace mixrig::disk
