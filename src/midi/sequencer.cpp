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
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

namespace mixrig::midi {
namespace {

constexpr int kLookAgainMs = 2000;
constexpr int kRoomMs = 5;                  // the sequencer does not tell of room
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
            const auto found = outgoing_.find(port);
            const std::size_t waiting = found == outgoing_.end() ? 0 : found->second.bytes;
            if (waiting + bytes.size() > kMostWaiting) return false;
            Queue& queue = outgoing_[port];
            queue.bytes += bytes.size();
            queue.messages.emplace_back(bytes.begin(), bytes.end());
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
    struct Queue {  // to one port
        std::deque<Bytes> messages = {};
        std::size_t bytes = 0;
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
            wait(&client, waits_for_room ? kRoomMs : -1);
            if (!client.receive()) return;
            waits_for_room = !send_waiting(client);
        }
    }
    // False if something has to wait. A port that takes nothing (a program that has stopped
    // reading) keeps only itself waiting.
    bool send_waiting(SequencerClient& client) {
        bool all = true;
        for (const PortId port : those_waiting())
            while (const std::optional<Bytes> next = first_for(port)) {
                if (!client.send(port, *next)) {
                    all = false;
                    break;
                }
                sent_first(port);
            }
        return all;
    }
    std::vector<PortId> those_waiting() {
        const std::lock_guard lock(mutex_);
        std::vector<PortId> out;
        for (const auto& [port, queue] : outgoing_) out.push_back(port);
        return out;
    }
    std::optional<Bytes> first_for(PortId port) {
        const std::lock_guard lock(mutex_);
        const auto found = outgoing_.find(port);
        if (found == outgoing_.end()) return std::nullopt;
        return found->second.messages.front();
    }
    void sent_first(PortId port) {
        const std::lock_guard lock(mutex_);
        const auto queue = outgoing_.find(port);
        queue->second.bytes -= queue->second.messages.front().size();
        queue->second.messages.pop_front();
        if (queue->second.messages.empty()) outgoing_.erase(queue);
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
    std::map<PortId, Queue> outgoing_;  // none is empty
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
