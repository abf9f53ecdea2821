// JSON, written by nlohmann's library.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/json.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <utility>

namespace mixrig::app {

struct Json::Node {
    nlohmann::ordered_json value;
};

namespace {

// A float widened to double would print the digits it does not have: 0.10000000149011612.
double shortest(float number) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    double out = 0.0;
    std::from_chars(text, end, out);
    return out;
}

}  // namespace

Json::Json(std::unique_ptr<Node> node) : node_(std::move(node)) {}
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

Json Json::object() {
    return Json(std::make_unique<Node>(Node{nlohmann::ordered_json::object()}));
}

Json Json::list() {
    return Json(std::make_unique<Node>(Node{nlohmann::ordered_json::array()}));
}

Json::Json(double number)
    : node_(std::make_unique<Node>(
          Node{std::isfinite(number) ? nlohmann::ordered_json(number) : nullptr})) {}

Json::Json(float number)
    : Json(std::isfinite(number) ? shortest(number) : static_cast<double>(number)) {}

Json::Json(bool flag) : node_(std::make_unique<Node>(Node{nlohmann::ordered_json(flag)})) {}

Json::Json(std::string_view text)
    : node_(std::make_unique<Node>(Node{nlohmann::ordered_json(std::string(text))})) {}

Json Json::from_whole(std::int64_t number) {
    return Json(std::make_unique<Node>(Node{nlohmann::ordered_json(number)}));
}

Json& Json::set(std::string_view key, Json value) {
    node_->value[std::string(key)] = std::move(value.node_->value);
    return *this;
}

Json& Json::add(Json value) {
    node_->value.push_back(std::move(value.node_->value));
    return *this;
}

std::string Json::text() const {
    return node_->value.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string Json::line() const {
    return node_->value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace mixrig::app
