// mixrig restore: a file, mended.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/json.h"
#include "src/app/master/restoration.h"

#include <CLI/CLI.hpp>

#include <cmath>
#include <memory>
#include <string>

namespace mixrig::app {
namespace {

struct RestoreOptions {
    std::string input, output, chain, hum, noise, format;
    bool clicks = false, clipping = false, dc = false, json = false;
};

// The options are short for rows of a chain file.
std::string rows_of(const RestoreOptions& options) {
    std::string out;
    if (options.clipping) out += "/restore/clipping/on on\n";
    if (options.clicks) out += "/restore/clicks/on on\n";
    if (options.dc) out += "/restore/dc/on on\n";
    if (!options.hum.empty()) out += "/restore/hum/on on\n/restore/hum/mains " + options.hum + "\n";
    if (const std::size_t dash = options.noise.find('-'); !options.noise.empty())
        out += "/restore/noise/on on\n/restore/noise/from " + options.noise.substr(0, dash) +
               " s\n/restore/noise/to " + options.noise.substr(dash + 1) + " s\n";
    return out;
}

base::Result<restore::Settings> blocks_of(const RestoreOptions& options) {
    const param::Layout layout = with_restoration(param::DeskShape::of(1, 0, 0, 0, 0));
    session::Scene scene;
    if (!options.noise.empty() && options.noise.find('-') == std::string::npos)
        return base::Error{"`--noise " + options.noise + "` does not say where to learn the noise",
                           {},
                           "two times in seconds, such as 0.2-1.5"};
    if (!options.chain.empty()) {
        const auto chain = session::load_scene(options.chain, layout);
        if (!chain) return chain.error();
        for (const session::Setting& one : *chain)
            if (!layout.address(one.slot).starts_with("/restore/"))
                return base::Error{layout.address(one.slot) + " is no part of a restoration",
                                   options.chain,
                                   "`mixrig master` takes /restore/... and the master chain"};
        scene = *chain;
    }
    const auto rows = session::parse_scene(rows_of(options), layout, "the command line");
    if (!rows) return rows.error();
    scene.insert(scene.end(), rows->begin(), rows->end());
    auto blocks = restoration_of(layout, scene);
    if (blocks && !blocks->any())
        return base::Error{"there is nothing to do",
                           {},
                           "--clicks, --clipping, --hum, --noise FROM-TO, --dc, or a --chain"};
    return blocks;
}

double dB(double ratio) {
    return 20.0 * std::log10(ratio);  // of silence minus infinity: null in JSON
}

Json channel_json(const restore::Found& found) {
    Json out = Json::object();
    out.set("not_finite", found.not_finite);
    if (const auto& one = found.clipping)
        out.set("clipping", std::move(Json::object()
                                          .set("runs", one->runs)
                                          .set("samples", one->samples)
                                          .set("above_dbfs", dB(one->above))
                                          .set("below_dbfs", dB(one->below))
                                          .set("peak_dbfs", dB(one->peak))));
    if (const auto& one = found.clicks)
        out.set("clicks",
                std::move(Json::object().set("clicks", one->clicks).set("samples", one->samples)));
    if (const auto& one = found.dc)
        out.set("dc", std::move(Json::object()
                                    .set("offset_dbfs", dB(std::fabs(one->offset)))
                                    .set("removed", one->removed)));
    if (const auto& one = found.hum)
        out.set("hum", std::move(Json::object()
                                     .set("found", one->found)
                                     .set("hz", one->hertz)
                                     .set("lowest_hz", one->lowest)
                                     .set("highest_hz", one->highest)
                                     .set("level_dbfs", dB(one->level))
                                     .set("harmonics", one->harmonics)));
    if (const auto& one = found.noise)
        out.set("noise", std::move(Json::object()
                                       .set("floor_dbfs", dB(one->floor))
                                       .set("after_dbfs", dB(one->after))));
    return out;
}

int run_restore(const RestoreOptions& options) {
    const auto blocks = blocks_of(options);
    if (!blocks) return fail(blocks.error());
    RestoreSettings settings{.input = options.input, .output = options.output, .blocks = *blocks};
    if (!options.format.empty()) {
        const auto format = disk::parse_format(options.format);
        if (!format) return fail(format.error());
        settings.format = *format;
    }
    const auto restored = restore_file(settings);
    if (!restored) return fail(restored.error());
    if (!options.json) {
        print_line(to_text(*restored));
        return kDone;
    }
    Json channels = Json::list();
    for (const restore::Found& one : restored->channels) channels.add(channel_json(one));
    Json out = Json::object();
    out.set("file", options.output)
        .set("format", disk::format_name(restored->format))
        .set("rate_hz", restored->rate.value)
        .set("frames", restored->frames)
        .set("peak_dbfs", dB(restored->peak))
        .set("gain_db", restored->gain_dB)
        .set("channels", std::move(channels));
    print_line(out.text());
    return kDone;
}

}  // namespace

Command add_restore(CLI::App& mixrig) {
    auto options = std::make_shared<RestoreOptions>();
    CLI::App* app = mixrig.add_subcommand("restore",
                                          "Mend a sound file: clicks, clipping, hum, "
                                          "noise, offset");
    app->add_option("input", options->input, "The damaged file")->required()->type_name("FILE");
    app->add_option("-o,--output", options->output, "The mended one")
        ->required()
        ->type_name("FILE");
    app->add_option("--chain", options->chain, "Rows such as `/restore/clicks/threshold 8`")
        ->type_name("FILE");
    app->add_flag("--clipping", options->clipping, "Put back what was cut off");
    app->add_flag("--clicks", options->clicks, "Mend clicks and pops");
    app->add_flag("--dc", options->dc, "Take an offset off");
    app->add_option("--hum", options->hum, "Take mains hum off: 50, 60, or auto")
        ->expected(0, 1)
        ->default_str("auto")
        ->check(CLI::IsMember({"auto", "50", "60"}));
    app->add_option("--noise", options->noise,
                    "Turn noise down, learnt between these seconds, such as 0.2-1.5")
        ->type_name("FROM-TO");
    app->add_option("--format", options->format,
                    "One of: " + disk::format_names() + "; without it the input's");
    app->add_flag("--json", options->json, "What was found as one object");
    return {app, [options] { return run_restore(*options); }, true};
}

}  // namespace mixrig::app
