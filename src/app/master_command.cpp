// mixrig master: a stereo file, mastered.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/cli.h"
#include "src/app/json.h"
#include "src/app/master.h"

#include <CLI/CLI.hpp>

#include <limits>
#include <memory>
#include <string>

namespace mixrig::app {
namespace {

constexpr double kNotSaid = std::numeric_limits<double>::quiet_NaN();

struct Options {
    std::string input, output, chain, profile = "streaming", format = "wav24";
    double lufs = kNotSaid, ceiling = kNotSaid;
    unsigned rate = 0;
    bool json = false;
};

Json sound_json(const monitor::Measurement& m) {
    Json out = Json::object();
    out.set("integrated_lufs", m.integrated_lufs)
        .set("range_lu", m.range_lu)
        .set("true_peak_dbtp", m.true_peak_dBTP)
        .set("crest_db", m.crest_dB)
        .set("duration_s", m.duration.value);
    return out;
}

int run(const Options& options) {
    const auto format = disk::parse_format(options.format);
    if (!format) return fail(format.error());
    const auto profile = master_profile(options.profile);
    if (!profile) return fail(profile.error());
    const MasterSettings settings{
        .input = options.input,
        .output = options.output,
        .chain = options.chain,
        .lufs = options.lufs == options.lufs ? options.lufs : profile->lufs,
        .ceiling_dBTP =
            options.ceiling == options.ceiling ? options.ceiling : profile->ceiling_dBTP,
        .format = *format,
        .rate = static_cast<double>(options.rate)};
    const auto mastered = master(settings);
    if (!mastered) return fail(mastered.error());
    if (options.json) {
        Json out = Json::object();
        out.set("file", options.output)
            .set("target_lufs", settings.lufs)
            .set("ceiling_dbtp", settings.ceiling_dBTP)
            .set("reached", mastered->reached)
            .set("gain_db", mastered->gain_dB)
            .set("reduction_db", mastered->reduction_dB)
            .set("before", sound_json(mastered->before))
            .set("after", sound_json(mastered->after));
        print_line(out.text());
    } else {
        print_line(to_text(*mastered, settings));
    }
    return mastered->reached ? kDone : kFailed;
}

}  // namespace

Command add_master(CLI::App& mixrig) {
    auto options = std::make_shared<Options>();
    CLI::App* app = mixrig.add_subcommand(
        "master", "Master a stereo file; 1 when loudness and ceiling cannot both be had");
    app->add_option("input", options->input, "The mix")->required()->type_name("FILE");
    app->add_option("-o,--output", options->output, "The master")->required()->type_name("FILE");
    app->add_option("--profile", options->profile,
                    "Loudness and ceiling of a medium: " + master_profile_names());
    app->add_option("--lufs", options->lufs, "Integrated loudness, in place of the profile's")
        ->check(CLI::Range(-60.0, 0.0));
    app->add_option("--ceiling", options->ceiling, "True peak in dBTP, in place of the profile's")
        ->check(CLI::Range(-30.0, 0.0));
    app->add_option("--chain", options->chain,
                    "A scene of the master chain: lines such as `/main/master/comp/1/on on`")
        ->type_name("FILE");
    app->add_option("--format", options->format, "One of: " + disk::format_names());
    app->add_option("--rate", options->rate, "Sample rate in Hz; without it the input's")
        ->check(CLI::Range(8000u, 384000u));
    app->add_flag("--json", options->json, "All figures as one object");
    return {app, [options] { return run(*options); }};
}

}  // namespace mixrig::app
