// What is answered to an HTTP request.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/site.h"

#include "src/base/clock.h"
#include "src/web/gzip.h"
#include "src/web/page_files.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <unistd.h>
#include <utility>

namespace mixrig::web {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
}};

constexpr std::size_t kWorthPacking = 1024;     // bytes
constexpr std::int64_t kFresh = 1'000'000'000;  // ns, for which readings in the tree are new enough
constexpr int kQuick = 1;                       // a fifth of the time of the usual effort

std::string type_of(std::string_view name) {
    for (const auto& [end, type] : kTypes)
        if (name.ends_with(end)) return std::string(type);
    return "application/octet-stream";
}

// FNV-1a, 64 bits: tells one build's file from another's.
std::string etag_of(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    std::array<char, 20> out{};
    std::snprintf(out.data(), out.size(), "\"%016llx\"", static_cast<unsigned long long>(hash));
    return out.data();
}

// `?v=` and the tag of a file, as control/web/build.mjs writes it: the address of these bytes.
bool asks_for_version(const Request& request, std::string_view etag) {
    const std::string version = "v=" + std::string(etag.substr(1, etag.size() - 2));
    return std::find(request.arguments.begin(), request.arguments.end(), version) !=
           request.arguments.end();
}

std::vector<std::string> names_of_this_machine(std::vector<std::string> names) {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0')
        names.emplace_back(name.data());
    return names;
}

}  // namespace

Response plain(unsigned status, std::string text) {
    return {.status = status, .body = std::make_shared<const std::string>(std::move(text))};
}

Site::Site(const ServerConfig& config, const ServerHooks& hooks, const OscQuery& query)
    : names_(names_of_this_machine(config.hosts)), hooks_(hooks), query_(query) {
    for (const PageFile& page : page_files()) {
        File one = file(type_of(page.name), page.bytes);
        one.is_public = true;  // what anybody may read who has the program
        files_["/" + std::string(page.name)] = std::move(one);
    }
    for (const ServedFile& served : config.files)
        files_[served.path] = file(served.type, served.bytes);
}

Site::File Site::file(std::string type, std::string_view bytes) {
    constexpr int kSmallest = 9;
    return {.type = std::move(type),
            .etag = etag_of(bytes),
            .plain = std::make_shared<const std::string>(bytes),
            .gzip = std::make_shared<const std::string>(gzipped(bytes, kSmallest))};
}

bool Site::is_for_us(const Request& request) const {
    return is_own_host(request.host, names_);
}

std::optional<Rights> Site::rights(const Request& request, const Visitor& visitor) const {
    return hooks_.rights_of(request.token(), visitor);
}

Response Site::of(const File& file, const Request& request) {
    Response out{.type = file.type, .etag = file.etag, .may_be_kept = true};
    out.is_fixed = asks_for_version(request, file.etag);
    if (Request::lists(request.known, file.etag)) {
        out.status = 304;
        return out;
    }
    out.is_gzip = Request::lists(request.encodings, "gzip") && !file.gzip->empty() &&
                  file.gzip->size() < file.plain->size();
    out.body = out.is_gzip ? file.gzip : file.plain;
    return out;
}

Response Site::answer(const Request& request, const Visitor& visitor) {
    if (request.method == Method::other) return plain(405, "GET or HEAD\n");
    if (!is_for_us(request))
        return plain(403, "this desk has no such name; [web] hosts gives it one\n");
    // A browser that goes to the desk wants the page; all else asks what the desk has at this path.
    const bool is_browser = request.attributes().empty() && request.path == "/" &&
                            Request::lists(request.accept, "text/html");
    const auto found = files_.find(is_browser ? "/index.html" : request.path);
    const bool is_file = found != files_.end();
    if (is_file && found->second.is_public) return of(found->second, request);
    const auto may = rights(request, visitor);
    if (!may) return plain(403, "this needs an invitation to the desk\n");
    if (is_file) return of(found->second, request);
    return query(request, hooks_.sight_of ? hooks_.sight_of(*may, query_.tree()) : nullptr);
}

Response Site::whole_tree(const Request& request, const Sight& sight) {
    const std::int64_t now = base::monotonic_ns();
    const bool is_packed = Request::lists(request.encodings, "gzip");
    if (told_.generation != query_.generation() || told_.sight != sight ||
        now - told_.made > kFresh)
        told_ = {};
    if (!told_.plain) {
        told_.sight = sight;
        told_.generation = query_.generation();
        told_.made = now;
        told_.plain = std::make_shared<const std::string>(query_.answer("/", {}, {}, sight).json);
    }
    if (is_packed && !told_.gzip)
        told_.gzip = std::make_shared<const std::string>(gzipped(*told_.plain, kQuick));
    const bool has_packed = is_packed && !told_.gzip->empty();
    return {.type = "application/json",
            .body = has_packed ? told_.gzip : told_.plain,
            .is_gzip = has_packed};
}

Response Site::query(const Request& request, const Sight& sight) {
    // It looks like a way to set something, and some wish that it were one (libossia, issue 497).
    // The proposal only reads; to answer as if nothing had been said would be to say that it is
    // done.
    for (const std::string_view name : request.assigned())
        if (OscQuery::is_attribute(name))
            return plain(400, "nothing is set by HTTP: ask for ?" + std::string(name) +
                                  " without a value, and set by OSC or on a WebSocket\n");
    const auto attributes = request.attributes();
    if (request.path == "/" && attributes.empty()) return whole_tree(request, sight);
    QueryAnswer answer = query_.answer(request.path, attributes, request.own_address, sight);
    if (answer.status == 204) return {.status = 204};
    if (answer.status == 404) return plain(404, "there is nothing here\n");
    if (answer.status == 400) return plain(400, "no such attribute\n");
    Response out{.type = "application/json"};
    if (answer.json.size() > kWorthPacking && Request::lists(request.encodings, "gzip"))
        if (std::string small = gzipped(answer.json, kQuick); !small.empty()) {
            out.is_gzip = true;
            answer.json = std::move(small);
        }
    out.body = std::make_shared<const std::string>(std::move(answer.json));
    return out;
}

}  // namespace mixrig::web
