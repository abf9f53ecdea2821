// Asks the rights of whoever asks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/access.h"

#include "src/base/edits.h"

#include <algorithm>
#include <utility>

namespace mixrig::control {
namespace {

constexpr std::size_t kMostNumbers = 65535;

base::Error refusal(const Rights& rights, std::string_view what) {
    return {"a " + rights.name + " may not " + std::string(what)};
}

}  // namespace

Access::Access(const param::Layout& layout)
    : layout_(layout), tree_(layout), roles_(usual_roles({})) {
    auto engineer = std::make_shared<const Rights>(
        Rights{.name = "engineer", .everything = true, .asks = true});
    made_.emplace(engineer->name, engineer);
    named_.emplace(engineer->name, kEngineer);
    entries_ = {{std::move(engineer)}, {nullptr}};  // kEngineer, kNobody
}

base::Status Access::use(std::vector<Role> roles, std::vector<std::string> meters) {
    meters_ = std::move(meters);
    for (const Role& usual : roles_) {
        const auto same = [&](const Role& role) { return role.name == usual.name; };
        if (std::none_of(roles.begin(), roles.end(), same)) roles.push_back(usual);
    }
    roles_ = std::move(roles);
    for (const Role& one : roles_) {
        if (one.everything || one.name.find('#') != std::string::npos) continue;
        if (const auto made = role(one.name); !made) return made.error();
    }
    return base::Done{};
}

base::Result<std::shared_ptr<const Rights>> Access::role(std::string_view name) {
    if (const auto found = made_.find(name); found != made_.end()) return found->second;
    for (const Role& one : roles_) {
        const auto number = number_in(one.name, name);
        if (!number) continue;
        auto made = make_rights(one, *number, layout_, tree_, meters_);
        if (!made) return made.error();
        return made_.emplace(name, std::make_shared<const Rights>(std::move(made).value()))
            .first->second;
    }
    for (const Role& one : roles_)
        if (one.name == std::string(name) + " #")
            return base::Error{"a " + std::string(name) + " has a number", "",
                               "\"" + std::string(name) + " 1\"; `mixrig invite` takes --aux 1"};
    std::vector<std::string_view> known;
    for (const Role& one : roles_) known.push_back(one.name);
    const std::string near(base::nearest(name, known));
    const std::string example = near.substr(0, near.find('#'));
    return base::Error{"there is no role \"" + std::string(name) + "\"", "",
                       "the nearest is \"" + (near == example ? near : example + "1") + "\""};
}

base::Result<RightsNumber> Access::named(std::string_view name) {
    if (const auto found = named_.find(name); found != named_.end()) return found->second;
    auto rights = role(name);
    if (!rights) return rights.error();
    const RightsNumber number = grant(std::move(rights).value(), {});
    named_.emplace(name, number);
    return number;
}

RightsNumber Access::grant(std::shared_ptr<const Rights> rights, std::string holder) {
    if (entries_.size() >= kMostNumbers) return kNobody;
    const std::lock_guard lock(mutex_);
    entries_.push_back({std::move(rights), std::move(holder)});
    return static_cast<RightsNumber>(entries_.size() - 1);
}

RightsNumber Access::add(Rights rights) {
    return grant(std::make_shared<const Rights>(std::move(rights)), {});
}

void Access::revoke(RightsNumber number) {
    if (number >= entries_.size() || number == kEngineer) return;
    const std::lock_guard lock(mutex_);
    entries_[number].rights = nullptr;
}

std::shared_ptr<const Rights> Access::shared(RightsNumber number) const {
    const std::lock_guard lock(mutex_);
    return number < entries_.size() ? entries_[number].rights : nullptr;
}

const Rights& Access::of(RightsNumber number) const {
    static const Rights stranger{.name = "stranger"};
    return is_somebody(number) ? *entries_[number].rights : stranger;
}

const std::string& Access::holder(RightsNumber number) const {
    static const std::string no_name;
    return number < entries_.size() ? entries_[number].holder : no_name;
}

bool Access::is_somebody(RightsNumber number) const {
    return number < entries_.size() && entries_[number].rights != nullptr;
}

base::Status Access::may_set(Origin origin, param::Slot slot) const {
    if (origin == kDeskItself) return base::Done{};
    const Rights& rights = of(rights_of(origin));
    if (rights.sets(slot)) return base::Done{};
    return refusal(rights, "set this");
}

base::Status Access::may_act(Origin origin, std::string_view address) const {
    if (origin == kDeskItself) return base::Done{};
    const Rights& rights = of(rights_of(origin));
    if (is_somebody(rights_of(origin)) && rights.runs(address)) return base::Done{};
    return refusal(rights, "do this");
}

bool Access::may_read(Origin origin, param::Slot slot) const {
    return origin == kDeskItself || of(rights_of(origin)).reads(slot);
}

float Access::bounded(Origin origin, param::Slot slot, float value) const {
    return origin == kDeskItself ? value : of(rights_of(origin)).bounded(slot, value);
}

}  // namespace mixrig::control
