// Undo and redo.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/undo.h"

#include <algorithm>
#include <utility>

namespace mixrig::app {

namespace {

constexpr std::int64_t kOneMove = 500'000'000;  // ns

// The first `before` and the last `after` of each slot, in the order in which they came first.
template <typename T>
void fold(std::vector<T>& edits) {
    std::vector<std::size_t> order(edits.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return edits[a].slot < edits[b].slot; });
    std::vector<bool> later(edits.size(), false);
    for (std::size_t i = 1, first = 0; i < order.size(); ++i) {
        if (edits[order[i]].slot != edits[order[first]].slot) {
            first = i;
            continue;
        }
        edits[order[first]].after = std::move(edits[order[i]].after);
        later[order[i]] = true;
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < edits.size(); ++i)
        if (!later[i] && kept++ != i) edits[kept - 1] = std::move(edits[i]);
    edits.resize(kept);
}

template <typename T>
bool same_slots(const std::vector<T>& a, const std::vector<T>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const T& x, const T& y) { return x.slot == y.slot; });
}

template <typename T>
void take_over(std::vector<T>& into, std::vector<T>& from) {
    for (std::size_t i = 0; i < into.size(); ++i) into[i].after = std::move(from[i].after);
}

}  // namespace

bool Undo::is_text(param::Slot slot) const {
    return layout_.row(slot).type == param::Type::text;
}

bool Undo::is_open(const Step& step, Batch batch) {
    return batch.is_open && step.batch.is_open && step.batch.number == batch.number;
}

void Undo::add(Step& step, const Edit& edit) const {
    if (is_text(edit.slot))
        step.texts.push_back({edit.slot, edit.before.text, edit.after.text});
    else
        step.numbers.push_back({edit.slot, edit.before.number, edit.after.number});
}

void Undo::note(Edit edit, control::Origin origin, Batch batch, std::int64_t now) {
    steps_.resize(done_);
    if (done_ > 0 && is_open(steps_.back(), batch)) {
        add(steps_.back(), edit);
        steps_.back().last = now;
        return;
    }
    close_last();
    Step step{.origin = origin, .batch = batch, .last = now};
    add(step, edit);
    steps_.push_back(std::move(step));
    done_ = steps_.size();
}

void Undo::note_along(const Edit& edit) {
    if (done_ > 0 && done_ == steps_.size()) add(steps_.back(), edit);
}

void Undo::record(std::string title, const std::vector<Edit>& edits, Batch batch) {
    if (edits.empty()) return;
    steps_.resize(done_);
    if (done_ == 0 || !is_open(steps_.back(), batch)) {
        close_last();
        steps_.push_back({.batch = batch});
    }
    if (steps_.back().title.empty()) steps_.back().title = std::move(title);
    for (const Edit& edit : edits) add(steps_.back(), edit);
    done_ = steps_.size();
}

void Undo::record(std::string title, Deed deed) {
    steps_.resize(done_);
    close_last();
    steps_.push_back({.title = std::move(title), .deed = std::move(deed)});
    done_ = steps_.size();
}

bool Undo::is_same_move(const Step& older, const Step& newer) {
    return older.title.empty() && older.origin == newer.origin &&
           newer.last - older.last <= kOneMove && same_slots(older.numbers, newer.numbers) &&
           same_slots(older.texts, newer.texts);
}

// The step at the end is complete: it may turn out to go on with an earlier move. Fingers on two
// faders take turns, so that the move may lie a few steps back; but not behind a step of many
// parameters, which may have changed the same one.
void Undo::close_last() {
    if (steps_.empty()) return;
    Step& last = steps_.back();
    if (!last.title.empty()) return;
    fold(last.numbers);
    fold(last.texts);
    const bool is_single = last.numbers.size() + last.texts.size() == 1;
    for (std::size_t i = steps_.size() - 1; i-- > 0;) {
        Step& older = steps_[i];
        if (is_same_move(older, last)) {
            take_over(older.numbers, last.numbers);
            take_over(older.texts, last.texts);
            older.last = last.last;
            steps_.pop_back();
            done_ = steps_.size();
            return;
        }
        const bool simple = older.title.empty() && older.numbers.size() + older.texts.size() == 1;
        const bool same =
            same_slots(older.numbers, last.numbers) && same_slots(older.texts, last.texts);
        if (!is_single || !simple || same || last.last - older.last > kOneMove) return;
    }
}

std::optional<Undo::Way> Undo::back() {
    if (done_ == steps_.size()) close_last();
    if (done_ == 0) return std::nullopt;
    return way(steps_[done_ - 1], Direction::back);
}

std::optional<Undo::Way> Undo::forth() const {
    if (done_ == steps_.size()) return std::nullopt;
    return way(steps_[done_], Direction::forth);
}

Undo::Way Undo::way(const Step& step, Direction direction) const {
    const bool back = direction == Direction::back;
    Step whole = step;  // of a batch that is still open, say
    fold(whole.numbers);
    fold(whole.texts);
    Way out;
    for (const Number& number : whole.numbers)
        out.settings.push_back({number.slot, {back ? number.before : number.after}});
    for (const Text& text : whole.texts)
        out.settings.push_back({text.slot, {0.0f, back ? text.before : text.after}});
    out.text = text_of(whole, direction);
    out.deed = back ? step.deed.back : step.deed.forth;
    return out;
}

std::string Undo::text_of(const Step& step, Direction direction) const {
    const std::size_t count = step.numbers.size() + step.texts.size();
    if (step.deed.back) return step.title;
    if (!step.title.empty())
        return step.title + " (" + std::to_string(count) + (count == 1 ? " value)" : " values)");
    const bool is_number = !step.numbers.empty();
    const param::Slot slot = is_number ? step.numbers.front().slot : step.texts.front().slot;
    param::Value from = is_number ? param::Value{step.numbers.front().before}
                                  : param::Value{0.0f, step.texts.front().before};
    param::Value to = is_number ? param::Value{step.numbers.front().after}
                                : param::Value{0.0f, step.texts.front().after};
    if (direction == Direction::back) std::swap(from, to);
    const auto shown = [&](const param::Value& value) {
        const std::string text = layout_.format(slot, value);
        return is_number ? text : session::in_quotes(text);
    };
    std::string out = layout_.address(slot) + " from " + shown(from) + " to " + shown(to);
    if (count > 1) out += ", and " + std::to_string(count - 1) + " more";
    return out;
}

}  // namespace mixrig::app
