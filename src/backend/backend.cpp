// Finds the backend that a name means.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/backend.h"

#include "src/backend/card.h"
#include "src/backend/jack_backend.h"
#include "src/backend/jack_session.h"
#include "src/backend/null_backend.h"
#include "src/backend/rtaudio_backend.h"

#ifdef MIXRIG_FAKE_DEVICE
#include "src/backend/fake_backend.h"
#endif

#include <charconv>
#include <optional>
#include <set>

namespace mixrig::backend {

namespace {

std::optional<base::Error> mistake_in(const BackendConfig& config) {
    if (config.rate < 8'000 || config.rate > 384'000)
        return base::Error{.what = "a rate of " + std::to_string(config.rate) + " Hz",
                           .where = "backend",
                           .hint = "8000 to 384000"};
    if (config.block < 1 || config.block > 8'192)
        return base::Error{.what = "a block of " + std::to_string(config.block) + " frames",
                           .where = "backend",
                           .hint = "1 to 8192"};
    if (!config.api.empty() && config.api != "alsa" && config.api != "pulse")
        return base::Error{.what = "unknown api '" + config.api + "'",
                           .where = "backend",
                           .hint = "alsa or pulse"};
    std::set<unsigned> taken;
    for (const Port& port : config.ports.outputs)
        if (port.device_channel != 0 && !taken.insert(port.device_channel).second)
            return base::Error{.what = "output '" + port.name + "' wants channel " +
                                       std::to_string(port.device_channel) +
                                       ", which another output has",
                               .where = "backend"};
    return std::nullopt;
}

std::string found_by_auto(const BackendConfig& config) {
    if (jack_server_runs(config.jack_server)) return "jack";
    if (card_exists(config)) return "rtaudio";
    return "null";
}

#ifdef MIXRIG_FAKE_DEVICE
constexpr const char* kNames = "auto, jack, rtaudio, null, fake:PORT";

std::optional<unsigned> fake_port(const std::string& name) {
    if (!name.starts_with("fake:")) return std::nullopt;
    unsigned port = 0;
    const char* const end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data() + 5, end, port);
    if (error != std::errc() || stop != end || port > 65'535) return std::nullopt;
    return port;
}
#else
constexpr const char* kNames = "auto, jack, rtaudio, null";
#endif

}  // namespace

base::Result<std::unique_ptr<Backend>> make_backend(const std::string& name, BackendConfig config) {
    if (std::optional<base::Error> mistake = mistake_in(config)) return std::move(*mistake);
    const std::string found = name == "auto" ? found_by_auto(config) : name;
    if (found == "jack") return make_jack_backend(std::move(config));
    if (found == "rtaudio") return make_rtaudio_backend(std::move(config));
    if (found == "null") return make_null_backend(std::move(config));
#ifdef MIXRIG_FAKE_DEVICE
    if (const std::optional<unsigned> port = fake_port(found))
        return make_fake_backend(std::move(config), *port);
#endif
    return base::Error{.what = "unknown backend '" + name + "'", .hint = kNames};
}

}  // namespace mixrig::backend
