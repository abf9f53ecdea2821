// No parameter makes a step: every row of the table jumps across its range under a sine.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/engine/click_measure.h"
#include "tests/src/engine/rig.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace mixrig;
using param::DeskShape;
using param::Kind;
using param::Row;
using param::Type;
using test::Channels;
using test::dB;
using test::high_pass;
using test::peak;
using test::peak_above_4_kHz;
using test::Rig;
using test::Samples;
using test::step;

namespace click_test {

constexpr double kTone = 997.0;
constexpr double kToneLevel = -12.0;
constexpr std::size_t kBlock = 96;
constexpr std::size_t kSettled = kBlock * 25;  // frames before and after a jump that are compared

struct Subject {
    Kind kind;
    std::size_t strip;
    std::string name;  // "/ch/1"
};

const std::vector<Subject>& subjects() {
    static const std::vector<Subject> all = {
        {Kind::ch, 0, "/ch/1"},   {Kind::ch, 1, "/ch/2"},   {Kind::sub, 0, "/sub/1"},
        {Kind::aux, 0, "/aux/1"}, {Kind::aux, 1, "/aux/2"}, {Kind::fx, 0, "/fx/1"},
        {Kind::mtx, 0, "/mtx/1"}, {Kind::main, 0, "/main"}, {Kind::master, 0, "/main/master"},
        {Kind::desk, 0, ""}};
    return all;
}

// Channel 1 is mono, channel 2 and all buses but the second monitor mix are stereo.
DeskShape small_desk() {
    DeskShape shape = DeskShape::of(2, 2, 2, 1, 1);
    shape.stereo[0][1] = true;
    shape.stereo[2][1] = false;
    shape.speakers = 2;
    shape.talkback = true;
    return shape;
}

// The tone runs through the strip that is looked at, by one path only.
void connect(Rig& rig, const Subject& subject) {
    // Groups and sources from beside have something to say to whoever joins them; the oscillator is
    // in tune with the tone, so that their sum stands still.
    rig.set("/dca/2/fader", "-20 dB");
    rig.set("/mutegroup/1/on", "on");
    rig.set("/talkback/on", "on");
    rig.set("/oscillator/on", "on");
    rig.set("/oscillator/freq", "997 Hz");
    if (subject.kind == Kind::ch)
        return rig.set(subject.strip == 0 ? "/ch/2/to" : "/ch/1/to", "none");
    if (subject.kind == Kind::sub) rig.set("/ch/2/to", "sub/1");
    rig.set("/ch/1/to", "none");
    if (subject.kind == Kind::aux || subject.kind == Kind::fx) {
        rig.set("/ch/2/to", "none");
        rig.set("/ch/2/send" + subject.name + "/level", "0 dB");
    }
    if (subject.kind == Kind::mtx) rig.set("/main/send/mtx/1/level", "0 dB");
    if (subject.kind == Kind::desk) rig.set("/ch/2/solo", "on");
    if (subject.kind == Kind::desk) rig.set("/ch/2/fader", "-10 dB");
}

// Times matter only where the level moves: up and down by 40 dB, twenty times a second, so that the
// settled stretch before and after a jump is a whole period.
bool is_time(const Row& row) {
    return row.address.ends_with("attack") || row.address.ends_with("hold") ||
           row.address.ends_with("release");
}

void wobble(Samples& x) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double phase = 2.0 * std::numbers::pi * static_cast<double>(i % kSettled) /
                             static_cast<double>(kSettled);
        x[i] *= static_cast<float>(std::pow(10.0, std::cos(phase) - 1.0));
    }
}

struct Companion {
    std::string_view rows;  // that begin so
    std::string_view row, text;
};

// What has to be set so that a row matters for this tone. Later lines overrule earlier ones; a row
// is never its own companion.
constexpr Companion kCompanions[] = {
    {"hpf/", "hpf/on", "on"},
    {"hpf/", "hpf/freq", "600 Hz"},
    {"lpf/", "lpf/on", "on"},
    {"lpf/", "lpf/freq", "1500 Hz"},
    {"gate/", "gate/on", "on"},
    {"gate/", "gate/threshold", "-6 dB"},
    {"gate/", "gate/range", "20 dB"},
    {"gate/ratio", "gate/mode", "expander"},
    {"gate/attack", "gate/threshold", "-30 dB"},
    {"gate/hold", "gate/threshold", "-30 dB"},
    {"gate/release", "gate/threshold", "-30 dB"},
    {"gate/attack", "gate/hold", "0 ms"},
    {"gate/release", "gate/hold", "0 ms"},
    {"gate/key", "gate/threshold", "-16 dB"},
    {"gate/keyfilter/", "gate/keyfilter/on", "on"},
    {"gate/keyfilter/", "gate/keyfilter/type", "hpf"},
    {"gate/keyfilter/q", "gate/keyfilter/type", "bandpass"},
    {"gate/keyfilter/", "gate/keyfilter/freq", "3 kHz"},
    {"eq/", "eq/on", "on"},
    {"eq/", "eq/1/freq", "997 Hz"},
    {"eq/", "eq/1/gain", "12 dB"},
    {"comp/", "comp/1/on", "on"},
    {"comp/", "comp/1/threshold", "-30 dB"},
    {"comp/", "comp/1/ratio", "4"},
    {"comp/#/knee", "comp/1/threshold", "-12 dB"},
    {"comp/#/keyfilter/", "comp/1/keyfilter/on", "on"},
    {"comp/#/keyfilter/", "comp/1/keyfilter/freq", "3 kHz"},
    {"limiter/", "limiter/on", "on"},
    {"limiter/", "limiter/ceiling", "-18 dB"},
    {"send/aux/", "send/aux/1/level", "0 dB"},
    {"send/aux/", "send/aux/2/level", "0 dB"},
    {"send/fx/", "send/fx/1/level", "0 dB"},
    {"send/mtx/", "send/mtx/1/level", "0 dB"},
    {"send/aux/#/tap", "fader", "-10 dB"},
    {"send/fx/#/tap", "fader", "-10 dB"},
    {"send/mtx/#/tap", "fader", "-10 dB"},
    {"limiter/on", "limiter/ceiling", "0 dB"},
    {"solo", "fader", "-10 dB"},
    {"/dca/", "ch/2/dca", "1"},
    {"/dca/#/solo", "ch/2/solo", "off"},
    {"/mutegroup/", "ch/2/mutegroup", "1"},
    {"/monitor/source", "ch/2/solo", "off"},
    {"/monitor/dim_level", "monitor/dim", "on"},
    {"/talkback/", "aux/1/talkback", "on"},
    {"/talkback/", "sub/1/talkback", "on"},
    {"/oscillator/", "aux/1/oscillator", "on"},
    {"/oscillator/", "sub/1/oscillator", "on"},
    {"/oscillator/", "ch/2/mute", "on"},
    {"/oscillator/level", "ch/2/mute", "off"},
    {"mix", "type", "chorus"},
    {"mono_below", "type", "plate"},
    {"reverb/", "type", "room"},
    {"echo/", "type", "echo"},
    {"echo/pingpong", "echo/ratio", "0.5"},
    {"chorus/", "type", "chorus"},
    {"flanger/", "type", "flanger"},
    {"phaser/", "type", "phaser"},
    {"saturation/", "type", "saturation"},
    {"de_esser/", "type", "de_esser"},
    {"de_esser/", "de_esser/threshold", "-60 dB"},
    {"tremolo/", "type", "tremolo"},
    {"ms/", "ms/on", "on"},
    {"ms/", "ms/1/gain", "12"},
    {"multiband/", "multiband/on", "on"},
    {"multiband/", "multiband/2/threshold", "-40"},
    {"multiband/1/mode", "multiband/1/threshold", "-40"},
    {"field/", "field/on", "on"},
    {"field/", "field/2/width", "0.5"},
    {"saturator/", "saturator/on", "on"},
    {"saturator/", "saturator/drive", "12"},
    {"clipper/", "clipper/on", "on"},
    {"clipper/", "clipper/drive", "6"},
    {"order", "ms/on", "on"},
    {"order", "ms/1/gain", "12"},
    {"order", "multiband/on", "on"},
    {"bypass", "ms/on", "on"},
    {"bypass", "ms/1/gain", "12"},
    {"bypass", "multiband/on", "on"},
    {"bypass", "field/on", "on"},
    {"bypass", "saturator/on", "on"},
    {"bypass/match", "bypass", "on"},
};

using Companions = std::span<const Companion>;

// A band that has a touch-up (dsp/design.h), which moves with it.
constexpr Companion kResonantHpf[] = {
    {"eq/", "eq/1/type", "hpf"}, {"eq/", "eq/1/freq", "16 kHz"}, {"eq/", "eq/1/q", "12"}};

void make_it_matter(Rig& rig, const Subject& subject, const Row& row, param::Slot slot,
                    Companions companions) {
    // Another channel as a key is quieter than the strip itself.
    if (row.type == Type::source)
        rig.set(subject.name == "/ch/1" ? "/ch/2/trim" : "/ch/1/trim", "-20 dB");
    for (const Companion& companion : companions) {
        if (!row.address.starts_with(companion.rows)) continue;
        const std::string address = subject.name + "/" + std::string(companion.row);
        const auto other = rig.layout().find(address);
        if (other && *other != slot) rig.set(address, companion.text);
    }
}

// There and back: the ends of a number, every word of the others.
std::vector<float> values(const param::Layout& layout, param::Slot slot) {
    const Row& row = layout.row(slot);
    if (row.type == Type::number) return {row.low, layout.high(slot), row.low};
    if (row.type == Type::groups) return {0.0f, 2.0f, 0.0f, layout.high(slot), 1.0f, 0.0f};
    if (row.type == Type::order) return {0.0f, layout.high(slot), 123.0f, 0.0f};
    std::vector<float> all;
    for (float value = row.low; value <= layout.high(slot); value += 1.0f) all.push_back(value);
    all.push_back(row.low);
    return all;
}

// Steps between neighbouring frames, by the largest one that the tone itself makes before or after
// the jump. A gain that moves by all of it in 10 ms adds 1 %; a compressor that is let go adds 2 %.
constexpr double kLargestStep = 1.05;
constexpr double kEffectAbove4kHz = -60.0;
// While a resonance becomes a broad one or wanders through the tone, it may swell by 3 dB,
// smoothly.
constexpr double kLargestStepOfFilter = 1.45;
// Three times the Q, which lets go of twice as much when it becomes broad in 10 ms.
constexpr double kLargestStepOfSurgery = 2.1;
// The largest sample above 4 kHz, by the largest one of the tone, in dB.
constexpr double kGainAbove4kHz = -80.0;
constexpr double kSwitchAbove4kHz = -90.0;

bool sounds(const Row& row) {
    // Noise has no steps of its own to compare with; the types cross over in a test of the
    // oscillator.
    return row.type != Type::text && !row.address.ends_with("color") &&
           row.address != "/oscillator/type" && row.address != "safe" &&
           !row.address.starts_with("/scene/");
}

// Rows that are nothing but a gain, or a path that fades in and out.
bool is_gain(const Row& row) {
    constexpr std::array<std::string_view, 14> kGains = {
        "trim", "polarity",    "fader", "mute",      "pan",      "width",        "solo",
        "to",   "/dca/#/mute", "dca",   "mutegroup", "talkback", "/talkback/on", "/oscillator/on"};
    return row.address.starts_with("send/") || row.address.starts_with("/solo/") ||
           row.address.starts_with("/monitor/") || row.address.starts_with("/speakers/") ||
           std::find(kGains.begin(), kGains.end(), row.address) != kGains.end();
}

bool is_switch(const Row& row) {
    return is_gain(row) && row.type != Type::number;
}

// What turns the phase of a tone on its way, and may swell.
bool is_filter(const Row& row) {
    return row.address.starts_with("eq/") || row.address.starts_with("ms/") ||
           row.address == "multiband/bands";
}

void keep_worse(double& worst, double now, std::string& where, const std::string& address) {
    if (now <= worst) return;
    worst = now;
    where = address;
}

struct Worst {
    double step = 0.0;   // the largest step, by the largest one of the tone before and after
    double high = 0.0;   // the largest peak above 4 kHz, by the tone's
    double added = 0.0;  // by how much that is more than the largest one before and after
};

Worst jump_across(const Subject& subject, const Row& row, param::Slot slot, bool look_above,
                  Companions more = {}) {
    engine::EngineConfig config;
    config.outputs.ceiling = {40.0};  // +30 dB of trim is loud; the ceiling has tests of its own
    Rig rig(small_desk(), config);
    connect(rig, subject);
    make_it_matter(rig, subject, row, slot, kCompanions);
    make_it_matter(rig, subject, row, slot, more);
    const bool long_wait = row.address == "delay";
    const std::size_t stay = kBlock * (long_wait ? 300 : 100);
    const std::vector<float> stops = values(rig.layout(), slot);
    const std::size_t frames = stay * stops.size();
    Samples left = test::sine(kTone, kToneLevel, frames);
    Samples right = test::sine(kTone, kToneLevel - 3.0, frames);
    if (is_time(row)) wobble(left);
    if (is_time(row)) wobble(right);
    const Channels in{left, left, right, right};  // the last is the talkback
    Channels out(rig.geometry().outputs.size(), Samples(frames));
    std::vector<std::size_t> jumps;
    for (std::size_t begin = 0; begin < frames; begin += kBlock) {
        if (begin % stay == 0) {
            const float value = stops[begin / stay];
            const bool possible{rig.resolver().check(slot, value)};
            if (possible) rig.set(slot, value);
            if (possible) rig.send();
            jumps.push_back(begin);
        }
        rig.process(in, out, begin, kBlock);
    }
    jumps.push_back(frames);
    Worst worst;
    const double floor_step = 0.01 * step(left, 1, 1000), floor_peak = 0.01 * peak(left, 0, 1000);
    for (const Samples& x : out) {
        for (std::size_t j = 1; j + 1 < jumps.size(); ++j) {
            const std::size_t at = jumps[j], next = jumps[j + 1];
            const double before = step(x, at - kSettled, at),
                         after = step(x, next - kSettled, next);
            worst.step =
                std::max(worst.step, step(x, at, next) / std::max({before, after, floor_step}));
            if (!look_above) continue;
            const double tone =
                std::max({peak(x, at - kSettled, at), peak(x, next - kSettled, next), floor_peak});
            const double high = peak_above_4_kHz(x, at - high_pass().size(), at + kSettled);
            worst.high = std::max(worst.high, high / tone);
            const double usual = std::max(peak_above_4_kHz(x, at - kSettled, at),
                                          peak_above_4_kHz(x, next - kSettled, next));
            worst.added = std::max(worst.added, (high - usual) / tone);
        }
    }
    return worst;
}

TEST_CASE("click: across its range no row makes a step, and no gain is heard above 4 kHz") {
    const param::Layout layout(small_desk());
    Worst worst_gain, worst_filter, worst_other, worst_effect;
    std::string loudest, steepest_filter, steepest, loudest_effect;
    std::size_t rows = 0;
    for (const Subject& subject : subjects())
        for (std::size_t r = 0; r < param::kRows; ++r) {
            const Row& row = param::kTable[r];
            // Not those of the recorder.
            if (row.keep != param::Keep::scenes && !row.address.starts_with("bypass")) continue;
            if (!sounds(row) || !layout.has(subject.kind, r)) continue;
            const param::Slot slot = layout.slot(subject.kind, subject.strip, r);
            const bool effect =
                subject.kind == Kind::fx && (row.kinds & ~param::only(Kind::fx)) == 0;
            const Worst worst = jump_across(subject, row, slot, is_gain(row) || effect);
            CAPTURE(layout.address(slot));
            ++rows;
            // An effect moves by itself, so its steps say nothing; their energy does.
            if (effect) {
                CHECK(dB(worst.added) < kEffectAbove4kHz);
                keep_worse(worst_effect.added, worst.added, loudest_effect, layout.address(slot));
                continue;
            }
            if (is_filter(row)) {
                CHECK(worst.step <
                      (row.address == "ms/#/q" ? kLargestStepOfSurgery : kLargestStepOfFilter));
                keep_worse(worst_filter.step, worst.step, steepest_filter, layout.address(slot));
                continue;
            }
            CHECK(worst.step < kLargestStep);
            keep_worse(worst_other.step, worst.step, steepest, layout.address(slot));
            if (!is_gain(row)) continue;
            CHECK(dB(worst.high) < (is_switch(row) ? kSwitchAbove4kHz : kGainAbove4kHz));
            keep_worse(worst_gain.high, worst.high, loudest, layout.address(slot));
        }
    CHECK(rows > 300);
    MESSAGE(rows << " rows; steps by the tone's own: " << worst_other.step << " at " << steepest
                 << ", of the equaliser " << worst_filter.step << " at " << steepest_filter
                 << "; above 4 kHz " << dB(worst_gain.high) << " dB at " << loudest
                 << ", of effects " << dB(worst_effect.added) << " dB at " << loudest_effect);
}

TEST_CASE(
    "click: an equaliser with a resonant hpf high up, and so with a touch-up, makes no step") {
    const param::Layout layout(small_desk());
    const Subject& subject = subjects()[1];
    double worst = 0.0;
    std::string steepest;
    for (std::size_t r = 0; r < param::kRows; ++r) {
        const Row& row = param::kTable[r];
        if (!row.address.starts_with("eq/")) continue;
        const param::Slot slot = layout.slot(subject.kind, subject.strip, r);
        CAPTURE(layout.address(slot));
        const double step = jump_across(subject, row, slot, false, kResonantHpf).step;
        CHECK(step < kLargestStepOfFilter);
        keep_worse(worst, step, steepest, layout.address(slot));
    }
    MESSAGE("steps by the tone's own: " << worst << " at " << steepest);
}

}  // namespace click_test
