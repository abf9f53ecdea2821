// Automation: what is kept, saved and loaded.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/automation.h"
#include "src/base/clock.h"
#include "src/session/atomic_file.h"
#include "src/session/scene.h"
#include "src/session/text_file.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace mixrig::app {

using base::Error;
using control::Answer;
using control::OscArg;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kSuffix = ".auto";
constexpr std::int64_t kSaveEvery = 500'000'000;  // ns
constexpr std::size_t kMostTold = 10;             // of lines that were left out

Errands::Outcome names_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    if (!fs::exists(folder, error)) return names;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == kSuffix) names.push_back(entry.path().stem().string());
    if (error) return Error{"cannot list them: " + error.message(), folder.string()};
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

// All of it as a file says it, what hands write just now included; to be put in words by a thread
// that has the time.
std::function<std::string()> Automation::text() const {
    return
        [this, lanes = writer_.so_far(song_at_horizon()), markers = markers_.all(), rate = rate_] {
            session::Automation all = session::automation_of(lanes);
            all.markers = markers;
            return session::write_automation(all, layout_, rate);
        };
}

void Automation::use_all(const session::Automation& automation) {
    lanes_ = session::lanes_of(automation, desk_.values());
    markers_.use(automation.markers);
    edited_ = false;
    feed_lanes({});
}

base::Status Automation::load(const fs::path& file) {
    const auto loaded = session::load_automation(file, layout_, rate_);
    if (!loaded) return loaded.error();
    use_all(*loaded);
    return base::Done{};
}

void Automation::keep_in(const fs::path& file) {
    kept_ = file;
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return;
    const auto text = session::read_text(file);
    const auto loaded =
        text ? session::parse_automation_that_fits(*text, layout_, rate_, file.string())
             : base::Result<session::FittingAutomation>(text.error());
    if (loaded && loaded->left_out.empty()) return use_all(loaded->automation);
    // What does not fit now may fit another day.
    const fs::path aside = file.string() + ".left-out";
    fs::copy_file(file, aside, fs::copy_options::overwrite_existing, ignored);
    if (!loaded) return log_.error("automation", loaded.error().text() + "; see " + aside.string());
    use_all(loaded->automation);
    for (std::size_t i = 0; i < std::min(loaded->left_out.size(), kMostTold); ++i)
        log_.warning("automation", "left out: " + loaded->left_out[i]);
    log_.warning("automation", std::to_string(loaded->left_out.size()) +
                                   " lines are left out; all of it is in " + aside.string());
}

void Automation::save_if_changed(std::int64_t now) {
    // A large one on a slow disk has a tenth of the time.
    const std::int64_t pause = std::max(kSaveEvery, 10 * save_took_);
    const bool is_last = now == INT64_MAX;
    if (kept_.empty() || !dirty_ || (!is_last && (saving_since_ != 0 || now - saved_ < pause)))
        return;
    saving_since_ = base::monotonic_ns();
    dirty_ = !writer_.is_idle();  // a pass goes on
    errands_.send(
        [path = kept_, text = text()]() -> Errands::Outcome {
            if (auto status = session::save_atomically(path, text(), session::Keep::previous);
                !status)
                return status.error();
            return std::vector<std::string>{};
        },
        [this](const Errands::Outcome& outcome) {
            saved_ = base::monotonic_ns();
            save_took_ = saved_ - std::exchange(saving_since_, 0);
            if (outcome) return;
            dirty_ = true;  // again, until the disk takes it
            log_.error("automation", outcome.error().text());
        });
}

void Automation::tell_name(const std::string& name) {
    (void)desk_.set(layout_.slot(param::Kind::desk, 0, param::row("/automation/name")),
                    {.text = name}, control::kDeskItself);
}

Automation::Answered Automation::files(const Call& call) {
    errands_.send([folder = folder_] { return names_in(folder); },
                  [this, from = call.from](const Errands::Outcome& names) {
                      if (!names) return hooks_.answer(from, "/automation/files", names.error());
                      std::vector<OscArg> args;
                      for (const std::string& name : *names) args.push_back(OscArg::text(name));
                      hooks_.answer(from, "/automation/files", Answer{.args = std::move(args)});
                  });
    return Answer{};
}

Automation::Answered Automation::save(const Call& call) {
    const std::string& name = call.args[0].as_text();
    if (auto allowed = session::check_name(name); !allowed) return allowed.error();
    errands_.send(
        [path = folder_ / (name + std::string(kSuffix)), text = text()]() -> Errands::Outcome {
            if (auto status = session::save_atomically(path, text(), session::Keep::previous);
                !status)
                return status.error();
            return std::vector<std::string>{};
        },
        [this, name, from = call.from](const Errands::Outcome& outcome) {
            if (!outcome) return hooks_.answer(from, "/automation/save", outcome.error());
            tell_name(name);
            log_.info("automation", "saved `" + name + "`");
            hooks_.answer(from, "/automation/save",
                          Answer{.args = std::vector{OscArg::text(name)}});
        });
    return Answer{};
}

// A large one takes seconds to read: nobody waits for it.
Automation::Answered Automation::load(const Call& call) {
    const std::string& name = call.args[0].as_text();
    if (auto allowed = session::check_name(name); !allowed) return allowed.error();
    const fs::path file = folder_ / (name + std::string(kSuffix));
    const auto loaded = std::make_shared<base::Result<session::Automation>>(
        Error{"there is no automation of the name `" + name + "`", file.string(),
              "/automation/files tells those that there are"});
    errands_.send(
        [this, file, loaded, rate = rate_]() -> Errands::Outcome {
            std::error_code ignored;
            if (fs::exists(file, ignored)) *loaded = session::load_automation(file, layout_, rate);
            return std::vector<std::string>{};
        },
        [this, name, loaded, rate = rate_, from = call.from](const Errands::Outcome&) {
            if (rate.value != rate_.value)
                *loaded = Error{"the sample rate has changed meanwhile", name, "load it again"};
            take_loaded(from, name, *loaded);
        });
    return Answer{};
}

void Automation::take_loaded(control::Origin from, const std::string& name,
                             const base::Result<session::Automation>& loaded) {
    if (!loaded) return hooks_.answer(from, "/automation/load", loaded.error());
    replace_all(*loaded, "load of automation `" + name + "`");
    tell_name(name);
    std::set<param::Slot> lanes;
    for (const session::Move& move : loaded->moves) lanes.insert(move.setting.slot);
    for (const session::Move& trim : loaded->trims) lanes.insert(trim.setting.slot);
    const std::vector args{OscArg::text(name),
                           OscArg::integer(static_cast<std::int32_t>(lanes.size())),
                           OscArg::integer(static_cast<std::int32_t>(loaded->markers.size()))};
    hooks_.answer(from, "/automation/load", Answer{.args = args});
}

}  // namespace mixrig::app
