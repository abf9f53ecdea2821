// The desk as an X32 or an X-Air on a UDP port: what clients of those desks speak to.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/osc_hooks.h"
#include "control/udp.h"
#include "control/x32/clients.h"
#include "control/x32/library.h"
#include "control/x32/message.h"
#include "control/x32/meters.h"
#include "control/x32/scene_book.h"
#include "control/x32/surface.h"
#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control::x32 {

struct Config {
    std::uint16_t port = 10023;  // 0: any free one
    std::string listen = "127.0.0.1";
    std::vector<std::string> allow = {};  // empty: this machine only
    RightsNumber rights = kEngineer;
    std::string model = "X32";
    std::string firmware = "4.06";
    std::string name = "mixrig";
};

struct Hooks {
    std::function<std::span<const MeterLine>()> meters = {};
    std::function<std::vector<std::string>()> scenes = {};  // their names
    std::function<std::uint64_t()> scene_changes = {};      // how often the desk has changed them
};

struct Counters {
    std::uint64_t packets = 0;  // taken from the socket
    std::uint64_t dropped = 0;  // of those, too many from one client
    std::uint64_t refused = 0;  // from addresses that may not speak
};

// [control]
class Server {
public:
    // The desk must outlive it.
    static base::Result<std::unique_ptr<Server>> open(const Dialect& dialect, Config config,
                                                      Desk& desk, Hooks hooks);

    int descriptor() const { return socket_.fd(); }
    std::uint16_t port() const { return socket_.port(); }
    const Surface& surface() const { return surface_; }
    const Counters& counters() const { return counters_; }

    // Takes in what has come, tells what has changed, sends what is due. Never waits.
    void turn(std::int64_t now);

    // What an action says that did not answer when it was called; false if nobody here asked.
    bool answer(Origin to, std::string_view address, const base::Result<Answer>& answer);

    // What a restart would forget, if something of it has changed since the call before: kept.h.
    std::optional<std::string> take_kept();
    // [at the start] As it was then.
    void restore(std::string_view kept);

private:
    using Arguments = std::vector<Argument>;
    struct Request;
    using Then = std::function<void(bool done)>;
    // What the disk has been asked for.
    struct Errand {
        Origin origin = kDeskItself;
        std::string address;
        std::int32_t number = kNoScene;
        std::string name;  // that our scene of this number has then; empty: there is none
        Then then;
    };
    static constexpr std::int32_t kNoScene = -1;
    Server(const Dialect& dialect, Config config, AllowList allow, UdpSocket socket, Desk& desk,
           Hooks hooks);

    void receive(Bytes packet, const NetAddress& from);
    void handle(const Message& message, Bytes packet);
    bool is_air() const { return &surface_.dialect() == &kAirDialect; }
    std::size_t meter_parameters(int meter, std::size_t given) const;

    // requests.cpp: all of them are the client's that spoke last.
    static const Request* find_request(std::string_view address);
    void tell_info(const Message& message);
    void tell_xinfo(const Message& message);
    void tell_status(const Message& message);
    void hear_remote(const Message& message);
    void hear_remote_quietly(const Message& message);
    void read_node(const Message& message);
    void write_node(const Message& message, Bytes packet);
    void read_or_write(const Message& message);
    void get(LeafId leaf);
    void get_node(NodeId node);
    void set(LeafId leaf, const Argument& argument);
    bool set_value(LeafId leaf, const Argument& argument);
    void tell_refused(LeafId leaf);
    void set_line(std::string_view line);
    // streams.cpp
    void subscribe(const Message& message);
    void subscribe_batch(const Message& message);
    void subscribe_format(const Message& message);
    void subscribe_meters(const Message& message);
    void renew(const Message& message);
    void unsubscribe(const Message& message);
    void send_streams();
    void send(Client& client, Stream& stream);
    std::span<const MeterLine> meter_lines();
    // show.cpp
    void change_library(const Message& message);
    void change_scene(std::string_view command, const Arguments& arguments, Then then);
    bool change_shelf(std::string_view command, std::string_view what, const Arguments& arguments);
    std::string preset_path(std::string_view what, std::int32_t place) const;
    void dump_show(const Message& message);
    bool do_action(LeafId leaf, const Argument& argument);
    bool recall_scene(std::int32_t number);
    void save_scene(std::int32_t number, std::string_view title, std::string_view note, Then then);
    void copy_scene(std::int32_t from, std::int32_t to, Then then);
    void rename_scene(std::int32_t number, std::string_view title, Then then);
    void delete_scene(std::int32_t number, Then then);
    void keep_page(Origin by, std::int32_t number, const std::string& name, std::string_view note);
    std::string scene_name(std::int32_t number) const;
    void send_errand(Errand errand, const std::vector<OscArg>& arguments);
    std::optional<LeafId> notes_of(std::int32_t scene) const;
    bool act(std::string_view address, const std::vector<OscArg>& arguments);
    bool scenes_have_changed() const;
    void look_for_scenes();
    void read_scenes();
    void show_scene(std::int32_t number);
    void set_current(std::int32_t number);

    void introduce();
    void tell_changes();
    // As the clients of this server may see it; they all have the same rights.
    const Store& seen(LeafId leaf) const { return surface_.seen(leaf, config_.rights); }
    std::string node_text(NodeId node) const;
    std::vector<std::uint8_t> leaf_packet(LeafId leaf) const;
    void add_value(Writer& out, LeafId leaf) const;
    void add_value(Blob& out, LeafId leaf) const;
    void reply(Bytes packet) { send(client_->address, packet, Urgency::reply); }
    void reply_text(std::string_view address, std::span<const std::string> texts);
    void send(const NetAddress& to, Bytes packet, Urgency urgency);
    std::string local_address() const;

    Config config_;
    AllowList allow_;
    UdpSocket socket_;
    Desk& desk_;
    Hooks hooks_;
    Surface surface_;
    Meters meters_;
    std::optional<LeafId> selected_;  // an X-Air has none
    SceneBook scenes_;
    std::vector<Errand> errands_;  // in the order in which the disk does them
    Library library_;
    Clients clients_;
    Counters counters_;
    std::span<const MeterLine> lines_;  // of this turn, once they are asked for
    Client* client_ = nullptr;          // that is being served
    std::int64_t now_ = 0;
    std::int64_t scenes_read_ = 0;
    std::uint64_t scene_changes_ = 0;  // that we have seen
};

}  // namespace mixrig::control::x32
