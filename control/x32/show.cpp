// Scenes, presets and what else a client has done by number: by actions of ours, where there are
// any.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/server.h"
#include "control/x32/text.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace mixrig::control::x32 {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kMostErrands = 256;  // that wait for the disk
constexpr std::uint32_t kWholeScope = ~std::uint32_t{0};

// A leaf that is no value but has something done.
struct Deed {
    std::string_view leaf;
    std::int32_t value;  // that does it; kAny: whichever
    std::string_view action;
};
constexpr std::int32_t kAny = -1;
constexpr std::array kDeeds = {
    Deed{"/-action/clearsolo", kAny, "/solo/clear"},
    Deed{"/-action/doundo", kAny, "/undo"},
    Deed{"/-stat/tape/state", 4, "/record/start"},
    Deed{"/-stat/tape/state", 0, "/record/stop"},
};

// The shelves of the dialect's library: as a command calls them, and where their names stand.
struct Shelf {
    std::string_view command, path;
};
constexpr std::array kShelves = {Shelf{"libchan", "-libs/ch"}, Shelf{"libfx", "-libs/fx"},
                                 Shelf{"librout", "-libs/r"}, Shelf{"libmon", "-libs/mon"},
                                 Shelf{"snippet", "-show/showfile/snippet"}};

// Where a shelf shows what stands at this number.
struct Place {
    LeafId name = 0, has_data = 0;
};
std::optional<Place> place_on(const Tree& tree, const Shelf& shelf, std::int32_t number) {
    if (number < 0 || number >= SceneBook::kMost) return std::nullopt;
    const std::int32_t shown = shelf.command == "snippet" ? number : number + 1;
    const std::string node =
        std::string(shelf.path) + "/" + padded(static_cast<std::size_t>(shown), 3);
    const auto name = tree.find_leaf(node + "/name"), has_data = tree.find_leaf(node + "/hasdata");
    return name && has_data ? std::optional(Place{*name, *has_data}) : std::nullopt;
}

std::int32_t whole(const Argument& argument) {
    if (argument.tag == 's') return leading<std::int32_t>(argument.text);
    return argument.tag == 'f' ? static_cast<std::int32_t>(std::clamp(argument.real, -1.0f, 1e6f))
                               : argument.whole;
}

std::int32_t number_at(const std::vector<Argument>& arguments, std::size_t i) {
    return i < arguments.size() ? whole(arguments[i]) : -1;
}

std::string_view text_at(const std::vector<Argument>& arguments, std::size_t i) {
    return i < arguments.size() && arguments[i].tag == 's' ? arguments[i].text : std::string_view{};
}

std::string time_of_day() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    std::array<char, 16> out{};
    if (localtime_r(&now, &parts) == nullptr) return {};
    return {out.data(), std::strftime(out.data(), out.size(), "%H:%M:%S", &parts)};
}

}  // namespace

bool Server::act(std::string_view address, const std::vector<OscArg>& arguments) {
    return static_cast<bool>(desk_.act({client_->origin, address, arguments}));
}

// Whether the leaf was no value, and is done with.
bool Server::do_action(LeafId leaf, const Argument& argument) {
    const Tree& tree = surface_.tree();
    if (!tree.nodes()[tree.leaves()[leaf].node].path.starts_with('-')) return false;
    const std::string address = tree.address(leaf);
    const std::int32_t value = whole(argument);
    for (const Deed& deed : kDeeds) {
        if (deed.leaf != address || (deed.value != kAny && deed.value != value)) continue;
        const bool done = act(deed.action, {});
        // A state is as it was if it could not be changed.
        if (!done && client_->is_told(now_)) get(leaf);
        return deed.value == kAny || !done;
    }
    if (address == "/-action/goscene" || address == "/-snap/load") return recall_scene(value), true;
    if (address == "/-snap/save") {
        const auto name = tree.find_leaf("-snap/name");
        return save_scene(value, surface_.store().text(*name), {}, [](bool) {}), true;
    }
    if (address == "/-snap/delete") return delete_scene(value, [](bool) {}), true;
    return address.starts_with("/-action/");
}

// The desk waits for the disk before it recalls: what had another name a moment ago has its new one
// by then.
bool Server::recall_scene(std::int32_t number) {
    const auto recall = [&] {
        const std::string name = scene_name(number);
        return !name.empty() && act("/scene/recall", {OscArg::text(name)});
    };
    bool done = recall();
    if (!done && scenes_have_changed()) {
        read_scenes();
        done = recall();
    }
    if (done) set_current(number);
    return done;
}

void Server::save_scene(std::int32_t number, std::string_view title, std::string_view note,
                        Then then) {
    if (number < 0 || number >= SceneBook::kMost) return then(false);
    const std::string name = SceneBook::name_of(number, title);
    const Origin by = client_->origin;
    const auto keep = [this, by, number, name, note = std::string(note), then](bool done) {
        if (done) {
            keep_page(by, number, name, note);
            set_current(number);
        }
        then(done);
    };
    send_errand({by, "/scene/save", number, name, keep}, {OscArg::text(name)});
}

// Over what is there, as on a desk.
void Server::copy_scene(std::int32_t from, std::int32_t to, Then then) {
    const std::string source = scene_name(from);
    if (source.empty() || to < 0 || to >= SceneBook::kMost || to == from) return then(false);
    const std::string name = SceneBook::name_of(to, SceneBook::page_of(source).title);
    const auto notes = notes_of(from);
    const std::string note = notes ? surface_.store().text(*notes) : std::string{};
    const Origin by = client_->origin;
    const auto keep = [this, by, to, name, note, then](bool done) {
        if (done) keep_page(by, to, name, note);
        then(done);
    };
    send_errand({by, "/scene/copy", to, name, keep}, {OscArg::text(source), OscArg::text(name)});
}

void Server::rename_scene(std::int32_t number, std::string_view title, Then then) {
    const std::string before = scene_name(number);
    if (before.empty()) return then(false);
    const std::string name = SceneBook::name_of(number, title);
    if (name == before) return then(true);
    const auto keep = [this, number, name, then](bool done) {
        if (done) {
            scenes_.set(number, name);
            show_scene(number);
        }
        then(done);
    };
    send_errand({client_->origin, "/scene/rename", number, name, keep},
                {OscArg::text(before), OscArg::text(name)});
}

void Server::delete_scene(std::int32_t number, Then then) {
    const std::string name = scene_name(number);
    if (name.empty()) return then(false);
    send_errand({client_->origin, "/scene/delete", number, {}, std::move(then)},
                {OscArg::text(name)});
}

// Our scene of this name is there and has this number from now on. The one that had it goes, unless
// it is about to be made again.
void Server::keep_page(Origin by, std::int32_t number, const std::string& name,
                       std::string_view note) {
    const SceneBook::Page* page = scenes_.find(number);
    const std::string before = page != nullptr ? page->name : name;
    scenes_.set(number, name);
    show_scene(number);
    if (const auto notes = notes_of(number)) surface_.tell(*notes, note);
    const bool is_wanted =
        before == name || std::any_of(errands_.begin(), errands_.end(),
                                      [&](const Errand& one) { return one.name == before; });
    if (!is_wanted)
        send_errand({by, "/scene/delete", kNoScene, {}, [](bool) {}}, {OscArg::text(before)});
}

// Of our scene of this number, once the disk has done what it was asked for; empty if there is
// none.
std::string Server::scene_name(std::int32_t number) const {
    const auto last = std::find_if(errands_.rbegin(), errands_.rend(),
                                   [&](const Errand& one) { return one.number == number; });
    if (last != errands_.rend()) return last->name;
    const SceneBook::Page* page = scenes_.find(number);
    return page != nullptr ? page->name : std::string{};
}

void Server::send_errand(Errand errand, const std::vector<OscArg>& arguments) {
    if (errands_.size() >= kMostErrands || !desk_.act({errand.origin, errand.address, arguments}))
        return errand.then(false);
    errands_.push_back(std::move(errand));
}

// What could not be done has shown that things are not as they were thought to be.
bool Server::answer(Origin to, std::string_view address, const base::Result<Answer>& answer) {
    const auto found = std::find_if(errands_.begin(), errands_.end(), [&](const Errand& one) {
        return one.origin == to && one.address == address;
    });
    if (found == errands_.end()) return false;
    const Then then = std::move(found->then);
    errands_.erase(found);
    read_scenes();
    then(static_cast<bool>(answer));
    return true;
}

std::optional<LeafId> Server::notes_of(std::int32_t scene) const {
    return surface_.tree().find_leaf("-show/showfile/scene/" +
                                     padded(static_cast<std::size_t>(scene), 3) + "/notes");
}

void Server::change_scene(std::string_view command, const Arguments& arguments, Then then) {
    const std::int32_t number = number_at(arguments, 1);
    if (command == "/load") return then(recall_scene(number));
    if (command == "/save")
        return save_scene(number, text_at(arguments, 2), text_at(arguments, 3), std::move(then));
    if (command == "/delete") return delete_scene(number, std::move(then));
    if (command == "/rename") return rename_scene(number, text_at(arguments, 2), std::move(then));
    if (command == "/copy") return copy_scene(number, number_at(arguments, 2), std::move(then));
    then(false);
}

// A scene is there, or is not any more, once the disk has said so.
void Server::change_library(const Message& message) {
    const std::string what(text_at(message.arguments, 0));
    if (what.empty()) return;
    const auto tell = [this, what, command = std::string(message.address),
                       to = client_->address](bool done) {
        Writer out(command, "si");
        out.add(what).add(std::int32_t{done ? 1 : 0});
        send(to, out.packet(), Urgency::reply);
    };
    if (what == "scene") return change_scene(message.address, message.arguments, tell);
    tell(change_shelf(message.address, what, message.arguments));
}

// Presets of channels and effects hold what they say; of all others the name is kept.
bool Server::change_shelf(std::string_view command, std::string_view what,
                          const Arguments& arguments) {
    const auto shelf = std::find_if(kShelves.begin(), kShelves.end(),
                                    [&](const Shelf& one) { return one.command == what; });
    const std::int32_t number = number_at(arguments, 1);
    if (shelf == kShelves.end()) return false;
    const auto place = place_on(surface_.tree(), *shelf, number);
    if (!place) return false;
    const std::string key(what);
    if (command == "/load") {
        const auto scope = arguments.size() > 3
                               ? static_cast<std::uint32_t>(number_at(arguments, 3))
                               : kWholeScope;
        const std::string path = preset_path(what, number_at(arguments, 2));
        return !path.empty() &&
               library_.load(key, number, path, scope, [&](const std::string& l) { set_line(l); });
    }
    if (desk_.access().of(rights_of(client_->origin)).everything == false) return false;
    if (command == "/save") {
        const std::string path = preset_path(what, number_at(arguments, 3));
        if (!path.empty()) library_.save(key, number, surface_.store(), path);
    } else if (command == "/delete") {
        library_.remove(key, number);
    } else if (command == "/copy") {
        const std::int32_t to = number_at(arguments, 2);
        const auto target = place_on(surface_.tree(), *shelf, to);
        if (!target || surface_.store().step(place->has_data) == 0) return false;
        library_.copy(key, number, to);
        surface_.tell(target->name, surface_.store().text(place->name));
        surface_.tell(target->has_data, 1);
        return true;
    } else if (command != "/rename") {
        return false;
    }
    surface_.tell(place->name, command == "/delete" ? std::string_view{} : text_at(arguments, 2));
    surface_.tell(place->has_data, command == "/delete" ? 0 : 1);
    return true;
}

// Where a preset comes from or goes to; empty if there is no such place.
std::string Server::preset_path(std::string_view what, std::int32_t place) const {
    if (place < 0) return {};
    auto n = static_cast<std::size_t>(place);
    if (what == "libfx") return n < 8 ? "fx/" + std::to_string(n + 1) : std::string{};
    if (what != "libchan") return {};
    for (const StripRow& row : surface_.dialect().strips) {
        if (n < count_of(row.path)) return nth_path(row.path, n);
        n -= count_of(row.path);
    }
    return {};
}

void Server::dump_show(const Message&) {
    look_for_scenes();
    const Tree& tree = surface_.tree();
    if (const auto show = tree.find_node("-show/showfile/show")) {
        std::string line = node_text(*show);
        line.insert(line.size() - 1, " \"" + config_.firmware + "\"");
        reply_text("node", std::array{line});
    }
    for (const std::string_view kind : {"cue", "scene", "snippet"})
        for (std::int32_t n = 0; n < SceneBook::kMost; ++n) {
            const std::string path = "-show/showfile/" + std::string(kind) + "/" +
                                     padded(static_cast<std::size_t>(n), 3);
            const auto has_data = tree.find_leaf(path + "/hasdata");
            if (has_data && seen(*has_data).step(*has_data) != 0)
                reply_text("node", std::array{node_text(*tree.find_node(path))});
        }
}

bool Server::scenes_have_changed() const {
    return hooks_.scene_changes && hooks_.scene_changes() != scene_changes_;
}

// Files that somebody has put there beside the desk: at most once a second, it asks the disk.
void Server::look_for_scenes() {
    if (scenes_read_ == 0 || now_ - scenes_read_ >= kSecond) read_scenes();
}

void Server::read_scenes() {
    if (!hooks_.scenes) return;
    scenes_read_ = now_;
    if (hooks_.scene_changes) scene_changes_ = hooks_.scene_changes();
    for (const std::int32_t number : scenes_.read(hooks_.scenes())) show_scene(number);
}

void Server::show_scene(std::int32_t number) {
    const SceneBook::Page* page = scenes_.find(number);
    const std::string_view title = page != nullptr ? page->title : std::string_view{};
    const std::string path =
        is_air() ? "-snap/" + padded(static_cast<std::size_t>(number), 2)
                 : "-show/showfile/scene/" + padded(static_cast<std::size_t>(number), 3);
    if (const auto name = surface_.tree().find_leaf(path + "/name")) surface_.tell(*name, title);
    if (const auto has_data = surface_.tree().find_leaf(path + "/hasdata"))
        surface_.tell(*has_data, page != nullptr ? 1 : 0);
}

void Server::set_current(std::int32_t number) {
    const Tree& tree = surface_.tree();
    for (const std::string_view leaf : {"-show/prepos/current", "-snap/index"})
        if (const auto current = tree.find_leaf(leaf)) surface_.tell(*current, number);
    if (const auto name = tree.find_leaf("-snap/name"); name && scenes_.find(number) != nullptr)
        surface_.tell(*name, scenes_.find(number)->title);
    if (const auto undo = tree.find_leaf("-undo/time")) surface_.tell(*undo, time_of_day());
}

}  // namespace mixrig::control::x32
