// What is answered to an HTTP request: files of the page, files of the desk, OSCQuery.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/web/mail.h"
#include "src/web/request.h"
#include "src/web/server.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::web {

using Body = std::shared_ptr<const std::string>;

struct Response {
    unsigned status = 200;
    std::string_view type = "text/plain; charset=utf-8";
    Body body = {};  // may be empty
    std::string etag = {};
    bool is_gzip = false;
    // A file may be kept and asked for anew; what the desk has just said may not.
    bool may_be_kept = false;
    // It was asked for by what it is made of, and will never be another.
    bool is_fixed = false;
};

Response plain(unsigned status, std::string text);

class Site {
public:
    Site(const ServerConfig& config, const ServerHooks& hooks, const OscQuery& query);

    // Whether this is the Host of a request to us, and not to somebody whose name points here.
    bool is_for_us(const Request& request) const;
    // Nothing: may not.
    std::optional<Rights> rights(const Request& request, const Visitor& visitor) const;
    Response answer(const Request& request, const Visitor& visitor);

private:
    struct File {
        std::string type = {};
        std::string etag = {};
        Body plain = {}, gzip = {};
        bool is_public = false;
    };
    static File file(std::string type, std::string_view bytes);
    static Response of(const File& file, const Request& request);
    Response query(const Request& request, const Sight& sight);
    Response whole_tree(const Request& request, const Sight& sight);

    std::vector<std::string> names_;  // of this machine
    const ServerHooks& hooks_;
    const OscQuery& query_;
    std::map<std::string, File, std::less<>> files_;  // by path
    // The whole tree as it was told last: many programs that start at once ask for the same.
    struct {
        Sight sight = {};
        Body plain = {}, gzip = {};
        std::uint64_t generation = 0;
        std::int64_t made = 0;  // ns
    } told_;
};

}  // namespace mixrig::web
