// All inputs of a desk in one raw file: written as they come, read back sample by sample.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace mixrig::disk {

// 32-bit floats in the machine's order, without a header: blocks of kInputBlock frames of the first
// input, then of the second... A block of one input is a page of 4 KiB, so an input that is silent
// is a hole in the file and costs no disk. The length of the file says how many blocks there are:
// nothing needs to be repaired when the program was killed.
inline constexpr std::size_t kInputBlock = 1024;

// [one thread, not audio]
class InputFileWriter {
public:
    static base::Result<InputFileWriter> create(const std::filesystem::path& path,
                                                std::size_t inputs);
    InputFileWriter(InputFileWriter&& other) noexcept;
    InputFileWriter& operator=(InputFileWriter&& other) noexcept;
    ~InputFileWriter();

    // `planar[i]` has `frames` samples of input i. Whole blocks reach the file. After an error the
    // file ends with the last whole block.
    base::Status write(const float* const* planar, std::size_t frames);
    base::Status write_silence(std::uint64_t frames);
    // Fills up the last block with silence; frames() does not count that.
    base::Status close();
    // Until what was written is on the disk.
    void sync();

    std::uint64_t frames() const { return frames_; }

private:
    InputFileWriter(std::filesystem::path path, int file, std::size_t inputs);
    base::Status write_block();

    std::filesystem::path path_;
    int file_ = -1;
    std::size_t inputs_;
    std::vector<float> block_;
    std::uint64_t frames_ = 0;
};

class InputFileReader {
public:
    static base::Result<InputFileReader> open(const std::filesystem::path& path,
                                              std::size_t inputs);
    InputFileReader(InputFileReader&& other) noexcept;
    InputFileReader& operator=(InputFileReader&& other) noexcept;
    ~InputFileReader();

    // Of whole blocks.
    std::uint64_t frames() const { return frames_; }
    // The next frames; behind the end there is silence.
    base::Status read(float* const* planar, std::size_t frames);

private:
    InputFileReader(std::filesystem::path path, int file, std::size_t inputs, std::uint64_t frames);

    std::filesystem::path path_;
    int file_ = -1;
    std::size_t inputs_;
    std::uint64_t frames_;
    std::uint64_t position_ = 0;
    std::vector<float> block_;
};

}  // namespace mixrig::disk
