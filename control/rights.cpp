// Rights: from patterns to sets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rights.h"

#include "src/base/edits.h"
#include "src/param/actions.h"

#include <algorithm>
#include <charconv>

namespace mixrig::control {
namespace {

using base::Error;

constexpr std::size_t kMostNumber = 9999;

std::string with_number(std::string text, std::size_t number) {
    for (std::size_t at = text.find('#'); at != std::string::npos; at = text.find('#'))
        text.replace(at, 1, std::to_string(number));
    return text;
}

std::vector<std::string> with_number(std::vector<std::string> texts, std::size_t number) {
    for (std::string& text : texts) text = with_number(text, number);
    return texts;
}

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : " ") + text;
    return out;
}

bool any(const std::vector<Pattern>& patterns, std::string_view address) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const Pattern& pattern) { return pattern.matches(address); });
}

// Puts together one role; keeps the first thing that is wrong with it.
class Maker {
public:
    Maker(const Role& text, std::size_t number, const param::Layout& layout,
          const AddressTree& tree, std::span<const std::string> meters)
        : text_(text), number_(number), layout_(layout), tree_(tree), meters_(meters) {}

    base::Result<Rights> make() {
        const auto allow = with_number(text_.allow, number_);
        const auto actions = with_number(text_.actions, number_);
        Rights rights{.name = with_number(text_.name, number_),
                      .number = number_,
                      .everything = text_.everything,
                      .asks = text_.asks,
                      .may_set = slots(allow),
                      .may_read = slots(with_number(text_.read, number_)),
                      .actions = known_actions(actions),
                      .meters = known_meters(with_number(text_.meters, number_)),
                      .rate = text_.rate,
                      .settable = joined(allow),
                      .runnable = joined(actions)};
        rights.may_set.take_away(slots(with_number(text_.deny, number_)));
        // What a hand moves, it must see.
        rights.may_read.add_all(rights.may_set);
        for (const auto& [pattern, highest] : text_.bounds) bound(rights, pattern, highest);
        if (wrong_) {
            wrong_->where = "role \"" + rights.name + "\"";
            return *wrong_;
        }
        return rights;
    }

private:
    void wrong(Error error) {
        if (!wrong_) wrong_ = std::move(error);
    }
    SlotSet slots(const std::string& text) {
        const auto pattern = Pattern::compile(text);
        if (!pattern) {
            wrong(pattern.error());
            return SlotSet(layout_.size());
        }
        SlotSet found = tree_.find(*pattern);
        if (found.empty()) found = tree_.below(text);
        if (found.empty()) wrong({"`" + text + "` matches no parameter of this desk"});
        return found;
    }
    SlotSet slots(const std::vector<std::string>& texts) {
        SlotSet all(layout_.size());
        for (const std::string& text : texts) all.add_all(slots(text));
        return all;
    }
    std::vector<Pattern> patterns(const std::vector<std::string>& texts) {
        std::vector<Pattern> all;
        for (const std::string& text : texts) {
            auto pattern = Pattern::compile(text);
            if (pattern)
                all.push_back(std::move(pattern).value());
            else
                wrong(pattern.error());
        }
        return all;
    }
    std::vector<Pattern> known_actions(const std::vector<std::string>& texts) {
        std::vector<Pattern> all = patterns(texts);
        for (std::size_t i = 0; i < texts.size() && !wrong_; ++i)
            if (!is_action(texts[i], all[i]))
                wrong({"`" + texts[i] + "` is no action of this desk"});
        return all;
    }
    bool is_action(std::string_view text, const Pattern& pattern) const {
        for (const param::Action& action : param::kActions) {
            if (action.address.ends_with("/*") && param::names(action.address, text)) return true;
            for (const std::string& address :
                 param::action_addresses(layout_.shape(), action.address))
                if (pattern.matches(address)) return true;
        }
        return false;
    }
    bool is_meter(const Pattern& pattern) const {
        return meters_.empty() || std::any_of(meters_.begin(), meters_.end(), [&](const auto& one) {
                   return pattern.matches(one);
               });
    }
    // What names a group means everything below it, as it does of parameters.
    std::vector<Pattern> known_meters(const std::vector<std::string>& texts) {
        std::vector<Pattern> all = patterns(texts);
        for (std::size_t i = 0; i < texts.size() && !wrong_; ++i) {
            if (is_meter(all[i])) continue;
            if (auto below = Pattern::compile(texts[i] + "//*"); below && is_meter(*below))
                all[i] = std::move(below).value();
            else
                wrong({"`" + texts[i] + "` matches no meter of this desk",
                       {},
                       "the nearest is " + nearest_meter(texts[i])});
        }
        return all;
    }
    std::string nearest_meter(std::string_view text) const {
        const std::vector<std::string_view> known(meters_.begin(), meters_.end());
        return std::string(base::nearest(text, known));
    }
    // Of several bounds the lowest holds.
    void bound(Rights& rights, const std::string& pattern, float highest) {
        const SlotSet found = slots(with_number(pattern, number_));
        for (param::Slot slot = found.first(); slot != found.end(); slot = found.next(slot + 1)) {
            if (layout_.row(slot).type != param::Type::number)
                return wrong({"`" + pattern + "`: only numbers have a bound"});
            const auto [place, is_new] = rights.highest.emplace(slot, highest);
            if (!is_new) place->second = std::min(place->second, highest);
        }
    }

    const Role& text_;
    std::size_t number_;
    const param::Layout& layout_;
    const AddressTree& tree_;
    std::span<const std::string> meters_;
    std::optional<Error> wrong_;
};

}  // namespace

bool Rights::runs(std::string_view address) const {
    if (everything) return true;
    const param::Action* action = param::find_action(address);
    if (action == nullptr) return false;
    if (action->does == param::Does::serves_peer) return true;
    return (asks && action->does == param::Does::tells) || any(actions, address);
}

bool Rights::sees_meter(std::string_view address) const {
    return everything || any(meters, address);
}

float Rights::bounded(param::Slot slot, float value) const {
    if (everything) return value;
    const auto found = highest.find(slot);
    return found == highest.end() ? value : std::min(value, found->second);
}

std::vector<Role> usual_roles(const MusicianBounds& bounds) {
    const std::string sends = "/{ch,sub,fx}/*/send/aux/#/";
    return {
        {.name = "engineer", .rate = 0.0, .everything = true},
        {.name = "musician #",
         .allow = {sends + "{level,on,pan}", "/aux/#/{fader,mute}"},
         .actions = {"/aux/#/more", "/aux/#/less"},
         .read = {"/*/*/{name,color}", "/main/{name,color}", sends + "*", "/aux/#//*"},
         .bounds = {{sends + "level", bounds.send_dB}, {"/aux/#/fader", bounds.fader_dB}},
         .asks = false},
        {.name = "viewer"},
    };
}

std::optional<std::size_t> number_in(std::string_view pattern, std::string_view name) {
    const std::size_t hash = pattern.find('#');
    if (hash == std::string_view::npos)
        return pattern == name ? std::optional<std::size_t>(0) : std::nullopt;
    const std::string_view before = pattern.substr(0, hash), behind = pattern.substr(hash + 1);
    if (name.size() <= before.size() + behind.size() || !name.starts_with(before) ||
        !name.ends_with(behind))
        return std::nullopt;
    const std::string_view digits = name.substr(hash, name.size() - before.size() - behind.size());
    std::size_t number = 0;
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || stop != digits.data() + digits.size() || digits.front() == '0' ||
        number > kMostNumber)
        return std::nullopt;
    return number;
}

base::Result<Rights> make_rights(const Role& text, std::size_t number, const param::Layout& layout,
                                 const AddressTree& tree, std::span<const std::string> meters) {
    return Maker(text, number, layout, tree, meters).make();
}

}  // namespace mixrig::control
