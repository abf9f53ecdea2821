// A desk without control side or device: values in, samples in, samples out. For tests and benches.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/engine/engine.h"
#include "src/engine/resolver.h"
#include "src/link/link.h"
#include "src/param/layout.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::test {

using Samples = std::vector<float>;
using Channels = std::vector<Samples>;

// The n-th input is stereo's left, right, or a mono channel; as Geometry counts them.
class Rig {
public:
    explicit Rig(param::DeskShape shape, engine::EngineConfig config = {});
    ~Rig();

    // Throws on a mistake: a test that names what is not there is wrong.
    void set(std::string_view address, std::string_view text);
    void set(param::Slot slot, float value);
    base::Status check(std::string_view address, std::string_view text) const;
    // Sends what was set; it is heard from the next quantum boundary on, or from `frame`.
    void send(dsp::Change change = dsp::Change::glide);
    void send_at(std::uint64_t frame);

    // The first call starts the desk with what was set so far.
    void process(const Channels& in, Channels& out, std::size_t begin, std::size_t frames);
    Channels render(const Channels& in, std::size_t block);
    std::size_t output(param::Kind kind, std::size_t number) const;

    const param::Layout& layout() const { return layout_; }
    const engine::Geometry& geometry() const { return geometry_; }
    engine::Engine& engine() { return *engine_; }
    engine::Resolver& resolver() { return resolver_; }
    link::Link& link() { return link_; }
    std::vector<link::Notice> notices();
    // Takes meter frames so that they do not run out.
    void drain();

private:
    void start();
    void push(link::EventQueue& queue, std::uint64_t frame);

    param::Layout layout_;
    engine::Geometry geometry_;
    engine::EngineConfig config_;
    link::Link link_;
    engine::Resolver resolver_;
    std::unique_ptr<engine::Engine> engine_;
    std::vector<link::MeterFrame> meter_frames_;
    std::vector<link::Event> batch_;
    bool started_ = false;
};

Samples sine(double frequency, double level_dB, std::size_t frames, double rate = 48000.0);
Samples noise(std::uint32_t seed, double level_dB, std::size_t frames);
float largest_difference(std::span<const float> a, std::span<const float> b);

// Stereo channels, and two of every bus but one effect and one matrix.
param::DeskShape stereo_channels(std::size_t count);
// Noise of a different seed in each channel.
Channels noises(std::size_t count, std::size_t frames, double level_dB = -20.0);
double rms(const Samples& x, std::size_t begin);
double dB(double ratio);

// Every processor of every strip on, with settings drawn from a seed.
void set_everything(Rig& rig, std::uint32_t seed);

}  // namespace mixrig::test
