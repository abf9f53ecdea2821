// One client of the ALSA sequencer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/midi/port.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::midi {

// Belongs to one thread. What it tells comes from inside of its calls.
class SequencerClient {
public:
    struct Config {
        std::string name;
        std::function<bool(std::string_view)> wanted;
        std::function<void(Incoming&&)> tell;
    };
    // Subscribes to the wanted ports that are there, and from then on to those that come.
    static base::Result<std::unique_ptr<SequencerClient>> open(Config config);
    ~SequencerClient();  // tells that its ports are closed
    SequencerClient(const SequencerClient&) = delete;
    SequencerClient& operator=(const SequencerClient&) = delete;

    std::vector<int> descriptors() const;  // readable when there is something to receive
    // Whatever is there. False if the sequencer is not any more.
    bool receive();
    // False if there is no room now. To a port that is gone everything is sent.
    bool send(PortId port, View bytes);

private:
    struct Handle;
    explicit SequencerClient(std::unique_ptr<Handle> handle);
    std::unique_ptr<Handle> handle_;
};

}  // namespace mixrig::midi
