// The mix doctor: every rule with facts that pass and facts that fail, and the facts by sound.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/catalogue.h"
#include "src/app/check/live_qa.h"
#include "src/app/check/rules.h"
#include "src/app/check/sound_listener.h"
#include "src/app/check/streams.h"
#include "src/app/check/svg.h"
#include "src/app/master/master.h"
#include "src/param/actions.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numbers>
#include <random>
#include <set>
#include <string>

using namespace mixrig;
using namespace mixrig::app;
using namespace mixrig::app::check;

namespace check_test {

constexpr dsp::Hertz kRate{48000.0};

// A song of two tracks, an effect and a chain that nobody could find fault with.
Facts good(Profile profile) {
    Facts f{.name = "good"};
    StripFacts kick{.address = "/ch/1", .name = "Kick", .role = session::Role::kick};
    kick.sounds = true;
    kick.input_peak_dBFS = profile == Profile::float32 ? -7.0 : -15.0;
    kick.clips = 0;
    kick.lufs = -20.0;
    kick.comps = {CompFacts{true, 2.0, 4.0}, CompFacts{true, 1.5, 3.0}};
    kick.masked = 10.0;
    StripFacts voice = kick;
    voice.address = "/ch/2";
    voice.name = "Voice";
    voice.role = session::Role::vocal;
    voice.stereo = true;
    voice.correlation = 0.8;
    voice.mono_loss_lu = 0.5;
    voice.low_side_dB = -40.0;
    voice.rumble_dB = -40.0;
    StripFacts hall{.address = "/fx/1", .name = "Hall", .kind = param::Kind::fx};
    hall.fx_mono_below_Hz = 90.0;
    f.strips = {kick, voice, hall};
    ChainFacts chain;
    chain.comps[2] = {true, 1.5, 1.8};
    chain.comps[3] = {true, 1.0, 1.2};
    chain.peak_dBFS = -4.0;
    chain.clips = 0;
    chain.lufs = -18.0;
    chain.crest_dB = 14.0;
    chain.crest_behind_dB = 13.0;
    f.chain = chain;
    f.tracks = TracksFacts{.count = 2, .stems = 2};
    f.faults = 0;
    SoundFacts sound{.name = "mix.wav"};
    sound.measured = {.channels = 2,
                      .rate = profile == Profile::cd ? dsp::Hertz{44100.0} : kRate,
                      .integrated_lufs = -14.0,
                      .range_lu = 6.0,
                      .true_peak_dBTP = -1.2,
                      .sample_peak_dBFS = -1.4,
                      .plr_lu = 12.8,
                      .correlation = 0.7,
                      .mono_loss_lu = 0.6,
                      .each = {{}, {}}};
    sound.format = disk::Format{};
    sound.suffix = ".wav";
    double power = 1.0;
    for (double& band : sound.bands) band = power *= 0.89;
    sound.bands[0] = sound.bands[1] = 1e-4;
    sound.low_side_dB = -35.0;
    sound.begin_dBFS = sound.end_dBFS = -90.0;
    f.reference = sound;
    f.sound = std::move(sound);
    return f;
}

using Harm = std::function<void(Facts&)>;

// What makes each rule fail.
const std::map<std::string_view, Harm>& harms() {
    static const std::map<std::string_view, Harm> all = {
        {"A01", [](Facts& f) { f.strips[0].input_peak_dBFS = -1.0; }},
        {"A02", [](Facts& f) { f.strips[0].input_peak_dBFS = -40.0; }},
        {"A04", [](Facts& f) { f.strips[1].clips = 3; }},
        {"C02", [](Facts& f) { f.strips[0].pan = -0.8; }},
        {"D01", [](Facts& f) { f.strips[0].hpf_Hz = 120.0; }},
        {"D01-rumble", [](Facts& f) { f.strips[1].rumble_dB = -3.0; }},
        {"D06", [](Facts& f) { f.strips[0].boldest_eq_dB = 18.0; }},
        {"E06", [](Facts& f) { f.strips[0].comps[0].mean_dB = 9.0; }},
        {"E07", [](Facts& f) { f.strips[1].comps[1].mean_dB = 8.5; }},
        {"F07", [](Facts& f) { f.strips[1].holds_space = true; }},
        {"F08", [](Facts& f) { f.strips[1].low_side_dB = -2.0; }},
        {"F08-effect", [](Facts& f) { f.strips[2].fx_mono_below_Hz = 0.0; }},
        {"B10-strip", [](Facts& f) { f.strips[1].correlation = -0.9; }},
        {"I01-strip", [](Facts& f) { f.strips[1].mono_loss_lu = 12.0; }},
        {"B09", [](Facts& f) { f.strips[1].masked = 95.0; }},
        {"A05", [](Facts& f) { f.strips[0].name = f.strips[1].name = ""; }},
        {"A17", [](Facts& f) { f.strips.insert(f.strips.end(), 4, StripFacts(f.strips[1])); }},
        {"A17-level", [](Facts& f) { f.strips[1].lufs = -50.0; }},
        {"E03", [](Facts& f) { f.strips[0].gate_on = f.strips[1].gate_on = true; }},
        {"I05", [](Facts& f) { f.faults = 1; }},
        {"N06", [](Facts& f) { f.tracks->coarse = 1; }},
        {"H03", [](Facts& f) { f.tracks->ends_apart_s = 30.0; }},
        {"H01", [](Facts& f) { f.tracks->stems = 9; }},
        {"B03", [](Facts& f) { f.chain->peak_dBFS = -0.1; }},
        {"B04", [](Facts& f) { f.chain->clips = 1; }},
        {"B04-shapers", [](Facts& f) { f.chain->shapers = 1; }},
        {"J01",
         [](Facts& f) {
             f.chain->limiter_on = true;
             f.chain->limiter_dB = 4.0;
         }},
        {"E05", [](Facts& f) { f.chain->comps[2].most_dB = 5.0; }},
        {"K08", [](Facts& f) { f.chain->comps[2].mean_dB = 7.0; }},
        {"J03", [](Facts& f) { f.chain->boldest_eq_dB = 4.0; }},
        {"K04", [](Facts& f) { f.chain->boldest_eq_dB = 4.0; }},
        {"J03-cuts", [](Facts& f) { f.chain->cuts = 1; }},
        {"F09", [](Facts& f) { f.chain->reverbs = 1; }},
        {"J05", [](Facts& f) { f.chain->lufs = -9.0; }},
        {"B06", [](Facts& f) { f.chain->crest_behind_dB = 6.0; }},
        {"B05", [](Facts& f) { f.sound->measured.plr_lu = 5.0; }},
        {"B05-range", [](Facts& f) { f.sound->measured.range_lu = 0.2; }},
        {"K12", [](Facts& f) { f.sound->measured.true_peak_dBTP = -0.8; }},
        {"K13", [](Facts& f) { f.sound->measured.integrated_lufs = -9.0; }},
        {"B10", [](Facts& f) { f.sound->measured.correlation = -0.5; }},
        {"B10-time", [](Facts& f) { f.sound->negative_share = 0.5; }},
        {"I01", [](Facts& f) { f.sound->measured.mono_loss_lu = 9.0; }},
        {"F08-main", [](Facts& f) { f.sound->low_side_dB = -4.0; }},
        {"K03", [](Facts& f) { f.sound->bands[0] = 10.0; }},
        {"K17", [](Facts& f) { std::fill_n(f.sound->bands.begin() + 25, 6, 1e-9); }},
        {"B08", [](Facts& f) { std::fill_n(f.sound->bands.begin() + 10, 10, 1e-9); }},
        {"I07", [](Facts& f) { std::fill_n(f.sound->bands.begin() + 10, 10, 1e-9); }},
        {"L03", [](Facts& f) { f.sound->measured.each[1].dc_offset = -0.05; }},
        {"N02", [](Facts& f) { f.sound->measured.rate = {22050.0}; }},
        {"N03", [](Facts& f) { f.sound->format->coding = disk::Coding::pcm16; }},
        {"N05-cd", [](Facts& f) { f.sound->measured.rate = {48000.0}; }},
        {"N07", [](Facts& f) { f.sound->measured.rate = {44100.0}; }},
        {"N11", [](Facts& f) { f.sound->end_dBFS = -12.0; }},
        {"N11-begin", [](Facts& f) { f.sound->begin_dBFS = -3.0; }},
        {"N12", [](Facts& f) { f.sound->longest_silence_s = 8.0; }},
        {"N13", [](Facts& f) { f.sound->suffix = ".mp3"; }},
    };
    return all;
}

Profile first_profile(const Rule& rule) {
    for (std::size_t p = 0; p < kProfiles; ++p)
        if (bounds_of(rule, static_cast<Profile>(p)) != nullptr) return static_cast<Profile>(p);
    return Profile::classic;
}

Facts fixture(const Rule& rule) {
    Facts facts = good(first_profile(rule));
    if (rule.key == "B08") facts.reference.reset();
    return facts;
}

std::vector<float> sine(double hertz, double level, double turn, std::size_t frames) {
    std::vector<float> out;
    for (std::size_t n = 0; n < frames; ++n) {
        const double x =
            level * std::sin(2.0 * std::numbers::pi * hertz * static_cast<double>(n) / kRate.value);
        out.push_back(static_cast<float>(x));
        out.push_back(static_cast<float>(turn * x));
    }
    return out;
}

SoundFacts heard(const std::vector<float>& stereo) {
    auto listener = SoundListener::create({.channels = 2, .rate = kRate});
    REQUIRE(listener);
    listener->add(stereo);
    return listener->facts();
}

TEST_CASE("check: every rule has facts that pass and facts that do not") {
    for (const Rule& rule : rules()) {
        CAPTURE(rule.key);
        const Profile profile = first_profile(rule);
        const Facts facts = fixture(rule);
        const auto fine = judge(facts, profile, rule);
        CHECK_FALSE(fine.empty());
        for (const Verdict& verdict : fine) {
            CAPTURE(to_text(verdict));
            CHECK(verdict.grade == Grade::pass);
        }
        REQUIRE(harms().contains(rule.key));
        Facts harmed = facts;
        harms().at(rule.key)(harmed);
        CHECK(worst(judge(harmed, profile, rule)) == Grade::fail);
    }
    for (const auto& each : harms())
        CHECK_MESSAGE(find_rule(each.first) != nullptr, std::string(each.first));
}

TEST_CASE("check: keys are unique, found in whatever case, and windows lie in one another") {
    std::set<std::string_view> keys;
    for (const Rule& rule : rules()) {
        CAPTURE(rule.key);
        CHECK(keys.insert(rule.key).second);
        for (const Bounds& bounds : rule.bounds) {
            CHECK(bounds.warn.low <= bounds.pass.low);
            CHECK(bounds.warn.high >= bounds.pass.high);
        }
    }
    CHECK(find_rule("a17-LEVEL") == find_rule("A17-level"));
    CHECK(find_rule("Z99") == nullptr);
}

TEST_CASE("check: masters are asked for what `mixrig master` makes") {
    for (std::size_t p = 0; p < kProfiles; ++p) {
        const auto profile = static_cast<Profile>(p);
        const Bounds* const peak = bounds_of(*find_rule("K12"), profile);
        if (peak == nullptr) continue;
        const auto made = master_profile(profile_name(profile));
        REQUIRE(made);
        CHECK(peak->pass.high == doctest::Approx(made->ceiling_dBTP + 0.1));
        const Window target = bounds_of(*find_rule("K13"), profile)->pass;
        CHECK((target.low + target.high) / 2.0 == doctest::Approx(made->lufs));
    }
}

TEST_CASE("check: all 166 rows of practice have a judge, and the rules are theirs") {
    std::set<std::string_view> ids;
    for (const PracticeRow& row : practice()) {
        CAPTURE(row.id);
        CHECK(ids.insert(row.id).second);
        const bool has_rule = std::any_of(rules().begin(), rules().end(), [&](const Rule& rule) {
            return rule.rows.find(row.id) != std::string_view::npos;
        });
        CHECK((row.judge == Judge::check) == has_rule);
    }
    CHECK(ids.size() == 166);
    for (const Rule& rule : rules())
        for (std::size_t at = 0; at < rule.rows.size(); at += 4)
            CHECK(ids.contains(rule.rows.substr(at, 3)));
}

TEST_CASE("check: what is shown is what is judged") {
    Facts facts = good(Profile::classic);
    const Rule& rule = *find_rule("A01");
    facts.strips[0].input_peak_dBFS = -18.04;
    CHECK(judge(facts, Profile::classic, rule)[0].grade == Grade::pass);
    facts.strips[0].input_peak_dBFS = -18.06;
    CHECK(judge(facts, Profile::classic, rule)[0].grade == Grade::warn);
    CHECK(to_text(judge(facts, Profile::classic, rule)[0]).find("-18.1 dBFS, asked -18.0 to") !=
          std::string::npos);
    CHECK(judge(facts, Profile::float32, rule).empty());
}

TEST_CASE("check: a sine stands in its third octave with its power") {
    const SoundFacts f = heard(sine(1000.0, 0.5, 1.0, 96000));
    double all = 0.0;
    for (const double power : f.bands) all += power;
    CHECK(f.bands[17] == doctest::Approx(0.125).epsilon(0.01));
    CHECK(all == doctest::Approx(0.125).epsilon(0.01));
    CHECK_FALSE(f.low_side_dB);  // nothing is there
    CHECK(f.negative_share == 0.0);
    CHECK(f.end_dBFS == doctest::Approx(-6.02).epsilon(0.01));
    CHECK(f.short_term.values.size() == 20);
}

TEST_CASE("check: a wide bass, a turned side and a hole are heard") {
    const SoundFacts wide = heard(sine(50.0, 0.5, 0.0, 48000));
    REQUIRE(wide.low_side_dB);
    CHECK(*wide.low_side_dB == doctest::Approx(0.0).epsilon(0.1));
    const SoundFacts turned = heard(sine(50.0, 0.5, -1.0, 48000));
    CHECK(*turned.low_side_dB > 60.0);
    CHECK(turned.negative_share == 1.0);
    std::vector<float> holed = sine(440.0, 0.5, 1.0, 24000);
    holed.resize(holed.size() + 96000, 0.0f);
    const std::vector<float> more = sine(440.0, 0.5, 1.0, 24000);
    holed.insert(holed.end(), more.begin(), more.end());
    CHECK(heard(holed).longest_silence_s == doctest::Approx(1.0).epsilon(0.001));
}

TEST_CASE("check: loudness by meter frames is that of the standard's meter") {
    std::mt19937 dice(7);
    std::uniform_real_distribution<float> any(-0.5f, 0.5f);
    GatedLoudness gated(kRate);
    // -0.691 + 10 lg of a constant power; the quiet second half is gated away.
    for (int i = 0; i < 100; ++i) gated.add(960.0 * 0.01 * (1.0 + any(dice) / 1e3f), 960.0);
    for (int i = 0; i < 100; ++i) gated.add(960.0 * 1e-9, 960.0);
    REQUIRE(gated.integrated());
    // Blocks at the edge hold less: three of them, above the gate.
    CHECK(*gated.integrated() == doctest::Approx(-20.691).epsilon(0.03));
    CHECK_FALSE(GatedLoudness(kRate).integrated());
}

TEST_CASE("check: an action that ends in a star is named by one word") {
    REQUIRE(param::find_action("/qa/B03") != nullptr);
    CHECK(param::find_action("/qa/B03")->address == "/qa/*");
    CHECK(param::find_action("/qa/list")->address == "/qa/list");
    for (const std::string_view none : {"/qa/", "/qa", "/qa/a/b", "/qa/*", "/qa/{A01,A02}"})
        CHECK(param::find_action(none) == nullptr);
}

TEST_CASE("check: a running desk is judged by its readings, until it is reset") {
    const param::Layout layout(param::DeskShape::of(2, 0, 0, 1, 0));
    param::Values values(layout);
    values.set(*layout.find("/ch/1/name"), {0.0f, "Kick"});
    LiveQa qa(layout);
    monitor::Readings readings;
    readings.strips.resize(engine::Geometry(layout.shape()).strips.size());
    const auto ask = [&](std::string_view address, std::vector<control::OscArg> args) {
        return qa.act({.address = address, .args = args}, values, readings);
    };
    CHECK(ask("/qa/A01", {})->args->at(0).as_text() == "none");
    readings.strips[0][monitor::MeterField::input_peak] = -15.0f;
    readings.strips[1][monitor::MeterField::input_peak] = -2.0f;
    qa.add(readings);
    for (auto& strip : readings.strips) strip = {};
    const auto one = ask("/qa/A01", {control::OscArg::text("/ch/1")});
    REQUIRE(one);
    CHECK(one->args->at(0).as_text() == "pass");
    CHECK(one->args->at(1).as_number() == doctest::Approx(-15.0));
    CHECK(ask("/qa/a01", {})->args->at(0).as_text() == "fail");
    CHECK_FALSE(ask("/qa/B09", {}));
    CHECK_FALSE(ask("/qa/none", {}));
    CHECK_FALSE(ask("/qa/K12", {}));
    CHECK(ask("/qa/profile", {control::OscArg::text("cd")}));
    CHECK(ask("/qa/K12", {}));
    CHECK(ask("/qa/list", {})->lines.size() > 10);
    CHECK(ask("/qa/profile", {control::OscArg::text("classic")}));
    qa.reset();
    CHECK(ask("/qa/A01", {})->args->at(0).as_text() == "none");
}

TEST_CASE("check: what stands in a plot cannot end it") {
    CHECK(escaped("<b> & \"c\"\x01") == "&lt;b&gt; &amp; &quot;c&quot;");
    Plot plot(time_axis(10.0), level_axis(-60.0, 0.0, 20.0), "a\"b");
    const std::vector<Point> beyond = {{-5.0, 20.0}, {50.0, -100.0}};
    plot.line(beyond, "one");
    CHECK(plot.text().find("points=\"32.0,8.0 352.0,170.0 \"") != std::string::npos);
    CHECK(plot.text().find("a&quot;b") != std::string::npos);
}

}  // namespace check_test
