// Audio from a sound card: one that disappears is reported, and taken again when it returns.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/rtaudio_backend.h"

#include "src/backend/audio_side.h"
#include "src/backend/card.h"
#include "src/backend/lifeline.h"
#include "src/base/clock.h"

namespace mixrig::backend {

namespace {

using std::chrono::milliseconds;

class RtAudioBackend final : public Backend {
public:
    explicit RtAudioBackend(BackendConfig config) : config_(std::move(config)) {}
    ~RtAudioBackend() override { stop(); }

    base::Result<StreamInfo> start(AudioCallback& callback, BackendEvents& events) override {
        stop();
        events_ = &events;
        side_->attach(callback);
        side_->report_rate(config_.rate);
        if (const base::Status done = lifeline_.start("sound card"); !done) {
            reported_error_ = done.error().text();
            return done.error();
        }
        adopt();
        side_->report_rate(info_.rate);
        return info_;
    }

    void stop() override {
        side_->hold();
        if (!lifeline_.stop())
            side_ = std::make_shared<AudioSide>();  // something still has the old one
        side_->forget_thread();
    }

    void poll() override {
        if (!lifeline_.active()) return;
        if (lifeline_.session() != nullptr) watch(*lifeline_.session());
        const Line::Change change = lifeline_.poll();
        if (change == Line::Change::opened) come_back();
        if (change == Line::Change::failed) report_failure();
        if (change == Line::Change::left_behind)
            events_->message("the old sound card does not close; it is left behind");
    }

    void hold() override { side_->hold(); }
    void resume() override { side_->resume(); }
    bool running() const override { return lifeline_.session() != nullptr; }
    StreamInfo info() const override { return info_; }
    Counters counters() const noexcept override { return side_->counters(); }
    void set_latency(std::size_t, std::size_t) override {}
    void rename(const Ports&) override {}

private:
    using Line = Lifeline<Card>;

    std::function<Line::Opening()> prepare() {
        side_->forget_thread();
        return [config = config_, side = side_] { return Card::open(config, side); };
    }

    void adopt() {
        const Card& card = *lifeline_.session();
        info_ = card.info();
        if (!card.note().empty()) events_->message(card.note());
        reported_error_.clear();
        last_blocks_ = side_->counters().blocks;
        last_block_at_ = base::monotonic_ns();
        was_running_ = true;
    }

    void come_back() {
        if (was_running_) side_->count_reconnection();
        adopt();
        events_->started(info_);
        if (info_.rate == side_->reported_rate()) return;
        side_->hold();
        side_->report_rate(info_.rate);
        events_->rate_changed(info_.rate);
    }

    // Once for each different reason, not once for each attempt.
    void report_failure() {
        const std::string text = lifeline_.error().text();
        if (text == reported_error_) return;
        reported_error_ = text;
        events_->message(text + "; trying again");
    }

    void watch(const Card& card) {
        const std::int64_t now = base::monotonic_ns();
        if (const std::uint64_t blocks = side_->counters().blocks; blocks != last_blocks_) {
            last_blocks_ = blocks;
            last_block_at_ = now;
        }
        if (card.stormed()) {
            side_->count_storm();
            lose("calls far too fast, it is probably unplugged", card);
        } else if (now - last_block_at_ > card.longest_silence_ns()) {
            lose("has stopped calling", card);
        }
    }

    void lose(const std::string& what, const Card& card) {
        std::string reason = info_.device + " " + what;
        if (const std::string error = card.last_error(); !error.empty()) reason += ": " + error;
        lifeline_.lose();
        events_->stopped(reason);
    }

    BackendConfig config_;
    std::shared_ptr<AudioSide> side_ = std::make_shared<AudioSide>();
    BackendEvents* events_ = nullptr;
    Line lifeline_{[this] { return prepare(); }, milliseconds(1000), milliseconds(3000)};
    StreamInfo info_;
    std::string reported_error_;
    std::uint64_t last_blocks_ = 0;
    std::int64_t last_block_at_ = 0;
    bool was_running_ = false;
};

}  // namespace

std::unique_ptr<Backend> make_rtaudio_backend(BackendConfig config) {
    return std::make_unique<RtAudioBackend>(std::move(config));
}

}  // namespace mixrig::backend
