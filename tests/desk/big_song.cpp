// A song with 32 channels and everything on.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/big_song.h"

#include "src/disk/sound_file_reader.h"
#include "src/disk/sound_file_writer.h"
#include "src/session/scene.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace mixrig::tests {

namespace {

using param::Kind;

param::DeskShape shape() {
    return param::DeskShape::of(kSongChannels, 4, 4, 2, 2);
}

const char* const kCounts = "channels = 32\nsubgroups = 4\nauxes = 4\neffects = 2\nmatrices = 2\n";

std::string two_digits(std::size_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

// Anything, but audible, and without loops.
class Dice {
public:
    Dice(const param::Layout& layout, std::uint32_t seed) : layout_(layout), random_(seed) {}

    float share() { return uniform_(random_); }
    param::Slot slot() {
        return std::uniform_int_distribution<param::Slot>(
            0, static_cast<param::Slot>(layout_.size() - 1))(random_);
    }
    bool is_thrown(param::Slot slot) const {
        const param::Row& row = layout_.row(slot);
        return row.type != param::Type::text && row.keep == param::Keep::scenes &&
               row.address != "solo" && !row.address.starts_with("/");
    }
    float value(param::Slot slot) {
        const param::Row& row = layout_.row(slot);
        const std::string_view address = row.address;
        const float knob = share();
        if (address == "to") return route(slot, knob);
        // One effect stands in one place: each has a channel of its own.
        if (address == "insert") {
            const param::Place place = layout_.place(slot);
            const bool has_one = place.kind == Kind::ch && knob > 0.3f &&
                                 place.strip < layout_.shape().count(Kind::fx);
            return has_one ? param::kInsertFirstEffect + static_cast<float>(place.strip)
                           : param::kInsertNone;
        }
        if (address == "mute")
            return knob < 0.1f && layout_.place(slot).kind != Kind::main ? 1.0f : 0.0f;
        // Each limiter in a chain of groups adds latency of its own, and a desk aligns only so
        // many.
        if (address == "limiter/on" && layout_.place(slot).kind == Kind::sub)
            return layout_.place(slot).strip < 2 ? 1.0f : 0.0f;
        if (address.ends_with("/on")) return 1.0f;
        if (address == "multiband/#/mute" || address == "multiband/#/solo")
            return knob < 0.1f ? 1.0f : 0.0f;
        if (address == "fader") return -20.0f * knob;
        if (address == "hpf/freq") return 20.0f + 200.0f * knob;
        if (address == "lpf/freq") return 20000.0f - 12000.0f * knob;
        if (address == "gate/threshold") return -60.0f - 20.0f * knob;
        if (address == "gate/range") return 20.0f * knob;
        if (address == "eq/#/type") return std::floor(4.0f * knob);
        if (address == "trim" || address == "eq/#/gain") return 12.0f * (knob - 0.5f);
        if (address.ends_with("/level")) return -40.0f * knob;
        if (row.type == param::Type::number) return param::from_knob(row, knob);
        return layout_.clamp(slot, row.low + knob * (layout_.high(slot) - row.low));
    }

private:
    // Channels go anywhere, groups only to a later one.
    float route(param::Slot slot, float knob) const {
        const param::Place place = layout_.place(slot);
        if (place.kind == Kind::ch)
            return layout_.clamp(slot, param::kRouteMain + knob * (layout_.high(slot) - 1.0f));
        const bool is_last = place.kind != Kind::sub || place.strip + 1u >= 4u;
        if (is_last || knob < 0.5f) return param::kRouteMain;
        return param::kRouteFirstSub + static_cast<float>(place.strip) + 1.0f;
    }

    const param::Layout& layout_;
    std::mt19937 random_;
    std::uniform_real_distribution<float> uniform_{0.0f, 1.0f};
};

std::string scene_text(const param::Layout& layout, Dice& dice) {
    param::Values values(layout);
    for (param::Slot slot = 0; slot < layout.size(); ++slot)
        if (dice.is_thrown(slot)) values.set(slot, {layout.clamp(slot, dice.value(slot)), {}});
    return session::write_scene(layout, values, session::Lines::all);
}

// Moves of everything at every moment of the music, and of faders and pans the most.
std::string automation_text(const param::Layout& layout, Dice& dice) {
    constexpr std::size_t kMoves = 600;
    std::vector<std::size_t> moments;
    for (std::size_t i = 0; i < kMoves; ++i)
        moments.push_back(kSilence +
                          static_cast<std::size_t>(static_cast<float>(kMusic) * dice.share()));
    std::sort(moments.begin(), moments.end());
    std::string text = "# mixrig automation 1\n";
    for (std::size_t i = 0; i < kMoves;) {
        param::Slot slot = dice.slot();
        if (i % 2 == 0) {
            const std::string channel =
                "/ch/" + std::to_string(1 + static_cast<int>(31.99f * dice.share()));
            slot = *layout.find(channel + (i % 4 == 0 ? "/fader" : "/pan"));
        }
        if (!dice.is_thrown(slot)) continue;
        const float value = layout.clamp(slot, dice.value(slot));
        text += std::to_string(moments[i++]) + "f " + layout.address(slot) + " " +
                layout.format(slot, {value, {}}) + "\n";
    }
    return text;
}

}  // namespace

Samples burst_track(std::uint32_t seed, std::size_t silence, std::size_t music) {
    Samples samples(silence + music, 0.0f);
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> noise(-0.35f, 0.35f);
    const std::size_t length = 4000 + 700 * (seed % 17), every = 2 * length + 900 * (seed % 5);
    const std::size_t end = silence + music - music / 8;  // the tail is silence again
    for (std::size_t at = silence + 61 * (seed % 31); at < end; at += every)
        for (std::size_t i = 0; i < length && at + i < end; ++i)
            samples[at + i] =
                noise(random) * (1.0f - static_cast<float>(i) / static_cast<float>(length));
    return samples;
}

void write_wav(const std::filesystem::path& path, const Samples& samples) {
    const auto written = disk::write_whole(
        path, {.rate = {static_cast<double>(kRate)}, .full_scale = 1.0f, .tracks = {samples}},
        {disk::Container::wav, disk::Coding::float32});
    REQUIRE(written);
}

Stereo read_stereo(const std::filesystem::path& path) {
    auto sound = disk::read_whole(path);
    REQUIRE_MESSAGE(sound, sound.error().text());
    REQUIRE(sound->channels() == 2);
    return {std::move(sound->tracks[0]), std::move(sound->tracks[1])};
}

void write_big_song(const std::filesystem::path& folder) {
    const param::Layout layout(shape());
    Dice dice(layout, 20240607);
    std::filesystem::create_directories(folder / "tracks");
    std::string song =
        "[song]\ntitle = \"Big\"\nscene = \"mix.scene\"\nautomation = \"mix.auto\"\n";
    for (std::size_t c = 1; c <= kSongChannels; ++c) {
        const std::string file = "tracks/" + two_digits(c) + ".wav";
        write_wav(folder / file, burst_track(static_cast<std::uint32_t>(c), kSilence, kMusic));
        song += "[[track]]\nfile = \"" + file + "\"\nchannel = " + std::to_string(c) + "\n";
    }
    write_text(folder / "song.toml", song + "[desk]\n" + kCounts);
    write_text(folder / "desk.toml", std::string("[desk]\n") + kCounts +
                                         "[audio]\nbackend = \"jack\"\njack_server = "
                                         "\"mixrig-desk\"\nautoconnect = false\n"
                                         "[engine]\nramp_ms = 10\n");
    write_text(folder / "mix.scene", scene_text(layout, dice));
    write_text(folder / "mix.auto", automation_text(layout, dice));
}

Stereo bounce(const std::filesystem::path& song, const Words& options) {
    const ScratchFolder out;
    Words words = {"bounce",   song.string(), "-o",     out.path().string(),
                   "--format", "wav32f",      "--tail", "0"};
    words.insert(words.end(), options.begin(), options.end());
    const Finished finished = run(words);
    REQUIRE_MESSAGE(finished.code == 0, finished.output);
    REQUIRE(out.entries() == 1);
    return read_stereo(*std::filesystem::directory_iterator(out.path()));
}

}  // namespace mixrig::tests
