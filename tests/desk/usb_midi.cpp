// MIDI devices on a USB that is only software: the kernel's own gadget on its own dummy host.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/message.h"
#include "tests/desk/midi_stage.h"
#include "tests/desk/program.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <poll.h>
#include <unistd.h>

namespace mixrig::tests {

namespace {

namespace fs = std::filesystem;

const fs::path kGadgets = "/sys/kernel/config/usb_gadget";
constexpr int kMost = 2;  // of dummy_udc.0 and 1

// From the bytes of a cable: whole messages, as they are complete.
std::optional<midi::Bytes> cut_message(midi::Bytes& bytes) {
    if (bytes.empty()) return std::nullopt;
    std::size_t size = (bytes[0] & 0xf0) == 0xc0 || (bytes[0] & 0xf0) == 0xd0 ? 2 : 3;
    if (bytes[0] == midi::kSysex) {
        const auto end = std::find(bytes.begin(), bytes.end(), midi::kEndOfSysex);
        size = static_cast<std::size_t>(end - bytes.begin()) + 1;
    }
    if (bytes.size() < size) return std::nullopt;
    const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(size);
    midi::Bytes message(bytes.begin(), end);
    bytes.erase(bytes.begin(), end);
    return message;
}

// One device: what the desk finds as a sound card of USB, and its inner side, a card of its own
// whose raw MIDI is the cable.
class Gadget {
public:
    Gadget(const std::string& product, int controller)
        : folder_(kGadgets / ("mixrig" + std::to_string(controller))) {
        const std::string card = "mixrig" + std::to_string(controller);
        fs::create_directory(folder_);
        write_text(folder_ / "idVendor", "0x1d6b");   // the Linux Foundation's
        write_text(folder_ / "idProduct", "0x0104");  // a multi-function gadget
        fs::create_directory(folder_ / "strings/0x409");
        write_text(folder_ / "strings/0x409/product", product);
        fs::create_directory(folder_ / "configs/c.1");
        fs::create_directory(folder_ / "functions/midi.0");
        write_text(folder_ / "functions/midi.0/id", card);
        fs::create_directory_symlink(folder_ / "functions/midi.0", folder_ / "configs/c.1/midi.0");
        write_text(folder_ / "UDC", "dummy_udc." + std::to_string(controller));
        REQUIRE_MESSAGE(poll_until([&] { return open_cable(card); }, Milliseconds(5000)),
                        "no card " << card);
    }
    ~Gadget() {
        ::close(cable_);
        std::ofstream(folder_ / "UDC") << "\n";
        std::error_code ignored;
        fs::remove(folder_ / "configs/c.1/midi.0", ignored);
        for (const char* each : {"functions/midi.0", "configs/c.1", "strings/0x409", ""})
            ::rmdir((folder_ / each).c_str());
    }
    Gadget(const Gadget&) = delete;
    Gadget& operator=(const Gadget&) = delete;

    void say(const midi::Bytes& bytes) const {
        pollfd room{cable_, POLLOUT, 0};
        for (std::size_t done = 0; done < bytes.size() && ::poll(&room, 1, 1000) == 1;) {
            const ssize_t size = ::write(cable_, bytes.data() + done, bytes.size() - done);
            if (size > 0) done += static_cast<std::size_t>(size);
        }
    }
    std::optional<midi::Bytes> hear() {
        std::array<std::uint8_t, 1024> bytes{};
        const ssize_t size = ::read(cable_, bytes.data(), bytes.size());
        if (size > 0) heard_.insert(heard_.end(), bytes.begin(), bytes.begin() + size);
        return cut_message(heard_);
    }

private:
    bool open_cable(const std::string& card) {
        const fs::path number = fs::path("/proc/asound") / card;  // a link to card<N>
        if (!fs::is_symlink(number)) return false;
        const std::string name = fs::read_symlink(number).filename().string().substr(4);
        cable_ = ::open(("/dev/snd/midiC" + name + "D0").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
        return cable_ >= 0;
    }

    fs::path folder_;
    int cable_ = -1;
    midi::Bytes heard_;
};

class Usb {
public:
    int plug(const std::string& name) {
        int free = 0;
        while (gadgets_.contains(free)) ++free;
        REQUIRE(free < kMost);
        gadgets_.emplace(free, std::make_unique<Gadget>(name, free));
        return free;
    }
    void unplug(int device) { gadgets_.erase(device); }
    void say(int device, const midi::Bytes& bytes) const { gadgets_.at(device)->say(bytes); }
    std::optional<std::pair<int, midi::Bytes>> hear(int ms) {
        for (int waited = 0; waited <= ms; ++waited) {
            for (const auto& [number, gadget] : gadgets_)
                if (auto message = gadget->hear()) return std::pair(number, std::move(*message));
            if (waited != ms) ::usleep(1000);
        }
        return std::nullopt;
    }

private:
    std::map<int, std::unique_ptr<Gadget>> gadgets_;
};

}  // namespace

Stage usb_devices() {
    if (!fs::exists("/sys/class/udc/dummy_udc.1") || !fs::exists(kGadgets)) return {};
    const auto stage = std::make_shared<Usb>();
    return {.prepare = [] {},
            .up = [] {},
            .plug = [stage](const std::string& name) { return stage->plug(name); },
            .unplug = [stage](int device) { stage->unplug(device); },
            .say = [stage](int device, const auto& bytes) { stage->say(device, bytes); },
            .hear = [stage](int ms) { return stage->hear(ms); },
            .port = [](const std::string& name) { return name + ":" + name + " MIDI 1"; }};
}

}  // namespace mixrig::tests
