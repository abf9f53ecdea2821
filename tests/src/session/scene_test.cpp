// Scenes: the line grammar, ranges, round trips.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/scene.h"

#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <random>

using namespace mixrig;
using namespace mixrig::session;

namespace scene_test {

const param::Layout& layout() {
    static const param::Layout desk(param::DeskShape::of(4, 2, 2, 1, 1));
    return desk;
}

param::Values read(std::string_view text) {
    const auto scene = parse_scene(text, layout(), "mix.scene");
    REQUIRE_MESSAGE(scene, (scene ? "" : scene.error().text()));
    param::Values values(layout());
    apply(*scene, values);
    return values;
}

std::string error(std::string_view text) {
    const auto scene = parse_scene(text, layout(), "mix.scene");
    REQUIRE_FALSE(scene);
    return scene.error().text();
}

float number(const param::Values& values, std::string_view address) {
    return values.number(*layout().find(address));
}

param::Value random_value(std::mt19937& random, param::Slot slot) {
    const param::Row& row = layout().row(slot);
    if (row.type == param::Type::text) {
        std::string text;
        constexpr std::string_view letters =
            "ab \"\\#\n\t\xc3\xa4";  // the last is one character of two bytes
        for (std::size_t n = random() % 12; n > 0; --n) {
            const std::size_t which = random() % (letters.size() - 1);
            text += letters.substr(which, which == letters.size() - 2 ? 2 : 1);
        }
        return {.text = text};
    }
    std::uniform_real_distribution<float> between(row.low, layout().high(slot));
    return {layout().clamp(slot, between(random))};
}

TEST_CASE("scene: addresses, values, units, comments") {
    const auto values = read(
        "# mixrig scene 1\n"
        "\n"
        "/ch/1/name      \"Kick\"\n"
        "/ch/1/fader     -6.0 dB   # a comment\n"
        "\t/ch/1/hpf/freq  80 Hz\r\n"
        "/ch/2/mute      on\n"
        "/ch/2/hpf/freq 1.2 kHz\n"
        "/ch/3/fader -inf dB\n"
        "/ch/3/to sub/2\n"
        "/ch/4/fader -200 # below the bottom there is only more silence\n"
        "/main/fader -3");
    CHECK(values.text(*layout().find("/ch/1/name")) == "Kick");
    CHECK(number(values, "/ch/1/fader") == -6.0f);
    CHECK(number(values, "/ch/1/hpf/freq") == 80.0f);
    CHECK(number(values, "/ch/2/mute") == 1.0f);
    CHECK(number(values, "/ch/2/hpf/freq") == 1200.0f);
    CHECK(number(values, "/ch/3/fader") == param::kSilence);
    CHECK(number(values, "/ch/3/to") == 3.0f);
    CHECK(number(values, "/ch/4/fader") == param::kSilence);
    CHECK(number(values, "/main/fader") == -3.0f);
}

TEST_CASE("scene: quotes hold blanks, hashes and escapes") {
    const auto values = read(R"(/ch/1/name "a # \"b\" \\ \n\t c"  # said)"
                             "\n/ch/2/name \"\"\n/ch/3/name Bass\n");
    CHECK(values.text(*layout().find("/ch/2/name")).empty());
    CHECK(values.text(*layout().find("/ch/1/name")) == "a # \"b\" \\ \n\t c");
    CHECK(values.text(*layout().find("/ch/3/name")) == "Bass");
}

TEST_CASE("scene: a byte order mark and no last newline are fine, an empty scene changes nothing") {
    CHECK(number(read("\xef\xbb\xbf/ch/1/fader -6"), "/ch/1/fader") == -6.0f);
    CHECK(parse_scene("", layout(), "x")->empty());
    CHECK(parse_scene("# only words", layout(), "x")->empty());
}

TEST_CASE("scene: errors name file, line, address and what to do") {
    CHECK(error("\n/ch/1/fadr -6") ==
          "mix.scene:2: /ch/1/fadr is no address of this desk (did you mean /ch/1/fader?)");
    CHECK(error("/ch/1/fader 12") ==
          "mix.scene:1: /ch/1/fader: 12 is out of range (-inf dB to 10 dB)");
    CHECK(error("/ch/1/fader").find("a value is missing") != std::string::npos);
    CHECK(error("/ch/1/fader nan").find("/ch/1/fader") != std::string::npos);
    CHECK(error("/ch/1/name Kick drum").find("put the text in quotes") != std::string::npos);
    CHECK(error("/ch/1/name \"Kick").find("closing quote") != std::string::npos);
    CHECK(error("/ch/1/fader -6\n/ch/1/fader -7").find("in line 1") != std::string::npos);
    CHECK(error("# mixrig scene 2\n/ch/1/fader -6").find("newer mixrig") != std::string::npos);
    CHECK(error("/ch/1/name \"\xff\"").find("UTF-8") != std::string::npos);
}

TEST_CASE("scene: UTF-8 is checked to the letter") {
    for (const std::string_view good :
         {"\x41", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xef\xbf\xbf",
          "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
        CAPTURE(good);
        const auto values = read("/ch/1/name \"" + std::string(good) + "\"");
        CHECK(values.text(*layout().find("/ch/1/name")) == good);
    }
    // Stray and missing continuation, overlong forms, a surrogate, beyond the last character.
    for (const std::string_view bad :
         {"\x80", "\xc2", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xef\xbf",
          "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
        CAPTURE(bad);
        CHECK(error("/ch/1/name \"" + std::string(bad) + "\"").find("UTF-8") != std::string::npos);
    }
}

TEST_CASE("scene: what is written is read back as the same values") {
    std::mt19937 random(1);
    for (int round = 0; round < 20; ++round) {
        param::Values values(layout());
        for (param::Slot slot = 0; slot < layout().size(); ++slot)
            if (random() % 2 == 0 && layout().row(slot).keep == param::Keep::scenes)
                values.set(slot, random_value(random, slot));
        for (const Lines lines : {Lines::all, Lines::changed}) {
            const auto back = read(write_scene(layout(), values, lines));
            for (param::Slot slot = 0; slot < layout().size(); ++slot) {
                CAPTURE(layout().address(slot));
                REQUIRE(back.get(slot) == values.get(slot));
            }
        }
    }
}

TEST_CASE("scene: a new desk writes every line, or none") {
    const param::Values values(layout());
    const std::string all = write_scene(layout(), values, Lines::all);
    std::size_t kept = 0;
    for (param::Slot slot = 0; slot < layout().size(); ++slot)
        kept += layout().row(slot).keep == param::Keep::scenes;
    CHECK(static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n')) == kept + 1);
    CHECK(write_scene(layout(), values, Lines::changed) == "# mixrig scene 1\n");
}

TEST_CASE("scene: what is armed stands in the state but in no scene, readings in neither") {
    param::Values values(layout());
    values.set(*layout().find("/ch/2/record"), {1.0f});
    values.set(*layout().find("/ch/2/soundcheck"), {1.0f});
    values.set(*layout().find("/record/seconds"), {5.0f});
    CHECK(write_scene(layout(), values, Lines::changed) == "# mixrig scene 1\n");
    CHECK(write_scene(layout(), values, Lines::all).find("record") == std::string::npos);
    const std::string state = write_scene(layout(), values, Lines::state);
    CHECK(state.find("/record/seconds") == std::string::npos);
    CHECK(state.find("/ch/2/soundcheck") == std::string::npos);
    const auto back = parse_what_fits(state + "/record/seconds 5\n", layout(), "state");
    REQUIRE(back);
    CHECK(back->left_out.empty());
    param::Values read_back(layout());
    apply(back->scene, read_back);
    CHECK(read_back.number(*layout().find("/ch/2/record")) == 1.0f);
    CHECK(read_back.number(*layout().find("/record/seconds")) == 0.0f);
    CHECK(error("/ch/1/fader 0\n/ch/2/record in").find("mix.scene:2: /ch/2/record") == 0);
}

TEST_CASE("scene: of a desk that has changed, what fits is taken and the rest is named") {
    const auto fitting =
        parse_what_fits("/ch/1/fader -6\n/ch/40/fader -6\n/ch/2/mute on\n", layout(), "state");
    REQUIRE(fitting);
    CHECK(fitting->scene.size() == 2);
    REQUIRE(fitting->left_out.size() == 1);
    CHECK(fitting->left_out[0].find("state:2: /ch/40/fader") == 0);
}

TEST_CASE("scene: a file is loaded whole, or not at all") {
    const tests::ScratchFolder folder;
    std::ofstream(folder / "a.scene") << "/ch/1/fader -6\n";
    CHECK(load_scene(folder / "a.scene", layout())->size() == 1);
    CHECK(load_scene(folder / "b.scene", layout()).error().what == "no such file");
}

}  // namespace scene_test
