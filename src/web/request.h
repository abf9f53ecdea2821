// What an HTTP request asks for, and whether it may: pure functions of its text.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mixrig::web {

enum class Method : std::uint8_t { get, head, other };

struct Request {
    Method method = Method::get;
    std::string path = {};                    // decoded, without what follows the `?`
    std::vector<std::string> arguments = {};  // what follows it, split at `&`, decoded
    std::string host = {};
    std::string own_address = {};  // that the request came to
    std::string origin = {};       // empty: no browser, or a page that was typed in
    std::string accept = {};
    std::string encodings = {};      // Accept-Encoding
    std::string known = {};          // If-None-Match
    std::string authorization = {};  // Authorization

    // What the path is asked for: "VALUE", "HOST_INFO"; "VALUE=" is how some programs write it.
    std::vector<std::string_view> attributes() const;
    // What is given a value: "VALUE" of "VALUE=3".
    std::vector<std::string_view> assigned() const;
    // Of `?token=` or of `Authorization: Bearer`; empty if there is none.
    std::string_view token() const;
    // One of a header's comma-separated words, whatever its parameters.
    static bool lists(std::string_view header, std::string_view word);
};

// Whether the Host header names this machine: a number, localhost, a name in .local, or one of
// `names`. Anything else may be a page that had its own name point to us (DNS rebinding), and
// browsers would take it for ours.
bool is_own_host(std::string_view host, const std::vector<std::string>& names);
// Whether a page that was loaded from `origin` is one of ours. Browsers let any page open a
// WebSocket to any host and say whose it is: only here.
bool is_own_origin(std::string_view origin, std::string_view host);

}  // namespace mixrig::web
