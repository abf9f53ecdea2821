// A running desk as an X32 and an X-Air: the sockets of the dialect, opened and served.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/server.h"
#include "src/app/live/live_desk.h"
#include "src/app/live/x32_memory.h"

#include <algorithm>

namespace mixrig::app {

namespace {

// Those in the folder now. What cannot be read has none.
std::vector<std::string> scene_names(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
        if (entry->path().extension() == ".scene") names.push_back(entry->path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

// A port that somebody else has, another desk perhaps, keeps this one from nothing but these apps.
void LiveDesk::open_x32() {
    const session::X32Config& config = settings_.config.x32;
    const auto open = [&](const control::x32::Dialect& dialect, std::size_t port,
                          const std::string& model, const char* firmware,
                          const char* kept) -> base::Status {
        const auto rights = desk_.access().named(config.rights);
        if (!rights) return rights.error();
        auto server = control::x32::Server::open(
            dialect,
            {.port = static_cast<std::uint16_t>(port),
             .listen = config.listen,
             .allow = config.allow,
             .rights = *rights,
             .model = model,
             .firmware = firmware,
             .name = settings_.config.name},
            desk_,
            {.meters = [this] { return meter_lines(); },
             .scenes = [this] { return scene_names(state_folder_ / "scenes"); },
             .scene_changes = [this] { return show_->scene_changes(); }});
        if (!server) return server.error();
        osc_->watch((*server)->descriptor());
        log_.info("x32", "is an " + model + " on " + config.listen + ", UDP port " +
                             std::to_string((*server)->port()));
        if (settings_.keep_state)
            x32_memories_.push_back(
                std::make_unique<X32Memory>(**server, state_folder_ / kept, log_));
        x32_.push_back(std::move(*server));
        return base::Done{};
    };
    if (config.enabled)
        if (auto x32 =
                open(control::x32::kX32Dialect, config.port, config.model, "4.06", "x32.kept");
            !x32)
            log_.error("x32", "[x32] port: " + x32.error().text());
    if (config.air_enabled)
        if (auto air = open(control::x32::kAirDialect, config.air_port, config.air_model, "1.17",
                            "xair.kept");
            !air)
            log_.error("x32", "[x32] air_port: " + air.error().text());
}

// To whoever has asked, by whatever surface.
void LiveDesk::answer(control::Origin to, std::string_view address,
                      const base::Result<control::Answer>& answer) {
    for (const auto& server : x32_)
        if (server->answer(to, address, answer)) return;
    if (osc_) osc_->answer(to, address, answer);
}

void LiveDesk::turn_x32(std::int64_t now) {
    for (const auto& server : x32_) server->turn(now);
    for (const auto& memory : x32_memories_) memory->turn(now);
    desk_.flush();
}

}  // namespace mixrig::app
