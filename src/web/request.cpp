// What an HTTP request asks for, and whether it may.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/request.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <strings.h>

namespace mixrig::web {
namespace {

constexpr std::string_view kToken = "token=";
constexpr std::string_view kBearer = "bearer ";

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

bool begins(std::string_view text, std::string_view with) {
    return text.size() >= with.size() && same(text.substr(0, with.size()), with);
}

bool ends(std::string_view text, std::string_view with) {
    return text.size() > with.size() && same(text.substr(text.size() - with.size()), with);
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

bool is_port(std::string_view text) {
    return text.size() <= 5 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "desk.local:8080" -> "desk.local", "[::1]:8080" -> "::1"; empty if it is neither.
std::string_view without_port(std::string_view host) {
    if (host.starts_with('[')) {
        const std::size_t end = host.find(']');
        if (end == std::string_view::npos) return {};
        const std::string_view rest = host.substr(end + 1);
        const bool is_whole = rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
        return is_whole ? host.substr(1, end - 1) : std::string_view{};
    }
    const std::size_t colon = host.find(':');
    if (colon == std::string_view::npos) return host;
    return is_port(host.substr(colon + 1)) ? host.substr(0, colon) : std::string_view{};
}

bool is_number(const std::string& name) {
    std::array<unsigned char, sizeof(in6_addr)> bits{};
    return inet_pton(AF_INET, name.c_str(), bits.data()) == 1 ||
           inet_pton(AF_INET6, name.c_str(), bits.data()) == 1;
}

}  // namespace

std::vector<std::string_view> Request::attributes() const {
    std::vector<std::string_view> out;
    for (const std::string_view argument : arguments) {
        const std::size_t end = argument.find('=');
        if (end == std::string_view::npos || (end + 1 == argument.size() && argument != kToken))
            out.push_back(argument.substr(0, end));
    }
    return out;
}

std::vector<std::string_view> Request::assigned() const {
    std::vector<std::string_view> out;
    for (const std::string_view argument : arguments) {
        const std::size_t end = argument.find('=');
        if (end != std::string_view::npos && end + 1 < argument.size())
            out.push_back(argument.substr(0, end));
    }
    return out;
}

std::string_view Request::token() const {
    for (const std::string& argument : arguments)
        if (argument.starts_with(kToken)) return std::string_view(argument).substr(kToken.size());
    if (begins(authorization, kBearer))
        return trimmed(std::string_view(authorization).substr(kBearer.size()));
    return {};
}

bool Request::lists(std::string_view header, std::string_view word) {
    while (!header.empty()) {
        const std::size_t end = std::min(header.find(','), header.size());
        std::string_view one = header.substr(0, end);
        one = trimmed(one.substr(0, std::min(one.find(';'), one.size())));
        if (same(one, word)) return true;
        header.remove_prefix(std::min(end + 1, header.size()));
    }
    return false;
}

bool is_own_host(std::string_view host, const std::vector<std::string>& names) {
    const std::string_view name = without_port(host);
    if (name.empty()) return false;
    if (is_number(std::string(name)) || same(name, "localhost") || ends(name, ".local"))
        return true;
    return std::any_of(names.begin(), names.end(),
                       [&](const auto& own) { return same(own, name); });
}

bool is_own_origin(std::string_view origin, std::string_view host) {
    if (origin.empty()) return true;
    for (const std::string_view scheme : {"http://", "https://"})
        if (begins(origin, scheme)) return same(origin.substr(scheme.size()), host);
    return false;
}

}  // namespace mixrig::web
