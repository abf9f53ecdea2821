// Convolution by zita-convolver.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/convolution/convolution.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <string>
#include <zita-convolver.h>

namespace mixrig::convolution {

namespace {

constexpr std::size_t kLevel = 0, kWeight = 1;  // lanes of the glides
constexpr dsp::Seconds kLongestPredelay{0.25};

// The planner of FFTW is not safe to be used by two threads at once.
std::mutex& planner() {
    static std::mutex mutex;
    return mutex;
}

double energy(const std::vector<float>& h) {
    double sum = 0.0;
    for (const float x : h) sum += static_cast<double>(x) * static_cast<double>(x);
    return sum;
}

bool is_finite(const std::vector<float>& h) {
    return std::all_of(h.begin(), h.end(), [](float x) { return std::isfinite(x); });
}

// Which response leads from which side to which.
struct Way {
    std::size_t response;
    unsigned from, to;
};

std::vector<Way> ways(std::size_t channels) {
    if (channels == 4) return {{0, 0, 0}, {1, 0, 1}, {2, 1, 0}, {3, 1, 1}};
    return {{0, 0, 0}, {channels - 1, 1, 1}};
}

}  // namespace

class Convolution::Engine {
public:
    ~Engine() {
        const std::lock_guard lock(planner());
        processor.stop_process();
        processor.cleanup();
    }
    Convproc processor;
};

base::Result<std::unique_ptr<Convolution>> Convolution::make(Response response, dsp::Hertz rate) {
    if (response.empty() || response.size() == 3 || response.size() > 4)
        return base::Error{"an impulse response has 1, 2 or 4 channels, this one " +
                           std::to_string(response.size())};
    const std::size_t frames = response.front().size();
    if (frames == 0) return base::Error{"the impulse response is empty"};
    if (static_cast<double>(frames) > kLongest.value * rate.value)
        return base::Error{"the impulse response is longer than 20 s"};
    std::array<double, 2> out{};
    for (const Way& way : ways(response.size())) {
        if (!is_finite(response[way.response]))
            return base::Error{"the impulse response has samples that are no numbers"};
        out[way.to] += energy(response[way.response]);
    }
    const double loudest = std::max(out[0], out[1]);
    if (!(loudest > 0.0)) return base::Error{"the impulse response is silent"};
    const auto scale = static_cast<float>(1.0 / std::sqrt(loudest));
    for (auto& h : response)
        for (float& x : h) x *= scale;

    const std::lock_guard lock(planner());
    auto engine = std::make_unique<Engine>();
    constexpr auto kPart = static_cast<unsigned>(kBlock);
    bool good = engine->processor.configure(2, 2, static_cast<unsigned>(frames), kPart, kPart,
                                            kPart, 0.0f) == 0;
    for (const Way& way : ways(response.size()))
        good = good &&
               engine->processor.impdata_create(way.from, way.to, 1, response[way.response].data(),
                                                0, static_cast<int>(frames)) == 0;
    // One size of partitions, that of the block: no threads are started.
    good = good && engine->processor.start_process(0, 0) == 0;
    if (!good) return base::Error{"there is not enough memory for this impulse response"};
    return std::unique_ptr<Convolution>(new Convolution(std::move(engine), frames, rate));
}

Convolution::Convolution(std::unique_ptr<Engine> engine, std::size_t frames, dsp::Hertz rate)
    : engine_(std::move(engine)),
      frames_(frames),
      rate_(rate.value),
      glides_(dsp::glide_quanta(rate), 0.0f) {
    for (auto& side : line_)
        side.resize(static_cast<std::size_t>(kLongestPredelay.value * rate.value) + 2);
    glides_.set(kLevel, 1.0f, dsp::Change::jump);
    reset();
}

Convolution::~Convolution() = default;

void Convolution::set(const dsp::FxSettings& goal, dsp::Change change) MIXRIG_REALTIME {
    const double frames =
        std::clamp(static_cast<double>(goal[0]) * 1e-3, 0.0, kLongestPredelay.value) * rate_;
    goal_ = static_cast<std::size_t>(std::lround(frames));
    glides_.set(kLevel, std::pow(10.0f, goal[1] / 20.0f), change);
    if (change != dsp::Change::jump) return;
    now_ = next_ = goal_;
    glides_.set(kWeight, 0.0f, dsp::Change::jump);
}

void Convolution::begin_quantum() MIXRIG_REALTIME {
    const bool crossing = (glides_.moving() & dsp::lane_bit(kWeight)) != 0;
    if (!crossing) {
        if (now_ != next_) {
            now_ = next_;
            glides_.set(kWeight, 0.0f, dsp::Change::jump);
        }
        if (now_ != goal_) {
            next_ = goal_;
            glides_.set(kWeight, 1.0f, dsp::Change::glide);
        }
    }
    if (!glides_.idle()) glides_.begin_quantum();
}

float Convolution::delayed(std::size_t side, std::size_t frames) const MIXRIG_REALTIME {
    const std::size_t size = line_[side].size();
    return line_[side][(written_ + size - frames) % size];
}

void Convolution::process(float* left, float* right, dsp::Slice slice) MIXRIG_REALTIME {
    const dsp::GainCurve& curve = glides_.curve();
    const auto gain = [&curve](std::size_t lane) {
        return dsp::Cubic{curve.c0[lane], curve.c1[lane], curve.c2[lane], curve.c3[lane]};
    };
    const dsp::Cubic level = gain(kLevel), weight = gain(kWeight);
    const std::array<float*, 2> x = {left, right};
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        const bool silence = x[0][n] == 0.0f && x[1][n] == 0.0f;
        silent_ = silence ? silent_ + 1 : 0;
        for (unsigned side = 0; side < 2; ++side) {
            line_[side][written_] = x[side][n];
            float in = delayed(side, now_);
            if (now_ != next_) in += weight.at(n) * (delayed(side, next_) - in);
            engine_->processor.inpdata(side)[position_] = in;
            x[side][n] = level.at(n) * engine_->processor.outdata(side)[position_];
        }
        written_ = written_ + 1 == line_[0].size() ? 0 : written_ + 1;
        if (++position_ < kBlock) continue;
        position_ = 0;
        engine_->processor.process();
    }
}

void Convolution::reset() MIXRIG_REALTIME {
    engine_->processor.reset();
    for (unsigned side = 0; side < 2; ++side) {
        std::fill(line_[side].begin(), line_[side].end(), 0.0f);
        std::fill_n(engine_->processor.inpdata(side), kBlock, 0.0f);
        std::fill_n(engine_->processor.outdata(side), kBlock, 0.0f);
    }
    position_ = 0;
    now_ = next_ = goal_;
    glides_.set(kWeight, 0.0f, dsp::Change::jump);
    silent_ = frames_ + line_[0].size() + 3 * kBlock;
}

bool Convolution::is_at_rest() const MIXRIG_REALTIME {
    return silent_ >= frames_ + line_[0].size() + 3 * kBlock;
}

}  // namespace mixrig::convolution
