// ALSA's sequencer API, on a thread of its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/sequencer.h"

#include "src/base/result.h"
#include "src/midi/sequencer_client.h"

#include <array>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

namespace mixrig::midi {
namespace {

constexpr int kLookAgainMs = 2000;
constexpr std::size_t kMostWaiting = 1024;  // bytes for one port
// What nobody takes is left out: a flood must not grow.
constexpr std::size_t kMostIncoming = 65536;

}  // namespace

class Sequencer::Thread {
public:
    explicit Thread(SequencerConfig config)
        : config_(std::move(config)), wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
        thread_ = std::thread([this] { loop(); });
    }
    ~Thread() {
        {
            const std::lock_guard lock(mutex_);
            stop_ = true;
        }
        wake();
        thread_.join();
        ::close(wake_);
    }
    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;

    bool send(PortId port, View bytes) {
        {
            const std::lock_guard lock(mutex_);
            std::size_t& waiting = waiting_[port];
            if (waiting + bytes.size() > kMostWaiting) return false;
            waiting += bytes.size();
            outgoing_.push_back({port, Bytes(bytes.begin(), bytes.end())});
        }
        wake();
        return true;
    }
    std::vector<Incoming> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(incoming_, {});
    }
    std::string problem() {
        const std::lock_guard lock(mutex_);
        return problem_;
    }

private:
    struct Outgoing {
        PortId port;
        Bytes bytes;
    };

    void wake() const {
        const std::uint64_t one = 1;
        (void)!::write(wake_, &one, sizeof one);
    }
    void tell(Incoming&& what) {
        {
            const std::lock_guard lock(mutex_);
            if (what.what == Incoming::What::message && incoming_.size() >= kMostIncoming) return;
            incoming_.push_back(std::move(what));
        }
        if (config_.wake) config_.wake();
    }
    bool stops() {
        const std::lock_guard lock(mutex_);
        return stop_;
    }

    void loop() {
        while (!stops()) {
            try {
                serve_once();
            } catch (const std::exception& error) {  // no memory: later there may be some
                note_problem(error.what());
            }
            if (!stops()) wait(nullptr, kLookAgainMs);
        }
    }
    void note_problem(std::string text) {
        const std::lock_guard lock(mutex_);
        problem_ = std::move(text);
    }
    void serve_once() {
        const auto client = SequencerClient::open(
            {.name = config_.name, .wanted = config_.wanted, .tell = [this](Incoming&& what) {
                 tell(std::move(what));
             }});
        note_problem(client ? std::string{} : client.error().text());
        if (client) serve(**client);
    }
    // Until it fails, or the end.
    void serve(SequencerClient& client) {
        bool waits_for_room = false;
        while (!stops()) {
            wait(&client, waits_for_room ? 1 : -1);
            if (!client.receive()) return;
            waits_for_room = !send_waiting(client);
        }
    }
    // False if the sequencer has no room now.
    bool send_waiting(SequencerClient& client) {
        for (;;) {
            Outgoing next;
            {
                const std::lock_guard lock(mutex_);
                if (outgoing_.empty()) return true;
                next = outgoing_.front();
            }
            if (!client.send(next.port, next.bytes)) return false;
            const std::lock_guard lock(mutex_);
            outgoing_.pop_front();
            waiting_[next.port] -= next.bytes.size();
            if (waiting_[next.port] == 0) waiting_.erase(next.port);
        }
    }
    void wait(SequencerClient* client, int timeout_ms) const {
        std::vector<pollfd> descriptors = {{wake_, POLLIN, 0}};
        if (client != nullptr)
            for (const int descriptor : client->descriptors())
                descriptors.push_back({descriptor, POLLIN, 0});
        (void)::poll(descriptors.data(), descriptors.size(), timeout_ms);
        std::uint64_t count = 0;
        (void)!::read(wake_, &count, sizeof count);
    }

    SequencerConfig config_;
    int wake_;
    std::mutex mutex_;
    std::vector<Incoming> incoming_;
    std::deque<Outgoing> outgoing_;
    std::map<PortId, std::size_t> waiting_;  // bytes
    std::string problem_;
    bool stop_ = false;
    std::thread thread_;
};

Sequencer::Sequencer(SequencerConfig config)
    : thread_(std::make_unique<Thread>(std::move(config))) {}

Sequencer::~Sequencer() = default;

PortSide Sequencer::ports() {
    return {.send = [this](PortId port, View bytes) { return thread_->send(port, bytes); },
            .take = [this] { return thread_->take(); }};
}

std::string Sequencer::problem() const {
    return thread_->problem();
}

}  // namespace mixrig::midi
