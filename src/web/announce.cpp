// Tells the network what the desk serves, by the avahi daemon.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/announce.h"

#include <algorithm>
#include <avahi-client/client.h>
#include <avahi-client/publish.h>
#include <avahi-common/alternative.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/thread-watch.h>
#include <avahi-common/timeval.h>
#include <utility>

namespace mixrig::web {
namespace {

constexpr unsigned kFirstPause = 1000, kLongestPause = 60'000;  // ms, between attempts

// What a name of a service may have: 63 bytes, whole characters.
std::string label(std::string name) {
    constexpr std::size_t kMost = 63;
    if (name.size() <= kMost) return name;
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0u) == 0x80u) --end;
    name.resize(end);
    return name;
}

}  // namespace

// All but the constructor and stop() runs on avahi's thread.
struct Announcer::State {
    std::string name;
    std::vector<Announcement> announcements;
    std::function<void(std::string_view)> log;
    AvahiThreadedPoll* poll = nullptr;
    AvahiClient* client = nullptr;
    AvahiEntryGroup* group = nullptr;
    AvahiTimeout* timer = nullptr;
    unsigned pause = kFirstPause;
    bool has_complained = false;

    void start();
    void stop();
    void connect();
    void again();
    void publish();
    bool add_all();
    void rename();
    void complain(const std::string& why);

    static void on_client(AvahiClient* client, AvahiClientState state, void* self);
    static void on_group(AvahiEntryGroup* group, AvahiEntryGroupState state, void* self);
    static void on_timer(AvahiTimeout* timer, void* self);
};

void Announcer::State::start() {
    poll = avahi_threaded_poll_new();
    if (poll == nullptr) return;
    connect();
    avahi_threaded_poll_start(poll);
}

void Announcer::State::stop() {
    if (poll == nullptr) return;
    avahi_threaded_poll_stop(poll);
    if (client != nullptr) avahi_client_free(client);  // and the group with it
    if (timer != nullptr) avahi_threaded_poll_get(poll)->timeout_free(timer);
    avahi_threaded_poll_free(poll);
}

void Announcer::State::complain(const std::string& why) {
    if (!std::exchange(has_complained, true))
        log("not announced by mDNS yet: " + why + "; the desk goes on trying");
}

void Announcer::State::connect() {
    int error = 0;
    // NO_FAIL waits for the daemon, but not for the message bus that it is reached by.
    client = avahi_client_new(avahi_threaded_poll_get(poll), AVAHI_CLIENT_NO_FAIL, on_client, this,
                              &error);
    if (client != nullptr) return;
    complain(avahi_strerror(error));
    again();
}

// What failed is taken down and tried again, later each time.
void Announcer::State::again() {
    timeval when = {};
    avahi_elapse_time(&when, pause, 0);
    pause = std::min(2 * pause, kLongestPause);
    const AvahiPoll* api = avahi_threaded_poll_get(poll);
    if (timer == nullptr)
        timer = api->timeout_new(api, &when, on_timer, this);
    else
        api->timeout_update(timer, &when);
}

void Announcer::State::on_timer(AvahiTimeout* timer, void* self) {
    auto& state = *static_cast<State*>(self);
    avahi_threaded_poll_get(state.poll)->timeout_update(timer, nullptr);
    if (state.client != nullptr) avahi_client_free(state.client);
    state.client = nullptr;
    state.group = nullptr;
    state.connect();
}

void Announcer::State::on_client(AvahiClient* client, AvahiClientState what, void* self) {
    auto& state = *static_cast<State*>(self);
    state.client = client;  // this may come before avahi_client_new() returns
    switch (what) {
        case AVAHI_CLIENT_S_RUNNING:
            return state.publish();
        case AVAHI_CLIENT_S_COLLISION:
        case AVAHI_CLIENT_S_REGISTERING:
            if (state.group != nullptr) avahi_entry_group_reset(state.group);
            return;
        case AVAHI_CLIENT_CONNECTING:
            return state.complain("the avahi daemon is not there");
        case AVAHI_CLIENT_FAILURE:
            state.complain(avahi_strerror(avahi_client_errno(client)));
            return state.again();
    }
}

bool Announcer::State::add_all() {
    for (const Announcement& one : announcements) {
        AvahiStringList* texts = nullptr;
        for (const std::string& text : one.texts)
            texts = avahi_string_list_add(texts, text.c_str());
        const int error = avahi_entry_group_add_service_strlst(
            group, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, static_cast<AvahiPublishFlags>(0),
            name.c_str(), one.type.c_str(), nullptr, nullptr, one.port, texts);
        avahi_string_list_free(texts);
        if (error == 0) continue;
        if (error != AVAHI_ERR_COLLISION) {
            complain(avahi_strerror(error));
            again();
            return false;
        }
        // Another program of this machine has the name.
        avahi_entry_group_reset(group);
        rename();
        return add_all();
    }
    return true;
}

void Announcer::State::rename() {
    char* other = avahi_alternative_service_name(name.c_str());
    if (other == nullptr) return;
    name = other;
    avahi_free(other);
}

void Announcer::State::publish() {
    if (group == nullptr) group = avahi_entry_group_new(client, on_group, this);
    if (group == nullptr) {
        complain(avahi_strerror(avahi_client_errno(client)));
        return again();
    }
    if (avahi_entry_group_is_empty(group) == 0 || !add_all()) return;
    if (const int error = avahi_entry_group_commit(group); error != 0) {
        complain(avahi_strerror(error));
        again();
    }
}

void Announcer::State::on_group(AvahiEntryGroup* group, AvahiEntryGroupState what, void* self) {
    auto& state = *static_cast<State*>(self);
    state.group = group;
    switch (what) {
        case AVAHI_ENTRY_GROUP_ESTABLISHED:
            state.pause = kFirstPause;
            state.has_complained = false;
            return state.log("announced by mDNS as " + state.name);
        case AVAHI_ENTRY_GROUP_COLLISION:  // with another machine
            avahi_entry_group_reset(group);
            state.rename();
            return state.publish();
        case AVAHI_ENTRY_GROUP_FAILURE:
            state.complain(avahi_strerror(avahi_client_errno(state.client)));
            return state.again();
        case AVAHI_ENTRY_GROUP_UNCOMMITED:
        case AVAHI_ENTRY_GROUP_REGISTERING:
            return;
    }
}

Announcer::Announcer(std::string name, std::vector<Announcement> announcements,
                     std::function<void(std::string_view)> log)
    : state_(new State{label(std::move(name)), std::move(announcements), std::move(log)}) {
    state_->start();
}

Announcer::~Announcer() {
    state_->stop();
}

}  // namespace mixrig::web
