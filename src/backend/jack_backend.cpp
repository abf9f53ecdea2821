// Audio from a JACK server: survives its death, and puts the connections back.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/jack_backend.h"

#include "src/backend/audio_side.h"
#include "src/backend/jack_session.h"
#include "src/backend/lifeline.h"
#include "src/backend/link_keeper.h"
#include "src/base/clock.h"

#include <algorithm>

namespace mixrig::backend {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kLinkCheckNs = 500'000'000;
constexpr std::int64_t kSilenceNs = 2'000'000'000;

class JackBackend final : public Backend {
public:
    explicit JackBackend(BackendConfig config) : config_(std::move(config)) {}
    ~JackBackend() override { stop(); }

    base::Result<StreamInfo> start(AudioCallback& callback, BackendEvents& events) override {
        stop();
        events_ = &events;
        side_->attach(callback);
        side_->report_rate(config_.rate);
        if (const base::Status done = lifeline_.start("JACK"); !done) return done.error();
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
        if (JackSession* session = lifeline_.session(); session != nullptr && session->dead()) {
            const std::string reason = "JACK: " + session->death_reason();
            links_.server_died();
            lifeline_.lose();
            events_->stopped(reason);
        }
        report(lifeline_.poll());
        if (lifeline_.session() != nullptr) watch(*lifeline_.session());
    }

    void hold() override { side_->hold(); }
    void resume() override { side_->resume(); }
    bool running() const override { return lifeline_.session() != nullptr; }
    bool is_freewheeling() const override {
        return running() && lifeline_.session()->freewheeling();
    }
    StreamInfo info() const override { return info_; }
    Counters counters() const noexcept override { return side_->counters(); }

    void set_latency(std::size_t output, std::size_t frames) override {
        if (output >= latencies_.size() || latencies_[output] == frames) return;
        latencies_[output] = frames;
        if (JackSession* session = lifeline_.session()) session->set_latency(output, frames);
    }

    void rename(const Ports& ports) override {
        const auto take = [](std::vector<Port>& ours, const std::vector<Port>& named) {
            for (std::size_t i = 0; i < std::min(ours.size(), named.size()); ++i)
                ours[i].name = named[i].name;
        };
        take(config_.ports.inputs, ports.inputs);
        take(config_.ports.outputs, ports.outputs);
        JackSession* session = lifeline_.session();
        if (session == nullptr) return;
        const std::vector<std::string> before = own_names(*session);
        session->rename(config_.ports);
        links_.rename(before, own_names(*session));
    }

private:
    using Line = Lifeline<JackSession>;

    std::function<Line::Opening()> prepare() {
        side_->forget_thread();
        return [config = config_, side = side_] { return JackSession::open(config, side); };
    }

    void report(Line::Change change) {
        if (change == Line::Change::opened) {
            if (!client_name_.empty()) side_->count_reconnection();
            adopt();
            events_->started(info_);
        } else if (change == Line::Change::left_behind) {
            events_->message("JACK: the old client does not close; it is left behind");
        }
    }

    void adopt() {
        JackSession& session = *lifeline_.session();
        if (!client_name_.empty()) links_.rename_client(client_name_, session.name());
        for (std::size_t o = 0; o < latencies_.size(); ++o)
            if (latencies_[o] != 0) session.set_latency(o, latencies_[o]);
        if (client_name_.empty() && config_.connect_physical) connect_physical(session);
        client_name_ = session.name();
        last_blocks_ = side_->counters().blocks;
        last_block_at_ = base::monotonic_ns();
        freewheeling_ = silent_ = false;
        info_ = {.rate = session.rate(),
                 .block = session.block(),
                 .backend = "jack",
                 .device = "JACK client " + client_name_,
                 .realtime = session.realtime()};
        keep_links(session);
    }

    void connect_physical(JackSession& session) {
        const auto connect = [&session](const std::vector<Port>& ports, bool input,
                                        const std::vector<std::string>& card) {
            for (std::size_t i = 0; i < ports.size(); ++i) {
                const unsigned channel = ports[i].device_channel;
                if (channel == 0 || channel > card.size()) continue;
                session.connect({.input = input, .port = i, .other = card[channel - 1]});
            }
        };
        connect(config_.ports.inputs, true, session.capture_ports());
        connect(config_.ports.outputs, false, session.playback_ports());
    }

    void watch(JackSession& session) {
        const std::int64_t now = base::monotonic_ns();
        if (session.graph_changed() || now >= next_link_check_) keep_links(session);
        if (const std::size_t block = session.block(); block != info_.block) {
            info_.block = block;
            events_->block_changed(block);
        }
        if (const unsigned rate = session.rate(); rate != side_->reported_rate()) {
            side_->hold();
            side_->report_rate(rate);
            info_.rate = rate;
            events_->rate_changed(rate);
        }
        if (const bool on = session.freewheeling(); on != freewheeling_) {
            freewheeling_ = on;
            events_->message(on ? "JACK: freewheeling" : "JACK: back from freewheeling");
        }
        watch_for_silence(now);
    }

    // A stopped server (SIGSTOP, a hung driver) does not say so.
    void watch_for_silence(std::int64_t now) {
        const std::uint64_t blocks = side_->counters().blocks;
        if (blocks != last_blocks_) {
            if (silent_) events_->message("JACK: the server calls again");
            silent_ = false;
            last_blocks_ = blocks;
            last_block_at_ = now;
        } else if (!silent_ && now - last_block_at_ > kSilenceNs) {
            silent_ = true;
            events_->message("JACK: the server has not called for 2 s");
        }
    }

    void keep_links(JackSession& session) {
        const std::int64_t now = base::monotonic_ns();
        next_link_check_ = now + kLinkCheckNs;
        const auto exists = [&](const std::string& port) { return session.port_exists(port); };
        for (const JackLink& link : links_.update(session.links(), exists, now))
            session.connect(link);
        info_.input_latency = session.input_latency();
        info_.output_latency = session.output_latency();
    }

    std::vector<std::string> own_names(const JackSession& session) const {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < config_.ports.inputs.size(); ++i)
            names.push_back(session.full_name(true, i));
        for (std::size_t o = 0; o < config_.ports.outputs.size(); ++o)
            names.push_back(session.full_name(false, o));
        return names;
    }

    BackendConfig config_;
    std::shared_ptr<AudioSide> side_ = std::make_shared<AudioSide>();
    BackendEvents* events_ = nullptr;
    Line lifeline_{[this] { return prepare(); }, milliseconds(250), milliseconds(1000)};
    LinkKeeper links_;
    std::int64_t next_link_check_ = 0;
    std::vector<std::size_t> latencies_ = std::vector<std::size_t>(config_.ports.outputs.size());
    std::string client_name_;  // empty until the first server
    StreamInfo info_;
    std::uint64_t last_blocks_ = 0;
    std::int64_t last_block_at_ = 0;
    bool freewheeling_ = false;
    bool silent_ = false;
};

}  // namespace

std::unique_ptr<Backend> make_jack_backend(BackendConfig config) {
    return std::make_unique<JackBackend>(std::move(config));
}

}  // namespace mixrig::backend
