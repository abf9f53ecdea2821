// Every file in tests/files/bad is refused, in the line and with the words its first line expects.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/album.h"
#include "src/session/automation.h"
#include "src/session/cues.h"
#include "src/session/scene.h"
#include "src/session/song.h"
#include "src/session/text_file.h"
#include "tests/src/session/song_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace mixrig;
using namespace mixrig::session;

namespace bad_files_test {

std::vector<std::filesystem::path> bad_files() {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(MIXRIG_TEST_FILES "/bad"))
        out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

// By the end of the name: .desk.toml, .song.toml, .album.toml, .scene, .auto, .cues.
std::optional<base::Error> refused(const std::filesystem::path& path) {
    const param::Layout layout(param::DeskShape::of(16, 4, 4, 2, 2));
    const std::string name = path.filename().string();
    const auto error_of = [](const auto& result) {
        return result ? std::nullopt : std::optional(result.error());
    };
    if (name.ends_with(".desk.toml")) return error_of(load_desk(path));
    if (name.ends_with(".song.toml")) return error_of(load_song(path, tests::look));
    if (name.ends_with(".album.toml")) return error_of(load_album(path, tests::look));
    if (name.ends_with(".scene")) return error_of(load_scene(path, layout));
    if (name.ends_with(".auto")) return error_of(load_automation(path, layout, {48000.0}));
    if (name.ends_with(".cues")) return error_of(load_cues(path));
    return std::nullopt;
}

TEST_CASE("bad files: each is refused with file, line and reason") {
    const auto files = bad_files();
    CHECK(files.size() >= 30);
    const auto shows = std::count_if(files.begin(), files.end(),
                                     [](const auto& path) { return path.extension() != ".toml"; });
    CHECK(shows >= 20);  // scenes, cues, automation
    for (const auto& path : files) {
        const std::string name = path.filename().string();
        CAPTURE(name);
        // "# expect: LINE: FRAGMENT"; line 0 where no line is to blame.
        const std::string text = *read_text(path);
        const std::string first = text.substr(0, text.find('\n'));
        constexpr std::string_view mark = "# expect: ";
        REQUIRE(first.starts_with(mark));
        const std::size_t colon = first.find(": ", mark.size());
        REQUIRE(colon != std::string::npos);
        const std::string line = first.substr(mark.size(), colon - mark.size());
        const std::string fragment = first.substr(colon + 2);

        const auto error = refused(path);
        REQUIRE(error);
        CHECK(error->where == at_line(path.string(), std::stoul(line)));
        const bool found = error->text().find(fragment) != std::string::npos;
        CHECK_MESSAGE(found, error->text());
    }
}

TEST_CASE("bad files: random damage is accepted or refused with a reason, never worse") {
    std::mt19937 random(77);
    const param::Layout layout(param::DeskShape::of(16, 4, 4, 2, 2));
    std::vector<std::filesystem::path> seeds = bad_files();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(MIXRIG_CONFIGS))
        if (entry.is_regular_file()) seeds.push_back(entry.path());
    std::size_t refusals = 0;
    const auto take = [&](const auto& result) {
        if (result) return;
        ++refusals;
        REQUIRE_FALSE(result.error().what.empty());
    };
    for (const auto& path : seeds)
        for (int round = 0; round < MIXRIG_ROUNDS; ++round) {
            std::string text = *read_text(path);
            for (std::size_t n = random() % 6 + 1; n > 0 && !text.empty(); --n) {
                const std::size_t at = random() % text.size();
                if (n % 3 == 0)
                    text.erase(at, random() % 20);
                else if (n % 3 == 1)
                    text[at] = static_cast<char>(random());
                else
                    text.insert(at, text.substr(random() % text.size(), random() % 40));
            }
            take(parse_desk(text, "x"));
            take(parse_song(text, "x", tests::look));
            take(parse_album(text, "x", tests::look));
            take(parse_scene(text, layout, "x"));
            take(parse_automation(text, layout, {48000.0}, "x"));
            take(parse_what_fits(text, layout, "x"));
            take(parse_cues(text, "x"));
        }
    CHECK(refusals > 1000);
}

}  // namespace bad_files_test
