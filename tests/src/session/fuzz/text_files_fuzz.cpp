// Feeds arbitrary texts to the readers of every kind of file that people write by hand.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/album.h"
#include "src/session/automation.h"
#include "src/session/cues.h"
#include "src/session/desk_config.h"
#include "src/session/flight_events.h"
#include "src/session/scene.h"
#include "src/session/song.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

using namespace mixrig;
using namespace mixrig::session;

namespace {

const std::string kFile = "/nowhere/a file";
constexpr dsp::Hertz kRate{48000.0};

[[noreturn]] void broken(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

template <typename T>
bool is_read(const base::Result<T>& result) {
    if (result) return true;
    if (result.error().what.empty()) broken("an error without a reason");
    if (!result.error().where.starts_with(kFile)) broken("an error without the file");
    return false;
}

const param::Layout& layout() {
    static const param::Layout kLayout(param::DeskShape::of(3, 2, 2, 1, 1));
    return kLayout;
}

base::Result<TrackFacts> look(const std::filesystem::path&) {
    return TrackFacts{2, kRate, 96000};
}

void check_values(const Scene& scene) {
    for (const Setting& one : scene) {
        const param::Row& row = layout().row(one.slot);
        if (!std::isfinite(one.value.number)) broken("a value that is not finite");
        if (row.type == param::Type::number &&
            (one.value.number < row.low || one.value.number > row.high))
            broken("a value out of range");
    }
}

void read_scene(std::string_view text) {
    const auto scene = parse_scene(text, layout(), kFile);
    if (!is_read(scene)) return;
    check_values(*scene);
    const auto again = parse_scene(write_scene(layout(), *scene), layout(), kFile);
    if (!is_read(again) || again->size() != scene->size()) broken("a scene that changes");
}

void read_automation(std::string_view text) {
    const auto automation = parse_automation(text, layout(), kRate, kFile);
    if (!is_read(automation)) return;
    const auto again =
        parse_automation(write_automation(*automation, layout(), kRate), layout(), kRate, kFile);
    if (!is_read(again) || again->moves.size() != automation->moves.size() ||
        again->trims.size() != automation->trims.size() ||
        again->markers.size() != automation->markers.size())
        broken("an automation that changes");
    for (std::size_t i = 0; i < again->moves.size(); ++i)
        if (again->moves[i].frame != automation->moves[i].frame) broken("a move at another frame");
}

void read_events(std::string_view text) {
    std::istringstream lines{std::string(text)};
    is_read(parse_flight_events(lines, layout(), kRate, kFile));
}

}  // namespace

// The first byte says for which reader the rest is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0]) {
        case 's':
            read_scene(text);
            break;
        case 'a':
            read_automation(text);
            break;
        case 'c':
            is_read(parse_cues(text, kFile));
            break;
        case 'd':
            is_read(parse_desk(text, kFile, NamedFiles::may_be_away));
            break;
        case 'o':
            is_read(parse_song(text, kFile, look));
            break;
        case 'l':
            is_read(parse_album(text, kFile, look));
            break;
        case 'f':
            read_events(text);
            break;
        default:
            break;
    }
    return 0;
}
