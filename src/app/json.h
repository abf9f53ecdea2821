// JSON for programs that read our answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mixrig::app {

// A tree that is built from the root down and printed once. What is not finite becomes null: JSON
// has no infinity; the level of silence therefore is null. Keys keep their order.
class Json {
public:
    static Json object();
    static Json list();
    Json(double number);          // NOLINT: implicit
    Json(float number);           // NOLINT: implicit; -0.1f prints as -0.1
    Json(bool flag);              // NOLINT: implicit
    Json(std::string_view text);  // NOLINT: implicit; what is not UTF-8 in it is replaced
    Json(const char* text) : Json(std::string_view(text)) {}         // NOLINT: implicit
    Json(const std::string& text) : Json(std::string_view(text)) {}  // NOLINT: implicit
    template <std::integral T>
    Json(T number) : Json(from_whole(static_cast<std::int64_t>(number))) {}  // NOLINT: implicit
    Json(Json&&) noexcept;
    Json& operator=(Json&&) noexcept;
    ~Json();

    Json& set(std::string_view key, Json value);  // of an object
    Json& add(Json value);                        // to a list

    std::string text() const;  // indented, for print_line
    std::string line() const;  // on one line

private:
    struct Node;
    explicit Json(std::unique_ptr<Node> node);
    static Json from_whole(std::int64_t number);
    std::unique_ptr<Node> node_;
};

}  // namespace mixrig::app
