// Places in cue sheets and TOC files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/album_plan.h"
#include "src/app/master/verify_checks.h"
#include "src/disk/cue_sheet.h"
#include "src/session/text_file.h"

#include <string>

namespace mixrig::app {
namespace {

std::uint64_t cd_frames(std::uint64_t frames, dsp::Hertz rate) {
    return frames * disk::kCdFramesPerSecond / static_cast<std::uint64_t>(rate.value);
}

// The first difference, or nothing.
std::string difference(const disk::SheetTimes& read, const disk::Sheet& sheet, bool has_end) {
    if (read.image != disk::to_latin1(sheet.image)) return "it names another sound file";
    if (read.tracks.size() != sheet.tracks.size())
        return std::to_string(read.tracks.size()) + " tracks, not " +
               std::to_string(sheet.tracks.size());
    for (std::size_t i = 0; i < sheet.tracks.size(); ++i) {
        const disk::Placed& place = sheet.tracks[i].place;
        const disk::SheetTimes::Track wanted{cd_frames(place.gap_start, sheet.rate),
                                             cd_frames(place.mark, sheet.rate)};
        if (read.tracks[i] != wanted)
            return "track " + std::to_string(i + 1) + " begins at frame " +
                   std::to_string(read.tracks[i].mark) + ", not " + std::to_string(wanted.mark);
    }
    const std::uint64_t end = cd_frames(sheet.frames, sheet.rate);
    if (has_end && read.end != end)
        return "it ends at frame " + std::to_string(read.end) + ", the sound at " +
               std::to_string(end);
    return {};
}

void verify_sheet(const Verification& v, const DeliveredFile& file, std::size_t reel) {
    const bool toc = file.kind == "toc";
    const auto text = session::read_text(v.folder / file.name);
    if (!text) return;  // said already
    const auto read = toc ? disk::read_toc(*text) : disk::read_cue(*text);
    const disk::Sheet sheet = sheet_of(v.delivery, reel);
    const std::string wrong = read ? difference(*read, sheet, toc) : read.error().text();
    v.check(wrong.empty(), {.rule = "P05",
                            .file = file.name,
                            .what = wrong.empty() ? "its marks lie where the songs begin" : wrong,
                            .figure = std::to_string(sheet.tracks.size()) + " tracks, " +
                                      disk::cd_time(sheet.frames, sheet.rate),
                            .todo = "make the delivery anew"});
}

// Gaps and tracks fill the image, without a hole and without an overlap.
void verify_sum(const Verification& v, std::size_t reel) {
    const disk::Sheet sheet = sheet_of(v.delivery, reel);
    std::uint64_t at = 0;
    bool good = true, on_grid = sheet.frames % v.profile.grid == 0;
    for (const disk::SheetTrack& track : sheet.tracks) {
        good = good && track.place.gap_start == at;
        on_grid = on_grid && track.place.mark % v.profile.grid == 0;
        at = track.place.end;
    }
    v.check(good && at == sheet.frames && on_grid,
            {.rule = "P02",
             .file = sheet.image,
             .what = on_grid ? "gaps and tracks add up to the whole"
                             : "a mark lies between two CD frames",
             .figure = std::to_string(at) + " of " + std::to_string(sheet.frames) + " samples",
             .todo = "make the delivery anew"});
    const double seconds = static_cast<double>(sheet.frames) / sheet.rate.value;
    if (v.profile.longest_image > 0.0)
        v.add(seconds <= v.profile.longest_image ? Grade::pass
              : v.profile.name == "cd"           ? Grade::fail
                                                 : Grade::warn,
              {.rule = "P06",
               .file = sheet.image,
               .what = "length of the medium",
               .figure = std::to_string(static_cast<long>(seconds)) + " s of " +
                         std::to_string(static_cast<long>(v.profile.longest_image)) + " s",
               .todo = "fewer songs, or another disc or side"});
}

}  // namespace

void verify_sheets(const Verification& v) {
    std::size_t cues = 0, tocs = 0;
    for (const DeliveredFile& file : v.delivery.files) {
        if (file.kind != "cue" && file.kind != "toc") continue;
        const std::size_t reel = file.kind == "cue" ? cues++ : tocs++;
        if (reel < v.delivery.reels.size()) verify_sheet(v, file, reel);
    }
    if (!v.profile.images) return;
    const bool has_toc = v.profile.grid == disk::kCdFrame;
    const std::size_t reels = v.delivery.reels.size();
    v.check(
        cues == reels && (!has_toc || tocs == reels),
        {.rule = "P05",
         .what = has_toc ? "each image has a cue sheet and a TOC" : "each image has a cue sheet",
         .figure = std::to_string(cues) + " and " + std::to_string(tocs) + " for " +
                   std::to_string(reels),
         .todo = "make the delivery for this medium"});
    for (std::size_t reel = 0; reel < reels; ++reel) verify_sum(v, reel);
}

}  // namespace mixrig::app
