// What a client asks: who we are, values, nodes, to be told of changes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/server.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mixrig::control::x32 {
namespace {

// Takes a word, or what stands in quotes, off the line.
std::optional<std::string_view> take_token(std::string_view& line) {
    const std::size_t begin = line.find_first_not_of(" \n");
    if (begin == std::string_view::npos) return std::nullopt;
    line.remove_prefix(begin);
    const bool is_quoted = line.front() == '"';
    if (is_quoted) line.remove_prefix(1);
    const std::size_t end = std::min(line.find_first_of(is_quoted ? "\"" : " \n"), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

}  // namespace

// Requests that are no leaf.
struct Server::Request {
    std::string_view address;
    void (Server::*answer)(const Message&);
};

const Server::Request* Server::find_request(std::string_view address) {
    static constexpr std::array kRequests = {
        Request{"/info", &Server::tell_info},
        Request{"/xinfo", &Server::tell_xinfo},
        Request{"/status", &Server::tell_status},
        Request{"/xremote", &Server::hear_remote},
        Request{"/xremotenfb", &Server::hear_remote_quietly},
        Request{"/node", &Server::read_node},
        Request{"/subscribe", &Server::subscribe},
        Request{"/batchsubscribe", &Server::subscribe_batch},
        Request{"/formatsubscribe", &Server::subscribe_format},
        Request{"/meters", &Server::subscribe_meters},
        Request{"/renew", &Server::renew},
        Request{"/unsubscribe", &Server::unsubscribe},
        Request{"/save", &Server::change_library},
        Request{"/load", &Server::change_library},
        Request{"/copy", &Server::change_library},
        Request{"/rename", &Server::change_library},
        Request{"/delete", &Server::change_library},
        Request{"/add", &Server::change_library},
        Request{"/showdump", &Server::dump_show},
    };
    const auto found = std::find_if(kRequests.begin(), kRequests.end(),
                                    [&](const Request& one) { return one.address == address; });
    return found == kRequests.end() ? nullptr : &*found;
}

void Server::handle(const Message& message, Bytes packet) {
    if (message.address == "/") return write_node(message, packet);
    if (const Request* request = find_request(message.address))
        return (this->*request->answer)(message);
    if (message.address.starts_with('/')) read_or_write(message);
}

void Server::tell_info(const Message&) {
    reply_text("/info", std::array{std::string(is_air() ? "V0.04" : "V2.07"), config_.name,
                                   config_.model, config_.firmware});
}

void Server::tell_xinfo(const Message&) {
    reply_text("/xinfo",
               std::array{local_address(), config_.name, config_.model, config_.firmware});
}

void Server::tell_status(const Message&) {
    reply_text("/status", std::array{std::string("active"), local_address(), config_.name});
}

void Server::hear_remote(const Message&) {
    client_->remote_until = now_ + kRemoteLease;
    client_->hears_itself = is_air();
    look_for_scenes();
}

void Server::hear_remote_quietly(const Message& message) {
    hear_remote(message);
    client_->hears_itself = false;
}

void Server::read_node(const Message& message) {
    if (message.arguments.size() != 1 || message.arguments[0].tag != 's') return;
    const std::string_view path = message.arguments[0].text;
    std::string line;
    if (const auto node = surface_.tree().find_node(path))
        line = node_text(*node);
    else if (const auto leaf = surface_.tree().find_leaf(path))
        line = surface_.tree().address(*leaf) + " " + seen(*leaf).format(*leaf) + "\n";
    if (!line.empty()) reply_text("node", std::array{line});
}

// Echoed as it came: those who send many wait for it.
void Server::write_node(const Message& message, Bytes packet) {
    if (message.arguments.size() != 1 || message.arguments[0].tag != 's') return;
    set_line(message.arguments[0].text);
    reply(packet);
}

void Server::set_line(std::string_view line) {
    const auto path = take_token(line);
    if (!path) return;
    const Tree& tree = surface_.tree();
    const auto say = [&](LeafId leaf) {
        const auto word = take_token(line);
        if (!word) return false;
        if (!client_->sets.take(now_)) return false;
        const Argument argument{.tag = 's', .text = *word};
        if (!do_action(leaf, argument) && !set_value(leaf, argument)) tell_refused(leaf);
        return true;
    };
    if (const auto node = tree.find_node(*path)) {
        const Node& in = tree.nodes()[*node];
        for (LeafId leaf = in.first; leaf < in.first + in.count; ++leaf)
            if (!say(leaf)) return;
    } else if (const auto leaf = tree.find_leaf(*path)) {
        say(*leaf);
    }
}

void Server::read_or_write(const Message& message) {
    const Tree& tree = surface_.tree();
    if (const auto leaf = tree.find_leaf(message.address)) {
        if (message.arguments.empty()) return get(*leaf);
        return set(*leaf, message.arguments.front());
    }
    const auto node = tree.find_node(message.address);
    if (!node) return;
    if (message.arguments.empty()) return get_node(*node);
    const Node& in = tree.nodes()[*node];
    const std::size_t count = std::min<std::size_t>(in.count, message.arguments.size());
    for (std::size_t i = 0; i < count; ++i)
        set(in.first + static_cast<LeafId>(i), message.arguments[i]);
}

void Server::get(LeafId leaf) {
    reply(leaf_packet(leaf));
}

void Server::get_node(NodeId node) {
    const Node& in = surface_.tree().nodes()[node];
    if (in.count == 0) return;
    std::string tags;
    for (LeafId leaf = in.first; leaf < in.first + in.count; ++leaf)
        tags += seen(leaf).encoding(leaf).tag();
    Writer out("/" + in.path, tags);
    for (LeafId leaf = in.first; leaf < in.first + in.count; ++leaf) add_value(out, leaf);
    reply(out.packet());
}

void Server::set(LeafId leaf, const Argument& argument) {
    if (!client_->sets.take(now_) || do_action(leaf, argument)) return;
    if (!set_value(leaf, argument)) tell_refused(leaf);
}

// False if the client may not; what cannot be understood is nobody's.
bool Server::set_value(LeafId leaf, const Argument& argument) {
    const Encoding& is = surface_.store().encoding(leaf);
    if (argument.tag == 's') return surface_.set_text(leaf, argument.text, client_->origin);
    if (is.form == Form::text) return true;
    const double number = argument.tag == 'f' ? static_cast<double>(argument.real)
                                              : static_cast<double>(argument.whole);
    if (!std::isfinite(number)) return true;
    return surface_.set(leaf, is.is_float() ? is.from_wire(number) : is.clamp(number),
                        client_->origin);
}

// The dialect has no word for it: the leaf says again what it is. Not what stands for nothing of
// ours, such as the selected strip: an app that keeps that in step would jump back to ours.
void Server::tell_refused(LeafId leaf) {
    if (client_->is_told(now_) && !surface_.mapping().of_leaf(leaf).empty()) get(leaf);
}

}  // namespace mixrig::control::x32
