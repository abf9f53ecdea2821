// Restoration: rows to blocks, a file through them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/restoration.h"

#include "src/app/look_at.h"
#include "src/disk/scratch.h"
#include "src/disk/sound_file_reader.h"
#include "src/disk/sound_file_writer.h"
#include "src/param/values.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace mixrig::app {
namespace {

namespace fs = std::filesystem;
using param::Kind;

constexpr std::size_t kBlock = 16384;
constexpr double kBelowFullScale = 0.9999;  // less than the largest 16-bit sample

double dB(double ratio) {
    return 20.0 * std::log10(ratio);
}

// Into `all`, one channel behind the other; returns the frames there are.
base::Result<std::size_t> read_all(disk::SoundFileReader& file, std::span<float> all) {
    const std::size_t channels = file.info().channels, room = all.size() / channels;
    std::vector<float*> to(channels);
    for (std::size_t frames = 0;;) {
        for (std::size_t c = 0; c < channels; ++c) to[c] = all.data() + c * room + frames;
        const std::size_t count = std::min(kBlock, room - frames);
        const auto got = file.read(to.data(), count);
        if (!got) return got.error();
        frames += *got;
        if (*got < count || frames == room) return frames;
    }
}

double largest(std::span<const float> samples) {
    double peak = 0.0;
    for (const float x : samples) peak = std::max(peak, std::fabs(static_cast<double>(x)));
    return peak;
}

base::Status write_all(const RestoreSettings& settings, const Restored& restored,
                       std::span<const float* const> channels) {
    auto file = disk::SoundFileWriter::open(
        settings.output,
        {.format = restored.format, .channels = channels.size(), .rate = restored.rate});
    if (!file) return file.error();
    std::vector<const float*> at(channels.begin(), channels.end());
    for (std::uint64_t done = 0; done < restored.frames;) {
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, restored.frames - done));
        if (const auto written = file->write(at.data(), count); !written) return written.error();
        for (const float*& one : at) one += count;
        done += count;
    }
    return file->close();
}

}  // namespace

param::Layout with_restoration(param::DeskShape shape) {
    shape.restores = true;
    return param::Layout(std::move(shape));
}

base::Result<restore::Settings> restoration_of(const param::Layout& layout,
                                               const session::Scene& scene) {
    param::Values values(layout);
    for (const session::Setting& one : scene)
        if (layout.place(one.slot).kind == Kind::restore) values.set(one.slot, one.value);
    const auto number = [&](std::size_t row) {
        return static_cast<double>(values.number(layout.slot(Kind::restore, 0, row)));
    };
    const auto seconds = [&](std::size_t row) { return dsp::Seconds{number(row) / 1000.0}; };
    using param::row;
    restore::Settings out{.clipping = number(row("clipping/on")) != 0.0,
                          .dc = number(row("dc/on")) != 0.0};
    if (number(row("clicks/on")) != 0.0)
        out.clicks = {.threshold = number(row("clicks/threshold")),
                      .longest = seconds(row("clicks/longest"))};
    if (number(row("hum/on")) != 0.0)
        out.hum = {
            .mains = static_cast<restore::Mains>(number(row("hum/mains"))),
            .harmonics = static_cast<std::size_t>(std::lround(number(row("hum/harmonics"))))};
    if (number(row("noise/on")) != 0.0)
        out.noise = {.from = seconds(row("noise/from")),
                     .to = seconds(row("noise/to")),
                     .reduction = {number(row("noise/reduction"))}};
    if (out.noise && out.noise->to.value <= out.noise->from.value)
        return base::Error{
            "there is no passage to learn the noise from",
            {},
            "/restore/noise/from and /restore/noise/to say where there is nothing else"};
    return out;
}

base::Result<Restored> restore_file(const RestoreSettings& settings) {
    if (auto status = not_onto_itself(settings.input, settings.output); !status)
        return status.error();
    auto file = disk::SoundFileReader::open(settings.input);
    if (!file) return file.error();
    const disk::SoundInfo& info = file->info();
    Restored out{.rate = info.rate,
                 .format = settings.format.value_or(info.format.value_or(disk::Format{}))};
    auto room = disk::Scratch::create(fs::absolute(settings.output).parent_path(),
                                      static_cast<std::size_t>(info.frames) * info.channels);
    if (!room) return room.error();
    const auto frames = read_all(*file, room->samples());
    if (!frames) return frames.error();
    out.frames = *frames;
    if (*frames == 0) return base::Error{"there is no sound in it", settings.input.string()};
    const std::size_t apart = static_cast<std::size_t>(info.frames);
    std::vector<const float*> channels;
    for (std::size_t c = 0; c < info.channels; ++c) {
        const auto samples = room->samples().subspan(c * apart, *frames);
        const auto found = restore::restore(samples, info.rate, settings.blocks);
        if (!found)
            return base::Error{found.error().what, settings.input.string(), found.error().hint};
        out.channels.push_back(*found);
        out.peak = std::max(out.peak, largest(samples));
        channels.push_back(samples.data());
    }
    if (out.format.coding != disk::Coding::float32 && out.peak > 1.0) {
        const double gain = kBelowFullScale / out.peak;
        for (float& x : room->samples()) x = static_cast<float>(gain * static_cast<double>(x));
        out.gain_dB = dB(gain);
    }
    if (const auto written = write_all(settings, out, channels); !written) return written.error();
    return out;
}

namespace {

template <typename... Values>
std::string said(const char* format, Values... values) {
    std::array<char, 200> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

std::string to_text(const restore::Found& found) {
    const auto count = [](std::uint64_t number) { return static_cast<unsigned long long>(number); };
    std::string out;
    if (found.not_finite != 0)
        out += said("  %llu samples were no numbers and are silence\n", count(found.not_finite));
    if (const auto& one = found.clipping) {
        if (one->runs == 0)
            out += "  clipping  none\n";
        else
            out += said(
                "  clipping  %llu samples in %llu places, at %.2f / %.2f dBFS; now up to %+.2f\n",
                count(one->samples), count(one->runs), dB(one->above), dB(one->below),
                dB(one->peak));
    }
    if (const auto& one = found.clicks)
        out += said("  clicks    %llu, %llu samples\n", count(one->clicks), count(one->samples));
    if (const auto& one = found.dc)
        out += said("  offset    %.1f dBFS, %s\n", dB(std::fabs(one->offset)),
                    one->removed ? "taken off" : "left");
    if (const auto& one = found.hum) {
        if (!one->found)
            out += "  hum       none\n";
        else
            out += said("  hum       %.3f Hz (%.3f to %.3f), %.1f dBFS, %zu harmonics\n",
                        one->hertz, one->lowest, one->highest, dB(one->level), one->harmonics);
    }
    if (const auto& one = found.noise)
        out += said("  noise     %.1f dBFS, now %.1f\n", dB(one->floor), dB(one->after));
    return out;
}

}  // namespace

std::string to_text(const Restored& restored) {
    std::string out;
    for (std::size_t c = 0; c < restored.channels.size(); ++c)
        out += said("channel %zu\n", c + 1) + to_text(restored.channels[c]);
    out += said("peak %+.2f dBFS", dB(restored.peak));
    if (restored.gain_dB != 0.0)
        out += said(", turned down by %.2f dB to fit into %s", -restored.gain_dB,
                    disk::format_name(restored.format).c_str());
    return out;
}

}  // namespace mixrig::app
