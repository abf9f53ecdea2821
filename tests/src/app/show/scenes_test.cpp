// The folder of scenes, and cue lists beside them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/show/scenes.h"

#include "src/app/show/cue_player.h"
#include "src/app/show/recall.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

using namespace mixrig;
using namespace mixrig::app;

namespace scenes_test {

struct Stage {
    tests::ScratchFolder home;
    param::Layout layout{param::DeskShape::of(2, 1, 1, 1, 1)};
    param::Values values{layout};
    Scenes scenes{home / "scenes", layout, {}};

    // The outcome of what `begin` begins.
    template <typename Begin>
    Errands::Outcome wait(Begin begin) {
        std::optional<Errands::Outcome> outcome;
        begin([&](const Errands::Outcome& got) { outcome = got; });
        for (int i = 0; i < 500 && !outcome; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
            scenes.collect();
        }
        REQUIRE(outcome);
        return *outcome;
    }
    void save(const std::string& name) {
        REQUIRE(wait([&](auto done) {
            REQUIRE(scenes.save(name, whole_scene(layout, values), std::move(done)));
        }));
    }
    std::vector<std::string> list() {
        return *wait([&](auto done) { scenes.list(std::move(done)); });
    }
    bool is_there(const std::string& path) const {
        return std::filesystem::exists(home / "scenes" / path);
    }
};

TEST_CASE("scenes: what was saved is there at once, before the disk has it") {
    Stage stage;
    const auto fader = *stage.layout.find("/ch/1/fader");
    for (int n = 0; n < 50; ++n) {
        stage.values.set(fader, {static_cast<float>(-n)});
        REQUIRE(stage.scenes.save("verse", whole_scene(stage.layout, stage.values),
                                  [](const Errands::Outcome&) {}));
        const auto scene = stage.scenes.load("verse");
        REQUIRE(scene);
        CHECK(differences(stage.layout, stage.values, (*scene)->scene).empty());
    }
    CHECK(stage.list() == std::vector<std::string>{"verse"});
    const auto scene = stage.scenes.load("verse");
    REQUIRE(scene);
    CHECK(differences(stage.layout, stage.values, (*scene)->scene).empty());
}

TEST_CASE("scenes: a file that was edited meanwhile is read anew, and what does not fit is named") {
    Stage stage;
    stage.save("verse");
    REQUIRE(stage.scenes.load("verse"));
    std::ofstream(stage.home / "scenes" / "verse.scene")
        << "/ch/1/fader -6 dB\n/ch/99/fader -6 dB\n/ch/1/wings on\n/ch/1/pan 7\n";
    const auto scene = stage.scenes.load("verse");
    REQUIRE(scene);
    REQUIRE((*scene)->scene.size() == 1);
    REQUIRE((*scene)->left_out.size() == 3);
    CHECK((*scene)->left_out[0].starts_with("verse.scene:2: /ch/99/fader is no address"));
    CHECK((*scene)->left_out[2].starts_with("verse.scene:4: "));
}

TEST_CASE("scenes: are renamed, but never onto one another") {
    Stage stage;
    stage.save("b");
    stage.save("a");
    CHECK(stage.list() == std::vector<std::string>{"a", "b"});
    const auto rename = [&](const std::string& from, const std::string& to) {
        return stage.wait(
            [&](auto done) { REQUIRE(stage.scenes.rename(from, to, std::move(done))); });
    };
    CHECK_FALSE(rename("a", "b"));
    CHECK_FALSE(rename("none", "c"));
    CHECK(rename("a", "c"));
    CHECK(stage.list() == std::vector<std::string>{"b", "c"});
    CHECK(stage.scenes.load("c"));
    CHECK_FALSE(stage.scenes.load("a"));
}

TEST_CASE("scenes: are copied as they are, over what is there, which stays as a backup") {
    Stage stage;
    stage.save("b");
    REQUIRE(stage.scenes.load("b"));
    const std::string text = "/ch/1/fader -6 dB\n/ch/99/fader -6 dB\n";
    std::ofstream(stage.home / "scenes" / "a.scene") << text;
    const auto copy = [&](const std::string& from, const std::string& to) {
        return stage.wait(
            [&](auto done) { REQUIRE(stage.scenes.copy(from, to, std::move(done))); });
    };
    CHECK_FALSE(copy("none", "c"));
    const auto both = copy("a", "b");
    REQUIRE(both);
    CHECK(*both == std::vector<std::string>{"a", "b"});
    CHECK(stage.list() == std::vector<std::string>{"a", "b"});
    CHECK(stage.is_there("b.scene.bak"));
    const auto scene = stage.scenes.load("b");
    REQUIRE(scene);
    CHECK((*scene)->scene.size() == 1);
    CHECK((*scene)->left_out.size() == 1);  // what this desk has no place for is copied as well
}

TEST_CASE("scenes: what the disk has done to them is counted, what failed is not") {
    Stage stage;
    const auto rename = [&](const std::string& from, const std::string& to) {
        (void)stage.wait(
            [&](auto done) { REQUIRE(stage.scenes.rename(from, to, std::move(done))); });
        return stage.scenes.changes();
    };
    CHECK(rename("none", "b") == 0);
    stage.save("a");
    CHECK(stage.scenes.changes() == 1);
    CHECK(rename("a", "b") == 2);
    stage.list();
    CHECK(rename("a", "b") == 2);
}

TEST_CASE("scenes: what is deleted lies in the trash, however often") {
    Stage stage;
    const auto remove = [&] {
        return stage.wait(
            [&](auto done) { REQUIRE(stage.scenes.remove("verse", std::move(done))); });
    };
    stage.save("verse");
    CHECK(*remove() == std::vector<std::string>{"verse", "verse"});
    CHECK_FALSE(stage.scenes.load("verse"));
    stage.save("verse");
    CHECK(*remove() == std::vector<std::string>{"verse", "verse 2"});
    CHECK(stage.is_there("trash/verse.scene"));
    CHECK(stage.is_there("trash/verse 2.scene"));
    CHECK_FALSE(remove());
    CHECK(stage.list().empty());
}

TEST_CASE("scenes: no name leads out of the folder") {
    Stage stage;
    for (const char* name : {"", "..", "../x", "a/b", ".hidden", "caf\xc3\xa9", "a\nb"}) {
        CHECK_FALSE(stage.scenes.save(name, {}, {}));
        CHECK_FALSE(stage.scenes.load(name));
        CHECK_FALSE(stage.scenes.rename("a", name, {}));
        CHECK_FALSE(stage.scenes.copy("a", name, {}));
        CHECK_FALSE(stage.scenes.remove(name, {}));
    }
}

TEST_CASE("scenes: a disk that refuses is told, and the scene is not taken for saved") {
    Stage stage;
    std::ofstream(stage.home / "scenes") << "a file where the folder should be";
    const auto outcome = stage.wait([&](auto done) {
        REQUIRE(
            stage.scenes.save("verse", whole_scene(stage.layout, stage.values), std::move(done)));
    });
    CHECK_FALSE(outcome);
    CHECK_FALSE(stage.scenes.load("verse"));
}

TEST_CASE("cues: next, back and go find their cue from wherever the current one is") {
    Stage stage;
    std::filesystem::create_directories(stage.home / "scenes");
    std::ofstream(stage.home / "scenes" / "show.cues")
        << "1 \"A\" scene \"a\"\n1.5 \"B\" scene \"b\" fade 2 s\n3 \"C\" scene \"c\"\n";
    CuePlayer cues(stage.home / "scenes");
    CHECK_FALSE(cues.behind(""));
    CHECK_FALSE(cues.load("other"));
    REQUIRE(cues.load("show"));
    CHECK(cues.behind("")->name == "A");
    CHECK(cues.behind("1")->name == "B");
    CHECK(cues.behind("2")->name == "C");
    CHECK_FALSE(cues.behind("3"));
    CHECK(cues.before("3")->name == "B");
    CHECK(cues.before("2")->name == "B");
    CHECK_FALSE(cues.before("1"));
    CHECK(cues.numbered(1500)->name == "B");
    CHECK_FALSE(cues.numbered(2000));
    CHECK_FALSE(cues.load("other"));
    CHECK(cues.name() == "show");
}

}  // namespace scenes_test
