// OSCQuery: the desk describes itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/oscquery.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace mixrig::web {
namespace {

using param::Row;
using param::Type;

constexpr float kSilence = -144.0f;  // dB; what a meter says of it

// What a control surface shows as a switch is T: true and false, as JSON has them.
char tag_of(const Row& row) {
    if (row.type == Type::number) return 'f';
    return row.type == Type::toggle ? 'T' : 's';
}

std::string_view unit_of(param::Unit unit) {
    switch (unit) {
        case param::Unit::decibels:
            return "gain.db";
        case param::Unit::milliseconds:
            return "time.ms";
        case param::Unit::hertz:
            return "time.hz";
        case param::Unit::none:
            return {};
    }
    return {};
}

std::string action_types(const NamedAction& action) {
    std::string out(action.types);
    std::erase(out, '?');
    return out.empty() ? "N" : out;  // nil: to be told is enough
}

// Those that the proposal knows and that nothing here has.
constexpr std::array<std::string_view, 5> kNowhere = {"EXTENDED_TYPE", "TAGS", "CRITICAL",
                                                      "OVERLOADS", "HTML"};
constexpr std::array<std::pair<std::string_view, bool>, 14> kExtensions = {{
    {"ACCESS", true},
    {"VALUE", true},
    {"RANGE", true},
    {"UNIT", true},
    {"CLIPMODE", true},
    {"DESCRIPTION", true},
    {"LISTEN", true},
    {"PATH_CHANGED", true},
    {"PATH_RENAMED", false},
    {"PATH_ADDED", false},
    {"PATH_REMOVED", false},
    {"TAGS", false},
    {"CRITICAL", false},
    {"HTML", false},
}};

}  // namespace

struct OscQuery::Attribute {
    std::string_view name;
    bool (OscQuery::*write)(JsonText&, const Here&) const;
};

const OscQuery::Attribute OscQuery::kAttributes[] = {
    {"FULL_PATH", &OscQuery::full_path}, {"DESCRIPTION", &OscQuery::description},
    {"TYPE", &OscQuery::type},           {"ACCESS", &OscQuery::access},
    {"VALUE", &OscQuery::value},         {"RANGE", &OscQuery::range},
    {"UNIT", &OscQuery::unit},           {"CLIPMODE", &OscQuery::clip_mode},
    {"CONTENTS", &OscQuery::contents},
};

std::vector<std::string> words_of(const param::Layout& layout, param::Slot slot) {
    std::vector<std::string> out;
    const Row& row = layout.row(slot);
    // Any set of groups, any order: a list of those would be of no use to anybody.
    if (row.type == Type::number || row.type == Type::toggle || row.type == Type::text ||
        row.type == Type::groups || row.type == Type::order)
        return out;
    for (float number = 0.0f; number <= layout.high(slot); number += 1.0f)
        out.push_back(layout.format(slot, {number, {}}));
    return out;
}

OscQuery::OscQuery(const Tree& tree, param::Values values, HostInfo info)
    : tree_(tree),
      info_(std::move(info)),
      values_(std::move(values)),
      readings_(tree.readings(), kSilence) {}

void OscQuery::apply(const Changes& changes) {
    ++generation_;
    for (const auto& [slot, value] : changes) values_.set(slot, value);
}

void OscQuery::apply(std::span<const float> readings) {
    const std::size_t count = std::min(readings.size(), readings_.size());
    std::transform(readings.begin(), readings.begin() + static_cast<std::ptrdiff_t>(count),
                   readings_.begin(), [](float v) { return std::isfinite(v) ? v : kSilence; });
}

bool OscQuery::is_attribute(std::string_view name) {
    const auto is_it = [&](const Attribute& one) { return one.name == name; };
    return name == "HOST_INFO" ||
           std::find(kNowhere.begin(), kNowhere.end(), name) != kNowhere.end() ||
           std::any_of(std::begin(kAttributes), std::end(kAttributes), is_it);
}

QueryAnswer OscQuery::answer(std::string_view path, std::span<const std::string_view> attributes,
                             std::string_view asked_at, const Sight& sight) const {
    for (const std::string_view attribute : attributes)
        if (attribute == "HOST_INFO") return {.json = host_info(asked_at)};
    if (path.size() > 2 && path.ends_with('/')) path.remove_suffix(1);
    const auto place = tree_.find(path);
    if (!place || !is_seen(*place, sight)) return {.status = 404};
    const Here here{*place, std::string(path == "/" ? "" : path), sight};
    JsonText out;
    if (attributes.empty()) {
        write(out, here);
        return {.json = out.take()};
    }
    bool has_any = false;
    out.begin_object();
    for (const std::string_view name : attributes) {
        const auto* const found = std::find_if(std::begin(kAttributes), std::end(kAttributes),
                                               [&](const auto& one) { return one.name == name; });
        if (found != std::end(kAttributes))
            has_any |= (this->*found->write)(out, here);
        else if (!is_attribute(name))
            return {.status = 400};
    }
    out.end_object();
    if (!has_any) return {.status = 204};
    return {.json = out.take()};
}

std::optional<param::Slot> OscQuery::slot(const Here& here) const {
    const auto slot = tree_.slot(here.place);
    return slot && reads(here.sight, *slot) ? slot : std::nullopt;
}

std::optional<std::size_t> OscQuery::meter(const Here& here) const {
    const auto meter = tree_.meter(here.place);
    return meter && sees_meter(here.sight, *meter) ? meter : std::nullopt;
}

std::optional<std::size_t> OscQuery::action(const Here& here) const {
    const auto action = tree_.action(here.place);
    return action && sees_action(here.sight, tree_.action_address(here.place)) ? action
                                                                               : std::nullopt;
}

// It, or something below it.
bool OscQuery::is_seen(const Tree::Place& place, const Sight& sight) const {
    if (!sight) return true;
    const Here here{place, {}, sight};
    if (slot(here) || meter(here) || action(here)) return true;
    const auto below = tree_.children(place);
    return std::any_of(below.begin(), below.end(),
                       [&](const Tree::Child& child) { return is_seen(child.place, sight); });
}

void OscQuery::write(JsonText& out, const Here& here) const {
    out.begin_object();
    for (const Attribute& attribute : kAttributes) (this->*attribute.write)(out, here);
    out.end_object();
}

bool OscQuery::full_path(JsonText& out, const Here& here) const {
    out.key("FULL_PATH").text(here.path.empty() ? "/" : here.path);
    return true;
}

bool OscQuery::contents(JsonText& out, const Here& here) const {
    auto below = tree_.children(here.place);
    std::erase_if(below, [&](const Tree::Child& one) { return !is_seen(one.place, here.sight); });
    if (below.empty()) return false;
    out.key("CONTENTS").begin_object();
    for (const Tree::Child& child : below) {
        out.key(child.part);
        write(out, {child.place, here.path + '/' + child.part, here.sight});
    }
    out.end_object();
    return true;
}

bool OscQuery::type(JsonText& out, const Here& here) const {
    if (const auto slot = this->slot(here))
        out.key("TYPE").text(std::string(1, tag_of(tree_.layout().row(*slot))));
    else if (const auto meter = this->meter(here))
        out.key("TYPE").text(std::string(tree_.meters()[*meter].fields, 'f'));
    else if (const auto action = this->action(here))
        out.key("TYPE").text(action_types(tree_.actions()[*action]));
    else
        return false;
    return true;
}

bool OscQuery::access(JsonText& out, const Here& here) const {
    constexpr int kNone = 0, kRead = 1, kWrite = 2, kBoth = 3;
    int access = kNone;
    if (const auto slot = this->slot(here))
        access = tree_.layout().row(*slot).keep == param::Keep::told || !sets(here.sight, *slot)
                     ? kRead
                     : kBoth;
    else if (meter(here))
        access = kRead;
    else if (action(here))
        access = kWrite;
    out.key("ACCESS").whole(access);
    return true;
}

bool OscQuery::value(JsonText& out, const Here& here) const {
    if (const auto slot = this->slot(here)) {
        out.key("VALUE").begin_list();
        const Argument value = argument(*slot);
        if (const auto* number = std::get_if<float>(&value))
            out.number(*number);
        else if (const auto* flag = std::get_if<bool>(&value))
            out.flag(*flag);
        else
            out.text(std::get<std::string>(value));
        out.end_list();
        return true;
    }
    const auto meter = this->meter(here);
    if (!meter) return false;
    out.key("VALUE").begin_list();
    for (const float reading : readings_of(*meter)) out.number(reading);
    out.end_list();
    return true;
}

Argument OscQuery::argument(param::Slot slot) const {
    const param::Value value = values_.get(slot);
    switch (tag_of(tree_.layout().row(slot))) {
        case 'f':
            return value.number;
        case 'T':
            return value.number != 0.0f;
        default:
            return tree_.layout().format(slot, value);
    }
}

std::span<const float> OscQuery::readings_of(std::size_t meter) const {
    return std::span(readings_).subspan(tree_.first_reading(meter), tree_.meters()[meter].fields);
}

bool OscQuery::range(JsonText& out, const Here& here) const {
    const auto slot = this->slot(here);
    if (!slot) return false;
    const Row& row = tree_.layout().row(*slot);
    if (row.type == Type::number) {
        out.key("RANGE").begin_list().begin_object();
        out.key("MIN").number(row.low).key("MAX").number(tree_.layout().high(*slot));
        out.end_object().end_list();
        return true;
    }
    const auto words = words_of(tree_.layout(), *slot);
    if (words.empty()) return false;
    out.key("RANGE").begin_list().begin_object().key("VALS").begin_list();
    for (const std::string& word : words) out.text(word);
    out.end_list().end_object().end_list();
    return true;
}

bool OscQuery::unit(JsonText& out, const Here& here) const {
    const auto slot = this->slot(here);
    const std::string_view unit =
        slot ? unit_of(tree_.layout().row(*slot).unit) : std::string_view();
    if (unit.empty()) return false;
    out.key("UNIT").begin_list().text(unit).end_list();
    return true;
}

bool OscQuery::clip_mode(JsonText& out, const Here& here) const {
    const auto slot = this->slot(here);
    if (!slot || tree_.layout().row(*slot).type != Type::number) return false;
    out.key("CLIPMODE").begin_list().text("both").end_list();
    return true;
}

bool OscQuery::description(JsonText& out, const Here& here) const {
    std::string text;
    if (const auto slot = this->slot(here)) {
        const Row& row = tree_.layout().row(*slot);
        text = std::string(row.label) + ": " + std::string(row.doc);
    } else if (const auto meter = this->meter(here)) {
        text = tree_.meters()[*meter].doc;
    } else if (const auto action = this->action(here)) {
        text = tree_.actions()[*action].doc;
    } else if (const auto name = tree_.name_of(here.place); name && reads(here.sight, *name)) {
        text = values_.text(*name);
    }
    if (text.empty()) return false;
    out.key("DESCRIPTION").text(text);
    return true;
}

std::string OscQuery::host_info(std::string_view asked_at) const {
    JsonText out;
    out.begin_object().key("NAME").text(info_.name);
    out.key("OSC_IP").text(info_.osc_address.empty() ? asked_at : info_.osc_address);
    out.key("OSC_PORT").whole(info_.osc_port).key("OSC_TRANSPORT").text("UDP");
    out.key("WS_IP").text(asked_at).key("WS_PORT").whole(info_.web_port);
    out.key("EXTENSIONS").begin_object();
    for (const auto& [name, is_there] : kExtensions) out.key(name).flag(is_there);
    out.end_object().end_object();
    return out.take();
}

}  // namespace mixrig::web
