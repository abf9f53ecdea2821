// A flag that is on until the end of the block, exceptions included.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mixrig::app {

class OnFor {
public:
    explicit OnFor(bool& flag) : flag_(flag) { flag_ = true; }
    ~OnFor() { flag_ = false; }
    OnFor(const OnFor&) = delete;
    OnFor& operator=(const OnFor&) = delete;

private:
    bool& flag_;
};

}  // namespace mixrig::app
