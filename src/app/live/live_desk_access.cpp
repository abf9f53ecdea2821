// A running desk: who may speak to it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/live_desk.h"
#include "src/base/clock.h"
#include "src/session/networks.h"

#include <ctime>

namespace mixrig::app {
namespace {

constexpr std::int64_t kLookEvery = 250'000'000;  // ns; a revoked guest has less than a second

std::string list_of(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
    return out;
}

}  // namespace

base::Status LiveDesk::open_osc() {
    auto gate = Gate::open(settings_.config, state_folder_, desk_.access(), log_);
    if (!gate) return gate.error();
    gate_ = std::move(*gate);
    (void)gate_->look(std::time(nullptr));
    const session::OscConfig& config = settings_.config.osc;
    auto server = control::OscServer::open({.port = static_cast<std::uint16_t>(config.port),
                                            .listen = {config.listen},
                                            .allow = config.allow,
                                            .others = gate_->addresses(),
                                            .tokens = gate_->tokens()},
                                           desk_, osc_hooks());
    if (!server) return server.error();
    osc_ = std::move(*server);
    log_.info("osc", "listens to OSC on " + config.listen + ", UDP and TCP port " +
                         std::to_string(osc_->port()));
    log_.info("access", who_may_speak());
    return base::Done{};
}

// In one line, and what to do for more.
std::string LiveDesk::who_may_speak() const {
    const session::OscConfig& config = settings_.config.osc;
    const std::string invited = std::to_string(gate_->invitations()) + " invitations hold";
    if (session::is_this_machine(config.listen))
        return "only this machine may speak to the desk; [osc] listen = \"0.0.0.0\" opens it to "
               "those in [osc] allow and to whom `mixrig invite` invites";
    std::string out = "the network may speak to the desk: ";
    if (!config.allow.empty()) out += list_of(config.allow) + " as engineer, ";
    for (const session::AddressConfig& one : settings_.config.access.addresses)
        out += list_of(one.allow) + " as " + one.role + ", ";
    return out + invited + (gate_->invitations() == 0 ? "; `mixrig invite` makes one" : "");
}

void LiveDesk::watch_gate(std::int64_t now) {
    if (now - looked_ < kLookEvery) return;
    looked_ = now;
    for (const control::RightsNumber rights : gate_->look(std::time(nullptr))) osc_->revoke(rights);
}

}  // namespace mixrig::app
