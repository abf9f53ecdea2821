// Bytes of a broadcast wave file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/wave_file.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/statvfs.h>
#include <unistd.h>

namespace mixrig::disk {
namespace {

constexpr std::size_t kBextBytes = 602;  // without a coding history
constexpr std::size_t kDs64Bytes = 28;   // without a table
constexpr std::uint32_t kInDs64 = 0xffffffffu;

// Little-endian chunks, one behind the other.
class Chunks {
public:
    void tag(std::string_view four) { raw(four.data(), 4); }
    void u16(std::uint64_t x) { number(x, 2); }
    void u32(std::uint64_t x) { number(x, 4); }
    void u64(std::uint64_t x) { number(x, 8); }
    void zeros(std::size_t count) { bytes_.resize(bytes_.size() + count); }
    // Cut, or filled up with zeros.
    void field(std::string_view text, std::size_t size) {
        const std::size_t count = std::min(text.size(), size);
        raw(text.data(), count);
        zeros(size - count);
    }
    // A text with its end, padded to an even size, as INFO wants it.
    void info(std::string_view four, std::string_view text) {
        if (text.empty()) return;
        tag(four);
        u32(text.size() + 1);
        field(text, text.size() + 1 + (text.size() + 1) % 2);
    }
    std::size_t size() const { return bytes_.size(); }
    std::vector<std::uint8_t> take() { return std::move(bytes_); }
    const std::vector<std::uint8_t>& bytes() const { return bytes_; }

private:
    void raw(const char* from, std::size_t count) {
        bytes_.insert(bytes_.end(), from, from + count);
    }
    void number(std::uint64_t x, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            bytes_.push_back(static_cast<std::uint8_t>(x >> (8 * i)));
    }

    std::vector<std::uint8_t> bytes_;
};

void add_bext(Chunks& out, const WaveLabel& label) {
    out.tag("bext");
    out.u32(kBextBytes);
    out.field(label.description, 256);
    out.field(label.originator, 32);
    out.field({}, 32);  // the originator's reference
    out.field(label.date, 10);
    out.field(label.time, 8);
    out.u64(label.time_reference);
    out.u16(1);  // version
    out.zeros(kBextBytes - 256 - 32 - 32 - 10 - 8 - 8 - 2);
}

void add_info(Chunks& out, const WaveLabel& label) {
    Chunks list;
    list.info("INAM", label.title);
    list.info("ISFT", "mixrig " MIXRIG_VERSION);
    list.info("ICRD", label.date);
    list.info("ICMT", label.comment);
    out.tag("LIST");
    out.u32(list.size() + 4);
    out.tag("INFO");
    for (const std::uint8_t byte : list.bytes())
        out.field({reinterpret_cast<const char*>(&byte), 1}, 1);
}

base::Error failure(const std::filesystem::path& path, const std::string& what, int code) {
    const bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
    return {.what = what + ": " + std::strerror(code),
            .where = path.string(),
            .hint = full ? kDiskFull : ""};
}

}  // namespace

DiskCalls DiskCalls::real() {
    return {.write = ::pwrite,
            .sync = ::fdatasync,
            .free = [](const std::filesystem::path& folder) -> std::int64_t {
                struct statvfs now = {};
                if (::statvfs(folder.c_str(), &now) != 0) return -1;
                return static_cast<std::int64_t>(now.f_bavail) *
                       static_cast<std::int64_t>(now.f_frsize);
            }};
}

WaveFile::WaveFile(std::filesystem::path path, WaveSettings settings, const DiskCalls& calls)
    : path_(std::move(path)), settings_(std::move(settings)), calls_(calls) {}

WaveFile::~WaveFile() {
    if (file_ >= 0) ::close(file_);
}

base::Result<std::unique_ptr<WaveFile>> WaveFile::create(const std::filesystem::path& path,
                                                         WaveSettings settings,
                                                         const DiskCalls& calls) {
    std::unique_ptr<WaveFile> file(new WaveFile(path, std::move(settings), calls));
    if (auto status = file->open(); !status) return status.error();
    return file;
}

// Under a hidden name until it has a header: a file of no bytes is not a sound file.
base::Status WaveFile::open() {
    const auto hidden = path_.parent_path() / ("." + path_.filename().string() + ".part");
    file_ = ::open(hidden.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (file_ < 0) return failure(path_, "cannot be made", errno);
    base::Status status = update_header();
    // Not over a file that is there: link() refuses, rename() would not.
    if (status && ::link(hidden.c_str(), path_.c_str()) != 0) {
        // Some file systems (exFAT) have no links; the folder is ours alone.
        const bool there = errno == EEXIST;
        if (there || ::rename(hidden.c_str(), path_.c_str()) != 0)
            status = failure(path_, "cannot be made", there ? EEXIST : errno);
    }
    ::unlink(hidden.c_str());
    return status;
}

std::size_t WaveFile::bytes_per_frame() const {
    return settings_.channels * (settings_.coding == RecordingCoding::float32 ? 4 : 3);
}

std::vector<std::uint8_t> WaveFile::header() const {
    const bool is_float = settings_.coding == RecordingCoding::float32;
    const std::uint64_t data = frames_ * bytes_per_frame();
    const std::uint64_t riff = kHeaderBytes + data + data % 2 - 8;
    const bool large = riff > settings_.largest_wav;
    const auto rate = static_cast<std::uint64_t>(std::lround(settings_.rate.value));
    Chunks out;
    out.tag(large ? "RF64" : "RIFF");
    out.u32(large ? kInDs64 : riff);
    out.tag("WAVE");
    out.tag(large ? "ds64" : "JUNK");
    out.u32(kDs64Bytes);
    out.u64(large ? riff : 0);
    out.u64(large ? data : 0);
    out.u64(large ? frames_ : 0);
    out.u32(0);
    add_bext(out, settings_.label);
    out.tag("fmt ");
    out.u32(is_float ? 18 : 16);
    out.u16(is_float ? 3 : 1);
    out.u16(settings_.channels);
    out.u32(rate);
    out.u32(rate * bytes_per_frame());
    out.u16(bytes_per_frame());
    out.u16(is_float ? 32 : 24);
    if (is_float) {
        out.u16(0);
        out.tag("fact");
        out.u32(4);
        out.u32(std::min<std::uint64_t>(frames_, kInDs64));
    }
    add_info(out, settings_.label);
    out.tag("JUNK");  // so that the samples begin with a page
    out.u32(kHeaderBytes - out.size() - 4 - 8);
    out.zeros(kHeaderBytes - out.size() - 8);
    out.tag("data");
    out.u32(large ? kInDs64 : data);
    assert(out.size() == kHeaderBytes);
    return out.take();
}

base::Status WaveFile::write_all(const std::uint8_t* bytes, std::size_t count, std::uint64_t at) {
    while (count > 0) {
        const ssize_t done = calls_.write(file_, bytes, count, static_cast<off_t>(at));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return failure(path_, "cannot be written", done < 0 ? errno : ENOSPC);
        bytes += done;
        at += static_cast<std::uint64_t>(done);
        count -= static_cast<std::size_t>(done);
    }
    return base::Done{};
}

base::Status WaveFile::append(const float* const* planar, std::size_t frames) {
    const std::size_t samples = frames * settings_.channels;
    interleaved_.resize(samples);
    for (std::size_t c = 0; c < settings_.channels; ++c)
        for (std::size_t i = 0; i < frames; ++i)
            interleaved_[i * settings_.channels + c] = planar[c][i];
    bytes_.resize(frames * bytes_per_frame());
    std::uint8_t* to = bytes_.data();
    if (settings_.coding == RecordingCoding::float32) {
        static_assert(std::endian::native == std::endian::little);
        std::memcpy(to, interleaved_.data(), bytes_.size());
    } else {
        whole_.resize(samples);
        quantizer_.convert(interleaved_, whole_.data());
        for (const std::int32_t x : whole_)
            for (int shift = 8; shift <= 24; shift += 8)
                *to++ = static_cast<std::uint8_t>(static_cast<std::uint32_t>(x) >> shift);
    }
    auto status =
        write_all(bytes_.data(), bytes_.size(), kHeaderBytes + frames_ * bytes_per_frame());
    if (status) frames_ += frames;
    return status;
}

base::Status WaveFile::update_header() {
    const auto bytes = header();
    return write_all(bytes.data(), bytes.size(), 0);
}

base::Status WaveFile::cut(std::uint64_t frames) {
    frames_ = std::min(frames_, frames);
    const std::uint64_t data = frames_ * bytes_per_frame();
    // Smaller first: at no moment does the header promise more than there is.
    base::Status status = update_header();
    if (::ftruncate(file_, static_cast<off_t>(kHeaderBytes + data + data % 2)) != 0 && status)
        status = failure(path_, "cannot be cut", errno);
    return status;
}

int WaveFile::duplicate() const {
    return ::fcntl(file_, F_DUPFD_CLOEXEC, 0);
}

}  // namespace mixrig::disk
