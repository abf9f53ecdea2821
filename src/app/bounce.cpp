// A song through the desk, offline.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/bounce.h"

#include "src/app/automation_feed.h"
#include "src/app/console.h"
#include "src/app/start_values.h"
#include "src/app/track_source.h"
#include "src/base/clock.h"
#include "src/disk/sound_file_writer.h"
#include "src/session/lanes.h"

#include <algorithm>
#include <array>
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

// The desk's outputs of one block, and where the main bus goes from there.
class Mixdown {
public:
    Mixdown(Console& console, std::size_t block)
        : console_(console),
          buffers_(console.geometry().outputs.size(), std::vector<float>(block)) {
        for (auto& buffer : buffers_) pointers_.push_back(buffer.data());
    }

    void process(const float* const* in, std::size_t frames) {
        console_.engine().process(in, pointers_.data(), frames);
        console_.collect();
        link::Notice notice;
        while (console_.link().notices.try_pop(notice))
            faults_ += notice.fault == link::Fault::not_finite ? 1u : 0u;
        link::StereoQuantum quantum;
        while (console_.link().main_tap.try_pop(quantum)) {
        }
    }
    base::Status write(disk::SoundFileWriter& file, std::size_t first, std::size_t frames) {
        const std::array<const float*, 2> main = {buffers_[0].data() + first,
                                                  buffers_[1].data() + first};
        return file.write(main.data(), frames);
    }
    std::uint64_t faults() const { return faults_; }

private:
    Console& console_;
    std::vector<std::vector<float>> buffers_;
    std::vector<float*> pointers_;
    std::uint64_t faults_ = 0;
};

}  // namespace

base::Result<Bounced> bounce(const session::Song& song, const BounceSettings& settings) {
    const std::int64_t start = base::monotonic_ns();
    const dsp::Hertz rate = song.desk.audio.rate;
    const param::Layout layout(session::shape_of(song.desk));
    const auto values = start_values(song, settings.also, layout);
    if (!values) return values.error();
    std::vector<session::Move> moves;
    if (!song.automation.empty()) {
        auto loaded = session::load_automation(song.automation, layout, rate);
        if (!loaded) return loaded.error();
        moves = session::moves_of(*loaded, layout, *values);
    }
    Impulses impulses(song.desk.file.parent_path(), rate);
    if (auto status = impulses.load_all(layout, *values); !status) return status.error();
    Console console(layout, *values,
                    {.rate = rate,
                     .threads = settings.threads,
                     .outputs = {.ceiling = song.desk.engine.ceiling, .ramp = {0.0}}},
                    &impulses);
    auto tracks = TrackSource::open(song, console.geometry(), rate);
    if (!tracks) return tracks.error();

    Bounced done;
    done.file = settings.file;
    if (done.file.empty())
        done.file = settings.folder / (session::output_name(song, "FullMix") +
                                       std::string(disk::extension(settings.format)));
    done.latency = console.output_latency().empty() ? 0 : console.output_latency().front();
    auto file = disk::SoundFileWriter::open(
        done.file, {.format = settings.format, .channels = 2, .rate = rate});
    if (!file) return file.error();

    AutomationFeed automation(layout);
    automation.use(std::move(moves));
    automation.roll({});
    Mixdown mixdown(console, settings.block);
    const std::uint64_t length =
        tracks->frames() +
        static_cast<std::uint64_t>(std::llround(settings.tail_seconds * rate.value));
    std::uint64_t end = length + done.latency;
    for (std::uint64_t position = 0; position < end;) {
        auto frames =
            static_cast<std::size_t>(std::min<std::uint64_t>(settings.block, end - position));
        if (!automation.send_until(console, position + frames)) {
            // No room: as far as what was sent reaches, then on.
            frames = static_cast<std::size_t>(automation.next_frame() - position);
            if (frames == 0)
                return base::Error{"more moves at one moment than the desk can take",
                                   song.automation.string(), "spread them over a few milliseconds"};
        }
        for (base::Error& refused : automation.take_refused()) {
            refused.where = song.automation.string() + ":" + refused.where;
            return refused;
        }
        // A limiter that a move has switched on delays the end.
        end = std::max(end, length + console.output_latency().front());
        if (auto status = tracks->read(frames); !status) return status.error();
        mixdown.process(tracks->inputs(), frames);
        // What the main bus's look-ahead delayed belongs to the start.
        const auto skip = static_cast<std::size_t>(std::min<std::uint64_t>(
            frames, done.latency - std::min<std::uint64_t>(done.latency, position)));
        if (auto status = mixdown.write(*file, skip, frames - skip); !status) return status.error();
        position += frames;
        if (settings.progress)
            settings.progress(static_cast<double>(position) / static_cast<double>(end));
    }
    done.frames = file->frames();
    done.over = file->over();
    done.faults = mixdown.faults();
    if (auto status = file->close(); !status) return status.error();
    done.seconds = static_cast<double>(base::monotonic_ns() - start) * 1e-9;
    return done;
}

}  // namespace mixrig::app
