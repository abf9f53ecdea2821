// The outputs of a desk as sound files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/flight/replay_files.h"

#include "src/app/ports.h"

#include <utility>

namespace mixrig::app {

namespace {

// As a file: what file systems or shells trip over becomes `-`.
std::string file_name(std::string title) {
    constexpr std::string_view kRefused = "/\\:*?\"<>| ";
    for (char& c : title)
        if (static_cast<unsigned char>(c) < 0x20 || kRefused.find(c) != kRefused.npos) c = '-';
    return title + ".wav";
}

}  // namespace

ReplayFiles::ReplayFiles(Console& console, std::size_t block)
    : console_(console),
      samples_(console.geometry().outputs.size(), std::vector<float>(block, 0.0f)) {
    for (auto& samples : samples_) pointers_.push_back(samples.data());
}

base::Status ReplayFiles::open(const std::filesystem::path& folder, const param::Layout& layout,
                               const param::Values& values, std::uint64_t frames, bool main_only) {
    const auto& outputs = console_.geometry().outputs;
    std::size_t monitors = 0;
    for (std::size_t o = 0; o < outputs.size() && !(main_only && o > 0);) {
        std::size_t channels = 1;
        while (o + channels < outputs.size() && outputs[o + channels].side != 0) ++channels;
        std::string title =
            outputs[o].monitor
                ? "monitor" + (++monitors > 1 ? "-" + std::to_string(monitors) : std::string{})
                : strip_title(console_.geometry(), layout, values, outputs[o].strip);
        disk::Format format{disk::Container::wav, disk::Coding::float32};
        if (frames > disk::max_frames(format, channels)) format.container = disk::Container::rf64;
        const auto path = folder / file_name(std::move(title));
        auto writer = disk::SoundFileWriter::open(
            path, {.format = format, .channels = channels, .rate = console_.rate()});
        if (!writer) return writer.error();
        files_.push_back({path, std::move(*writer), o});
        o += channels;
    }
    return base::Done{};
}

base::Status ReplayFiles::write(std::size_t frames) {
    for (File& file : files_)
        if (auto status = file.writer.write(pointers_.data() + file.output, frames); !status)
            return status;
    return base::Done{};
}

base::Result<std::vector<std::filesystem::path>> ReplayFiles::close() {
    std::vector<std::filesystem::path> paths;
    for (File& file : files_) {
        if (auto status = file.writer.close(); !status) return status.error();
        paths.push_back(file.path);
    }
    return paths;
}

}  // namespace mixrig::app
