// Every desk, song, scene and automation file in configs/ is accepted.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/automation.h"
#include "src/session/scene.h"
#include "src/session/song.h"

#include <doctest/doctest.h>

#include <filesystem>

using namespace mixrig;
using namespace mixrig::session;

namespace shipped_files_test {

// The demo's tracks are rendered by the program itself; what they are does not matter here.
base::Result<TrackFacts> mono(const std::filesystem::path&) {
    return TrackFacts{1, {48000.0}, 1};
}

TEST_CASE("shipped: every desk and its scene are accepted") {
    std::size_t desks = 0;
    for (const auto& entry : std::filesystem::directory_iterator(MIXRIG_CONFIGS)) {
        if (entry.path().extension() != ".toml") continue;
        CAPTURE(entry.path().string());
        const auto desk = load_desk(entry.path());
        REQUIRE_MESSAGE(desk, (desk ? "" : desk.error().text()));
        ++desks;
        if (desk->start_scene.empty()) continue;
        const auto scene = load_scene(desk->start_scene, param::Layout(shape_of(*desk)));
        REQUIRE_MESSAGE(scene, (scene ? "" : scene.error().text()));
        CHECK(scene->size() > 0);
    }
    CHECK(desks > 0);
}

TEST_CASE("shipped: default.toml says what an empty file means") {
    const auto said = load_desk(MIXRIG_CONFIGS "/default.toml");
    const auto empty = parse_desk("", MIXRIG_CONFIGS "/default.toml");
    REQUIRE(said);
    REQUIRE(empty);
    CHECK(said->name == empty->name);
    CHECK(shape_of(*said).stereo == shape_of(*empty).stereo);
    CHECK(said->main_output == empty->main_output);
    CHECK(said->monitor_output == empty->monitor_output);
    CHECK(said->audio.backend == empty->audio.backend);
    CHECK(said->audio.rate.value == empty->audio.rate.value);
    CHECK(said->audio.block == empty->audio.block);
    CHECK(said->audio.autoconnect == empty->audio.autoconnect);
    CHECK(said->engine.threads == empty->engine.threads);
    CHECK(said->engine.ramp.value == empty->engine.ramp.value);
    CHECK(said->engine.ceiling.value == empty->engine.ceiling.value);
    CHECK(said->osc.port == empty->osc.port);
    CHECK(said->osc.listen == empty->osc.listen);
    CHECK(said->osc.allow == empty->osc.allow);
    CHECK(said->web == empty->web);
    CHECK(said->state_folder == empty->state_folder);
    CHECK(said->recording.folder == empty->recording.folder);
    CHECK(said->recording.arm_inputs == empty->recording.arm_inputs);
    CHECK(said->recording.is_float == empty->recording.is_float);
    CHECK(said->recording.lookback.value == empty->recording.lookback.value);
    CHECK(said->play_folder == empty->play_folder);
    CHECK(said->play_loop == empty->play_loop);
    CHECK(said->start_scene == empty->start_scene);
    CHECK(said->log_level == empty->log_level);
}

TEST_CASE("shipped: the song, its mix and its automation are accepted") {
    const auto song = load_song(MIXRIG_CONFIGS "/song/song.toml", mono);
    REQUIRE_MESSAGE(song, (song ? "" : song.error().text()));
    const param::Layout layout(shape_of(song->desk));
    const auto scene = load_scene(song->scene, layout);
    CHECK_MESSAGE(scene, (scene ? "" : scene.error().text()));
    const auto moves = load_automation(song->automation, layout, song->desk.audio.rate);
    CHECK_MESSAGE(moves, (moves ? "" : moves.error().text()));
}

}  // namespace shipped_files_test
