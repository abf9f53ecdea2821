// Sessions of Open Stage Control.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/derived/template.h"

#include "src/param/actions.h"

#include <algorithm>
#include <array>
#include <vector>

namespace mixrig::app {
namespace {

using param::Kind;
using param::Slot;

constexpr std::size_t kStripsOnTab = 16;
constexpr int kStripWidth = 72, kRowHeight = 36;
// From the end of a lease of ten seconds a renewal may be late.
constexpr int kRenewMs = 8000;
// Where a scale is written beside a fader, in parts of its way; between them it is taken as
// straight.
constexpr std::array<int, 8> kScaleAt = {0, 6, 12, 25, 50, 75, 90, 100};

std::string id_of(std::string_view address) {
    std::string out(address.substr(1));
    std::replace(out.begin(), out.end(), '/', '_');
    return out;
}

// Format: the project's documentation of widgets and scripting, and what it saves itself, 1.25 to
// 1.30. What a widget does not say has its default there.
class Session {
public:
    Session(const param::Layout& layout, const param::Values& values)
        : layout_(layout), values_(values) {}

    Json content() {
        Json tabs = Json::list();
        add_strips(tabs, Kind::ch, "Channels");
        add_groups(tabs);
        for (std::size_t aux = 0; aux < count(Kind::aux); ++aux) add_mix(tabs, aux);
        tabs.add(show());
        Json root = Json::object();
        root.set("type", "root").set("id", "root").set("onCreate", subscriptions());
        root.set("tabs", std::move(tabs));
        return root;
    }

private:
    std::size_t count(Kind kind) const { return layout_.shape().count(kind); }

    Json widget(std::string_view type, const std::string& address, const std::string& id) {
        Json out = Json::object();
        out.set("type", type).set("id", id).set("address", address);
        return out;
    }
    // One of its kind; ids are unique.
    Json widget(std::string_view type, Slot slot) {
        const std::string address = layout_.address(slot);
        return widget(type, address, id_of(address) + "_" + std::to_string(++last_));
    }

    Json fader(Slot slot, std::string_view type = "fader") {
        const param::Row& row = layout_.row(slot);
        Json range = Json::object();
        for (const int percent : kScaleAt) {
            const std::string key = percent == 0     ? "min"
                                    : percent == 100 ? "max"
                                                     : std::to_string(percent) + "%";
            range.set(key, param::from_knob(row, static_cast<float>(percent) / 100.0f));
        }
        Json out = widget(type, slot);
        out.set("range", std::move(range))
            .set("default", layout_.initial(slot).number)
            .set("doubleTap", true)
            .set("typeTags", "f");
        if (type == "fader") out.set("pips", true).set("expand", true);
        if (type == "knob") out.set("height", kStripWidth);
        return out;
    }
    Json button(Slot slot, std::string_view label) {
        Json out = widget("button", slot);
        out.set("label", label).set("mode", "toggle").set("on", 1).set("off", 0);
        out.set("typeTags", "i").set("height", kRowHeight);
        return out;
    }
    Json text(Slot slot) {
        Json out = widget("text", slot);
        const std::string& name = values_.text(slot);
        const param::Place at = layout_.place(slot);
        std::string shown = name;
        if (shown.empty()) {
            shown = std::string(param::kPrefix[static_cast<std::size_t>(at.kind)]);
            if (!shown.empty()) shown.erase(0, 1);
            if (param::is_counted(at.kind)) shown += " " + std::to_string(at.strip + 1);
            if (at.kind == Kind::desk) shown = "dca " + std::to_string(at.index + 1);
        }
        out.set("default", shown).set("height", kRowHeight).set("bypass", true);
        return out;
    }
    Json panel(const std::string& id, std::string_view layout, Json widgets) {
        Json out = Json::object();
        out.set("type", "panel").set("id", id + "_" + std::to_string(++last_));
        out.set("layout", layout).set("width", kStripWidth).set("scroll", false);
        out.set("widgets", std::move(widgets));
        return out;
    }
    static Json tab(const std::string& label, Json widgets) {
        Json out = Json::object();
        out.set("type", "tab").set("id", "tab " + label).set("label", label);
        out.set("layout", "horizontal").set("widgets", std::move(widgets));
        return out;
    }

    Json strip(Kind kind, std::size_t number) {
        Json widgets = Json::list();
        const auto slot = [&](std::size_t row) { return layout_.slot(kind, number, row); };
        widgets.add(text(slot(param::row("name"))));
        widgets.add(fader(slot(param::row("pan")), "knob"));
        if (layout_.has(kind, param::row("solo")))
            widgets.add(button(slot(param::row("solo")), "S"));
        widgets.add(button(slot(param::row("mute")), "M"));
        widgets.add(fader(slot(param::row("fader"))));
        return panel("strip", "vertical", std::move(widgets));
    }
    Json dca(std::size_t number) {
        const auto slot = [&](std::size_t row) { return layout_.slot(Kind::desk, 0, row, number); };
        Json widgets = Json::list();
        widgets.add(text(slot(param::row("/dca/#/name"))));
        widgets.add(button(slot(param::row("/dca/#/solo")), "S"));
        widgets.add(button(slot(param::row("/dca/#/mute")), "M"));
        widgets.add(fader(slot(param::row("/dca/#/fader"))));
        return panel("dca", "vertical", std::move(widgets));
    }

    void add_strips(Json& tabs, Kind kind, const std::string& title) {
        for (std::size_t first = 0; first < count(kind); first += kStripsOnTab) {
            const std::size_t end = std::min(first + kStripsOnTab, count(kind));
            Json widgets = Json::list();
            for (std::size_t n = first; n < end; ++n) widgets.add(strip(kind, n));
            widgets.add(strip(Kind::main, 0));
            tabs.add(tab(title + " " + std::to_string(first + 1) + "-" + std::to_string(end),
                         std::move(widgets)));
        }
    }
    void add_groups(Json& tabs) {
        Json groups = Json::list(), buses = Json::list();
        for (const Kind kind : {Kind::sub, Kind::fx})
            for (std::size_t n = 0; n < count(kind); ++n) groups.add(strip(kind, n));
        for (std::size_t n = 0; n < param::kDcas; ++n) groups.add(dca(n));
        for (const Kind kind : {Kind::aux, Kind::mtx, Kind::main})
            for (std::size_t n = 0; n < count(kind); ++n) buses.add(strip(kind, n));
        tabs.add(tab("Groups", std::move(groups)));
        tabs.add(tab("Buses", std::move(buses)));
    }
    // Sends on faders, and the mix itself.
    void add_mix(Json& tabs, std::size_t aux) {
        Json widgets = Json::list();
        for (const Kind kind : {Kind::ch, Kind::sub, Kind::fx})
            for (std::size_t n = 0; n < count(kind); ++n) {
                Json one = Json::list();
                one.add(text(layout_.slot(kind, n, param::row("name"))));
                one.add(button(layout_.slot(kind, n, param::row("send/aux/#/on"), aux), "on"));
                one.add(fader(layout_.slot(kind, n, param::row("send/aux/#/level"), aux)));
                widgets.add(panel("send", "vertical", std::move(one)));
            }
        widgets.add(strip(Kind::aux, aux));
        const std::string& name = values_.text(layout_.slot(Kind::aux, aux, param::row("name")));
        tabs.add(tab("Mix " + std::to_string(aux + 1) + (name.empty() ? "" : " " + name),
                     std::move(widgets)));
    }
    // Every action that needs no argument and is no list.
    Json show() {
        Json widgets = Json::list();
        for (const param::Action& action : param::kActions) {
            if (!action.types.empty() || action.is_list || action.does != param::Does::changes)
                continue;
            const std::string address(action.address);
            Json out = widget("button", address, id_of(address));
            out.set("label", address).set("mode", "momentary").set("height", 2 * kRowHeight);
            out.set("width", 2 * kStripWidth);
            widgets.add(std::move(out));
        }
        Json out = tab("Show", std::move(widgets));
        out.set("layout", "default");
        return out;
    }

    // What the session shows, again and again: the desk forgets who does not ask.
    static std::string subscriptions() {
        std::string out =
            "var patterns = ['/*/*/{name,fader,mute,solo,pan}', '/main/{name,fader,mute,pan}',"
            " '/*/*/send/aux/*/{on,level}']\n"
            "function subscribe() { patterns.forEach(p => send('/subscribe', p)) }\n"
            "subscribe()\n";
        return out + "setInterval('subscribe', subscribe, " + std::to_string(kRenewMs) + ")\n";
    }

    const param::Layout& layout_;
    const param::Values& values_;
    std::size_t last_ = 0;
};

}  // namespace

Json open_stage_control(std::string_view name, const param::Layout& layout,
                        const param::Values& values) {
    Json out = Json::object();
    out.set("createdWith", "Open Stage Control").set("version", "1.25.0").set("type", "session");
    Json content = Session(layout, values).content();
    content.set("comments", "mixrig template open-stage-control, for " + std::string(name));
    out.set("content", std::move(content));
    return out;
}

}  // namespace mixrig::app
