// mixrig set, get and watch: talk to a running desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/commands/cli.h"
#include "src/app/tools/remote.h"
#include "src/param/actions.h"

#include <CLI/CLI.hpp>

#include <atomic>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

namespace mixrig::app {
namespace {

std::atomic<bool> watch_ended{false};
static_assert(std::atomic<bool>::is_always_lock_free);

struct ClientOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 9000;
    std::string address = {};
    bool json = false;
    bool meters = false;
};

std::shared_ptr<ClientOptions> add_place(CLI::App& app) {
    auto options = std::make_shared<ClientOptions>();
    app.add_option("--host", options->host, "Where the desk runs")->capture_default_str();
    app.add_option("--port", options->port, "Its OSC port")->capture_default_str();
    return options;
}

std::string line_of(const Reading& reading) {
    return reading.text.empty() ? reading.address : reading.address + " " + reading.text;
}

int run_get(const ClientOptions& options) {
    auto desk = Remote::connect(options.host, options.port);
    if (!desk) return fail(desk.error());
    const auto readings = desk->get(options.address);
    if (!readings) return fail(readings.error());
    const bool is_one = readings->size() == 1 && readings->front().address == options.address;
    if (is_one) {
        print_line(options.json ? readings->front().json().text() : readings->front().text);
        return kDone;
    }
    Json all = Json::list();
    for (const Reading& reading : *readings) {
        if (options.json)
            all.add(reading.json());
        else
            print_line(line_of(reading));
    }
    if (options.json) print_line(all.text());
    return kDone;
}

int run_set(const ClientOptions& options, const std::vector<std::string>& words) {
    std::string value;
    for (const std::string& word : words) value += (value.empty() ? "" : " ") + word;
    auto desk = Remote::connect(options.host, options.port);
    if (!desk) return fail(desk.error());
    const auto readings = param::find_action(options.address) != nullptr
                              ? desk->act(options.address, words)
                              : desk->set(options.address, value);
    if (!readings) return fail(readings.error());
    for (const Reading& reading : *readings) print_line(line_of(reading));
    return kDone;
}

int run_watch(const ClientOptions& options) {
    struct sigaction action = {};
    action.sa_handler = [](int) { watch_ended.store(true, std::memory_order_relaxed); };
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    auto desk = Remote::connect(options.host, options.port);
    if (!desk) return fail(desk.error());
    const auto stream = options.meters ? Remote::Stream::meters : Remote::Stream::values;
    const auto ended =
        desk->watch(stream, options.address, watch_ended, [&](const Reading& reading) {
            print_line(options.json ? reading.json().line() : line_of(reading));
        });
    return ended ? kDone : fail(ended.error());
}

// The words behind `set` that are no option of ours, in their order: "-6" must not be taken for
// one.
void check_words(const std::vector<std::string>& words) {
    if (words.empty()) throw CLI::RequiredError("ADDRESS");
    if (words.front().front() != '/')
        throw CLI::ValidationError("ADDRESS", "`" + words.front() + "` does not begin with a /");
    if (words.size() < 2 && param::find_action(words.front()) == nullptr)
        throw CLI::RequiredError("VALUE");
    for (const std::string& word : words)
        if (word.starts_with("--")) throw CLI::ExtrasError({word});
}

}  // namespace

Command add_set(CLI::App& mixrig) {
    CLI::App* app = mixrig.add_subcommand(
        "set", "ADDRESS VALUE...: set a parameter of a running desk, and tell what it has become");
    const auto options = add_place(*app);
    app->footer(
        "  mixrig set /ch/1/fader -6 dB\n"
        "  mixrig set '/ch/*/mute' on\n"
        "  mixrig set /scene/save rehearsal\n"
        "  mixrig set /scene/recall \"verse 2\" 2000");
    app->allow_extras();
    app->parse_complete_callback([app] { check_words(app->remaining()); });
    return {app, [app, options] {
                std::vector<std::string> words = app->remaining();
                options->address = words.front();
                words.erase(words.begin());
                return run_set(*options, words);
            }};
}

Command add_get(CLI::App& mixrig) {
    CLI::App* app = mixrig.add_subcommand("get", "Print a parameter of a running desk");
    const auto options = add_place(*app);
    app->add_option("ADDRESS", options->address, "/ch/1/fader, or a pattern: '/ch/*/fader'")
        ->required();
    app->add_flag("--json", options->json, "One object; a list of them for a pattern");
    return {app, [options] { return run_get(*options); }};
}

Command add_watch(CLI::App& mixrig) {
    CLI::App* app = mixrig.add_subcommand(
        "watch", "Print parameters of a running desk as they change, until Ctrl-C");
    const auto options = add_place(*app);
    app->add_option("PATTERN", options->address, "'/ch/*/fader', or /ch/1 for all of it; else all");
    app->add_flag("--meters", options->meters, "Meters instead of parameters, ten times a second");
    app->add_flag("--json", options->json, "One object a line");
    return {app, [options] { return run_watch(*options); }};
}

}  // namespace mixrig::app
