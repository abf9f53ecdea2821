// Which desk a file is held to, and what kind it is.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/tools/validate.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace mixrig::app {
namespace validate_test {

namespace fs = std::filesystem;

class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "mixrig-validate-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    fs::path write(const std::string& name, std::string_view text) const {
        std::ofstream(path / name) << text;
        return path / name;
    }

    fs::path path;
};

std::string verdict(const fs::path& file, const fs::path& desk = {}) {
    const auto status = validate_file(file, desk);
    return status ? "ok" : status.error().text();
}

TEST_CASE("validate: the kind of a file is told by its name, else by what it says") {
    CHECK(kind_of_file("a.scene", "") == FileKind::scene);
    CHECK(kind_of_file("a.auto", "") == FileKind::automation);
    CHECK(kind_of_file("a.cues", "") == FileKind::cues);
    CHECK(kind_of_file("a.toml", "[desk]\nchannels = 3\n") == FileKind::desk);
    CHECK(kind_of_file("a.toml", "[[track]]\nfile = \"a.wav\"\n") == FileKind::song);
    CHECK(kind_of_file("song.toml", "[[track]\n") == FileKind::song);
    CHECK(kind_of_file("a.toml", "device = \"x\"\n[[map]]\n") == FileKind::midi);
    CHECK(kind_of_file("notes.txt", "# a scene\n\n  /ch/1/mute on\n") == FileKind::scene);
    CHECK(kind_of_file("notes.txt", "# moves\n1.5s /ch/1/mute on\n") == FileKind::automation);
    CHECK(kind_of_file("notes.txt", "[audio]\n") == FileKind::desk);
}

TEST_CASE("validate: a map of a MIDI controller, alone and as a desk names it") {
    const Folder folder;
    const auto map = [&](const std::string& control, const std::string& address,
                         const std::string& more = {}) {
        return verdict(folder.write("map.toml", "device = \"nano\"\n\n[[map]]\ncontrol = \"" +
                                                    control + "\"\naddress = \"" + address +
                                                    "\"\n" + more));
    };
    CHECK(map("cc14 7", "/ch/1/fader") == "ok");
    CHECK(map("note 7 ch 2", "/cue/next", "mode = \"toggle\"\nfeedback = false\n") == "ok");
    for (const std::string& wrong :
         {map("knob 7", "/ch/1/fader"), map("cc 7", "/ch/99/fader"), map("cc 7", "/ch/1/name"),
          map("cc 7", "/scene/recall"), map("cc 7", "/ch/1/fader", "mode = \"loud\"\n"),
          map("cc 7", "/ch/1/fader", "colour = 3\n")}) {
        CAPTURE(wrong);
        CHECK(wrong.find("map.toml:") != std::string::npos);
    }
    const fs::path desk = folder.write("desk.toml", "[midi]\nmaps = [\"map.toml\"]\n");
    CHECK(verdict(desk).find("map.toml:") != std::string::npos);
    folder.write("map.toml",
                 "[[map]]\ndevice = \"x\"\ncontrol = \"bend\"\naddress = \"/main/fader\"\n");
    CHECK(verdict(desk) == "ok");
    folder.write("map.toml", "[[map]]\ncontrol = \"bend\"\naddress = \"/main/fader\"\n");
    CHECK(verdict(desk).find("device") != std::string::npos);
}

TEST_CASE("validate: a scene is held to the desk beside it, or the one that is named") {
    const Folder folder;
    const fs::path scene = folder.write("mix.scene", "/ch/20/fader -6 dB\n");
    // Without a desk it is the default one of 16 channels.
    CHECK(verdict(scene).starts_with(scene.string() + ":1: "));
    const fs::path large = folder.write("large.toml", "[desk]\nchannels = 20\n");
    CHECK(verdict(scene, large) == "ok");
    folder.write("mix.toml", "[desk]\nchannels = 20\n");
    CHECK(verdict(scene) == "ok");
}

TEST_CASE("validate: a loop that only the routes of a scene together close is found") {
    const Folder folder;
    const fs::path scene = folder.write("loop.scene", "/sub/1/to sub/2\n/sub/2/to sub/1\n");
    const std::string found = verdict(scene);
    CHECK(found.starts_with(scene.string() + ":2: /sub/2/to: "));
    CHECK(verdict(folder.write("chain.scene", "/sub/1/to sub/2\n/sub/2/to main\n")) == "ok");
}

TEST_CASE("validate: a desk's start scene is read too") {
    const Folder folder;
    const fs::path desk = folder.write("desk.toml", "[scene]\nstart = \"start.scene\"\n");
    const std::string without = verdict(desk);
    CHECK(without.find("start.scene") != std::string::npos);
    folder.write("start.scene", "/ch/1/fader -6 dB\n");
    CHECK(verdict(desk) == "ok");
    folder.write("start.scene", "/ch/1/fader loud\n");
    CHECK(verdict(desk).find("start.scene:1: ") != std::string::npos);
}

TEST_CASE("validate: meters of a role are those of the desk") {
    const Folder folder;
    const auto meters = [&](const std::string& pattern) {
        return verdict(folder.write("desk.toml",
                                    "[desk]\nchannels = 3\n\n[[access.role]]\nname = "
                                    "\"drummer\"\nmeters = [\"" +
                                        pattern + "\"]\n"));
    };
    for (const char* good : {"/meters/ch/[1-3]", "/meters/main", "/meters/main/{master,chain}",
                             "/meters/scope/main", "/meters/loudness", "//*"})
        CHECK(meters(good) == "ok");
    CHECK(meters("/meters/ch/4") == (folder.path / "desk.toml").string() +
                                        ": [access]: role \"drummer\": `/meters/ch/4` matches no "
                                        "meter of this desk (the nearest is /meters/ch/1)");
}

TEST_CASE("validate: automation is held to the same desk") {
    const Folder folder;
    CHECK(verdict(folder.write("a.auto", "1s /ch/1/fader -6 dB\n")) == "ok");
    const fs::path wrong = folder.write("b.auto", "1s /ch/1/fader -6 dB\n2s /ch/1/fadr 0\n");
    CHECK(verdict(wrong).starts_with(wrong.string() + ":2: "));
}

TEST_CASE("validate: a file that is not there says so") {
    const Folder folder;
    const fs::path gone = folder.path / "gone.scene";
    CHECK(verdict(gone).starts_with(gone.string() + ": no such file"));
}

}  // namespace validate_test
}  // namespace mixrig::app
