// Works out from the values of the desk what each processor and each gain has to do. Runs beside
// the audio.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/design.h"
#include "dsp/pan.h"
#include "dsp/units.h"
#include "src/base/result.h"
#include "src/engine/binding.h"
#include "src/engine/effect_units.h"
#include "src/engine/geometry.h"
#include "src/engine/planner.h"
#include "src/link/event.h"
#include "src/param/values.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace mixrig::engine {

// The rows of the sends to one kind of bus.
struct SendRows {
    param::Kind to;
    std::size_t on, level, tap, pan;
};
inline constexpr std::array kSends = {
    SendRows{param::Kind::aux, param::row("send/aux/#/on"), param::row("send/aux/#/level"),
             param::row("send/aux/#/tap"), param::row("send/aux/#/pan")},
    SendRows{param::Kind::fx, param::row("send/fx/#/on"), param::row("send/fx/#/level"),
             param::row("send/fx/#/tap"), param::row("send/fx/#/pan")},
    SendRows{param::Kind::mtx, param::row("send/mtx/#/on"), param::row("send/mtx/#/level"),
             param::row("send/mtx/#/tap"), param::row("send/mtx/#/pan")}};

// [control] everything. Values go in, slot by slot; resolve() says what has changed since it was
// last called. Two values that come back to where they were cost nothing; a flood of values of one
// slot costs one event.
class Resolver {
public:
    Resolver(const param::Layout& layout, const Geometry& geometry, dsp::Hertz rate);

    // Whether the engine could follow: an error for a route that would close a loop.
    base::Status check(param::Slot slot, float value) const;
    // The same for all values as they stand, set in whatever order.
    base::Status check_all() const;
    void set(param::Slot slot, float value);
    // Where the units of convolutions come from: by number of their effect bus, null if there is no
    // response. renew_unit() has it asked again.
    void set_convolutions(std::function<std::unique_ptr<dsp::FxUnit>(std::size_t)> make) {
        make_convolution_ = std::move(make);
    }
    void renew_unit(std::size_t effect);
    // The part that this slot belongs to is sent again, changed or not.
    void refresh(param::Slot slot);

    // Everything that changed, as one batch, in the order in which it must be applied. Plans in it
    // are owned by the engine from then on (it gives them back through link::Link::retired).
    void resolve(dsp::Change change, std::vector<link::Event>& batch);
    // All of it, as for an engine that knows nothing yet.
    void resolve_all(std::vector<link::Event>& batch);

    const param::Values& values() const { return values_; }

private:
    // What a bus was last told about a strip.
    struct Sent {
        SendTap tap = SendTap::route;
        std::uint8_t alignment = 0;
        dsp::StereoGains gains{0, 0, 0, 0};
    };
    using Dirty = std::uint32_t;  // bits: Part, with bands and compressors apart

    enum class Paths : std::uint8_t { all, ending };

    static bool is_dirty(Dirty dirty, Part part, std::size_t index);
    float number(Strip strip, std::size_t row, std::size_t index = 0) const;
    bool has(Strip strip, std::size_t row) const;
    void touch(Strip strip, Dirty bits);
    void touch_route(Strip strip);
    void touch_all();
    void touch_part(Strip strip, Part part);
    void touch_listeners(Strip channel);
    float desk_number(std::size_t row, std::size_t index = 0) const {
        return values_.number(layout_.slot(param::Kind::desk, 0, row, index));
    }
    template <typename T>
    void emit(link::Block block, Strip strip, std::size_t index, const T& data) {
        batch_->push_back(link::Event::make(block, strip, static_cast<std::uint16_t>(index), data));
    }

    // resolver_strip.cpp
    void strip_events(Strip strip, Dirty dirty);
    void filter_events(Strip strip, Dirty dirty);
    void eq_events(Strip strip, Dirty dirty);
    void touch_up_event(Strip strip, std::span<const dsp::EqBand> bands);
    void gate_events(Strip strip, Dirty dirty);
    void comp_events(Strip strip, Dirty dirty);
    void level_events(Strip strip, Dirty dirty);
    void touch_automix(std::size_t group);
    void automix_event(Strip strip);
    void effect_events(Strip strip, Dirty dirty);  // resolver_effects.cpp
    std::unique_ptr<dsp::FxUnit> unit_of(Strip strip, EffectType type) const;
    std::size_t effect_latency(const param::Values& values, std::size_t effect,
                               bool inserted) const;
    void add_effect_latency(Routing& routing, const param::Values& values) const;
    base::Status check_inserts(const param::Values& values) const;
    // resolver_master.cpp
    void master_events(Strip strip, Dirty dirty);
    void ms_events(Strip strip);
    void multiband_events(Strip strip);
    void field_event(Strip strip);
    void shape_events(Strip strip);
    void master_way_event(Strip strip);
    std::size_t master_latency(const param::Values& values) const;
    double threshold(Strip strip, std::size_t dynamics) const;
    Strip listens_to(Strip strip, std::size_t dynamics) const;
    void key_filter_event(Strip strip, std::size_t dynamics);
    void key_source_event(Strip strip, std::size_t dynamics);

    void update_plan();
    base::Status verdict(const param::Values& values, const std::string& where) const;
    Routing routing(const param::Values& values) const;
    void add_paths(Routing& routing, const param::Values& values, Strip strip) const;
    Strip destination(float route) const;

    // resolver_groups.cpp
    unsigned dcas_above(const param::Values& values, unsigned dcas) const;
    unsigned dcas_of(Strip strip) const;  // bits, those that its DCAs sit in included
    base::Status check_dcas(const param::Values& values) const;
    void touch_members(Part part, std::size_t group);
    float fader_gain(Strip strip) const;
    bool update_silent(Strip strip);  // whether it has changed
    bool is_muted(Strip strip) const;
    bool is_soloed(Strip strip) const;

    // resolver_listening.cpp
    enum class SoloMode : std::uint8_t { pfl, afl, in_place };
    SoloMode solo_mode() const {
        return static_cast<SoloMode>(desk_number(param::row("/solo/mode")));
    }
    bool is_solo_active() const;
    void update_audible();
    void monitor_events();
    void side_events();

    // resolver_mix.cpp
    void mix_events(Strip strip, Paths paths);
    void loudness_event(Strip strip);
    dsp::StereoGains wanted(Strip strip, Strip bus, SendTap& tap) const;
    dsp::StereoGains wanted_on_monitor(Strip strip, SendTap& tap) const;
    void send_mix(Strip strip, Column bus, bool stereo_bus, Sent& sent, const Sent& now,
                  Paths paths);

    const param::Layout& layout_;
    const Geometry& geometry_;
    dsp::Hertz rate_;
    std::size_t limiter_latency_, saturation_latency_, saturator_latency_, clipper_latency_;
    param::Values values_;
    Planner planner_;
    std::vector<Dirty> dirty_;  // [strip]
    std::vector<Strip> dirty_strips_;
    std::vector<Strip> buses_;            // strips that have columns
    std::vector<Sent> sent_;              // [strip][bus], then [strip] for the monitor bus
    std::vector<bool> audible_;           // [strip] in place solo
    std::vector<bool> silent_;            // [strip] nothing leaves its fader
    std::vector<EffectType> sent_units_;  // [effect bus]
    std::function<std::unique_ptr<dsp::FxUnit>(std::size_t)> make_convolution_;
    std::vector<std::uint32_t> measured_taps_;  // [strip] for loudness, a bit each
    std::vector<bool> touched_up_;              // [strip] its last touch-up was not the identity
    std::vector<link::SideGains> sent_sides_;   // [strip]
    std::uint16_t listened_ = 0;                // the source of the monitor bus
    bool side_dirty_ = true;
    bool routing_dirty_ = true;
    bool solo_dirty_ = true;
    bool monitor_dirty_ = true;
    dsp::Change change_ = dsp::Change::jump;
    std::vector<link::Event>* batch_ = nullptr;
};

}  // namespace mixrig::engine
