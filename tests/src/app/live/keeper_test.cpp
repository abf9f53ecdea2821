// What is kept of a desk beside everything else.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/keeper.h"

#include "src/session/scene.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>

using namespace mixrig;

namespace keeper_test {

struct KeeperRig {
    tests::ScratchFolder folder;
    param::Layout layout{param::DeskShape::of(4, 2, 2, 1, 1)};
    param::Slot fader = *layout.find("/ch/1/fader");

    param::Values values(float fader_dB) const {
        param::Values out(layout);
        out.set(fader, {fader_dB});
        out.set(*layout.find("/ch/2/name"), {0.0f, "Kick"});
        return out;
    }
};

TEST_CASE("keeper: the newest values and texts are on the disk when it ends") {
    KeeperRig rig;
    const auto path = rig.folder.path() / "desk.scene";
    session::StateFile file(path);
    {
        app::Keeper keeper(file, rig.layout);
        for (int n = 0; n < 50; ++n) keeper.save(rig.values(-static_cast<float>(n)));
        CHECK_FALSE(keeper.take_error());
    }
    const auto loaded =
        session::StateFile(path).load([](std::string_view) { return base::Status(base::Done{}); });
    REQUIRE(loaded);
    CHECK(loaded->text ==
          session::write_scene(rig.layout, rig.values(-49.0f), session::Lines::state));
}

TEST_CASE("keeper: a disk that refuses is told of once, and does not end it") {
    KeeperRig rig;
    session::StateFile file(rig.folder.path() / "desk.scene");
    std::filesystem::create_directory(rig.folder.path() / "desk.scene");  // no file can replace it
    app::Keeper keeper(file, rig.layout);
    keeper.save(rig.values(-1.0f));
    std::optional<base::Error> error;
    for (int n = 0; n < 500 && !error; ++n) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        error = keeper.take_error();
    }
    CHECK(error);
    CHECK_FALSE(keeper.take_error());
    std::filesystem::remove(rig.folder.path() / "desk.scene");
    keeper.save(rig.values(-2.0f));
    for (int n = 0; n < 500 && !std::filesystem::exists(rig.folder.path() / "desk.scene"); ++n)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK(std::filesystem::is_regular_file(rig.folder.path() / "desk.scene"));
}

}  // namespace keeper_test
