// What is in the sound files of a delivery.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/verify_checks.h"
#include "src/disk/sound_file_reader.h"
#include "src/disk/tags.h"
#include "src/monitor/balance.h"
#include "src/monitor/measure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <utility>

namespace mixrig::app {
namespace {

namespace fs = std::filesystem;

constexpr double kTolerance = 0.1;   // LU and dB, rule K13; meters agree on less
constexpr float kAbrupt = 1e-3f;     // -60 dBFS: below it an edge is not heard
constexpr float kSilent = 3.16e-5f;  // -90 dBFS, rule N11
constexpr double kLongLead = 1.0;    // seconds of silence before a song begins
constexpr double kLongTrail = 5.0;   // and after it has decayed
constexpr double kLowSide = -20.0;   // dB below the middle: what a groove takes at 90 Hz

std::string in_decibels(double value, const char* unit, double limit, const char* word) {
    std::array<char, 80> out{};
    std::snprintf(out.data(), out.size(), "%.2f %s, %s %.2f", value, unit, word, limit);
    return out.data();
}

// Where a sound begins and ends.
class Ends {
public:
    void add(std::span<const float> stereo) {
        for (std::size_t i = 0; i + 1 < stereo.size(); i += 2, ++frames_) {
            const float peak = std::max(std::fabs(stereo[i]), std::fabs(stereo[i + 1]));
            if (frames_ == 0) first_ = peak;
            last_ = peak;
            if (peak <= kSilent) continue;
            if (!begin_) begin_ = frames_;
            end_ = frames_ + 1;
        }
    }
    float first() const { return first_; }
    float last() const { return last_; }
    std::uint64_t lead() const { return begin_.value_or(frames_); }
    std::uint64_t trail() const { return frames_ - end_; }
    std::uint64_t frames() const { return frames_; }

private:
    std::uint64_t frames_ = 0, end_ = 0;
    std::optional<std::uint64_t> begin_;
    float first_ = 0.0f, last_ = 0.0f;
};

struct Heard {
    disk::SoundInfo info = {};
    monitor::Measurement measured = {};
    Ends ends = {};
};

base::Result<Heard> hear(const fs::path& path, monitor::LoudnessMeter* whole) {
    auto file = disk::SoundFileReader::open(path);
    if (!file) return file.error();
    Heard heard{.info = file->info()};
    if (heard.info.channels != 2)
        return base::Error{.what =
                               "has " + std::to_string(heard.info.channels) + " channels, not two"};
    auto measured = monitor::measure(
        {.channels = 2, .rate = heard.info.rate, .full_scale = heard.info.full_scale},
        [&](std::span<float> stereo) {
            const auto frames = file->read(stereo);
            if (!frames) return frames;
            const std::span<const float> got = stereo.first(2 * *frames);
            heard.ends.add(got);
            if (whole != nullptr) whole->add(got);
            return frames;
        });
    if (!measured) return measured.error();
    heard.measured = *std::move(measured);
    return heard;
}

class Sounds {
public:
    explicit Sounds(const Verification& v) : v_(v), d_(v.delivery) {}

    void run() {
        auto whole = monitor::LoudnessMeter::create({.channels = 2, .rate = d_.rate});
        if (!whole)
            return v_.add(Grade::fail, {.rule = "N02",
                                        .what = whole.error().what,
                                        .figure = rate_text(d_.rate),
                                        .todo = "make the delivery anew"});
        const bool images = !d_.reels.empty() && !d_.reels.front().image.empty();
        profile_format();
        for (const DeliveredReel& reel : d_.reels)
            if (!reel.image.empty()) sound(reel.image, reel.frames, &*whole);
        for (std::size_t i = 0; i < d_.songs.size(); ++i) song(i, images ? nullptr : &*whole);
        if (all_heard_) loudness(whole->integrated());
    }

private:
    // What the medium asks of what the manifest says; that files keep to that comes after.
    void profile_format() {
        const auto format = disk::parse_format(d_.format);
        const bool cd = v_.profile.name == "cd";
        constexpr std::array kRates = {44100.0, 48000.0, 88200.0, 96000.0, 176400.0, 192000.0};
        const bool good =
            format &&
            (cd ? *format == v_.profile.format && d_.rate.value == v_.profile.rate
                : format->coding != disk::Coding::pcm16 &&
                      std::find(kRates.begin(), kRates.end(), d_.rate.value) != kRates.end());
        v_.check(good, {.rule = "N05",
                        .what = "the medium takes the format",
                        .figure = d_.format + " at " + rate_text(d_.rate),
                        .todo = "deliver again with --medium " + std::string(v_.profile.name)});
        if (good && v_.profile.rate > 0.0)
            v_.prefer(d_.rate.value == v_.profile.rate,
                      {.rule = "N05",
                       .what = "the usual rate of the medium",
                       .figure = rate_text(d_.rate) + ", usual " + rate_text({v_.profile.rate}),
                       .todo = "leave --rate away unless it was asked for"});
    }

    static std::string rate_text(dsp::Hertz rate) {
        return std::to_string(static_cast<long>(rate.value)) + " Hz";
    }

    std::optional<Heard> sound(const std::string& name, std::uint64_t frames,
                               monitor::LoudnessMeter* whole) {
        auto heard = hear(v_.folder / name, whole);
        if (!heard) {
            all_heard_ = false;
            v_.add(Grade::fail, {.rule = "N01",
                                 .file = name,
                                 .what = "cannot be read: " + heard.error().what,
                                 .todo = "make the delivery anew"});
            return std::nullopt;
        }
        format(name, heard->info);
        v_.check(heard->ends.frames() == frames,
                 {.rule = "H03",
                  .file = name,
                  .what = "length",
                  .figure = std::to_string(heard->ends.frames()) + " frames, asked " +
                            std::to_string(frames),
                  .todo = "make the delivery anew"});
        peaks(name, heard->measured);
        return *std::move(heard);
    }

    void format(const std::string& name, const disk::SoundInfo& info) {
        auto asked = disk::parse_format(d_.format);
        auto is = info.format;
        // An RF64 file that stays below 4 GB becomes a plain WAV.
        if (asked && asked->container == disk::Container::rf64)
            asked->container = disk::Container::wav;
        if (is && is->container == disk::Container::rf64) is->container = disk::Container::wav;
        v_.check(info.rate.value == d_.rate.value,
                 {.rule = "N02",
                  .file = name,
                  .what = "sample rate",
                  .figure = rate_text(info.rate) + ", asked " + rate_text(d_.rate),
                  .todo = "do not convert after delivery"});
        v_.check(asked && is && *asked == *is,
                 {.rule = "N03",
                  .file = name,
                  .what = "format and bit depth",
                  .figure = (is ? disk::format_name(*is) : "another") + ", asked " + d_.format,
                  .todo = "do not convert after delivery"});
    }

    void peaks(const std::string& name, const monitor::Measurement& m) {
        const std::uint64_t clipped = m.clipped_samples() + m.samples_over() + m.not_finite();
        v_.check(clipped == 0, {.rule = "B04",
                                .file = name,
                                .what = "samples that are clipped, or no numbers",
                                .figure = std::to_string(clipped),
                                .todo = "find where it clipped and mix or master it anew"});
        const double peak = m.true_peak_dBTP;
        const bool over_own = peak > d_.ceiling_dBTP + kTolerance;
        const bool over_medium = peak > v_.profile.ceiling_dBTP + kTolerance;
        // Whoever sets a higher ceiling for the medium is told, and has their way.
        const bool strict = v_.profile.name != d_.medium;
        v_.add(over_own || (over_medium && strict) ? Grade::fail
               : over_medium                       ? Grade::warn
                                                   : Grade::pass,
               {.rule = "K12",
                .file = name,
                .what = "true peak",
                .figure = in_decibels(
                    peak, "dBTP", strict ? v_.profile.ceiling_dBTP : d_.ceiling_dBTP, "at most"),
                .todo = "lower it, or master it with a limiter"});
    }

    void song(std::size_t i, monitor::LoudnessMeter* whole) {
        const DeliveredSong& song = d_.songs[i];
        const auto heard = sound(song.file, song.to - song.from, whole);
        if (!heard) return;
        const double off = std::fabs(heard->measured.integrated_lufs - song.integrated_lufs);
        v_.check(off <= kTolerance || !std::isfinite(song.integrated_lufs),
                 {.rule = "K13",
                  .file = song.file,
                  .what = "loudness",
                  .figure = in_decibels(heard->measured.integrated_lufs, "LUFS",
                                        song.integrated_lufs, "made with"),
                  .todo = "make the delivery anew"});
        if (d_.levels == "track") target(song);
        ends(i, heard->ends);
        tags(i);
        if (v_.profile.name == "vinyl") low_side(song.file);
    }

    void target(const DeliveredSong& song) {
        v_.prefer(std::fabs(song.integrated_lufs - d_.target_lufs) <= kTolerance,
                  {.rule = "K13",
                   .file = song.file,
                   .what = song.held_by_ceiling ? "the ceiling keeps it below the target"
                                                : "loudness against the target",
                   .figure = in_decibels(song.integrated_lufs, "LUFS", d_.target_lufs, "target"),
                   .todo = "a limiter in its mastering brings it there; or it is meant"});
    }

    void loudness(double lufs) {
        const bool there = std::fabs(lufs - d_.target_lufs) <= kTolerance;
        const bool meant = d_.levels != "album";
        v_.add(there || meant         ? Grade::pass
               : d_.held_by_ceiling() ? Grade::warn
                                      : Grade::fail,
               {.rule = "P04",
                .what = meant ? "loudness of the album; its songs have their own levels"
                              : "loudness of the album",
                .figure = in_decibels(lufs, "LUFS", d_.target_lufs, "target"),
                .todo = d_.held_by_ceiling()
                            ? "the ceiling keeps it there: master the songs with a limiter"
                            : "make the delivery anew"});
    }

    // Whether a song goes on into its neighbour.
    bool joined(std::size_t first, std::size_t second) const {
        return second < d_.songs.size() && d_.songs[first].reel == d_.songs[second].reel &&
               d_.songs[second].place.gap_start == d_.songs[second].place.mark;
    }

    void ends(std::size_t i, const Ends& ends) {
        const DeliveredSong& song = d_.songs[i];
        const bool cut_in = ends.first() > kAbrupt && !(i > 0 && joined(i - 1, i));
        const bool cut_out = ends.last() > kAbrupt && !joined(i, i + 1);
        v_.prefer(!cut_in && !cut_out,
                  {.rule = "N11",
                   .file = song.file,
                   .what = cut_in && cut_out ? "begins and ends in the middle of a sound"
                           : cut_in          ? "begins in the middle of a sound"
                           : cut_out         ? "ends before it has decayed"
                                             : "begins and ends in silence",
                   .figure = "first and last frame above -60 dBFS: " +
                             std::string(cut_in ? "yes, " : "no, ") + (cut_out ? "yes" : "no"),
                   .todo = "leave the attack and the tail in, or fade"});
        const std::uint64_t gap = song.place.start - std::min(song.place.start, song.from);
        const std::uint64_t end = song.place.start + song.place.frames;
        const std::uint64_t behind = song.to - std::min(song.to, end);
        const auto seconds = [&](std::uint64_t frames, std::uint64_t meant) {
            return static_cast<double>(frames - std::min(frames, meant)) / d_.rate.value;
        };
        const double lead = seconds(ends.lead(), gap), trail = seconds(ends.trail(), behind);
        std::array<char, 64> figure{};
        std::snprintf(figure.data(), figure.size(), "%.2f s before, %.2f s after", lead, trail);
        v_.prefer(lead <= kLongLead && trail <= kLongTrail,
                  {.rule = "N11",
                   .file = song.file,
                   .what = "silence in the song, besides the gap",
                   .figure = figure.data(),
                   .todo = "cut it with start and end"});
    }

    void tags(std::size_t i) {
        const DeliveredSong& song = d_.songs[i];
        const auto read = disk::read_tags(v_.folder / song.file);
        if (!read) return;  // said already
        std::string differ;
        const auto compare = [&differ](const char* name, const std::string& is,
                                       const std::string& asked) {
            if (is != asked) differ.append(differ.empty() ? "" : ", ").append(name);
        };
        compare("title", read->title, song.title);
        compare("artist", read->artist, song.artist);
        compare("ISRC", read->isrc, song.isrc);
        compare("UPC", read->upc, d_.upc);
        if (!song.file.ends_with(".aiff")) {
            compare("album", read->album, d_.title);
            compare("genre", read->genre, d_.genre);
            compare("date", read->date, d_.date);
            compare("track", read->track, std::to_string(i + 1));
        }
        v_.check(differ.empty(), {.rule = "P08",
                                  .file = song.file,
                                  .what = differ.empty() ? "its tags are those of the album"
                                                         : "its tags are not those of the album",
                                  .figure = differ,
                                  .todo = "do not edit tags after delivery"});
    }

    void low_side(const std::string& name) {
        const auto sound = disk::read_whole(v_.folder / name);
        if (!sound) return;  // said already
        const double level = monitor::low_side_dB(sound->tracks[0], sound->tracks[1], sound->rate);
        v_.prefer(level <= kLowSide, {.rule = "F08",
                                      .file = name,
                                      .what = "side below 90 Hz against the middle",
                                      .figure = in_decibels(level, "dB", kLowSide, "at most"),
                                      .todo = "make the bass mono below 90 Hz"});
    }

    const Verification& v_;
    const Delivery& d_;
    bool all_heard_ = true;
};

}  // namespace

void verify_sounds(const Verification& verification) {
    Sounds(verification).run();
}

}  // namespace mixrig::app
