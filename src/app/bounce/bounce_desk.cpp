// One desk of a bounce.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/bounce/bounce_desk.h"

#include <algorithm>
#include <utility>

namespace mixrig::app {

namespace {

constexpr std::array<float, dsp::kQuantum> kSilentInput{};

}  // namespace

BounceDesk::BounceDesk(const BounceMix& mix, engine::EngineConfig config, std::vector<bool> silent)
    : mix_(mix),
      console_(mix.layout, mix.values, std::move(config), &mix.impulses),
      automation_(mix.layout),
      is_silent_(console_.geometry().inputs, false),
      outputs_(console_.geometry().outputs.size(), std::vector<float>(dsp::kQuantum)),
      in_(console_.geometry().inputs) {
    for (auto& output : outputs_) out_.push_back(output.data());
    const engine::Geometry& geometry = console_.geometry();
    for (std::size_t c = 0; c < silent.size(); ++c) {
        if (!silent[c]) continue;
        const engine::StripPlace& place = geometry.strips[geometry.strip(param::Kind::ch, c)];
        std::fill_n(is_silent_.begin() + static_cast<std::ptrdiff_t>(place.input), place.lanes(),
                    true);
    }
    automation_.use(mix.moves);
    automation_.roll({});
}

base::Result<std::size_t> BounceDesk::send(std::uint64_t position, std::size_t frames) {
    const std::string& file = mix_.song.automation.string();
    if (!automation_.send_until(console_, position + frames)) {
        // No room: as far as what was sent reaches, then on.
        frames = static_cast<std::size_t>(automation_.next_frame() - position);
        if (frames == 0)
            return base::Error{"more moves at one moment than the desk can take", file,
                               "spread them over a few milliseconds"};
    }
    for (base::Error& refused : automation_.take_refused()) {
        refused.where = file + ":" + refused.where;
        return refused;
    }
    return frames;
}

void BounceDesk::process(const float* const* inputs, std::size_t offset, std::size_t frames) {
    for (std::size_t i = 0; i < in_.size(); ++i)
        in_[i] = is_silent_[i] ? kSilentInput.data() : inputs[i] + offset;
    console_.engine().process(in_.data(), out_.data(), frames);
    frames_ = frames;
}

void BounceDesk::collect() {
    console_.collect();
    link::Notice notice;
    while (console_.link().notices.try_pop(notice))
        faults_ += notice.fault == link::Fault::not_finite ? 1u : 0u;
    link::StereoQuantum quantum;
    while (console_.link().main_tap.try_pop(quantum)) {
    }
}

void BounceDesk::copy_main(std::size_t side, float* out) const {
    std::copy_n(outputs_[side].begin(), frames_, out);
}

}  // namespace mixrig::app
