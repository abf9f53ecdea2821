// What a stereo file goes through on its way to a master.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/chain_file.h"

#include "src/app/bounce/bounce.h"
#include "src/app/look_at.h"
#include "src/app/master/restoration.h"
#include "src/disk/sound_file_reader.h"
#include "src/session/line_grammar.h"

#include <string>
#include <unistd.h>

namespace mixrig::app {

namespace fs = std::filesystem;

namespace {

constexpr float kMonoToBoth_dB = 3.0103f;

}  // namespace

// One stereo channel into main, and nothing else.
base::Result<session::Song> desk_for(const fs::path& input, double rate) {
    const std::string text =
        "[desk]\nchannels = 1\nsubgroups = 0\nauxes = 0\neffects = 0\n"
        "matrices = 0\n[[track]]\nchannel = 1\nfile = " +
        session::in_quotes(fs::absolute(input).string()) + "\n";
    auto song =
        session::parse_song(text, fs::absolute(input).parent_path() / "song.toml", look_at_sound);
    if (!song) return base::Error{song.error().what, input.string(), song.error().hint};
    if (rate != 0.0) song->desk.audio.rate = {rate};
    return song;
}

base::Result<Chain> read_chain(const fs::path& file, const param::Layout& layout) {
    Chain chain;
    if (file.empty()) return chain;
    const auto scene = session::load_scene(file, layout);
    if (!scene) return scene.error();
    for (const session::Setting& one : *scene) {
        const std::string address = layout.address(one.slot);
        if (address.starts_with("/restore/")) {
            chain.restoration.push_back(one);
            continue;
        }
        if (!address.starts_with("/main/"))
            return base::Error{address + " is no part of a chain", file.string(),
                               "a chain is made of /restore/..., /main/master/... and "
                               "/main/limiter/..."};
        (address.starts_with("/main/limiter/") ? chain.limiter : chain.blocks).push_back(one);
    }
    return chain;
}

base::Result<disk::Sound> through_chain(const fs::path& input, const fs::path& chain) {
    auto song = desk_for(input, 0.0);
    if (!song) return song.error();
    const param::Layout layout = with_restoration(session::shape_of(song->desk));
    auto blocks = read_chain(chain, layout);
    if (!blocks) return blocks.error();
    const auto mended = restoration_of(layout, blocks->restoration);
    if (!mended) return base::Error{mended.error().what, chain.string(), mended.error().hint};
    const fs::path beside = fs::temp_directory_path() / ("mixrig-" + std::to_string(::getpid()));
    const TemporaryFile restored(beside.string() + ".restored.tmp.wav"),
        chained(beside.string() + ".chained.tmp.wav");
    if (mended->any()) {
        const auto done = restore_file(
            {.input = input, .output = restored.path(), .blocks = *mended, .format = kExact});
        if (!done) return done.error();
        song = desk_for(restored.path(), 0.0);
        if (!song) return song.error();
    }
    session::Scene all = std::move(blocks->blocks);
    all.insert(all.end(), blocks->limiter.begin(), blocks->limiter.end());
    // A mono channel stands in the middle of main, 3 dB down on each side; a file does not.
    if (song->tracks.front().facts.channels == 1)
        all.push_back({.slot = *layout.find("/ch/1/trim"), .value = {kMonoToBoth_dB}});
    song->desk.engine.ceiling = {kHeadroom_dB};
    const auto done = bounce(
        *song,
        {.file = chained.path(), .also = std::move(all), .format = kExact, .refuses_damage = true});
    if (!done) return done.error();
    return disk::read_whole(chained.path());
}

}  // namespace mixrig::app
