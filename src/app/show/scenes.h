// The scenes of a desk: files of a folder, by name.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/errands.h"
#include "src/base/result.h"
#include "src/session/scene.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace mixrig::app {

// [control] Files are written, moved and listed by a thread of its own, in the order of the calls;
// `done` is called in collect(). Reading is done at once: what comes behind a recall must find it
// recalled.
class Scenes {
public:
    using Done = std::function<void(const Errands::Outcome&)>;

    // `layout` must outlive it. `wake` is called by the other thread when something is done.
    Scenes(std::filesystem::path folder, const param::Layout& layout, std::function<void()> wake);

    // A name is up to 64 letters, digits, blanks and - _ . and does not begin with a dot: nothing
    // that could lead out of the folder. The file that was there stays as NAME.scene.bak.
    base::Status save(std::string_view name, session::Scene scene, Done done);
    // What this desk has no place for is left out and named. What was saved is found at once.
    base::Result<std::shared_ptr<const session::FittingScene>> load(std::string_view name);

    void list(Done done);  // sorted
    base::Status rename(std::string_view from, std::string_view to, Done done);
    // What was there stays as TO.scene.bak, as when it is saved.
    base::Status copy(std::string_view from, std::string_view to, Done done);
    // To the folder `trash`; the outcome is the name it has there.
    base::Status remove(std::string_view name, Done done);

    void collect() { errands_.collect(); }
    // How often one was saved, renamed, copied or deleted, as far as the disk has done it.
    std::uint64_t changes() const { return changes_.load(std::memory_order_acquire); }
    const std::filesystem::path& folder() const { return folder_; }

private:
    // Tells one version of a file from another.
    struct Stamp {
        std::filesystem::file_time_type time = {};
        std::uintmax_t size = 0;
        bool operator==(const Stamp&) const = default;
    };
    struct Known {
        std::shared_ptr<const session::FittingScene> scene;
        std::shared_ptr<Stamp> stamp;  // of the file with this content
        std::size_t saving = 0;        // not on the disk yet
        std::uint64_t used = 0;
    };
    static Stamp stamp_of(const std::filesystem::path& path);
    void remember(const std::string& name, Known known);
    // Work that changes the folder.
    void change(std::function<Errands::Outcome()> work, Done done);

    std::filesystem::path folder_;
    const param::Layout& layout_;
    std::map<std::string, Known, std::less<>> known_;  // the newest few
    std::uint64_t uses_ = 0;
    std::atomic<std::uint64_t> changes_{0};
    Errands errands_;  // last: it ends before what it uses
};

}  // namespace mixrig::app
