// mixrig measure: what can be said of sound files in figures.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/json.h"
#include "src/app/listen.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

namespace mixrig::app {
namespace {

struct MeasureOptions {
    std::vector<std::string> files;
    bool json = false;
};

Json channel_json(const monitor::ChannelMeasurement& c) {
    Json out = Json::object();
    out.set("sample_peak_dbfs", c.sample_peak_dBFS)
        .set("true_peak_dbtp", c.true_peak_dBTP)
        .set("rms_dbfs", c.rms_dBFS)
        .set("dc_offset", c.dc_offset)
        .set("clips", c.clipped_runs)
        .set("clipped_samples", c.clipped_samples)
        .set("samples_over", c.samples_over)
        .set("not_finite", c.not_finite);
    return out;
}

Json file_json(const std::string& path, const monitor::Measurement& m) {
    Json each = Json::list();
    for (const auto& channel : m.each) each.add(channel_json(channel));
    Json out = Json::object();
    out.set("file", path)
        .set("channels", m.channels)
        .set("rate_hz", m.rate.value)
        .set("frames", m.frames)
        .set("duration_s", m.duration.value)
        .set("integrated_lufs", m.integrated_lufs)
        .set("short_term_max_lufs", m.short_term_max_lufs)
        .set("momentary_max_lufs", m.momentary_max_lufs)
        .set("range_lu", m.range_lu)
        .set("true_peak_dbtp", m.true_peak_dBTP)
        .set("sample_peak_dbfs", m.sample_peak_dBFS)
        .set("rms_dbfs", m.rms_dBFS)
        .set("crest_db", m.crest_dB)
        .set("plr_lu", m.plr_lu);
    if (m.correlation) out.set("correlation", *m.correlation);
    if (m.mono_loss_lu) out.set("mono_loss_lu", *m.mono_loss_lu);
    out.set("clipped_samples", m.clipped_samples())
        .set("samples_over", m.samples_over())
        .set("not_finite", m.not_finite())
        .set("each", std::move(each));
    return out;
}

int run_measure(const MeasureOptions& options) {
    int code = kDone;
    Json all = Json::list();
    for (const std::string& path : options.files) {
        const auto measured = listen(path);
        if (!measured) {
            code = fail(measured.error());
            if (options.json)
                all.add(std::move(
                    Json::object().set("file", path).set("error", measured.error().text())));
        } else if (options.json) {
            all.add(file_json(path, *measured));
        } else {
            if (options.files.size() > 1) print_line(path);
            print_line(monitor::to_text(*measured));
        }
    }
    if (options.json) print_line(all.text());
    return code;
}

}  // namespace

Command add_measure(CLI::App& mixrig) {
    auto options = std::make_shared<MeasureOptions>();
    CLI::App* app = mixrig.add_subcommand(
        "measure", "Measure sound files: loudness, peaks, crest, correlation, clips");
    app->add_option("FILE", options->files, "WAV, AIFF, FLAC, RF64...")->required();
    app->add_flag("--json", options->json,
                  "A list with one object a file; the level of silence is null");
    return {app, [options] { return run_measure(*options); }};
}

}  // namespace mixrig::app
