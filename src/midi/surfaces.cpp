// Ports to surfaces, and the turns of both.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/surfaces.h"

#include <algorithm>

namespace mixrig::midi {
namespace {

constexpr std::int64_t kShowEvery = 20 * kMillisecond;
constexpr std::int64_t kMetersEvery = 100 * kMillisecond;
// Displays go back to what they showed before a fader was moved though nothing on the desk changes.
constexpr std::int64_t kRefreshEvery = 250 * kMillisecond;

std::string_view client_of(std::string_view port) {
    return port.substr(0, port.find(':'));
}

}  // namespace

bool is_wanted(std::string_view port, const SurfacesConfig& config,
               const std::vector<std::string>& controllers) {
    const auto names = [&](const std::string& part) { return part != "*" && holds(port, part); };
    if (std::any_of(config.units.begin(), config.units.end(), names) ||
        std::any_of(controllers.begin(), controllers.end(), names))
        return true;
    return !holds(client_of(port), "Midi Through") &&
           std::find(controllers.begin(), controllers.end(), "*") != controllers.end();
}

Surfaces::Surfaces(const param::Layout& layout, DeskSide desk, PortSide ports,
                   SurfacesConfig config)
    : layout_(layout),
      desk_(std::move(desk)),
      ports_(std::move(ports)),
      config_(std::move(config)),
      learnt_(config_.learnt),
      mackie_(layout_, desk_, config_.units.size()),
      controllers_(layout_, desk_),
      units_(config_.units.size()) {
    use_mappings();
}

void Surfaces::use_mappings() {
    std::vector<Mapping> all = config_.mappings;
    all.insert(all.end(), learnt_.begin(), learnt_.end());
    controllers_.use(std::move(all));
    changed_ = true;
}

// The free unit whose name says most; of one device only one port, unless ports are named.
std::optional<std::size_t> Surfaces::unit_for(const Incoming& what) const {
    std::optional<std::size_t> best;
    for (std::size_t u = 0; u < units_.size(); ++u) {
        const std::string& part = config_.units[u];
        const bool names_port = part.find(':') != std::string::npos;
        if (units_[u] || !holds(names_port ? what.name : client_of(what.name), part)) continue;
        const auto is_same_device = [&](const auto& one) {
            return one.second.client == what.client && one.second.unit;
        };
        if (!names_port && std::any_of(plugged_.begin(), plugged_.end(), is_same_device)) continue;
        if (!best || part.size() > config_.units[*best].size()) best = u;
    }
    return best;
}

void Surfaces::open(const Incoming& what) {
    const auto unit = unit_for(what);
    Port& port = plugged_[what.port];
    port = {std::make_unique<Wire>(what.port, what.name), what.client, unit};
    if (unit) {
        units_[*unit] = what.port;
        mackie_.connect(*unit, *port.wire);
        desk_.tell(what.name + " is Mackie Control unit " + std::to_string(*unit + 1));
    } else {
        controllers_.connect(*port.wire);
        desk_.tell(what.name + " is a controller");
    }
    changed_ = true;
}

void Surfaces::close(PortId id) {
    const auto at = plugged_.find(id);
    if (at == plugged_.end()) return;
    desk_.tell(at->second.wire->name() + " is gone");
    if (at->second.unit) {
        mackie_.disconnect(*at->second.unit);
        units_[*at->second.unit].reset();
    } else {
        controllers_.disconnect(*at->second.wire);
    }
    plugged_.erase(at);
}

void Surfaces::hear(const Incoming& what, std::int64_t now) {
    const auto at = plugged_.find(what.port);
    if (at == plugged_.end()) return;
    changed_ = true;  // of the surface itself: banks, pages
    if (at->second.unit) return mackie_.receive(*at->second.unit, what.bytes, now);
    Wire& wire = *at->second.wire;
    learner_.hear(wire.name(), controllers_.receive(wire, what.bytes, now), now);
}

void Surfaces::part() {
    parts_ = true;
    mackie_.part();
}

bool Surfaces::has_parted() const {
    return std::all_of(plugged_.begin(), plugged_.end(),
                       [](const auto& port) { return port.second.wire->is_settled(); });
}

void Surfaces::turn(std::int64_t now) {
    if (parts_) return send(now);
    for (const Incoming& what : ports_.take()) switch (what.what) {
            case Incoming::What::opened:
                open(what);
                break;
            case Incoming::What::closed:
                close(what.port);
                break;
            case Incoming::What::message:
                hear(what, now);
                break;
        }
    watch_learner(now);
    if (plugged_.empty()) return;
    if (now - refreshed_ >= kRefreshEvery) {
        refreshed_ = now;
        changed_ = true;
    }
    if (changed_ && now - shown_ >= kShowEvery) {
        shown_ = now;
        changed_ = false;
        mackie_.show(now);
        controllers_.show();
    }
    if (now - meters_shown_ >= kMetersEvery) {
        meters_shown_ = now;
        mackie_.show_meters(now);
    }
    send(now);
}

void Surfaces::send(std::int64_t now) {
    for (auto& [id, port] : plugged_) port.wire->send(now, ports_);
}

void Surfaces::learn(std::string address, std::optional<Mode> mode, std::int64_t now,
                     std::function<void(const Learnt&)> done) {
    const auto give_up = std::exchange(learnt_by_, nullptr);
    learner_.end();
    lesson_ = {.address = std::move(address)};
    lesson_mode_ = mode;
    if (give_up) give_up(base::Error{"another lesson has begun"});
    if (const auto target = target_of(layout_, lesson_); !target) return done(target.error());
    learnt_by_ = std::move(done);
    learner_.begin(now);
}

void Surfaces::watch_learner(std::int64_t now) {
    const auto tell = [&](const Learnt& learnt) {
        if (const auto done = std::exchange(learnt_by_, nullptr)) done(learnt);
    };
    if (const auto found = learner_.found(now)) {
        lesson_.device = client_of(found->port);
        lesson_.control = found->control;
        lesson_.mode = lesson_mode_.value_or(usual_mode(layout_, found->control, lesson_.address));
        // A control that learns something new forgets what it learnt before.
        std::erase_if(learnt_, [&](const Mapping& m) {
            return m.device == lesson_.device && m.control == lesson_.control;
        });
        learnt_.push_back(lesson_);
        use_mappings();
        tell(lesson_);
    } else if (learner_.is_over(now)) {
        learner_.end();
        tell(base::Error{"nothing was moved", {}, "plug it in, ask again and move one control"});
    }
}

std::size_t Surfaces::forget(std::string_view address) {
    const std::size_t count =
        std::erase_if(learnt_, [&](const Mapping& m) { return m.address == address; });
    if (count != 0) use_mappings();
    return count;
}

std::vector<Surfaces::Plugged> Surfaces::plugged() const {
    std::vector<Plugged> out;
    for (const auto& [id, port] : plugged_) out.push_back({port.wire->name(), port.unit});
    return out;
}

}  // namespace mixrig::midi
