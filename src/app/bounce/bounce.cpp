// A song through the desk, offline.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/bounce/bounce.h"

#include "src/app/bounce/bounce_set.h"
#include "src/app/song/track_source.h"
#include "src/app/start_values.h"
#include "src/base/clock.h"
#include "src/session/lanes.h"

#include <algorithm>
#include <cmath>

namespace mixrig::app {

namespace {

base::Result<param::Values> start_values(const session::Song& song, const session::Scene& also,
                                         const param::Layout& layout) {
    param::Values values = fresh_values(song.desk, layout);
    if (!song.scene.empty()) {
        const auto scene = session::load_scene(song.scene, layout);
        if (!scene) return scene.error();
        apply_scene(*scene, layout, values);
    }
    apply_scene(also, layout, values);
    if (auto status = check_routes(layout, values, song.desk.audio.rate); !status)
        return status.error();
    return values;
}

base::Result<std::vector<session::Move>> moves_of(const session::Song& song,
                                                  const param::Layout& layout,
                                                  const param::Values& values) {
    if (song.automation.empty()) return std::vector<session::Move>();
    auto loaded = session::load_automation(song.automation, layout, song.desk.audio.rate);
    if (!loaded) return loaded.error();
    return session::moves_of(*loaded, layout, values);
}

// How long the song is: its tracks and a tail of fixed length, or one that ends when nothing has
// been heard for a while. Frames of the desk, but for length().
class Ending {
public:
    Ending(const BounceSettings& settings, std::uint64_t tracks, std::uint64_t late,
           dsp::Hertz rate)
        : late_(late),
          tracks_end_(tracks + late),
          last_end_(tracks_end_ + frames_of(kLongestTailSeconds, rate)),
          quiet_(frames_of(kDecayedSeconds, rate)),
          sound_end_(tracks_end_),
          decays_(settings.tail_decays) {
        if (!decays_) tracks_end_ += frames_of(settings.tail_seconds, rate);
    }

    // What is to be computed, as far as is known now.
    std::uint64_t finish() const {
        return decays_ ? std::min(sound_end_ + quiet_, last_end_) : tracks_end_;
    }
    // Frames of the song that are to be written, as far as is known now. Where nothing rings behind
    // the tracks there is no tail.
    std::uint64_t length() const {
        return (decays_ && sound_end_ > tracks_end_ ? finish() : tracks_end_) - late_;
    }
    bool rings_on() const { return decays_ && sound_end_ + quiet_ > last_end_; }
    bool listens_at(std::uint64_t position) const { return decays_ && position > tracks_end_; }
    // A limiter that a move has switched on delays the end.
    void delay(std::uint64_t frames) {
        const std::uint64_t more = std::max(frames, delay_) - delay_;
        delay_ += more;
        tracks_end_ += more;
        last_end_ += more;
        sound_end_ = std::max(sound_end_, tracks_end_);
    }
    void hear(const std::vector<bool>& loud, std::uint64_t position) {
        for (std::size_t n = 0; n < loud.size() && position + n < finish(); ++n)
            if (loud[n] && position + n >= tracks_end_) sound_end_ = position + n + 1;
    }

private:
    static std::uint64_t frames_of(double seconds, dsp::Hertz rate) {
        return static_cast<std::uint64_t>(std::llround(seconds * rate.value));
    }

    std::uint64_t late_, tracks_end_, last_end_, quiet_, sound_end_, delay_ = 0;
    bool decays_;
};

base::Status render(BounceSet& set, TrackSource& tracks, Ending& ending,
                    const BounceSettings& settings) {
    const auto level = static_cast<float>(std::pow(10.0, kDecayed_dBFS / 20.0));
    const std::uint64_t main = set.first().main_latency();
    for (std::uint64_t position = 0, end = ending.finish(); position < end;) {
        const auto frames = set.send(position, static_cast<std::size_t>(std::min<std::uint64_t>(
                                                   settings.block, end - position)));
        if (!frames) return frames.error();
        if (auto status = tracks.read(*frames); !status) return status;
        if (settings.refuses_damage && !tracks.damaged().empty()) return tracks.damaged().front();
        set.process(tracks.inputs(), position, *frames);
        ending.delay(std::max(set.first().main_latency(), main) - main);
        if (ending.listens_at(position + *frames)) ending.hear(set.loud(level, *frames), position);
        if (auto status = set.write(position, *frames, ending.length()); !status) return status;
        position += *frames;
        end = ending.finish();
        if (settings.progress)
            settings.progress(static_cast<double>(position) / static_cast<double>(end));
    }
    return base::Done{};
}

Bounced summary(BounceSet& set, const BounceSettings& settings, const Ending& ending) {
    Bounced done;
    for (const BounceFile& file : set.files()) {
        if (file.path() == settings.exact) continue;
        done.files.push_back(file.path());
        done.over += file.over();
        if (file.over() != 0) done.loud.push_back(file.path());
    }
    for (const std::size_t stem : set.stems()) done.stems.push_back(done.files[stem]);
    if (set.full_mix()) done.full_mix = done.files[*set.full_mix()];
    if (!done.files.empty()) done.file = done.files.front();
    done.frames = set.files().empty() ? ending.length() : set.files().front().frames();
    done.faults = set.first().faults();
    done.rings_on = ending.rings_on();
    return done;
}

}  // namespace

base::Result<Bounced> bounce(const session::Song& song, const BounceSettings& settings) {
    const std::int64_t start = base::monotonic_ns();
    const dsp::Hertz rate = song.desk.audio.rate;
    const param::Layout layout(session::shape_of(song.desk));
    const auto values = start_values(song, settings.also, layout);
    if (!values) return values.error();
    const auto moves = moves_of(song, layout, *values);
    if (!moves) return moves.error();
    Impulses impulses(song.desk.file.parent_path(), rate);
    if (auto status = impulses.load_all(layout, *values); !status) return status.error();
    const BounceMix mix{song, layout, *values, *moves, impulses};
    auto opened = BounceSet::open(mix, settings);
    if (!opened) return opened.error();
    BounceSet& set = **opened;
    auto tracks = TrackSource::open(song, set.first().console().geometry(), rate);
    if (!tracks) return tracks.error();

    if (settings.watch.begin) settings.watch.begin(set.first().console());
    const std::size_t latency = set.first().main_latency();
    Ending ending(settings, tracks->frames(), set.latest(), rate);
    if (auto status = render(set, *tracks, ending, settings); !status) return status.error();
    Bounced done = summary(set, settings, ending);
    done.latency = latency;
    done.damaged = tracks->damaged();
    if (auto status = set.close(); !status) return status.error();
    done.seconds = static_cast<double>(base::monotonic_ns() - start) * 1e-9;
    return done;
}

}  // namespace mixrig::app
