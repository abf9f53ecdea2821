// What people changed, step by step, and the way back and forth.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "src/session/scene.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mixrig::app {

// [control] Without limit: a number costs 12 bytes. Moves of the same parameters by one origin with
// less than half a second between them are one step; so is a batch (a bundle, a pattern), and
// whatever is recorded with a title (a recall).
class Undo {
public:
    explicit Undo(const param::Layout& layout) : layout_(layout) {}

    struct Edit {
        param::Slot slot = 0;
        param::Value before = {}, after = {};
    };
    // Says which changes belong together: Desk::batch_number() and in_batch().
    struct Batch {
        std::uint64_t number = 0;
        bool is_open = false;
    };
    void note(Edit edit, control::Origin origin, Batch batch, std::int64_t now);
    // What has moved along with the change before it.
    void note_along(const Edit& edit);
    // Within an open batch it is a part of that batch's step.
    void record(std::string title, const std::vector<Edit>& edits, Batch batch);

    // A step of its own that is no change of values: how it is taken back and done again.
    struct Deed {
        std::function<void()> back = {}, forth = {};
    };
    void record(std::string title, Deed deed);

    // What to set, or what to do, and how to call it. Does not move: whoever has done it says so.
    struct Way {
        session::Scene settings = {};
        std::string text = {};
        std::function<void()> deed = {};
    };
    std::optional<Way> back();
    std::optional<Way> forth() const;
    void went_back() { --done_; }
    void went_forth() { ++done_; }

    std::size_t steps() const { return done_; }

private:
    struct Number {
        param::Slot slot = 0;
        float before = 0.0f, after = 0.0f;
    };
    struct Text {
        param::Slot slot = 0;
        std::string before = {}, after = {};
    };
    struct Step {
        std::string title = {};
        control::Origin origin = control::kDeskItself;
        Batch batch = {};
        std::int64_t last = 0;
        std::vector<Number> numbers = {};
        std::vector<Text> texts = {};
        Deed deed = {};
    };
    enum class Direction : std::uint8_t { back, forth };

    bool is_text(param::Slot slot) const;
    static bool is_open(const Step& step, Batch batch);
    static bool is_same_move(const Step& older, const Step& newer);
    void add(Step& step, const Edit& edit) const;
    void close_last();
    Way way(const Step& step, Direction direction) const;
    std::string text_of(const Step& step, Direction direction) const;

    const param::Layout& layout_;
    std::vector<Step> steps_;
    std::size_t done_ = 0;  // of the steps; those behind it can be done again
};

}  // namespace mixrig::app
