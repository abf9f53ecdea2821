// The ALSA sequencer: ports that come and go, messages both ways.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/midi/port.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace mixrig::midi {

struct SequencerConfig {
    std::string name = "mixrig";
    // Which ports to use, by "Client:Port". [the sequencer's thread]
    std::function<bool(std::string_view)> wanted = {};
    // Something has come in. [the sequencer's thread]
    std::function<void()> wake = {};
};

// A thread of its own: opening a port of a USB device, which ALSA does when it is subscribed to,
// may take as long as the device pleases, and what steers the desk does not wait for that. Where
// there is no sequencer (no sound card yet) it looks again every two seconds.
class Sequencer {
public:
    explicit Sequencer(SequencerConfig config);
    ~Sequencer();
    Sequencer(const Sequencer&) = delete;
    Sequencer& operator=(const Sequencer&) = delete;

    // [control]
    PortSide ports();
    // Why there is no sequencer; empty if there is one.
    std::string problem() const;

private:
    class Thread;
    std::unique_ptr<Thread> thread_;
};

}  // namespace mixrig::midi
