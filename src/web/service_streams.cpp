// The web thread: what is sent to those who listen by OSCQuery.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/base/clock.h"
#include "src/web/commands.h"
#include "src/web/service.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace mixrig::web {
namespace {

constexpr std::int64_t kTellEvery = 1'000'000'000;  // ns

}  // namespace

// Programs that begin listen to whatever they find, at once: so much is no flood.
void Server::Service::set_pace(Connection& connection, Rights rights) const {
    const double rate = config_.rate_of ? config_.rate_of(rights) : 0.0;
    if (rate <= 0.0) return;
    const Sight& sight = connection.sight;
    std::size_t seen = 0;
    for (param::Slot slot = 0; slot < tree_.layout().size(); ++slot) seen += reads(sight, slot);
    for (std::size_t m = 0; m < tree_.meters().size(); ++m) seen += sees_meter(sight, m);
    connection.pace =
        Pace{.limit = {rate, std::max(rate, static_cast<double>(seen))}, .rate = rate};
}

bool Server::Service::may_command(Connection& connection) {
    if (!connection.pace) return true;
    Pace& pace = *connection.pace;
    const std::int64_t now = base::monotonic_ns();
    if (pace.limit.take(now)) return true;
    if (pace.dropped++ == 0) pace.since = now;
    return false;
}

// The proposal has no word for it: as of messages that were dropped, once a second.
void Server::Service::tell_dropped() {
    const std::int64_t now = base::monotonic_ns();
    for (auto& [id, connection] : connections_) {
        if (!connection.pace || connection.pace->dropped == 0) continue;
        Pace& pace = *connection.pace;
        if (now - pace.since < kTellEvery) continue;
        const std::array<Argument, 2> said = {std::string("/"),
                                              std::to_string(std::exchange(pace.dropped, 0)) +
                                                  " commands were dropped: no more than " +
                                                  std::to_string(static_cast<int>(pace.rate)) +
                                                  " a second are heard"};
        push(connection, hooks_.encode("/error", said), Urgency::reply);
    }
}

void Server::Service::command(Connection& connection, std::string_view text) {
    if (!may_command(connection)) return;
    const auto said = parse_command(text);
    const auto place = said ? tree_.find(said->path) : std::nullopt;
    if (!place) return;
    const bool listens = said->kind == Command::Kind::listen;
    connection.slots.resize(tree_.layout().size());
    connection.meters.resize(tree_.meters().size());
    const Sight& sight = connection.sight;
    if (const auto slot = tree_.slot(*place); slot && reads(sight, *slot)) {
        connection.slots[*slot] = listens;
        // What it asked for before may be out of date by now.
        if (listens) stream(connection, *slot);
    } else if (const auto meter = tree_.meter(*place); meter && sees_meter(sight, *meter)) {
        connection.meters[*meter] = listens;
        meters_wanted_.store(base::monotonic_ns(), std::memory_order_relaxed);
    }
}

void Server::Service::push(Connection& connection, Bytes packet, Urgency urgency) {
    (void)exchange_.push(connection.id, packet, urgency, base::monotonic_ns());
    lws_callback_on_writable(connection.wsi);
}

void Server::Service::stream(Connection& connection, param::Slot slot) {
    const std::array<Argument, 1> value = {query_.argument(slot)};
    const auto packet = hooks_.encode(tree_.layout().address(slot), value);
    const Sent sent = exchange_.push(connection.id, packet, Urgency::state, base::monotonic_ns());
    if (sent == Sent::full) connection.late.insert(slot);
    lws_callback_on_writable(connection.wsi);
}

// The newest of what there was no room for.
void Server::Service::stream_late(Connection& connection) {
    if (connection.late.empty() || exchange_.has_mail(connection.id)) return;
    for (const param::Slot slot : std::exchange(connection.late, {})) stream(connection, slot);
}

// What is above all strips that have another name.
std::string Server::Service::renamed_by(const Changes& changes, const Sight& sight) const {
    std::string out;
    for (const auto& [slot, value] : changes) {
        if (tree_.layout().row(slot).address != "name" || !reads(sight, slot)) continue;
        const std::string address = tree_.layout().address(slot);
        const std::string strip = address.substr(0, address.rfind('/'));
        out = out.empty() ? strip : common_path(out, strip);
    }
    return out;
}

void Server::Service::tell_changes(const Changes& changes) {
    if (changes.empty()) return;
    query_.apply(changes);
    for (auto& [id, connection] : connections_) {
        if (!connection.is_socket) continue;
        if (const std::string renamed = renamed_by(changes, connection.sight); !renamed.empty()) {
            (void)exchange_.push_text(id, path_changed(renamed), base::monotonic_ns());
            lws_callback_on_writable(connection.wsi);
        }
        if (connection.slots.empty()) continue;
        for (const auto& [slot, value] : changes)
            if (connection.slots[slot]) stream(connection, slot);
    }
}

void Server::Service::tell_meters() {
    std::vector<std::vector<std::uint8_t>> packets(tree_.meters().size());
    for (auto& [id, connection] : connections_)
        for (std::size_t m = 0; m < connection.meters.size(); ++m) {
            if (!connection.meters[m]) continue;
            if (packets[m].empty()) {
                const auto readings = query_.readings_of(m);
                packets[m] = hooks_.encode(tree_.meters()[m].address,
                                           std::vector<Argument>(readings.begin(), readings.end()));
            }
            push(connection, packets[m], Urgency::meters);
            meters_wanted_.store(base::monotonic_ns(), std::memory_order_relaxed);
        }
}

}  // namespace mixrig::web
