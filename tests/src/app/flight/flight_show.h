// A live desk without network or device, whose show is flight-recorded.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/console.h"
#include "src/app/flight/flight.h"
#include "src/app/start_values.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace mixrig::tests {

using Samples = std::vector<float>;

inline constexpr std::size_t kMostBlock = 400;
inline constexpr const char* kDesk =
    "[desk]\nchannels = 6\nsubgroups = 3\nauxes = 2\neffects = 2\nmatrices = 1\n"
    "[engine]\nramp_ms = 40\n[scene]\nstart = \"away.scene\"\n"
    "[[channel]]\nnumber = 6\nstereo = true\n[[aux]]\nnumber = 2\nname = \"Singer 1/2\"\n"
    "stereo = false\n";

// As src/app/live/live_audio.h.
struct Callback {
    app::Console* console;
    app::FlightTape* tape = nullptr;

    std::uint64_t position() const { return console->engine().position(); }
    void process(const float* const* in, float* const* out, std::size_t frames) const {
        if (tape != nullptr) tape->write(position(), in, frames);
        console->engine().process(in, out, frames);
    }
};

// A live desk without network or device: whoever tests it is its control thread and its callback.
struct Show {
    session::DeskConfig desk = *session::parse_desk(kDesk, "", session::NamedFiles::may_be_away);
    param::Layout layout{session::shape_of(desk)};
    std::mt19937 random{2024};
    app::Impulses impulses{"", {48000.0}};
    app::Console console{layout, start(), app::engine_config(desk, {48000.0}), &impulses};
    Callback audio{&console};
    std::shared_ptr<app::FlightTape> tape;
    std::unique_ptr<app::Flight> flight;
    std::vector<Samples> in, played;  // by input, by output; from the flight's beginning

    explicit Show(double tape_seconds = 5.0)
        : tape(std::make_shared<app::FlightTape>(console.geometry().inputs, 48000.0, tape_seconds)),
          in(console.geometry().inputs, Samples(kMostBlock)),
          played(console.geometry().outputs.size()) {}
    ~Show() { console.record(nullptr); }

    param::Values start() const {
        param::Values values = app::fresh_values(desk, layout);
        values.set(*layout.find("/ch/2/fader"), {-3.7f});
        values.set(*layout.find("/fx/1/type"), {2.0f});
        for (std::size_t c = 1; c <= 6; ++c)
            values.set(*layout.find("/ch/" + std::to_string(c) + "/send/fx/1/on"), {1.0f});
        return values;
    }
    param::Values now() const {
        param::Values values(layout);
        for (param::Slot slot = 0; slot < layout.size(); ++slot)
            if (layout.row(slot).type != param::Type::text) values.set(slot, {console.value(slot)});
        return values;
    }

    void begin(const std::filesystem::path& folder) {
        auto opened = app::Flight::open({.folder = folder,
                                         .desk = desk.text,
                                         .rate = {48000.0},
                                         .from_start = audio.position() == 0},
                                        layout, now(), tape);
        REQUIRE(opened);
        flight = std::move(*opened);
        console.record(&flight->log());
        audio.tape = tape.get();
        for (Samples& samples : played) samples.clear();
    }
    void turn() {
        const std::uint64_t position = audio.position();
        console.collect();
        if (flight) flight->told_until(position);
        link::Notice notice;
        while (console.link().notices.try_pop(notice)) {
        }
        link::StereoQuantum quantum;
        while (console.link().main_tap.try_pop(quantum)) {
        }
    }
    std::filesystem::path end() {
        turn();
        console.record(nullptr);
        flight->end();
        const auto folder = flight->folder();
        flight.reset();
        return folder;
    }

    void set(const std::string& address, float value) {
        const param::Slot slot = *layout.find(address);
        REQUIRE(console.check(slot, value));
        console.set(slot, value);
    }
    // Anything but what would leave nothing to hear.
    void set_anything() {
        const auto slot = std::uniform_int_distribution<param::Slot>(
            0, static_cast<param::Slot>(layout.size() - 1))(random);
        const param::Row& row = layout.row(slot);
        const param::Kind kind = layout.place(slot).kind;
        const bool quiet = row.address == "mute" || row.address == "fader" ||
                           row.address.starts_with("gate/") || row.address == "trim";
        if (row.type == param::Type::text || kind == param::Kind::main ||
            kind == param::Kind::master || kind == param::Kind::desk ||
            (quiet && kind != param::Kind::ch))
            return;
        const float share = std::uniform_real_distribution<float>(0.0f, 1.0f)(random);
        const float value = layout.clamp(
            slot, row.type == param::Type::number ? param::from_knob(row, share)
                                                  : std::floor(share * (layout.high(slot) + 1.0f)));
        if (console.check(slot, value)) console.set(slot, value);
    }

    void play(std::size_t frames) {
        std::uniform_int_distribution<std::size_t> block(1, kMostBlock);
        std::uniform_real_distribution<float> noise(-0.1f, 0.1f);
        while (frames > 0) {
            const std::size_t count = std::min(frames, block(random));
            std::vector<const float*> from;
            for (Samples& samples : in) {
                // Pauses, so that strips fall asleep and wake up.
                const bool silent = (audio.position() / 20000 + from.size()) % 3 == 0;
                for (std::size_t i = 0; i < count; ++i) samples[i] = silent ? 0.0f : noise(random);
                from.push_back(samples.data());
            }
            std::vector<float*> to;
            for (Samples& samples : played) {
                samples.resize(samples.size() + count);
                to.push_back(samples.data() + samples.size() - count);
            }
            audio.process(from.data(), to.data(), count);
            frames -= count;
            turn();
        }
    }
};

}  // namespace mixrig::tests
