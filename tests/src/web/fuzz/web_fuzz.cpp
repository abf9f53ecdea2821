// Feeds arbitrary requests and commands to what answers them; checks what must hold.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/commands.h"
#include "src/web/page_files.h"
#include "src/web/site.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

using namespace mixrig;
using namespace mixrig::web;

namespace {

constexpr std::string_view kPage = "<p>the page</p>", kSecret = "{\"secret\":1}";
constexpr std::size_t kWorthReading = 64u << 10;  // bytes of JSON; the whole tree has some more

[[noreturn]] void broken(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

std::string_view take_until(std::string_view& text, char end) {
    const std::size_t at = std::min(text.find(end), text.size());
    const std::string_view out = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return out;
}

// One desk for all inputs: what one has changed is what the next one is told.
struct Target {
    static ServerConfig config() {
        return {.hosts = {"desk"},
                .files = {{"/table.json", "application/json", std::string(kSecret)}}};
    }
    // "me" sees all, "part" every third value, reading and action; others have no rights.
    static ServerHooks made_hooks() {
        return {.rights_of = [](std::string_view token, const Visitor&) -> std::optional<Rights> {
                    if (token == "me") return Rights{0};
                    return token == "part" ? std::optional<Rights>(Rights{1}) : std::nullopt;
                },
                .sight_of = sight_of};
    }
    static Sight sight_of(Rights rights, const Tree& tree) {
        static const Sight kPart = std::make_shared<const View>(
            View{.reads = every_third(tree.layout().size()),
                 .sets = std::vector<bool>(tree.layout().size()),
                 .meters = every_third(tree.meters().size()),
                 .actions = every_third(tree.action_addresses().size())});
        return rights == 0 ? nullptr : kPart;
    }
    static std::vector<bool> every_third(std::size_t count) {
        std::vector<bool> out(count);
        for (std::size_t i = 0; i < count; i += 3) out[i] = true;
        return out;
    }

    param::Layout layout{param::DeskShape::of(2, 1, 1, 1, 1)};
    Tree tree{layout,
              {{"/meters/ch/1", 2, "Readings"}, {"/meters/main", 1, "Readings"}},
              {{"/qa/A01", "?s", "A rule"}}};
    OscQuery query{tree, param::Values(layout), {"a desk", "", 9000, 8080}};
    ServerHooks hooks = made_hooks();
    Site site{config(), hooks, query};
};

// As a server hands it on: "GET /path?a&b", then headers, a line each. Two that no server has say
// what the desk has become: a name, and a reading.
Request request_of(std::string_view text, Target& desk) {
    std::string_view line = take_until(text, '\n');
    const std::string_view method = take_until(line, ' ');
    Request out{.own_address = "::1"};
    if (method != "GET") out.method = method == "HEAD" ? Method::head : Method::other;
    out.path = take_until(line, '?');
    while (!line.empty()) out.arguments.emplace_back(take_until(line, '&'));
    const std::array<std::pair<std::string_view, std::string*>, 6> headers = {
        {{"host", &out.host},
         {"origin", &out.origin},
         {"accept", &out.accept},
         {"accept-encoding", &out.encodings},
         {"if-none-match", &out.known},
         {"authorization", &out.authorization}}};
    while (!text.empty()) {
        line = take_until(text, '\n');
        const std::string_view name = take_until(line, ':');
        for (const auto& [header, value] : headers)
            if (name == header) *value = line;
        if (name == "name")
            desk.query.apply({{*desk.layout.find("/ch/1/name"), {0.0f, std::string(line)}}});
        if (name == "reading") {
            const float odd = line.empty() ? std::numeric_limits<float>::infinity()
                                           : std::nanf("") + static_cast<float>(line.size());
            desk.query.apply(std::array{odd, -1.0f, odd, odd});
        }
    }
    return out;
}

void check_place(const Target& desk, std::string_view path) {
    const auto place = desk.tree.find(path);
    if (!place) return;
    if (const auto slot = desk.tree.slot(*place))
        if (*slot >= desk.layout.size() || desk.layout.address(*slot) != path)
            broken("a path that leads to another parameter");
    if (const auto meter = desk.tree.meter(*place))
        if (desk.tree.meters().at(*meter).address != path)
            broken("a path that leads to another meter");
}

// None of it is what "part" does not see.
void check_part(const Target& desk, const nlohmann::json& node) {
    const auto place = desk.tree.find(node["FULL_PATH"].get_ref<const std::string&>());
    const auto slot = desk.tree.slot(*place);
    const auto meter = desk.tree.meter(*place);
    if (node.contains("VALUE") && (slot ? *slot % 3 != 0 : *meter % 3 != 0))
        broken("a value that is nobody's business");
    if (!node.contains("CONTENTS")) {
        if (!node.contains("TYPE")) broken("a group of nothing");
        return;
    }
    for (const auto& [name, below] : node["CONTENTS"].items()) check_part(desk, below);
}

void check_json(const Target& desk, const Request& request, const std::string& body) {
    if (body.size() > kWorthReading) return;
    const auto json = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) broken("an answer that is no object of JSON");
    if (!json.contains("FULL_PATH")) return;
    const auto& path = json["FULL_PATH"].get_ref<const std::string&>();
    if (path != request.path && path + "/" != request.path)
        broken("another path than was asked for");
    if (!desk.tree.find(path)) broken("a path that is not there");
    if (request.token() != "me") check_part(desk, json);
}

void check_response(const Target& desk, const Request& request, const Response& response) {
    constexpr std::array<unsigned, 7> kStatus = {200, 204, 304, 400, 403, 404, 405};
    if (std::find(kStatus.begin(), kStatus.end(), response.status) == kStatus.end())
        broken("a status that there is not");
    if (response.status != 200) return;
    if (!response.body) broken("nothing, and all is well");
    const std::string& body = *response.body;
    if (response.is_gzip) {
        if (!Request::lists(request.encodings, "gzip"))
            broken("packed, and nobody has asked for it");
        if (!body.starts_with("\x1f\x8b")) broken("packed, but not by gzip");
        return;
    }
    if (body == kPage) return;
    if (request.token() != "me" && request.token() != "part") broken("somebody else was told");
    if (body == kSecret) return;
    check_json(desk, request, body);
}

void answer(Target& desk, std::string_view text) {
    const Request request = request_of(text, desk);
    check_place(desk, request.path);
    check_response(desk, request, desk.site.answer(request, {.address = "::1"}));
    // Scheme, host and nothing else: "http://" or "https://" in front of it.
    const std::string& origin = request.origin;
    if (!origin.empty() && is_own_origin(origin, request.host) &&
        origin.size() - request.host.size() != 7 && origin.size() - request.host.size() != 8)
        broken("an origin that is more than its host");
}

void command(const Target& desk, std::string_view text) {
    if (const auto said = parse_command(text)) check_place(desk, said->path);
}

// Of two texts, what both are below.
void check_common(std::string_view text) {
    const std::string_view a = take_until(text, '\n');
    const std::string common = common_path(a, text);
    if (common != "/" && (!a.starts_with(common) || !text.starts_with(common)))
        broken("not what both have");
    if (!nlohmann::json::accept(path_changed(common))) broken("a command that is no JSON");
}

}  // namespace

std::span<const PageFile> web::page_files() {
    static constexpr std::array kFiles = {PageFile{"index.html", kPage}};
    return kFiles;
}

// The first byte says what it is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Target desk;
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0]) {
        case 'r':
            answer(desk, text);
            break;
        case 'c':
            command(desk, text);
            break;
        case 'p':
            check_common(text);
            break;
        default:
            break;
    }
    return 0;
}
