// The demo song: the same files each time, and a mix that keeps the rules of the practice.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/demo/demo_song.h"

#include "src/app/bounce/bounce.h"
#include "src/app/look_at.h"
#include "src/app/tools/validate.h"
#include "src/disk/sound_file_reader.h"
#include "src/monitor/measure.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

using namespace mixrig;
using tests::ScratchFolder;

namespace demo_song_test {

std::string bytes_of(const std::filesystem::path& file) {
    std::string out(std::filesystem::file_size(file), '\0');
    std::ifstream(file, std::ios::binary)
        .read(out.data(), static_cast<std::streamsize>(out.size()));
    return out;
}

monitor::Measurement measured(const std::filesystem::path& file) {
    auto reader = disk::SoundFileReader::open(file);
    REQUIRE(reader);
    const disk::SoundInfo& info = reader->info();
    auto out = monitor::measure(
        {.channels = info.channels, .rate = info.rate, .full_scale = info.full_scale},
        [&](std::span<float> interleaved) { return reader->read(interleaved); });
    REQUIRE(out);
    return *out;
}

float peak_of(const disk::Sound& sound, std::size_t from) {
    float peak = 0.0f;
    for (const auto& track : sound.tracks)
        for (std::size_t i = from; i < track.size(); ++i)
            peak = std::max(peak, std::fabs(track[i]));
    return peak;
}

// MIXRIG_SONG_RATE=48000 judges levels where they are heard; what 8 kHz leave of hats and air has
// other ones.
TEST_CASE("demo song: always the same files, with the levels that mixing practice asks for") {
    const char* said = std::getenv("MIXRIG_SONG_RATE");
    const double rate = said == nullptr ? 8000.0 : std::stod(said);
    const bool whole = rate >= 44100.0;
    const ScratchFolder folder;
    REQUIRE(app::render_demo_song(folder.path(), {rate}));
    {
        const ScratchFolder again;
        REQUIRE(app::render_demo_song(again.path(), {rate}));
        CHECK(folder.entries() == 19);
        for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
            const auto name = entry.path().filename().string();
            CAPTURE(name);
            const bool same = bytes_of(entry.path()) == bytes_of(again / name);
            CHECK(same);
        }
    }
    for (const char* file : {"song.toml", "mix.scene", "mix.auto"}) {
        const auto valid = app::validate_file(folder / file, {});
        INFO((valid ? std::string() : valid.error().text()));
        CHECK(valid);
    }
    const auto song = session::load_song(folder / "song.toml", app::look_at_sound);
    REQUIRE(song);
    CHECK(song->tracks.size() >= 12);
    std::set<std::string> stems;
    for (const session::Track& track : song->tracks) {
        const std::string name = track.file.filename().string();
        CAPTURE(name);
        stems.insert(track.stem);
        CHECK(static_cast<double>(track.facts.frames) == 60.0 * rate);
        const auto sound = disk::read_whole(track.file);
        REQUIRE(sound);
        // The window of rule A01: -18 to -12 dBFS, and what 24 bits round.
        const float peak = peak_of(*sound, 0);
        CHECK(peak >= 0.1258f);
        CHECK(peak <= 0.2513f);
        // It ends by itself: nothing of its end comes back at its start.
        CHECK(peak_of(*sound, sound->frames() - 2000) < 0.002f);
    }
    CHECK(stems == std::set<std::string>{"Kick", "SnareDrum", "OtherDrums", "BassLine",
                                         "ArpeggiatorSynth", "StringSynth", "OtherSounds",
                                         "Singer"});

    const param::Layout layout(session::shape_of(song->desk));
    const auto bounced = [&](const char* name, std::initializer_list<const char*> off) {
        app::BounceSettings settings{.file = folder / name,
                                     .format = {disk::Container::wav, disk::Coding::float32}};
        for (const char* address : off)
            settings.also.push_back({.slot = *layout.find(address), .value = {0.0f}});
        const auto done = app::bounce(*song, settings);
        INFO((done ? std::string() : done.error().text()));
        REQUIRE(done);
        CHECK(done->faults == 0);
        return measured(folder / name);
    };
    const auto before =
        bounced("before.wav",
                {"/main/master/ms/on", "/main/master/eq/on", "/main/master/comp/1/on",
                 "/main/master/comp/2/on", "/main/master/multiband/on", "/main/master/field/on",
                 "/main/master/saturator/on", "/main/master/clipper/on", "/main/limiter/on"});
    CAPTURE(before.sample_peak_dBFS);
    CAPTURE(before.integrated_lufs);
    const double slack = whole ? 0.0 : 3.0;          // dB, for what is missing below 48 kHz
    CHECK(before.sample_peak_dBFS >= -6.0 - slack);  // rule B03
    CHECK(before.sample_peak_dBFS <= -3.0 + slack);
    CHECK(before.integrated_lufs >= -20.0 - slack);
    CHECK(before.integrated_lufs <= -16.0 + slack);
    const auto after = bounced("after.wav", {});
    CAPTURE(after.true_peak_dBTP);
    CAPTURE(after.integrated_lufs);
    CHECK(after.true_peak_dBTP <= -0.9);  // its limiter is at -1 dBTP
    CHECK(after.integrated_lufs >= -17.0);
    CHECK(after.integrated_lufs <= -13.0);
    // The chain works, and gently.
    CHECK(after.plr_lu < before.plr_lu);
    CHECK(after.plr_lu > 10.0);
}

}  // namespace demo_song_test
