// A desk under a load that can be measured: values in, blocks timed, no device.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/engine/engine.h"
#include "src/engine/resolver.h"
#include "src/link/link.h"
#include "src/param/layout.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace mixrig::app {

// What every channel of the desk does.
enum class Load : std::uint8_t {
    full,            // HPF 24 dB, gate, 6 bands, both compressors, 16 sends
    one_compressor,  // the same without the second compressor
    off,             // sound through faders to the main bus, every processor off, no sends
    silent,          // as full, without sound
    empty,           // nothing on, no sound: what the desk itself costs
    show,  // full, with 8 stereo monitor mixes instead, and a hall, a plate, an echo, a chorus
    recorded_show,  // and two automixes of 8 channels each, and every channel recorded
};
inline constexpr std::array<std::string_view, 7> kLoadNames = {
    "full", "one_compressor", "off", "silent", "empty", "show", "recorded_show"};

// Mono channels, 16 mono monitor mixes (a show: 8 stereo ones and 4 effects), the main bus.
class BenchDesk {
public:
    BenchDesk(Load load, std::size_t strips, std::size_t block);
    ~BenchDesk();

    struct Time {
        std::int64_t wall = 0;      // ns
        std::int64_t computed = 0;  // ns that this thread had the core, as well as can be told
    };
    // Runs one block and says how long the engine took. Bringing the sound and taking the meters
    // away is not counted: backends and the meter thread do that.
    Time process();
    void process_for(dsp::Seconds of_audio);

private:
    void set(param::Kind kind, std::size_t strip, std::size_t row, std::size_t index, float value);
    void set_levels(std::size_t strip, float strips, Load load);
    void switch_on(std::size_t strip, Load load);
    void choose_effects();
    void mix_automatically();
    void record(std::vector<link::Event>& batch);
    void bring_sound();
    void drain();

    param::Layout layout_;
    engine::Geometry geometry_;
    link::Link link_;
    engine::Resolver resolver_;
    struct Recording;
    std::unique_ptr<Recording> recording_;  // outlives the engine, which writes to its tape
    std::unique_ptr<engine::Engine> engine_;
    std::vector<link::MeterFrame> meter_frames_;

    std::size_t block_;
    std::size_t position_ = 0;
    bool is_sounding_;
    std::vector<std::vector<float>> sounds_;
    std::vector<std::vector<float>> inputs_, outputs_;
    std::vector<const float*> in_;
    std::vector<float*> out_;
};

}  // namespace mixrig::app
