// mixrig tune: a voice put in tune.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/json.h"
#include "src/app/look_at.h"
#include "src/disk/sound_file_reader.h"
#include "src/disk/sound_file_writer.h"
#include "src/tune/tune.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>

namespace mixrig::app {
namespace {

constexpr double kLowestRate = 8000.0, kHighestRate = 192000.0;

struct TuneOptions {
    std::string input, output, scale, formants = "on", format = "wav24";
    double strength = 100.0, speed = 100.0;
    bool json = false;
};

struct TuneReport {
    double sung_s = 0.0, off_cents = 0.0, left_cents = 0.0, most_cents = 0.0;
};

// How far its notes are off, on average; vibrato is nothing that is off.
double cents_off(const tune::PitchCurve& curve, tune::Settings settings) {
    settings.strength = 1.0;
    double sum = 0.0, readings = 0.0;
    const auto off = tune::correction(curve, settings);
    for (std::size_t i = 0; i < off.size(); ++i) {
        if (curve[i] == tune::kUnvoiced) continue;
        sum += 100.0 * std::fabs(static_cast<double>(off[i]));
        readings += 1.0;
    }
    return readings > 0.0 ? sum / readings : 0.0;
}

// What is left is what is heard in the result.
TuneReport report_of(const tune::Tuned& tuned, const disk::Sound& result,
                     const tune::Settings& settings) {
    TuneReport out{.off_cents = cents_off(tuned.before, settings),
                   .left_cents = cents_off(tune::find_pitch(result.tracks, result.rate), settings)};
    for (const float key : tuned.before) out.sung_s += key == tune::kUnvoiced ? 0.0 : tune::kHop;
    for (const float moved : tuned.moved)
        out.most_cents = std::max(out.most_cents, 100.0 * std::fabs(static_cast<double>(moved)));
    return out;
}

base::Result<disk::Sound> voice_of(const std::string& path) {
    auto sound = disk::read_whole(path);
    if (!sound) return sound;
    if (sound->frames() == 0) return no_sound(path);
    if (sound->channels() > 2)
        return base::Error{"has " + std::to_string(sound->channels()) + " channels", path,
                           "a voice is mono or stereo"};
    if (sound->rate.value < kLowestRate || sound->rate.value > kHighestRate)
        return base::Error{"cannot be tuned at this sample rate", path, "8 to 192 kHz"};
    for (const auto& track : sound->tracks)
        if (!std::all_of(track.begin(), track.end(), [](float x) { return std::isfinite(x); }))
            return base::Error{"holds samples that are not numbers", path, "record it anew"};
    return sound;
}

void tell(const TuneOptions& options, const TuneReport& report) {
    if (options.json) {
        Json out = Json::object();
        out.set("file", options.output)
            .set("sung_s", report.sung_s)
            .set("off_cents", report.off_cents)
            .set("left_cents", report.left_cents)
            .set("most_cents", report.most_cents);
        return print_line(out.text());
    }
    std::printf("%.1f s are sung, %.1f cents off on average, now %.1f; moved by %.1f at most\n",
                report.sung_s, report.off_cents, report.left_cents, report.most_cents);
}

int run_tune(const TuneOptions& options) {
    if (auto status = not_onto_itself(options.input, options.output); !status)
        return fail(status.error());
    const auto format = disk::parse_format(options.format);
    if (!format) return fail(format.error());
    const auto scale = tune::parse_scale(options.scale);
    if (!scale) return fail({scale.error().what, "--scale", scale.error().hint});
    auto sound = voice_of(options.input);
    if (!sound) return fail(sound.error());
    const tune::Settings settings{.scale = *scale,
                                  .strength = options.strength / 100.0,
                                  .speed = {options.speed / 1000.0},
                                  .keeps_formants = options.formants == "on"};
    const tune::Tuned tuned = tune::tune(sound->tracks, sound->rate, settings);
    if (auto written = disk::write_whole(options.output, *sound, *format); !written)
        return fail(written.error());
    tell(options, report_of(tuned, *sound, settings));
    return kDone;
}

}  // namespace

Command add_tune(CLI::App& mixrig) {
    auto options = std::make_shared<TuneOptions>();
    CLI::App* app = mixrig.add_subcommand("tune", "Put a voice in tune");
    app->add_option("input", options->input, "One voice, alone")->required()->type_name("FILE");
    app->add_option("-o,--output", options->output, "The voice in tune")
        ->required()
        ->type_name("FILE");
    app->add_option("--scale", options->scale,
                    "\"A minor\", \"Bb major\", \"chromatic\", or notes: \"C E G\"")
        ->required();
    app->add_option("--strength", options->strength, "Per cent of the way to the note")
        ->check(CLI::Range(0.0, 100.0))
        ->capture_default_str();
    app->add_option("--speed", options->speed,
                    "Milliseconds; what moves faster, vibrato, is left; 0 leaves none")
        ->check(CLI::Range(0.0, 2000.0))
        ->capture_default_str();
    app->add_option("--formants", options->formants, "on: vowels stay what they are")
        ->check(CLI::IsMember({"on", "off"}))
        ->capture_default_str();
    app->add_option("--format", options->format, "One of: " + disk::format_names());
    app->add_flag("--json", options->json, "All figures as one object");
    return {app, [options] { return run_tune(*options); }, true};
}

}  // namespace mixrig::app
