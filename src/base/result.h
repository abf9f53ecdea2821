// A value, or an error that says what is wrong, where, and what to do.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace mixrig::base {

struct Error {
    std::string what;
    std::string where = {};  // file, line, address, device
    std::string hint = {};   // what to do about it

    // One line: "where: what (hint)".
    std::string text() const {
        std::string out = where.empty() ? what : where + ": " + what;
        if (!hint.empty()) out += " (" + hint + ")";
        return out;
    }
};

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

    explicit operator bool() const { return state_.index() == 0; }
    T& value() & { return assert(*this), std::get<0>(state_); }
    const T& value() const& { return assert(*this), std::get<0>(state_); }
    T&& value() && { return assert(*this), std::get<0>(std::move(state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    const Error& error() const { return assert(!*this), std::get<1>(state_); }

private:
    std::variant<T, Error> state_;
};

struct Done {};
using Status = Result<Done>;

}  // namespace mixrig::base
