// libsndfile behind our writer: quantised by us, hidden until complete.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/sound_file_writer.h"

#include "src/disk/stop.h"
#include "src/disk/tag_writer.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <optional>
#include <sndfile.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace mixrig::disk {
namespace {

constexpr std::size_t kWriterChunk = 16384;  // samples converted at once

int sndfile_format(Format format) {
    constexpr int containers[] = {SF_FORMAT_WAV, SF_FORMAT_RF64, SF_FORMAT_AIFF, SF_FORMAT_FLAC};
    constexpr int codings[] = {SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32,
                               SF_FORMAT_FLOAT};
    return containers[static_cast<int>(format.container)] |
           codings[static_cast<int>(format.coding)];
}

int bits(Coding coding) {
    return static_cast<int>(bytes_per_sample(coding)) * 8;
}

std::string system_reason() {
    return std::strerror(errno);
}

// Hidden, and beside the file so that the rename stays on one disk. Always the same name: what a
// killed program left behind is written over by the next one.
std::filesystem::path temporary_name(const std::filesystem::path& path) {
    return path.parent_path() / ("." + path.filename().string() + ".part");
}

bool same_file(int fd, const std::filesystem::path& path) {
    struct stat open_file = {}, named_file = {};
    return ::fstat(fd, &open_file) == 0 && ::stat(path.c_str(), &named_file) == 0 &&
           open_file.st_ino == named_file.st_ino && open_file.st_dev == named_file.st_dev;
}

enum class Claim : std::uint8_t { ours, taken, failed };

// The lock tells a file that is being written from one that was left behind; the kernel drops it
// with its owner.
Claim claim(const std::filesystem::path& path, int& fd) {
    for (int attempt = 0; attempt < 100; ++attempt) {
        fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (fd < 0) return Claim::failed;
        const bool locked = ::flock(fd, LOCK_EX | LOCK_NB) == 0;
        // Between open and lock its owner may have finished: then this is the finished file, not
        // ours.
        if (locked && same_file(fd, path) && ::ftruncate(fd, 0) == 0) return Claim::ours;
        ::close(fd);
        fd = -1;
        if (!locked) return Claim::taken;
    }
    return Claim::taken;
}

void sync_folder(const std::filesystem::path& folder) {
    const int fd =
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    ::fsync(fd);  // some file systems cannot sync a folder; the rename has happened all the same
    ::close(fd);
}

std::optional<base::Error> refuse(const WriterSettings& s, const std::string& where) {
    if (s.channels < 1 || s.channels > max_channels(s.format))
        return base::Error{.what = format_name(s.format) + " cannot hold " +
                                   std::to_string(s.channels) + " channels",
                           .where = where,
                           .hint = "at most " + std::to_string(max_channels(s.format))};
    // Negated so that NaN is refused too.
    if (!(s.rate.value >= 1.0 && s.rate.value <= std::numeric_limits<int>::max()))
        return base::Error{.what = "the sample rate is out of range", .where = where};
    return std::nullopt;
}

}  // namespace

struct SoundFileWriter::File {
    std::filesystem::path path, temporary;
    WriterSettings settings;
    int fd = -1;
    SNDFILE* handle = nullptr;
    Quantizer quantizer;
    std::vector<float> interleaved;
    std::vector<std::int32_t> whole;
    std::uint64_t frames = 0;
    std::uint64_t over = 0;
    std::optional<base::Error> failure;
    TagData tag_data;

    File(std::filesystem::path where, const WriterSettings& s)
        : path(std::move(where)),
          settings(s),
          quantizer({.bits = bits(s.format.coding),
                     .seed = s.dither_seed,
                     .dither = s.dither,
                     .channels = s.channels}) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { discard(); }

    void discard() {
        if (handle != nullptr) sf_close(handle);
        handle = nullptr;
        if (fd < 0) return;
        ::unlink(temporary.c_str());  // before the lock goes, or it could be someone else's by then
        ::close(fd);
        fd = -1;
    }

    base::Status fail(const std::string& what, const std::string& hint = {}) {
        failure = base::Error{.what = what, .where = path.string(), .hint = hint};
        discard();
        return *failure;
    }

    base::Status create() {
        temporary = temporary_name(path);
        switch (claim(temporary, fd)) {
            case Claim::ours:
                break;
            case Claim::taken:
                return fail("is being written by someone else");
            case Claim::failed:
                return fail("cannot write there: " + system_reason(),
                            "does the folder exist, and may you write to it?");
        }
        SF_INFO info = {};
        info.channels = static_cast<int>(settings.channels);
        info.samplerate = static_cast<int>(std::lround(settings.rate.value));
        info.format = sndfile_format(settings.format);
        if (sf_format_check(&info) == 0) return fail("libsndfile does not know this format");
        handle = sf_open_fd(fd, SFM_WRITE, &info, SF_FALSE);
        if (handle == nullptr) return fail(std::string("cannot write it: ") + sf_strerror(nullptr));
        // The peak chunk of float files holds the time of day; same samples must give same bytes.
        sf_command(handle, SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
        if (settings.format.container == Container::rf64)
            sf_command(handle, SFC_RF64_AUTO_DOWNGRADE, nullptr, SF_TRUE);
        if (!write_tags(handle, settings.format.container, settings.tags, tag_data))
            return fail(std::string("cannot write its tags: ") + sf_strerror(handle));
        return base::Done{};
    }

    base::Status write_chunk(std::span<const float> in) {
        if (is_stopped()) {
            failure = stopped();
            discard();
            return *failure;
        }
        const auto count = static_cast<sf_count_t>(in.size());
        sf_count_t written = 0;
        if (settings.format.coding == Coding::float32) {
            for (const float x : in) over += std::fabs(x) > 1.0f ? 1 : 0;
            written = sf_write_float(handle, in.data(), count);
        } else {
            whole.resize(in.size());
            quantizer.convert(in, whole.data());
            over = quantizer.clipped();
            written = sf_write_int(handle, whole.data(), count);
        }
        if (written != count)
            return fail(std::string("writing failed: ") + sf_strerror(handle), "is the disk full?");
        frames += in.size() / settings.channels;
        return base::Done{};
    }

    // What is on the disk is what was written: libsndfile does not report every failed header.
    bool verify() const {
        if (::lseek(fd, 0, SEEK_SET) != 0) return false;
        SF_INFO info = {};
        SNDFILE* again = sf_open_fd(fd, SFM_READ, &info, SF_FALSE);
        if (again == nullptr) return false;
        const bool same = static_cast<std::uint64_t>(info.frames) == frames &&
                          static_cast<std::size_t>(info.channels) == settings.channels;
        sf_close(again);
        return same;
    }
};

SoundFileWriter::SoundFileWriter(std::unique_ptr<File> file) : file_(std::move(file)) {}
SoundFileWriter::SoundFileWriter(SoundFileWriter&&) noexcept = default;
SoundFileWriter& SoundFileWriter::operator=(SoundFileWriter&&) noexcept = default;
SoundFileWriter::~SoundFileWriter() = default;

base::Result<SoundFileWriter> SoundFileWriter::open(const std::filesystem::path& path,
                                                    const WriterSettings& settings) {
    if (auto error = refuse(settings, path.string())) return *error;
    auto file = std::make_unique<File>(path, settings);
    if (auto created = file->create(); !created) return created.error();
    return SoundFileWriter(std::move(file));
}

base::Status SoundFileWriter::write(std::span<const float> interleaved) {
    File& f = *file_;
    if (f.failure) return *f.failure;
    const std::size_t frames = interleaved.size() / f.settings.channels;
    if (f.frames + frames > max_frames(f.settings.format, f.settings.channels))
        return f.fail("too long for " + format_name(f.settings.format),
                      "use rf64, which has no such limit");
    const std::size_t chunk = std::max<std::size_t>(1, kWriterChunk / f.settings.channels);
    for (std::size_t done = 0; done < frames; done += chunk) {
        const std::size_t now = std::min(chunk, frames - done);
        const auto part =
            interleaved.subspan(done * f.settings.channels, now * f.settings.channels);
        if (auto ok = f.write_chunk(part); !ok) return ok;
    }
    return base::Done{};
}

base::Status SoundFileWriter::write(const float* const* planar, std::size_t frames) {
    File& f = *file_;
    const std::size_t channels = f.settings.channels;
    const std::size_t chunk = std::max<std::size_t>(1, kWriterChunk / channels);
    f.interleaved.resize(chunk * channels);
    for (std::size_t done = 0; done < frames; done += chunk) {
        const std::size_t now = std::min(chunk, frames - done);
        for (std::size_t c = 0; c < channels; ++c)
            for (std::size_t i = 0; i < now; ++i)
                f.interleaved[i * channels + c] = planar[c][done + i];
        if (auto ok = write(std::span<const float>(f.interleaved).first(now * channels)); !ok)
            return ok;
    }
    return base::Done{};
}

base::Status SoundFileWriter::close() {
    File& f = *file_;
    if (f.failure) return *f.failure;
    const int closed = sf_close(f.handle);
    f.handle = nullptr;
    if (closed != 0 || !f.verify()) return f.fail("finishing it failed", "is the disk full?");
    if (::fsync(f.fd) != 0) return f.fail("cannot get it onto the disk: " + system_reason());
    if (::rename(f.temporary.c_str(), f.path.c_str()) != 0)
        return f.fail("cannot give it its name: " + system_reason());
    ::close(f.fd);
    f.fd = -1;
    sync_folder(f.path.parent_path());
    f.failure = base::Error{.what = "is closed already", .where = f.path.string()};
    return base::Done{};
}

std::uint64_t SoundFileWriter::frames() const {
    return file_->frames;
}
std::uint64_t SoundFileWriter::over() const {
    return file_->over;
}

base::Status write_whole(const std::filesystem::path& path, const Sound& sound, Format format) {
    auto writer = SoundFileWriter::open(
        path, {.format = format, .channels = sound.channels(), .rate = sound.rate});
    if (!writer) return writer.error();
    std::vector<const float*> planar;
    for (const auto& track : sound.tracks) planar.push_back(track.data());
    if (auto ok = writer->write(planar.data(), sound.frames()); !ok) return ok;
    return writer->close();
}

}  // namespace mixrig::disk
