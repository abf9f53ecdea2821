// Measure, choose levels, write, describe.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/album.h"

#include "src/app/master/album_files.h"
#include "src/app/master/album_plan.h"
#include "src/app/master/album_songs.h"
#include "src/disk/archive.h"
#include "src/disk/edit.h"
#include "src/monitor/measure.h"
#include "src/session/atomic_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <system_error>
#include <utility>

namespace mixrig::app {
namespace {

namespace fs = std::filesystem;
using base::Done;
using base::Status;

constexpr std::size_t kSilentFrames = 4096;  // frames

void add_silence(monitor::LoudnessMeter& meter, std::uint64_t frames) {
    const std::vector<float> zeros(2 * kSilentFrames);
    for (; frames > 0; frames -= std::min<std::uint64_t>(frames, kSilentFrames))
        meter.add(std::span<const float>(zeros).first(
            2 * static_cast<std::size_t>(std::min<std::uint64_t>(frames, kSilentFrames))));
}

void add_sound(monitor::LoudnessMeter& meter, const disk::Sound& sound) {
    const std::array<const float*, 2> planar = {sound.tracks[0].data(), sound.tracks[1].data()};
    meter.add(planar.data(), sound.frames());
}

// The loudness of everything, one reel behind the other, with the gaps.
class WholeLoudness {
public:
    explicit WholeLoudness(monitor::LoudnessMeter meter) : meter_(std::move(meter)) {}

    void add(const DeliveredSong& song, const disk::Sound& sound) {
        if (song.reel != reel_) position_ = 0;
        reel_ = song.reel;
        add_silence(meter_, song.place.start - position_);
        add_sound(meter_, sound);
        position_ = song.place.start + song.place.frames;
    }
    double integrated() const { return meter_.integrated(); }

private:
    monitor::LoudnessMeter meter_;
    std::size_t reel_ = 0;
    std::uint64_t position_ = 0;
};

std::string decibels(double value) {
    std::array<char, 32> out{};
    std::snprintf(out.data(), out.size(), "%.1f", value);
    return out.data();
}

bool less_gain(const DeliveredSong& a, const DeliveredSong& b) {
    return a.gain_dB < b.gain_dB;
}

class Maker {
public:
    Maker(const session::Album& album, const AlbumSettings& settings)
        : album_(album), settings_(settings), songs_({0.0}) {
        made_.delivery = plan_album(album, settings.profile);
        songs_ = AlbumSongs(delivery().rate);
    }

    base::Result<AlbumMade> make() {
        for (const auto step : {&Maker::prepare_folder, &Maker::measure, &Maker::write_sounds,
                                &Maker::write_sheets, &Maker::write_rest, &Maker::write_manifest})
            if (auto status = (this->*step)(); !status) return status.error();
        return std::move(made_);
    }

private:
    Delivery& delivery() { return made_.delivery; }
    bool images() const { return settings_.profile.images; }
    fs::path at(const std::string& name) const { return settings_.folder / name; }

    Status prepare_folder() {
        std::error_code error;
        fs::create_directories(settings_.folder, error);
        if (error)
            return base::Error{.what = "cannot be made: " + error.message(),
                               .where = settings_.folder.string(),
                               .hint = "choose another folder with -o"};
        if (auto safe = spare_sources(); !safe) return safe;
        // Until all is written, there is no delivery here.
        fs::remove(at(std::string(kManifestName)), error);
        return Done{};
    }

    // A delivery beside its songs must not be written over one of them.
    Status spare_sources() const {
        std::vector<std::string> names;
        for (const DeliveredSong& song : made_.delivery.songs) names.push_back(song.file);
        for (const DeliveredReel& reel : made_.delivery.reels)
            if (!reel.image.empty()) names.push_back(reel.image);
        std::error_code ignored;
        for (const session::AlbumSong& song : album_.songs)
            for (const std::string& name : names)
                if (fs::equivalent(at(name), song.file, ignored))
                    return base::Error{
                        .what = "would be written over, and it is a song of the album",
                        .where = song.file.string(),
                        .hint = "choose another folder with -o"};
        return Done{};
    }

    // The loudness of what each file will hold and of the whole, so that both can be found again
    // in what is delivered; and the balance of the song itself.
    Status measure() {
        auto empty = monitor::LoudnessMeter::create({.channels = 2, .rate = delivery().rate});
        auto levelled = monitor::LoudnessMeter::create({.channels = 2, .rate = delivery().rate});
        if (!empty || !levelled) return (empty ? levelled : empty).error();
        WholeLoudness whole(*std::move(empty));
        levelled_.emplace(*std::move(levelled));
        std::vector<SongLevels> levels;
        std::vector<SongFigures> figures;
        for (std::size_t i = 0; i < album_.songs.size(); ++i) {
            DeliveredSong& song = delivery().songs[i];
            const auto sound = songs_.read(album_.songs[i]);
            if (!sound) return sound.error();
            auto meter = monitor::LoudnessMeter::create({.channels = 2, .rate = delivery().rate});
            if (!meter) return meter.error();
            const std::uint64_t end = song.place.start + song.place.frames;
            add_silence(*meter, song.place.start - std::min(song.place.start, song.from));
            add_sound(*meter, *sound);
            add_silence(*meter, song.to - std::min(song.to, end));
            whole.add(song, *sound);
            levels.push_back({meter->integrated(), meter->true_peak()});
            loudness_.push_back({.integrated = meter->integrated(),
                                 .range = meter->range(),
                                 .true_peak = meter->true_peak(),
                                 .momentary_max = meter->momentary_max(),
                                 .short_term_max = meter->short_term_max()});
            figures.push_back({.title = song.title,
                               .balance = monitor::tonal_balance(sound->tracks[0], sound->tracks[1],
                                                                 delivery().rate)});
        }
        choose_gains(delivery(), album_, whole.integrated(), levels);
        take_levels(whole.integrated(), figures);
        return Done{};
    }

    void take_levels(double album_lufs, std::vector<SongFigures>& figures) {
        for (std::size_t i = 0; i < figures.size(); ++i) {
            DeliveredSong& song = delivery().songs[i];
            disk::LoudnessTag& tag = loudness_[i];
            for (double* level :
                 {&tag.integrated, &tag.true_peak, &tag.momentary_max, &tag.short_term_max})
                *level += song.gain_dB;
            song.integrated_lufs = figures[i].integrated_lufs = tag.integrated;
            song.range_lu = figures[i].range_lu = tag.range;
            song.true_peak_dBTP = figures[i].true_peak_dBTP = tag.true_peak;
        }
        delivery().integrated_lufs = album_lufs + delivery().songs.front().gain_dB;
        note_levels();
        made_.cohesion = cohesion(std::move(figures));
    }

    void note_levels() {
        const std::string ceiling = decibels(delivery().ceiling_dBTP);
        for (const DeliveredSong& song : delivery().songs) {
            if (song.held_by_ceiling && delivery().levels == "track")
                made_.notes.push_back(song.title + ": stays at " + decibels(song.integrated_lufs) +
                                      " LUFS, louder its peaks would pass " + ceiling +
                                      " dBTP; master it first");
            if (song.true_peak_dBTP > delivery().ceiling_dBTP)
                made_.notes.push_back(song.title + ": its peaks reach " +
                                      decibels(song.true_peak_dBTP) + " dBTP, the ceiling is " +
                                      ceiling);
        }
        if (delivery().held_by_ceiling() && delivery().levels == "album")
            made_.notes.push_back("the album stays at " + decibels(delivery().integrated_lufs) +
                                  " LUFS, louder its peaks would pass " + ceiling +
                                  " dBTP; master the songs first");
    }

    disk::WriterSettings writer_settings(const disk::Tags& tags) const {
        return {.format = settings_.profile.format,
                .channels = 2,
                .rate = made_.delivery.rate,
                .tags = tags};
    }

    disk::Tags song_tags(std::size_t i) const {
        const Delivery& d = made_.delivery;
        return {.title = d.songs[i].title,
                .artist = d.songs[i].artist,
                .album = d.title,
                .genre = d.genre,
                .date = d.date,
                .track = std::to_string(i + 1),
                .isrc = d.songs[i].isrc,
                .upc = d.upc,
                .time_reference = d.songs[i].from,
                .loudness = loudness_[i]};
    }

    disk::Tags image_tags() const {
        const Delivery& d = made_.delivery;
        return {.title = d.title,
                .artist = d.artist,
                .album = d.title,
                .genre = d.genre,
                .date = d.date,
                .upc = d.upc};
    }

    base::Result<disk::Sound> levelled(std::size_t i) {
        auto sound = songs_.read(album_.songs[i]);
        if (!sound) return sound;
        disk::change_level(*sound, delivery().songs[i].gain_dB);
        levelled_->add(delivery().songs[i], *sound);
        return sound;
    }

    Status write_sounds() {
        const auto written = images() ? write_images() : write_songs();
        // Where every song has a gain of its own, the sum is known only now.
        delivery().integrated_lufs = levelled_->integrated();
        return written;
    }

    Status write_songs() {
        for (std::size_t i = 0; i < delivery().songs.size(); ++i) {
            const DeliveredSong& song = delivery().songs[i];
            const auto sound = levelled(i);
            if (!sound) return sound.error();
            auto file = TimeLineFile::open(at(song.file), writer_settings(song_tags(i)), song.from);
            if (!file) return file.error();
            if (auto added = file->add(*sound, song.place.start); !added) return added;
            if (auto closed = file->close(song.to); !closed) return closed;
            if (auto added = add_file(delivery(), at(song.file), "song"); !added) return added;
        }
        return Done{};
    }

    Status write_images() {
        for (std::size_t reel = 0; reel < delivery().reels.size(); ++reel) {
            const fs::path path = at(delivery().reels[reel].image);
            auto file = TimeLineFile::open(path, writer_settings(image_tags()), 0);
            if (!file) return file.error();
            for (std::size_t i = 0; i < delivery().songs.size(); ++i) {
                if (delivery().songs[i].reel != reel) continue;
                const auto sound = levelled(i);
                if (!sound) return sound.error();
                if (auto added = file->add(*sound, delivery().songs[i].place.start); !added)
                    return added;
            }
            if (auto closed = file->close(delivery().reels[reel].frames); !closed) return closed;
            if (auto added = add_file(delivery(), path, "image"); !added) return added;
        }
        return cut_songs();
    }

    Status cut_songs() {
        for (std::size_t i = 0; i < delivery().songs.size(); ++i) {
            const DeliveredSong& song = delivery().songs[i];
            const auto done = cut_file(at(delivery().reels[song.reel].image), song.from, song.to,
                                       at(song.file), writer_settings(song_tags(i)));
            if (!done) return done;
            if (auto added = add_file(delivery(), at(song.file), "song"); !added) return added;
        }
        return Done{};
    }

    Status write_text(const fs::path& path, std::string_view kind, std::string_view text) {
        if (auto saved = session::save_atomically(path, text, session::Keep::nothing,
                                                  session::Readers::everybody);
            !saved)
            return saved;
        return add_file(delivery(), path, kind);
    }

    void note_letters(const disk::Sheet& sheet) {
        const auto note = [this](const std::string& text) {
            const std::string latin1 = disk::to_latin1(text);
            if (std::count(latin1.begin(), latin1.end(), '?') >
                std::count(text.begin(), text.end(), '?'))
                made_.notes.push_back("cue sheet, TOC: \"" + text +
                                      "\" has letters that CD-TEXT lacks; they become `?`");
        };
        note(sheet.title);
        for (const disk::SheetTrack& track : sheet.tracks) note(track.title);
    }

    Status write_sheets() {
        for (std::size_t reel = 0; reel < delivery().reels.size() && images(); ++reel) {
            const disk::Sheet sheet = sheet_of(delivery(), reel);
            note_letters(sheet);
            fs::path path = at(sheet.image);
            const auto cue = write_text(path.replace_extension(".cue"), "cue", cue_text(sheet));
            if (!cue) return cue;
            if (settings_.profile.grid != disk::kCdFrame) continue;
            const auto toc = write_text(path.replace_extension(".toc"), "toc", toc_text(sheet));
            if (!toc) return toc;
        }
        return Done{};
    }

    Status write_rest() {
        if (settings_.preview_seconds > 0.0 && delivery().songs.size() > 1) {
            const fs::path path = at(session::safe_file_name(delivery().artist + "-" +
                                                             delivery().title + "-Spacing.wav"));
            const auto written =
                write_preview(delivery(), settings_.folder, settings_.preview_seconds, path);
            if (!written) return written;
            if (auto added = add_file(delivery(), path, "preview"); !added) return added;
        }
        for (std::size_t i = 0; i < delivery().songs.size() && settings_.zip; ++i) {
            const fs::path song = at(delivery().songs[i].file);
            const fs::path archive = fs::path(song).replace_extension(".zip");
            if (auto written = disk::write_zip(archive, std::span(&song, 1)); !written)
                return written;
            if (auto added = add_file(delivery(), archive, "zip"); !added) return added;
        }
        return Done{};
    }

    Status write_manifest() {
        return session::save_atomically(at(std::string(kManifestName)),
                                        to_json(delivery()).text() + "\n", session::Keep::nothing,
                                        session::Readers::everybody);
    }

    const session::Album& album_;
    const AlbumSettings& settings_;
    AlbumMade made_;
    AlbumSongs songs_;
    std::vector<disk::LoudnessTag> loudness_;
    std::optional<WholeLoudness> levelled_;
};

}  // namespace

double AlbumMade::lowest_gain() const {
    return std::min_element(delivery.songs.begin(), delivery.songs.end(), less_gain)->gain_dB;
}

double AlbumMade::highest_gain() const {
    return std::max_element(delivery.songs.begin(), delivery.songs.end(), less_gain)->gain_dB;
}

base::Result<AlbumMade> make_album(const session::Album& album, const AlbumSettings& settings) {
    if (auto fits = check_medium(album, settings.profile); !fits) return fits.error();
    return Maker(album, settings).make();
}

}  // namespace mixrig::app
