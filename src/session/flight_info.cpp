// flight.toml.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/flight_info.h"

#include "src/session/section.h"
#include "src/session/text_file.h"

namespace mixrig::session {
namespace {

constexpr std::size_t kVersion = 1;
constexpr std::size_t kMostFrames = std::size_t{1} << 50;

std::uint64_t read_frames(Section& section, std::string_view key) {
    std::size_t frames = 0;
    if (!section.has(key)) section.problem(key, "is missing");
    section.read(key, frames, 0, kMostFrames);
    return frames;
}

}  // namespace

std::string flight_head(const FlightInfo& info) {
    return "# A flight of mixrig: `mixrig replay FOLDER -o OUT` renders it once more.\n"
           "version = " +
           std::to_string(kVersion) +
           "\nrate = " + std::to_string(static_cast<std::size_t>(info.rate.value)) +
           "\ninputs = " + std::to_string(info.inputs) + "\nprocessor = \"" + info.processor +
           "\"\nfrom_start = " + (info.from_start ? "true" : "false") + "\n";
}

std::string flight_begin(std::uint64_t first_frame) {
    return "\n[begin]\nframe = " + std::to_string(first_frame) + "\n";
}

std::string flight_gap(const FlightGap& gap) {
    return "\n[[gap]]\nframe = " + std::to_string(gap.frame) +
           "\nframes = " + std::to_string(gap.frames) + "\n";
}

std::string flight_end(std::uint64_t frames) {
    return "\n[end]\nframes = " + std::to_string(frames) + "\n";
}

base::Result<FlightInfo> parse_flight(std::string_view text, const std::filesystem::path& file) {
    const auto tree = parse_toml(text, file.string());
    if (!tree) return tree.error();
    Problems problems(file.string());
    Section root(&*tree, "", problems);
    FlightInfo info;
    std::size_t version = 0, rate = 0;
    if (!root.has("version")) root.problem("version", "is missing", "is this a flight?");
    root.read("version", version, 1, kVersion);
    root.read("rate", rate, 8000, 384000);
    if (!root.has("rate")) root.problem("rate", "is missing");
    info.rate = {static_cast<double>(rate)};
    root.read("inputs", info.inputs, 0, 1u << 16);
    root.read("processor", info.processor);
    root.read("from_start", info.from_start);
    const auto once = [&](std::string_view table, std::string_view key) {
        Section section = root.table(table);
        std::optional<std::uint64_t> frames;
        if (root.has(table)) frames = read_frames(section, key);
        section.finish();
        return frames;
    };
    info.first_frame = once("begin", "frame");
    info.frames = once("end", "frames");
    for (Section& section : root.tables("gap")) {
        const std::uint64_t frame = read_frames(section, "frame");
        info.gaps.push_back({frame, read_frames(section, "frames")});
        section.finish();
    }
    root.finish();
    if (problems.any()) return problems.first();
    return info;
}

base::Result<FlightInfo> load_flight(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / kFlightInfo;
    const auto text = read_text(file);
    if (!text)
        return base::Error{"is not a flight: there is no flight.toml in it", folder.string(),
                           "name the folder that /flight has answered"};
    return parse_flight(*text, file);
}

}  // namespace mixrig::session
