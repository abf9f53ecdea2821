// docs/check.md, from the tables.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/rules_page.h"

#include "src/app/check/catalogue.h"
#include "src/app/check/rules.h"

#include <array>
#include <string_view>

namespace mixrig::app::check {
namespace {

constexpr std::string_view kIntroduction =
    R"(# The mix doctor

    mixrig check song.toml                            # renders the song once, listens at every strip
    mixrig check master.wav --profile cd
    mixrig check mix.wav --profile classic --reference hit.flac --report mix.html
    mixrig check song.toml --gate                     # exit code 1 when a rule fails

This page is what `mixrig check --rules --markdown` prints; a test compares the two.

Every rule of mixing practice that a program can judge: pass, warn or fail, with its figure and what to do. `--all` prints what passed as
well, `--json` everything. `--report` writes one page that needs nothing else: verdicts, loudness and correlation over time, the spectrum against the
reference (without one, against a slope of -4.5 dB an octave, which long-term averages of finished music come near), the gain reduction of the main
bus, and which strip masks which. It changes nothing: it is the mix that has to change.

A song is rendered as `mixrig bounce` does, without its file and until it has decayed (`--tail` says another length). Levels, loudness and gain
reduction come from the engine's own meters; spectra are computed on a second thread. Of the demo song, sixteen tracks of a minute, the render takes
4.4 s of processor time where a bounce takes 4.0 s, and the second thread 1.5 s. Settings are those at the start of the song. `role` of a `[[track]]`
(vocal, lead_vocal, lead, kick, bass, snare, drums, other) lets rules know what a track is; without it they leave it alone.

## Profiles

Where practice disagrees with itself, a profile decides. Without `--profile` a song is judged as `classic`, a file as `streaming`.

| profile | judges |
|---|---|
)";

constexpr std::string_view kSettled = R"(
- Peak of a mix: -6 to -3 dBFS; to -1 dBFS is a warning.
- Compression on the main bus of a mix: 2 dB are allowed, limiting is not. What stands before the chain is judged, so a chain that is on does not hide it.
- True peak: the ceiling of the medium. A tenth of a dB more is a difference between meters.

## Live

    /qa/list                 -> /qa/list ,sss KEY result title, one a rule; /qa/list/end
    /qa/B03                  -> /qa/B03 ,sfs pass -4.2 "peak of the mix before the chain: -4.2 dBFS"
    /qa/A01 ,s /ch/3         the same of one strip; without an argument the strip that is worst
    /qa/profile ,s float32   which profile from now on; without an argument, which it is

`result` is pass, warn, fail, or `none` when there is nothing to judge yet. Rules that are judged live say so below. Peaks, clips and mean reductions are those since
the start or since `/qa/reset`; loudness and true peak are those of `/meters/loudness`, behind the chain. A peak of a channel may be read up to 1 dB too low, because
its meter falls while nobody looks.

## Rules

Windows without a source in practice are ours: they say "look here", no more.

| rule | of | judges | passes | warns | profiles | live |
|---|---|---|---|---|---|---|
)";

constexpr std::string_view kMeasures = R"(
How some of them are measured:

- A04: samples of 1.0 and more behind the trim, before or behind the fader, whichever has most. The desk computes in floats: only the first of them is lost for good.
- B09: in windows of 171 ms (at 48 kHz) and third octaves. A third octave of a strip is masked where another strip is 6 dB louder there; the figure is the share of the strip's
  K-weighted power that the strip with most influence masks, but for strips of its own `stem`. Panning is not taken into account.
- B06: how far peaks stand above the RMS of their second, on the mean, before the chain and behind it.
- E05 to E07, K08: the mean is taken while the input of the strip is above -60 dBFS. The reduction is looked at fifty times a second. Of the multiband
  compressor it is that of the band that works most.
- F08: power of (L - R) / 2 below 90 Hz over that of (L + R) / 2.
- B08, I07: third octaves from 50 Hz to 10 kHz, both sounds made equally loud.
- B10: a strip's is K-weighted; over time it is that of 0.4 s, ten times a second.
- N11: -60 dBFS passes: below it an edge is not heard.

## What to do

| rule | when it does not pass |
|---|---|
)";

constexpr std::string_view kRows = R"(
## All rows of mixing practice

Of 166 rows, who judges each.

| row | asks for | judged by | |
|---|---|---|---|
)";

std::string profiles_text(Profiles in) {
    if (in == kAnyProfile) return "all";
    if (in == kMixes) return "mixes";
    if (in == kMasters) return "masters";
    std::string out;
    for (std::size_t p = 0; p < kProfiles; ++p)
        if (in & only(static_cast<Profile>(p)))
            out.append(out.empty() ? "" : ", ").append(profile_name(static_cast<Profile>(p)));
    return out;
}

std::string warn_text(const Bounds& bounds, std::string_view unit) {
    const bool strict = bounds.warn.low == bounds.pass.low && bounds.warn.high == bounds.pass.high;
    return strict ? "-" : window_text(bounds.warn, unit);
}

void add_rule(std::string& out, const Rule& rule) {
    for (const Bounds& bounds : rule.bounds) {
        if (bounds.in == 0) continue;
        out.append("| ").append(rule.key).append(" | ").append(rule.rows).append(" | ");
        out.append(rule.title).append(" | ");
        out.append(window_text(bounds.pass, rule.unit)).append(" | ");
        out.append(warn_text(bounds, rule.unit)).append(" | ");
        out.append(profiles_text(bounds.in)).append(" | ");
        out.append(rule.live ? "live" : "").append(" |\n");
    }
}

std::string rules_of(std::string_view row) {
    std::string out;
    for (const Rule& rule : rules())
        if (rule.rows.find(row) != std::string_view::npos)
            out.append(out.empty() ? "" : ", ").append(rule.key);
    return out;
}

std::string judged_by(const PracticeRow& row) {
    constexpr std::array<std::string_view, 6> kJudges = {
        "", "`mixrig verify`", "a command", "the desk, as it is built", "a person", "nobody"};
    return row.judge == Judge::check ? rules_of(row.id)
                                     : std::string(kJudges[static_cast<std::size_t>(row.judge)]);
}

}  // namespace

std::string rules_markdown() {
    std::string out(kIntroduction);
    for (std::size_t p = 0; p < kProfiles; ++p) {
        const auto profile = static_cast<Profile>(p);
        out.append("| `").append(profile_name(profile)).append("` | ");
        out.append(profile_text(profile)).append(" |\n");
    }
    out.append(kSettled);
    for (const Rule& rule : rules()) add_rule(out, rule);
    out.append(kMeasures);
    for (const Rule& rule : rules())
        out.append("| ").append(rule.key).append(" | ").append(rule.advice).append(" |\n");
    out.append(kRows);
    for (const PracticeRow& row : practice()) {
        out.append("| ").append(row.id).append(" | ").append(row.title).append(" | ");
        out.append(judged_by(row)).append(" | ").append(row.why).append(" |\n");
    }
    return out;
}

std::string rules_text() {
    std::string out;
    for (const Rule& rule : rules())
        for (const Bounds& bounds : rule.bounds) {
            if (bounds.in == 0) continue;
            out.append(rule.key).append("  ").append(rule.title).append(": ");
            out.append(window_text(bounds.pass, rule.unit));
            out.append(" (").append(profiles_text(bounds.in)).append(")\n");
        }
    return out;
}

}  // namespace mixrig::app::check
