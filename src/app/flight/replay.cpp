// A flight through the desk once more.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/flight/replay.h"

#include "dsp/cpu.h"
#include "src/app/console.h"
#include "src/app/flight/replay_files.h"
#include "src/app/start_values.h"
#include "src/base/clock.h"
#include "src/disk/input_file.h"
#include "src/session/flight_events.h"
#include "src/session/flight_info.h"
#include "src/session/text_file.h"

#include <algorithm>
#include <limits>

namespace mixrig::app {

namespace {

namespace fs = std::filesystem;

// The batches of a flight, said to a console in time.
class Pilot {
public:
    Pilot(std::vector<session::FlightBatch> batches, std::string file, const param::Layout& layout,
          Impulses& impulses)
        : batches_(std::move(batches)),
          file_(std::move(file)),
          layout_(layout),
          impulses_(impulses),
          due_(batches_.size() + 1, std::numeric_limits<std::uint64_t>::max()) {
        for (std::size_t i = batches_.size(); i-- > 0;)
            due_[i] = std::min(due_[i + 1], batches_[i].frame);
    }

    // Says everything that is heard before `frame`, and what was worked out before it. False if
    // the console has no room: the engine must reach due() first.
    base::Result<bool> say_until(Console& console, std::uint64_t frame) {
        for (; due_[next_] < frame; ++next_) {
            if (!prepared_)
                if (auto status = prepare(console, batches_[next_]); !status) return status.error();
            prepared_ = true;
            if (!send(console, batches_[next_])) return false;
            prepared_ = false;
        }
        return true;
    }
    std::uint64_t due() const { return due_[next_]; }

private:
    // A batch of the flight was possible as a whole; a line by hand may not be.
    base::Status prepare(Console& console, const session::FlightBatch& batch) {
        const bool whole = batch.mark.number != 0 && batch.settings.size() > 1;
        for (const session::Setting& setting : batch.settings) {
            const float value = layout_.clamp(setting.slot, setting.value.number);
            if (auto status = console.check(setting.slot, value); !status && !whole) {
                base::Error error = status.error();
                error.where = session::at_line(file_, setting.line) +
                              (error.where.empty() ? "" : ": " + error.where);
                return error;
            }
            if (console.value(setting.slot) == value)
                console.refresh(setting.slot);
            else
                console.set(setting.slot, value);
        }
        for (const session::FlightImpulse& impulse : batch.impulses)
            if (auto status = load(console, impulse); !status) return status;
        return base::Done{};
    }

    base::Status load(Console& console, const session::FlightImpulse& impulse) {
        if (impulse.effect >= layout_.shape().count(param::Kind::fx))
            return base::Error{"there is no effect " + std::to_string(impulse.effect + 1), file_};
        if (impulse.file.empty()) {
            impulses_.request(impulse.effect, {});
            return base::Done{};
        }
        auto status = impulses_.load(impulse.effect, impulse.file);
        if (status) console.renew_unit(impulse.effect);
        return status;
    }

    static bool send(Console& console, const session::FlightBatch& batch) {
        if (batch.is_ramp) {
            console.ramp_up(batch.frame);
            return true;
        }
        return batch.mark.ahead ? console.flush_at(batch.frame)
                                : console.flush_live_at(batch.frame);
    }

    std::vector<session::FlightBatch> batches_;
    std::string file_;
    const param::Layout& layout_;
    Impulses& impulses_;
    std::vector<std::uint64_t> due_;  // the earliest frame of this batch and all behind it
    std::size_t next_ = 0;
    bool prepared_ = false;  // set, but perhaps not sent for want of room
};

void note_flight(const session::FlightInfo& info, bool starts_with_engine, std::uint64_t whole,
                 std::vector<std::string>& notes) {
    if (!starts_with_engine)
        notes.push_back(
            "the flight began while the desk ran: what was still sounding then is missing, and "
            "the samples are those of the show only from where all of it has died out");
    if (!info.frames) notes.push_back("the flight was not ended, it breaks off");
    if (info.frames && *info.frames > whole)
        notes.push_back("the inputs are shorter than they should be");
    for (const session::FlightGap& gap : info.gaps)
        notes.push_back("frames " + std::to_string(gap.frame) + " to " +
                        std::to_string(gap.frame + gap.frames - 1) +
                        " of the inputs are missing, for the disk was too slow; from there on the "
                        "samples are not those of the show");
    if (info.processor != dsp::target_name())
        notes.push_back("the flight was computed with " + info.processor + ", this is " +
                        dsp::target_name() + ": the last bits may differ");
}

base::Result<session::DeskConfig> load_desk(const fs::path& flight) {
    const fs::path file = flight / session::kFlightDesk;
    const auto text = session::read_text(file);
    if (!text) return text.error();
    return session::parse_desk(*text, file, session::NamedFiles::may_be_away);
}

base::Result<param::Values> load_values(const fs::path& flight, const session::DeskConfig& desk,
                                        const param::Layout& layout) {
    param::Values values = fresh_values(desk, layout);
    const auto scene = session::load_scene(flight / session::kFlightStart, layout);
    if (!scene) return scene.error();
    apply_scene(*scene, layout, values);
    return values;
}

// Frames count from the first of the flight on.
void shift(std::vector<session::FlightBatch>& batches, std::uint64_t first) {
    for (session::FlightBatch& batch : batches) batch.frame -= std::min(batch.frame, first);
}

void drain(Console& console) {
    console.collect();
    link::Notice notice;
    while (console.link().notices.try_pop(notice)) {
    }
    link::StereoQuantum quantum;
    while (console.link().main_tap.try_pop(quantum)) {
    }
}

// What is rendered, and with what.
struct Flown {
    disk::InputFileReader inputs;
    std::uint64_t frames = 0;
};

base::Status render(Console& console, Pilot& pilot, Flown& flown, ReplayFiles& files,
                    const ReplaySettings& settings) {
    std::vector<std::vector<float>> samples(console.geometry().inputs,
                                            std::vector<float>(settings.block));
    std::vector<float*> in;
    for (auto& one : samples) in.push_back(one.data());
    for (std::uint64_t position = 0; position < flown.frames;) {
        auto frames = static_cast<std::size_t>(
            std::min<std::uint64_t>(settings.block, flown.frames - position));
        const auto said = pilot.say_until(console, position + frames);
        if (!said) return said.error();
        if (!*said) {
            // No room: as far as what was sent reaches, then on.
            if (pilot.due() <= position)
                return base::Error{"more moves at one moment than the desk can take",
                                   settings.flight.string(), "spread them over some milliseconds"};
            frames = static_cast<std::size_t>(pilot.due() - position);
        }
        if (auto status = flown.inputs.read(in.data(), frames); !status) return status;
        console.engine().process(in.data(), files.buffers(), frames);
        drain(console);
        if (auto status = files.write(frames); !status) return status;
        position += frames;
        if (settings.progress)
            settings.progress(static_cast<double>(position) / static_cast<double>(flown.frames));
    }
    return base::Done{};
}

}  // namespace

base::Result<Replayed> replay(const ReplaySettings& settings) {
    const std::int64_t start = base::monotonic_ns();
    const auto info = session::load_flight(settings.flight);
    if (!info) return info.error();
    if (!info->first_frame)
        return base::Error{"nothing was played in this flight", settings.flight.string()};
    const auto desk = load_desk(settings.flight);
    if (!desk) return desk.error();
    const param::Layout layout(session::shape_of(*desk));
    const auto values = load_values(settings.flight, *desk, layout);
    if (!values) return values.error();
    const fs::path events =
        settings.events.empty() ? settings.flight / session::kFlightEvents : settings.events;
    auto batches = session::load_flight_events(events, layout, info->rate);
    if (!batches) return batches.error();
    shift(*batches, *info->first_frame);

    engine::EngineConfig config = engine_config(*desk, info->rate);
    if (settings.threads != 0) config.threads = settings.threads;
    const bool starts_with_engine = info->from_start && *info->first_frame == 0;
    if (!starts_with_engine) config.outputs.ramp = {0.0};  // it was long over
    Impulses impulses(settings.flight, info->rate);
    Console console(layout, *values, config, &impulses);
    if (console.geometry().inputs != info->inputs)
        return base::Error{"has " + std::to_string(console.geometry().inputs) +
                               " inputs, but the flight has " + std::to_string(info->inputs),
                           (settings.flight / session::kFlightDesk).string(),
                           "it must be the desk of the flight"};
    auto inputs =
        disk::InputFileReader::open(settings.flight / session::kFlightInputs, info->inputs);
    if (!inputs) return inputs.error();

    Replayed done{.rate = info->rate.value};
    note_flight(*info, starts_with_engine, inputs->frames(), done.notes);
    done.frames = std::min(info->frames.value_or(inputs->frames()), inputs->frames());
    Flown flown{std::move(*inputs), done.frames};
    Pilot pilot(std::move(*batches), events.string(), layout, impulses);
    ReplayFiles files(console, settings.block);
    if (auto status = files.open(settings.folder, layout, *values, done.frames, settings.main_only);
        !status)
        return status.error();
    if (auto status = render(console, pilot, flown, files, settings); !status)
        return status.error();
    auto paths = files.close();
    if (!paths) return paths.error();
    done.files = std::move(*paths);
    done.seconds = static_cast<double>(base::monotonic_ns() - start) * 1e-9;
    return done;
}

}  // namespace mixrig::app
