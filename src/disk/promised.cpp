// Walks the chunks of WAV (Microsoft and IBM, 1991), RF64 (EBU Tech 3306) and AIFF files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/promised.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <string_view>

namespace mixrig::disk {
namespace {

constexpr std::size_t kMostChunks = 1000;

struct Chunk {
    std::array<char, 8> head{};
    std::uint64_t size = 0;
    std::string_view name() const { return {head.data(), 4}; }
};

class Chunks {
public:
    explicit Chunks(const std::filesystem::path& path) : in_(path, std::ios::binary) {}

    std::optional<Chunk> at(std::uint64_t place) {
        Chunk chunk;
        if (!read(place, chunk.head)) return std::nullopt;
        chunk.size = number(std::string_view(chunk.head.data() + 4, 4));
        return chunk;
    }
    // RF64 keeps the lengths that its chunks have no room for in a chunk of its own.
    std::optional<std::uint64_t> long_data(std::uint64_t ds64) {
        std::array<char, 16> lengths{};
        if (!read(ds64 + 8, lengths)) return std::nullopt;
        return number(std::string_view(lengths.data() + 8, 8));
    }
    bool is_big_endian = false;

private:
    template <std::size_t kBytes>
    bool read(std::uint64_t place, std::array<char, kBytes>& out) {
        in_.seekg(static_cast<std::streamoff>(place));
        return static_cast<bool>(in_.read(out.data(), kBytes));
    }
    std::uint64_t number(std::string_view bytes) const {
        std::uint64_t out = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const auto byte = bytes[is_big_endian ? i : bytes.size() - 1 - i];
            out = out << 8 | static_cast<unsigned char>(byte);
        }
        return out;
    }

    std::ifstream in_;
};

// What is written before the length is known: the largest number (ffmpeg), the largest of a signed
// one, or a round one below it (sox).
bool is_unknown(std::uint64_t size) {
    return size >= 0xffffff00u || (size >= 0x7fffef00u && size <= 0x7fffffffu);
}

}  // namespace

std::uint64_t missing_bytes(const std::filesystem::path& path) {
    std::error_code error;
    const std::uint64_t there = std::filesystem::file_size(path, error);
    Chunks chunks(path);
    const auto form = chunks.at(0);
    if (error || !form) return 0;
    const bool is_wave = form->name() == "RIFF" || form->name() == "RF64";
    if (!is_wave && form->name() != "FORM") return 0;
    chunks.is_big_endian = !is_wave;
    std::optional<std::uint64_t> length;
    std::uint64_t place = 12;
    for (std::size_t i = 0; i < kMostChunks && place < there; ++i) {
        const auto chunk = chunks.at(place);
        if (!chunk) return 0;
        if (form->name() == "RF64" && chunk->name() == "ds64") length = chunks.long_data(place);
        if (chunk->name() == (is_wave ? "data" : "SSND")) {
            if (!length && is_unknown(chunk->size)) return 0;
            const std::uint64_t size = length ? *length : chunk->size;
            const std::uint64_t room = there - std::min(there, place + 8);
            return size - std::min(size, room);
        }
        place += 8 + chunk->size + chunk->size % 2;
    }
    return 0;
}

}  // namespace mixrig::disk
