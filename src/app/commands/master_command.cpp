// mixrig master: a stereo file, mastered.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/json.h"
#include "src/app/master/master.h"
#include "src/app/master/reference.h"
#include "src/session/atomic_file.h"

#include <CLI/CLI.hpp>

#include <limits>
#include <memory>
#include <optional>
#include <string>

namespace mixrig::app {
namespace {

constexpr double kNotSaid = std::numeric_limits<double>::quiet_NaN();

struct MasterOptions {
    std::string input, output, chain, profile = "streaming", format = "wav24", dither = "tpdf",
                                      reference, suggest;
    double lufs = kNotSaid, ceiling = kNotSaid;
    unsigned rate = 0;
    bool json = false, match = false;
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

base::Result<MasterSettings> settings_of(const MasterOptions& options) {
    const auto format = disk::parse_format(options.format);
    if (!format) return format.error();
    const auto dither = disk::parse_dither(options.dither);
    if (!dither) return dither.error();
    const auto profile = master_profile(options.profile);
    if (!profile) return profile.error();
    return MasterSettings{.input = options.input,
                          .output = options.output,
                          .chain = options.chain,
                          .lufs = options.lufs == options.lufs ? options.lufs : profile->lufs,
                          .ceiling_dBTP = options.ceiling == options.ceiling
                                              ? options.ceiling
                                              : profile->ceiling_dBTP,
                          .format = *format,
                          .dither = *dither,
                          .rate = static_cast<double>(options.rate)};
}

base::Result<Comparison> compare_files(const std::string& mix, const std::string& reference) {
    auto one = portray(mix);
    if (!one) return one.error();
    auto other = portray(reference);
    if (!other) return other.error();
    return compare(*std::move(one), *std::move(other));
}

void add_figures(Json& out, const Mastered& mastered, const MasterSettings& settings) {
    out.set("file", settings.output.string())
        .set("target_lufs", settings.lufs)
        .set("ceiling_dbtp", settings.ceiling_dBTP)
        .set("reached", mastered.reached)
        .set("reason", mastered.reason)
        .set("gain_db", mastered.gain_dB)
        .set("reduction_db", mastered.reduction_dB)
        .set("passes", mastered.passes)
        .set("before", sound_json(mastered.before))
        .set("after", sound_json(mastered.after));
}

// Prints the comparison, and writes its lines if they are wanted.
base::Status say_comparison(const Comparison& comparison, const MasterSettings& settings,
                            const MasterOptions& options, Json& json) {
    const auto lines = lines_behind_chain(settings, comparison.suggested);
    if (!lines) return lines.error();
    if (options.json)
        json.set("comparison", std::move(to_json(comparison).set("chain_lines", *lines)));
    else
        print_line(to_text(comparison) + "\n" + *lines);
    if (options.suggest.empty()) return base::Done{};
    return session::save_atomically(options.suggest, *lines, session::Keep::nothing,
                                    session::Readers::everybody);
}

int run_master(const MasterOptions& options) {
    auto settings = settings_of(options);
    if (!settings) return fail(settings.error());
    Json out = Json::object();
    std::optional<Comparison> comparison;
    if (!options.reference.empty()) {
        auto compared = compare_files(options.input, options.reference);
        if (!compared) return fail(compared.error());
        comparison = *std::move(compared);
        if (auto status = say_comparison(*comparison, *settings, options, out); !status)
            return fail(status.error());
        if (options.match) settings->match = comparison->suggested;
    }
    if (options.output.empty()) {
        if (options.json) print_line(out.text());
        return kDone;
    }
    const auto mastered = master(*settings);
    if (!mastered) return fail(mastered.error());
    std::optional<double> left;
    if (comparison) {
        auto portrait = portray(options.output);
        if (!portrait) return fail(portrait.error());
        left = distance_dB(compare(*std::move(portrait), comparison->reference));
    }
    if (options.json) {
        add_figures(out, *mastered, *settings);
        if (mastered->restored) out.set("restored", to_text(*mastered->restored));
        if (left) out.set("distance_db", *left);
        print_line(out.text());
    } else {
        print_line(to_text(*mastered, *settings));
        if (left) print_line(distance_text(*left));
    }
    return mastered->reached ? kDone : kFailed;
}

}  // namespace

Command add_master(CLI::App& mixrig) {
    auto options = std::make_shared<MasterOptions>();
    CLI::App* app = mixrig.add_subcommand(
        "master", "Master a stereo file; 1 when loudness and ceiling cannot both be had");
    app->add_option("input", options->input, "The mix")->required()->type_name("FILE");
    CLI::Option* output = app->add_option("-o,--output", options->output,
                                          "The master; needed unless --reference alone is asked");
    output->type_name("FILE");
    app->add_option("--profile", options->profile,
                    "Loudness and ceiling of a medium: " + master_profile_names());
    app->add_option("--lufs", options->lufs, "Integrated loudness, in place of the profile's")
        ->check(CLI::Range(-60.0, 0.0));
    app->add_option("--ceiling", options->ceiling, "True peak in dBTP, in place of the profile's")
        ->check(CLI::Range(-30.0, 0.0));
    app->add_option("--chain", options->chain,
                    "A scene of the master chain: lines such as `/main/master/comp/1/on on`")
        ->type_name("FILE");
    CLI::Option* reference = app->add_option(
        "--reference", options->reference,
        "A track to compare with: balance, range, crest, width, and a broad equaliser towards it");
    reference->type_name("FILE");
    app->add_option("--suggest", options->suggest,
                    "Write that equaliser there, as lines of a chain file")
        ->type_name("FILE")
        ->needs(reference);
    app->add_flag("--match", options->match, "Master with that equaliser behind the chain's own")
        ->needs(reference)
        ->needs(output);
    app->add_option("--format", options->format, "One of: " + disk::format_names());
    app->add_option("--dither", options->dither, "Of 16 bit; one of: " + disk::dither_names());
    app->add_option("--rate", options->rate, "Sample rate in Hz; without it the input's")
        ->check(CLI::Range(8000u, 384000u));
    app->add_flag("--json", options->json, "All figures as one object");
    app->parse_complete_callback([output, reference] {
        if (output->count() + reference->count() == 0) throw CLI::RequiredError("--output");
    });
    return {app, [options] { return run_master(*options); }, true};
}

}  // namespace mixrig::app
