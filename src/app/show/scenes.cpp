// The scenes of a desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/show/scenes.h"

#include "src/session/atomic_file.h"
#include "src/session/text_file.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace mixrig::app {

namespace {

namespace fs = std::filesystem;
using base::Error;

constexpr std::size_t kMostKnown = 16;
constexpr std::chrono::milliseconds kDiskPatience{
    1000};  // with a disk, before a recall is given up
constexpr std::string_view kSuffix = ".scene";

fs::path file_in(const fs::path& folder, std::string_view name) {
    return folder / (std::string(name) + std::string(kSuffix));
}

Error missing(std::string_view name) {
    return {"there is no scene of this name", std::string(name), "/scene/save makes one"};
}

Error failed(const std::string& what, const std::error_code& why) {
    return {what + ": " + why.message()};
}

Errands::Outcome list_of(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    if (!fs::exists(folder, error)) return names;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == kSuffix) names.push_back(entry.path().stem().string());
    if (error) return failed("cannot list the scenes", error);
    std::sort(names.begin(), names.end());
    return names;
}

Errands::Outcome rename_in(const fs::path& folder, const std::string& from, const std::string& to) {
    std::error_code error;
    if (!fs::exists(file_in(folder, from), error)) return missing(from);
    if (fs::exists(file_in(folder, to), error))
        return Error{"there is a scene of this name already", to, "delete it first"};
    fs::rename(file_in(folder, from), file_in(folder, to), error);
    if (error) return failed("cannot rename it", error);
    return std::vector{from, to};
}

Errands::Outcome copy_in(const fs::path& folder, const std::string& from, const std::string& to) {
    std::error_code error;
    if (!fs::exists(file_in(folder, from), error)) return missing(from);
    const auto text = session::read_text(file_in(folder, from));
    if (!text) return text.error();
    const auto status =
        session::save_atomically(file_in(folder, to), *text, session::Keep::previous);
    if (!status) return status.error();
    return std::vector{from, to};
}

// A name in the trash that nothing has yet.
Errands::Outcome trash_in(const fs::path& folder, const std::string& name) {
    std::error_code error;
    if (!fs::exists(file_in(folder, name), error)) return missing(name);
    const fs::path trash = folder / "trash";
    fs::create_directories(trash, error);
    std::string there = name;
    for (int n = 2; fs::exists(file_in(trash, there), error); ++n)
        there = name + " " + std::to_string(n);
    fs::rename(file_in(folder, name), file_in(trash, there), error);
    if (error) return failed("cannot move it to the trash", error);
    return std::vector{name, there};
}

}  // namespace

Scenes::Scenes(fs::path folder, const param::Layout& layout, std::function<void()> wake)
    : folder_(std::move(folder)), layout_(layout), errands_(std::move(wake)) {}

Scenes::Stamp Scenes::stamp_of(const fs::path& path) {
    std::error_code ignored;
    return {fs::last_write_time(path, ignored), fs::file_size(path, ignored)};
}

void Scenes::remember(const std::string& name, Known known) {
    known.used = ++uses_;
    known_.insert_or_assign(name, std::move(known));
    while (known_.size() > kMostKnown) {
        const auto oldest =
            std::min_element(known_.begin(), known_.end(), [](const auto& a, const auto& b) {
                return std::pair(a.second.saving, a.second.used) <
                       std::pair(b.second.saving, b.second.used);
            });
        if (oldest->second.saving > 0) return;
        known_.erase(oldest);
    }
}

void Scenes::change(std::function<Errands::Outcome()> work, Done done) {
    errands_.send(
        [this, work = std::move(work)] {
            Errands::Outcome outcome = work();
            if (outcome) changes_.fetch_add(1, std::memory_order_release);
            return outcome;
        },
        std::move(done));
}

base::Status Scenes::save(std::string_view name, session::Scene scene, Done done) {
    if (auto allowed = session::check_name(name); !allowed) return allowed;
    const std::string key(name);
    const auto kept = std::make_shared<const session::FittingScene>(
        session::FittingScene{.scene = std::move(scene), .left_out = {}});
    const auto stamp = std::make_shared<Stamp>();
    const auto before = known_.find(key);
    remember(key, {kept, stamp, 1 + (before == known_.end() ? 0 : before->second.saving), 0});
    const auto write = [path = file_in(folder_, key), kept, stamp,
                        &layout = layout_]() -> Errands::Outcome {
        const auto status = session::save_atomically(
            path, session::write_scene(layout, kept->scene), session::Keep::previous);
        if (!status) return status.error();
        *stamp = stamp_of(path);
        return std::vector<std::string>{};
    };
    const auto told = [this, key, kept, done = std::move(done)](const Errands::Outcome& outcome) {
        if (const auto found = known_.find(key); found != known_.end()) {
            if (found->second.saving > 0) --found->second.saving;
            if (!outcome && found->second.scene == kept) known_.erase(found);
        }
        done(outcome);
    };
    change(write, told);
    return base::Done{};
}

base::Result<std::shared_ptr<const session::FittingScene>> Scenes::load(std::string_view name) {
    if (auto allowed = session::check_name(name); !allowed) return allowed.error();
    const auto found = known_.find(name);
    if (found != known_.end() && found->second.saving > 0) return found->second.scene;
    if (!errands_.wait(kDiskPatience))
        return Error{"the disk does not keep up", std::string(name), "try again"};
    const fs::path path = file_in(folder_, name);
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return missing(name);
    const Stamp stamp = stamp_of(path);
    if (found != known_.end() && *found->second.stamp == stamp) {
        found->second.used = ++uses_;
        return found->second.scene;
    }
    const auto text = session::read_text(path);
    if (!text) return text.error();
    auto parsed = session::parse_what_fits(*text, layout_, path.filename().string());
    if (!parsed) return parsed.error();
    auto scene = std::make_shared<const session::FittingScene>(*std::move(parsed));
    remember(std::string(name), {scene, std::make_shared<Stamp>(stamp), 0, 0});
    return scene;
}

void Scenes::list(Done done) {
    errands_.send([folder = folder_] { return list_of(folder); }, std::move(done));
}

base::Status Scenes::rename(std::string_view from, std::string_view to, Done done) {
    for (const std::string_view name : {from, to})
        if (auto allowed = session::check_name(name); !allowed) return allowed;
    const std::string old_name(from), new_name(to);
    change([folder = folder_, old_name, new_name] { return rename_in(folder, old_name, new_name); },
           std::move(done));
    // Read anew from the disk, when that is done.
    known_.erase(old_name);
    known_.erase(new_name);
    return base::Done{};
}

base::Status Scenes::copy(std::string_view from, std::string_view to, Done done) {
    for (const std::string_view name : {from, to})
        if (auto allowed = session::check_name(name); !allowed) return allowed;
    if (from == to) return Error{"a copy needs another name", std::string(to)};
    const std::string old_name(from), new_name(to);
    change([folder = folder_, old_name, new_name] { return copy_in(folder, old_name, new_name); },
           std::move(done));
    known_.erase(new_name);
    return base::Done{};
}

base::Status Scenes::remove(std::string_view name, Done done) {
    if (auto allowed = session::check_name(name); !allowed) return allowed;
    change([folder = folder_, key = std::string(name)] { return trash_in(folder, key); },
           std::move(done));
    known_.erase(std::string(name));
    return base::Done{};
}

}  // namespace mixrig::app
