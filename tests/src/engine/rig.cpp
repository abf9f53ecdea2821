// A desk for tests.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/engine/rig.h"

#include "src/engine/retired.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace mixrig::test {

namespace {
constexpr std::size_t kEvents = 1u << 17;
}

Rig::Rig(param::DeskShape shape, engine::EngineConfig config)
    : layout_(shape),
      geometry_(shape),
      config_(std::move(config)),
      link_(kEvents),
      resolver_(layout_, geometry_, config_.rate),
      engine_(std::make_unique<engine::Engine>(geometry_, link_, config_)) {
    meter_frames_.resize(4);
    for (link::MeterFrame& frame : meter_frames_) {
        frame = engine_->make_meter_frame();
        if (!link_.free_meters.try_push(&frame)) throw std::logic_error("no room for meter frames");
    }
}

Rig::~Rig() {
    engine::free_retired(link_);
    for (link::EventQueue* queue : {&link_.live, &link_.timeline})
        for (; queue->front() != nullptr; queue->pop()) engine::free_payload(*queue->front());
}

void Rig::set(std::string_view address, std::string_view text) {
    const auto slot = layout_.find(address);
    if (!slot) throw std::logic_error("no such address: " + std::string(address));
    const auto value = layout_.parse(*slot, text);
    if (!value) throw std::logic_error(value.error().text());
    set(*slot, value->number);
}

void Rig::set(param::Slot slot, float value) {
    resolver_.set(slot, layout_.clamp(slot, value));
}

base::Status Rig::check(std::string_view address, std::string_view text) const {
    const auto slot = layout_.find(address);
    return resolver_.check(*slot, layout_.parse(*slot, text)->number);
}

void Rig::push(link::EventQueue& queue, std::uint64_t frame) {
    batch_.clear();
    resolver_.resolve(dsp::Change::glide, batch_);
    for (link::Event& event : batch_) event.frame = frame;
    if (!queue.try_send(batch_)) throw std::logic_error("the event queue is full");
}

void Rig::send(dsp::Change change) {
    if (change == dsp::Change::jump) {
        batch_.clear();
        resolver_.resolve(change, batch_);
        if (!link_.live.try_send(batch_)) throw std::logic_error("the event queue is full");
        return;
    }
    if (!started_) return;  // start() sends it all
    push(link_.live, 0);
}

void Rig::send_at(std::uint64_t frame) {
    start();
    push(link_.timeline, frame);
}

void Rig::start() {
    if (started_) return;
    started_ = true;
    batch_.clear();
    resolver_.resolve_all(batch_);
    engine_->begin(batch_);
}

void Rig::process(const Channels& in, Channels& out, std::size_t begin, std::size_t frames) {
    start();
    std::vector<const float*> inputs;
    std::vector<float*> outputs;
    for (const Samples& channel : in) inputs.push_back(channel.data() + begin);
    for (Samples& channel : out) outputs.push_back(channel.data() + begin);
    engine_->process(inputs.data(), outputs.data(), frames);
    drain();
}

Channels Rig::render(const Channels& in, std::size_t block) {
    const std::size_t frames = in.front().size();
    Channels out(geometry_.outputs.size(), Samples(frames));
    for (std::size_t begin = 0; begin < frames; begin += block)
        process(in, out, begin, std::min(block, frames - begin));
    return out;
}

void Rig::drain() {
    link::MeterFrame* frame = nullptr;
    while (link_.meters.try_pop(frame)) (void)link_.free_meters.try_push(frame);
    link::StereoQuantum quantum;
    while (link_.main_tap.try_pop(quantum)) {
    }
    engine::free_retired(link_);
}

std::vector<link::Notice> Rig::notices() {
    std::vector<link::Notice> all;
    link::Notice notice;
    while (link_.notices.try_pop(notice)) all.push_back(notice);
    return all;
}

std::size_t Rig::output(param::Kind kind, std::size_t number) const {
    for (std::size_t o = 0; o < geometry_.outputs.size(); ++o)
        if (!geometry_.outputs[o].monitor &&
            geometry_.outputs[o].strip == geometry_.strip(kind, number))
            return o;
    throw std::logic_error("no such output");
}

Samples sine(double frequency, double level_dB, std::size_t frames, double rate) {
    Samples out(frames);
    const double amplitude = std::pow(10.0, level_dB / 20.0);
    for (std::size_t n = 0; n < frames; ++n)
        out[n] = static_cast<float>(amplitude * std::sin(2.0 * std::numbers::pi * frequency *
                                                         static_cast<double>(n) / rate));
    return out;
}

Samples noise(std::uint32_t seed, double level_dB, std::size_t frames) {
    Samples out(frames);
    std::mt19937 random(seed);
    const double amplitude =
        std::pow(10.0, level_dB / 20.0) * std::sqrt(3.0);  // RMS of a uniform one
    std::uniform_real_distribution<double> uniform(-amplitude, amplitude);
    for (float& x : out) x = static_cast<float>(uniform(random));
    return out;
}

float largest_difference(std::span<const float> a, std::span<const float> b) {
    float largest = a.size() == b.size() ? 0.0f : INFINITY;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        if (!(a[i] == b[i]))
            largest =
                std::max(largest, std::isnan(a[i] - b[i]) ? INFINITY : std::fabs(a[i] - b[i]));
    return largest;
}

void set_everything(Rig& rig, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> share(0.0f, 1.0f);
    const param::Layout& layout = rig.layout();
    for (param::Slot slot = 0; slot < layout.size(); ++slot) {
        const param::Row& row = layout.row(slot);
        const param::Place place = layout.place(slot);
        const float knob = share(random);
        if (row.type == param::Type::text || row.address == "solo" || row.address == "mute" ||
            row.address.starts_with("/"))
            continue;
        float value = row.low + knob * (layout.high(slot) - row.low);
        if (row.address.ends_with("/on")) value = 1.0f;
        if (row.type == param::Type::number) value = param::from_knob(row, knob);
        // A desk aligns three different delays; every further limiter in a chain of groups would
        // add one.
        if (row.address == "limiter/on" && place.kind == param::Kind::sub)
            value = place.strip < 2 && knob < 0.5f ? 1.0f : 0.0f;
        if (row.address == "trim" || row.address == "eq/#/gain") value *= 0.3f;
        // Audible all the same.
        if (row.address == "delay") value = 20.0f * knob;
        if (row.address == "hpf/freq") value = 20.0f + 200.0f * knob;
        if (row.address == "lpf/freq") value = 20000.0f - 12000.0f * knob;
        if (row.address == "gate/threshold") value = -60.0f - 20.0f * knob;
        if (row.address == "gate/range") value = 20.0f * knob;
        if (row.address == "eq/#/type" && value > 3.0f) value -= 4.0f;
        if (row.address == "fader") value = -20.0f * knob;
        if (row.address.ends_with("/level")) value = -40.0f * knob;
        if (row.address == "to") {
            // Channels anywhere; group k only to a later group, so that there is no loop.
            const float last = layout.high(slot);
            const float lowest =
                place.kind == param::Kind::sub
                    ? param::kRouteFirstSub + static_cast<float>(place.strip) + 1.0f
                    : 0.0f;
            if (place.kind != param::Kind::ch)
                value = lowest > last || knob < 0.5f ? param::kRouteMain : lowest;
        }
        // One channel each, now and then.
        if (row.address == "insert")
            value = place.kind == param::Kind::ch && knob > 0.3f &&
                            place.strip < layout.shape().count(param::Kind::fx)
                        ? param::kInsertFirstEffect + static_cast<float>(place.strip)
                        : param::kInsertNone;
        if (row.type == param::Type::choice || row.type == param::Type::order)
            value = std::floor(value);
        // The master chain is heard, and most of its bands.
        if (row.address.starts_with("bypass") || row.address == "multiband/#/solo") value = 0.0f;
        if (row.address == "multiband/#/mute") value = knob < 0.2f ? 1.0f : 0.0f;
        // A group that feeds an effect which feeds it back would be a loop.
        if (place.kind == param::Kind::fx && row.address == "to") value = param::kRouteMain;
        rig.set(slot, value);
    }
}

param::DeskShape stereo_channels(std::size_t count) {
    param::DeskShape shape = param::DeskShape::of(count, 2, 2, 1, 1);
    shape.stereo[0].assign(count, true);
    return shape;
}

Channels noises(std::size_t count, std::size_t frames, double level_dB) {
    Channels in;
    for (std::size_t i = 0; i < count; ++i)
        in.push_back(noise(static_cast<std::uint32_t>(7 + i), level_dB, frames));
    return in;
}

double rms(const Samples& x, std::size_t begin) {
    double sum = 0.0;
    for (std::size_t i = begin; i < x.size(); ++i)
        sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
    return std::sqrt(sum / static_cast<double>(x.size() - begin));
}

double dB(double ratio) {
    return 20.0 * std::log10(ratio);
}

}  // namespace mixrig::test
