// Room, plate and hall: a feedback delay network of 16 lines with its early sound.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/reverb.h"

#include "dsp/bank_io.h"
#include "dsp/mix.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace mixrig::dsp {
namespace {

constexpr LaneMask kStereo = 0b11;
constexpr float kSilence = 1e-11f;  // -220 dB
constexpr Seconds kCrossing{0.030};
constexpr std::size_t kGlides = 3;  // times the shortest glide: levels move by 20 dB and more

std::size_t frames_of(double seconds, Hertz rate) {
    return static_cast<std::size_t>(std::lround(seconds * rate.value));
}

std::size_t longest_line(const SpacePlan& plan, Hertz rate) {
    return frames_of(plan.longest.value * kLargest, rate);
}

// Every line may be a little longer than asked for; the gaps between primes of five digits stay
// below 100.
constexpr std::size_t kSlack = kLanes * 100;

Cubic cubic_of(const GainCurve& curve, std::size_t lane) {
    return {curve.c0[lane], curve.c1[lane], curve.c2[lane], curve.c3[lane]};
}

bool stands(const Cubic& gain) {
    return gain.c1 == 0.0f && gain.c2 == 0.0f && gain.c3 == 0.0f;
}

void add(const float* x, const Cubic& gain, float* out, Slice slice) {
    if (stands(gain)) {  // the same bits, in less time
        for (std::size_t n = slice.first; n < slice.first + slice.count; ++n)
            out[n] += gain.c0 * x[n];
        return;
    }
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n)
        out[n] += gain.at(n) * x[n];
}

std::vector<std::uint32_t> primes_to(std::size_t last) {
    std::vector<bool> composite(last + 1);
    std::vector<std::uint32_t> primes;
    for (std::size_t n = 2; n <= last; ++n) {
        if (composite[n]) continue;
        primes.push_back(static_cast<std::uint32_t>(n));
        for (std::size_t multiple = n * n; multiple <= last; multiple += n)
            composite[multiple] = true;
    }
    return primes;
}

}  // namespace

Reverb::Reverb(Space space, Hertz rate)
    : plan_(space_plan(space)),
      rate_(rate),
      primes_(primes_to(longest_line(plan_, rate) + kSlack)),
      cuts_{SvfBank(rate), SvfBank(rate)},
      predelay_{BlockRing(frames_of(kLongestPredelay.value, rate)),
                BlockRing(frames_of(kLongestPredelay.value, rate))},
      diffusion_(kGlides * glide_quanta(rate), 0.0f),
      early_{BlockRing(frames_of(plan_.shortest.value * kLargest, rate)),
             BlockRing(frames_of(plan_.shortest.value * kLargest, rate))},
      early_gains_(kGlides * glide_quanta(rate), 0.0f),
      lines_(kLanes, BlockRing(longest_line(plan_, rate) + kSlack)),
      absorption_{SvfBank(rate)},
      line_gains_{GainGlides(kGlides * glide_quanta(rate), 0.0f),
                  GainGlides(kGlides * glide_quanta(rate), 0.0f)},
      mix_(plan_.slowest, rate),
      quanta_(frames_of(kCrossing.value, rate) / kQuantum + 1),
      depth_glide_(kGlides * glide_quanta(rate)) {
    for (std::size_t side = 0; side < 2; ++side)
        for (const double seconds : plan_.diffusers[side]) {
            const std::size_t frames = frames_of(seconds, rate);
            diffusers_[side].push_back({.ring = BlockRing(frames), .frames = frames});
        }
    apply(Change::jump);
}

void Reverb::set(const FxSettings& goal, Change change) MIXRIG_REALTIME {
    rest_if_silent();
    settings_ = reverb_settings(goal);
    apply(resting_ ? Change::jump : change);
}

void Reverb::apply(Change change) MIXRIG_REALTIME {
    wanted_ = design_taps(plan_, settings_, rate_, primes_);
    if (change == Change::jump) jump_taps();
    for (std::size_t side = 0; side < 2; ++side) {
        cuts_[0].set(side, design_low_cut(settings_.low_cut, rate_), change);
        cuts_[1].set(side, design_high_cut(settings_.high_cut, rate_), change);
        for (std::size_t k = 0; k < kDiffusers; ++k)
            diffusion_.set(side * kDiffusers + k,
                           design_diffuser(plan_, plan_.diffusers[side][k], settings_), change);
    }
    const ReverbLevels levels = design_levels(plan_, wanted_, settings_, rate_);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const Seconds length{static_cast<double>(wanted_.lines[lane]) / rate_.value};
        absorption_[0].set(lane, design_absorption(length, settings_, rate_), change);
        early_gains_.set(lane, levels.early[lane], change);
        for (std::size_t side = 0; side < 2; ++side)
            line_gains_[side].set(lane, output_sign(lane, side) * levels.lines, change);
    }
    const auto depth = static_cast<float>(settings_.modulation * plan_.modulation);
    if (depth != depth_goal_) depth_quanta_ = depth_glide_;
    depth_goal_ = depth;
    if (change == Change::jump) {
        depth_ = depth;
        depth_quanta_ = 0;
    }
}

void Reverb::jump_taps() MIXRIG_REALTIME {
    now_ = next_ = wanted_;
    crossing_ = 0;
}

void Reverb::move_taps() MIXRIG_REALTIME {
    if (crossing_ == quanta_) {
        now_ = next_;
        crossing_ = 0;
    }
    if (crossing_ == 0) next_ = wanted_;
    if (now_ == next_) return;
    weight_ = hermite_quantum({.goal = 1.0}, quanta_, crossing_++);
}

void Reverb::begin_quantum() MIXRIG_REALTIME {
    quiet_ = loudest_ < kSilence ? std::min(quiet_ + kQuantum, memory()) : 0;
    loudest_ = 0.0f;
    rest_if_silent();
    if (resting_) mix_.restart(depth_);
    move_taps();
    if (depth_quanta_ > 0) {
        depth_ += (depth_goal_ - depth_) / static_cast<float>(depth_quanta_);
        --depth_quanta_;
    }
    mix_.begin_quantum(depth_);
    for (SvfBank& bank : cuts_) bank.begin_quantum();
    absorption_[0].begin_quantum();
    diffusion_.begin_quantum();
    early_gains_.begin_quantum();
    for (GainGlides& gains : line_gains_) gains.begin_quantum();
}

void Reverb::reset() MIXRIG_REALTIME {
    forget();
    apply(Change::jump);
}

void Reverb::rest_if_silent() MIXRIG_REALTIME {
    if (leader_ != nullptr ? rests_ == leader_->rests_ : resting_ || !is_silent()) return;
    ++rests_;
    forget();
}

// All state to zero. What was set stays as it is.
void Reverb::forget() MIXRIG_REALTIME {
    for (SvfBank& bank : cuts_) bank.reset(kAllLanes);
    for (BlockRing& ring : predelay_) ring.clear();
    for (auto& side : diffusers_)
        for (Diffuser& diffuser : side) diffuser.ring.clear();
    for (BlockRing& ring : early_) ring.clear();
    for (BlockRing& ring : lines_) ring.clear();
    absorption_[0].reset(kAllLanes);
    mix_.restart(depth_);
    resting_ = true;
    quiet_ = 0;
    loudest_ = 0.0f;
}

bool Reverb::is_at_rest() const MIXRIG_REALTIME {
    return resting_ || is_silent();
}

bool Reverb::is_gliding() const MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        if (!absorption_[0].settled(lane)) return true;
    for (std::size_t lane = 0; lane < 2; ++lane)
        if (!cuts_[0].settled(lane) || !cuts_[1].settled(lane)) return true;
    return !(diffusion_.idle() && early_gains_.idle() && line_gains_[0].idle() &&
             line_gains_[1].idle() && depth_quanta_ == 0 && now_ == wanted_ && now_ == next_);
}

bool Reverb::is_silent() const MIXRIG_REALTIME {
    return quiet_ >= memory() && loudest_ < kSilence && !is_gliding() &&
           absorption_[0].quiet(kSilence) == kAllLanes &&
           (cuts_[0].quiet(kSilence) & cuts_[1].quiet(kSilence) & kStereo) == kStereo;
}

// Frames until nothing is left of what came in but what the loops have written since; rounded up
// to quanta.
std::size_t Reverb::memory() const MIXRIG_REALTIME {
    std::size_t frames = std::max(now_.predelay, next_.predelay);
    for (const Diffuser& diffuser : diffusers_[0]) frames += diffuser.frames;
    frames += std::max(now_.lines[kLanes - 1], next_.lines[kLanes - 1]);
    return (frames / kQuantum + 4) * kQuantum;
}

void Reverb::process(float* left, float* right, Slice slice) MIXRIG_REALTIME {
    float loudest = 0.0f;
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        loudest = std::max(loudest, std::fabs(left[n]));
        loudest = std::max(loudest, std::fabs(right[n]));
    }
    if (leader_ != nullptr ? leader_->resting_ : resting_ && loudest == 0.0f) {
        std::fill_n(left + slice.first, slice.count, 0.0f);
        std::fill_n(right + slice.first, slice.count, 0.0f);
        return;
    }
    resting_ = false;
    loudest_ = std::max(loudest_, loudest);

    cut(left, right, slice);
    delay(left, slice, predelay_[0]);
    delay(right, slice, predelay_[1]);
    std::array<std::array<float, kQuantum>, 2> first;
    std::copy_n(left + slice.first, slice.count, first[0].data() + slice.first);
    std::copy_n(right + slice.first, slice.count, first[1].data() + slice.first);
    diffuse(left, slice, 0);
    diffuse(right, slice, 1);
    early_[0].write(left + slice.first, slice.count);
    early_[1].write(right + slice.first, slice.count);
    run_lines(left, right, slice);
    for (std::size_t side = 0; side < 2; ++side) {
        float* out = side == 0 ? left : right;
        add(first[side].data(), cubic_of(early_gains_.curve(), side * kEarlyTaps), out, slice);
        add_early(out, slice, side);
    }
}

void Reverb::cut(float* left, float* right, Slice slice) MIXRIG_REALTIME {
    BankBlock x;
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        x.at(n)[0] = left[n];
        x.at(n)[1] = right[n];
    }
    svf_process(cuts_, x.x, slice, kStereo);
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        left[n] = x.at(n)[0];
        right[n] = x.at(n)[1];
    }
}

void Reverb::delay(float* x, Slice slice, BlockRing& ring) MIXRIG_REALTIME {
    ring.write(x + slice.first, slice.count);
    read(ring, {now_.predelay + slice.count, next_.predelay + slice.count}, x, slice);
}

// A tap of the ring, or while it moves both; `back` as in BlockRing::read.
void Reverb::read(const BlockRing& ring, Backs back, float* out, Slice slice) const
    MIXRIG_REALTIME {
    ring.read(out + slice.first, slice.count, back.now);
    if (back.now == back.next) return;
    std::array<float, kQuantum> next;
    ring.read(next.data() + slice.first, slice.count, back.next);
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n)
        out[n] += weight_.at(n) * (next[n] - out[n]);
}

// w = x + g w[-d];  y = w[-d] - g w
void Reverb::diffuse(float* x, Slice slice, std::size_t side) MIXRIG_REALTIME {
    std::array<float, kQuantum> memory, w;
    for (std::size_t k = 0; k < kDiffusers; ++k) {
        Diffuser& diffuser = diffusers_[side][k];
        diffuser.ring.read(memory.data() + slice.first, slice.count, diffuser.frames);
        const Cubic gain = cubic_of(diffusion_.curve(), side * kDiffusers + k);
        for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
            const float g = gain.at(n);
            w[n] = x[n] + g * memory[n];
            x[n] = memory[n] - g * w[n];
        }
        diffuser.ring.write(w.data() + slice.first, slice.count);
    }
}

// Hears the lines into left and right, then feeds what these held and the mixed lines back.
void Reverb::run_lines(float* left, float* right, Slice slice) MIXRIG_REALTIME {
    alignas(64) std::array<std::array<float, kQuantum>, kLanes> planar;
    PlanarInputs in;
    PlanarOutputs out;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        read(lines_[lane], {now_.lines[lane], next_.lines[lane]}, planar[lane].data(), slice);
        in[lane] = out[lane] = planar[lane].data() + slice.first;
    }
    BankBlock x;
    interleave(in, x.x, slice);
    svf_process(absorption_, x.x, slice, kAllLanes);
    std::array<std::array<float, kQuantum>, 2> heard{};
    for (std::size_t side = 0; side < 2; ++side) {
        const MixTerm term{.x = x.x, .gain = &line_gains_[side].curve()};
        mix_column({&term, 1}, heard[side].data(), slice);
    }
    loudest_ = std::max(loudest_, mix_.process(x.x, left, right, slice));
    deinterleave(x.x, out, slice);
    for (std::size_t lane = 0; lane < kLanes; ++lane) lines_[lane].write(out[lane], slice.count);
    std::copy_n(heard[0].data() + slice.first, slice.count, left + slice.first);
    std::copy_n(heard[1].data() + slice.first, slice.count, right + slice.first);
}

// Taps of an output listen to its own side and the other in turn. The first is no tap of the ring:
// it is what comes out of the pre-delay, before the all-passes spread it.
void Reverb::add_early(float* out, Slice slice, std::size_t side) const MIXRIG_REALTIME {
    std::array<float, kQuantum> tap;
    for (std::size_t k = 1; k < kEarlyTaps; ++k) {
        const std::size_t index = side * kEarlyTaps + k;
        read(early_[(side + k) % 2],
             {now_.early[index] + slice.count, next_.early[index] + slice.count}, tap.data(),
             slice);
        add(tap.data(), cubic_of(early_gains_.curve(), index), out, slice);
    }
}

}  // namespace mixrig::dsp
