// All inputs of a desk in one raw file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/input_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mixrig::disk {
namespace {

constexpr std::size_t kPage = kInputBlock * sizeof(float);

base::Error system_error(const std::string& what, const std::filesystem::path& path) {
    return {what + ": " + std::strerror(errno), path.string()};
}

// All bits: a negative zero is no hole.
bool is_hole(const float* page) {
    static const std::vector<float> kNothing(kInputBlock, 0.0f);
    return std::memcmp(page, kNothing.data(), kPage) == 0;
}

bool write_at(int file, const float* samples, std::size_t bytes, std::uint64_t at) {
    const char* from = reinterpret_cast<const char*>(samples);
    while (bytes > 0) {
        const ssize_t done = ::pwrite(file, from, bytes, static_cast<off_t>(at));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        from += done;
        at += static_cast<std::uint64_t>(done);
        bytes -= static_cast<std::size_t>(done);
    }
    return true;
}

}  // namespace

InputFileWriter::InputFileWriter(std::filesystem::path path, int file, std::size_t inputs)
    : path_(std::move(path)), file_(file), inputs_(inputs), block_(inputs * kInputBlock, 0.0f) {}

InputFileWriter::InputFileWriter(InputFileWriter&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      inputs_(other.inputs_),
      block_(std::move(other.block_)),
      frames_(other.frames_) {}

InputFileWriter& InputFileWriter::operator=(InputFileWriter&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(file_, other.file_);
    std::swap(inputs_, other.inputs_);
    std::swap(block_, other.block_);
    std::swap(frames_, other.frames_);
    return *this;
}

InputFileWriter::~InputFileWriter() {
    if (file_ >= 0) ::close(file_);
}

base::Result<InputFileWriter> InputFileWriter::create(const std::filesystem::path& path,
                                                      std::size_t inputs) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0) return system_error("cannot be made", path);
    return InputFileWriter(path, file, inputs);
}

base::Status InputFileWriter::write(const float* const* planar, std::size_t frames) {
    for (std::size_t done = 0; done < frames;) {
        const auto first = static_cast<std::size_t>(frames_ % kInputBlock);
        const std::size_t count = std::min(kInputBlock - first, frames - done);
        for (std::size_t i = 0; i < inputs_; ++i)
            std::memcpy(block_.data() + i * kInputBlock + first, planar[i] + done,
                        count * sizeof(float));
        done += count;
        frames_ += count;
        if (first + count < kInputBlock) continue;
        if (auto status = write_block(); !status) return status;
    }
    return base::Done{};
}

base::Status InputFileWriter::write_silence(std::uint64_t frames) {
    const std::vector<float> silence(kInputBlock, 0.0f);
    const std::vector<const float*> planar(inputs_, silence.data());
    while (frames > 0) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(frames, kInputBlock));
        if (auto status = write(planar.data(), count); !status) return status;
        frames -= count;
    }
    return base::Done{};
}

// The block that ends at frames_, or before it if it is not full. The length comes last, so that a
// whole block is never counted before it is there.
base::Status InputFileWriter::write_block() {
    const std::uint64_t number = (frames_ - 1) / kInputBlock;
    const std::uint64_t start = number * inputs_ * kPage;
    for (std::size_t i = 0; i < inputs_; ++i) {
        const float* page = block_.data() + i * kInputBlock;
        if (!is_hole(page) && !write_at(file_, page, kPage, start + i * kPage)) {
            const base::Error error = system_error("cannot be written", path_);
            (void)::ftruncate(file_, static_cast<off_t>(start));
            frames_ = number * kInputBlock;
            return error;
        }
    }
    if (::ftruncate(file_, static_cast<off_t>(start + inputs_ * kPage)) != 0)
        return system_error("cannot be written", path_);
    return base::Done{};
}

base::Status InputFileWriter::close() {
    const auto first = static_cast<std::size_t>(frames_ % kInputBlock);
    if (first != 0) {
        for (std::size_t i = 0; i < inputs_; ++i)
            std::fill_n(block_.data() + i * kInputBlock + first, kInputBlock - first, 0.0f);
        if (auto status = write_block(); !status) return status;
    }
    sync();
    const int file = std::exchange(file_, -1);
    if (file >= 0 && ::close(file) != 0) return system_error("cannot be written", path_);
    return base::Done{};
}

void InputFileWriter::sync() {
    if (file_ >= 0) ::fdatasync(file_);
}

InputFileReader::InputFileReader(std::filesystem::path path, int file, std::size_t inputs,
                                 std::uint64_t frames)
    : path_(std::move(path)),
      file_(file),
      inputs_(inputs),
      frames_(frames),
      block_(inputs * kInputBlock, 0.0f) {}

InputFileReader::InputFileReader(InputFileReader&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      inputs_(other.inputs_),
      frames_(other.frames_),
      position_(other.position_),
      block_(std::move(other.block_)) {}

InputFileReader& InputFileReader::operator=(InputFileReader&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(file_, other.file_);
    std::swap(inputs_, other.inputs_);
    std::swap(frames_, other.frames_);
    std::swap(position_, other.position_);
    std::swap(block_, other.block_);
    return *this;
}

InputFileReader::~InputFileReader() {
    if (file_ >= 0) ::close(file_);
}

base::Result<InputFileReader> InputFileReader::open(const std::filesystem::path& path,
                                                    std::size_t inputs) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return system_error("cannot be read", path);
    struct stat facts = {};
    if (::fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        ::close(file);
        return base::Error{"is not a file", path.string()};
    }
    const std::uint64_t blocks =
        inputs == 0 ? 0 : static_cast<std::uint64_t>(facts.st_size) / (inputs * kPage);
    return InputFileReader(path, file, inputs, blocks * kInputBlock);
}

base::Status InputFileReader::read(float* const* planar, std::size_t frames) {
    for (std::size_t done = 0; done < frames;) {
        const auto first = static_cast<std::size_t>(position_ % kInputBlock);
        const std::size_t count = std::min(kInputBlock - first, frames - done);
        if (first == 0) {
            std::fill(block_.begin(), block_.end(), 0.0f);
            char* to = reinterpret_cast<char*>(block_.data());
            std::size_t missing = position_ < frames_ ? block_.size() * sizeof(float) : 0;
            std::uint64_t at = position_ / kInputBlock * inputs_ * kPage;
            while (missing > 0) {
                const ssize_t got = ::pread(file_, to, missing, static_cast<off_t>(at));
                if (got < 0 && errno == EINTR) continue;
                if (got < 0) return system_error("cannot be read", path_);
                if (got == 0) return base::Error{"has become shorter", path_.string()};
                to += got;
                at += static_cast<std::uint64_t>(got);
                missing -= static_cast<std::size_t>(got);
            }
        }
        for (std::size_t i = 0; i < inputs_; ++i)
            std::memcpy(planar[i] + done, block_.data() + i * kInputBlock + first,
                        count * sizeof(float));
        done += count;
        position_ += count;
    }
    return base::Done{};
}

}  // namespace mixrig::disk
