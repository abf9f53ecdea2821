// Virtual soundcheck: loading, and switching.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/soundcheck.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace mixrig::app {

using param::Kind;

namespace {

// "01-Kick.wav" is of channel 1; 0 for what is no channel's.
std::size_t channel_of(const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    std::size_t number = 0, digits = 0;
    for (; digits < name.size() && digits < 5 && name[digits] >= '0' && name[digits] <= '9';
         ++digits)
        number = number * 10 + static_cast<std::size_t>(name[digits] - '0');
    const bool ends = digits < name.size() && (name[digits] == '-' || name[digits] == '.');
    return ends && file.extension() == ".wav" ? number : 0;
}

std::vector<std::filesystem::path> entries(const std::filesystem::path& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
        out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

bool has_channels(const std::filesystem::path& recording) {
    const auto files = entries(recording);
    return std::any_of(files.begin(), files.end(),
                       [](const auto& file) { return channel_of(file) != 0; });
}

}  // namespace

Soundcheck::Soundcheck(std::filesystem::path folder, control::Desk& desk, monitor::Log& log)
    : folder_(std::move(folder)), desk_(desk), log_(log), geometry_(desk.layout().shape()) {}

Soundcheck::~Soundcheck() = default;

void Soundcheck::use(dsp::Hertz rate) {
    opening_ = {};  // waits for it
    rate_ = rate;
    offered_.store(nullptr);
    used_.store(nullptr);  // audio is held
    next_.reset();
    now_.reset();
    old_.clear();
    ++loads_;
    was_on_ = false;
    changed_ = is_any_on();  // it is loaded anew
    tell_folder({});
}

float Soundcheck::number(std::string_view address) const {
    const auto slot = desk_.layout().find(address);
    return slot ? desk_.values().number(*slot) : 0.0f;
}

void Soundcheck::tell_folder(const std::string& name) {
    if (const auto slot = desk_.layout().find("/soundcheck/folder"))
        (void)desk_.set(*slot, {.text = name}, control::kDeskItself);
}

bool Soundcheck::is_on(std::size_t channel) const {
    return number("/soundcheck") != 0.0f ||
           desk_.values().number(
               desk_.layout().slot(Kind::ch, channel, param::row("soundcheck"))) != 0.0f;
}

bool Soundcheck::is_any_on() const {
    for (std::size_t c = 0; c < desk_.layout().shape().count(Kind::ch); ++c)
        if (is_on(c)) return true;
    return false;
}

// The newest recording unless one is named.
base::Result<std::string> Soundcheck::find(const std::string& name) const {
    if (!name.empty()) {
        if (name.find('/') == std::string::npos && has_channels(folder_ / name)) return name;
        return base::Error{"there is no such recording of channels", name,
                           "in " + folder_.string()};
    }
    auto all = entries(folder_);
    const auto newest =
        std::find_if(all.rbegin(), all.rend(), [](const auto& one) { return has_channels(one); });
    if (newest == all.rend())
        return base::Error{"there is no recording of channels yet", folder_.string(),
                           "/record/start makes one"};
    return newest->filename().string();
}

base::Result<std::vector<control::OscArg>> Soundcheck::act(std::span<const control::OscArg> args) {
    const auto name = find(args.empty() ? std::string{} : args[0].as_text());
    if (!name) return name.error();
    if (auto status = load(*name); !status) return status.error();
    return std::vector{control::OscArg::text(*name)};
}

// Dozens of files may take a while; nobody waits for them.
base::Status Soundcheck::load(const std::string& name) {
    if (opening_.valid()) return base::Error{"another recording is being loaded"};
    opening_name_ = name;
    opening_ = std::async(std::launch::async,
                          [this, recording = folder_ / name] { return open(recording); });
    return base::Done{};
}

// [a thread of its own] Everything that it looks at stays as it is meanwhile.
Soundcheck::Opened Soundcheck::open(const std::filesystem::path& recording) const {
    std::vector<disk::PlaybackTrack> tracks;
    std::vector<int> lane_of_input(geometry_.inputs, -1);
    int lane = 0;
    for (const auto& file : entries(recording)) {
        const std::size_t channel = channel_of(file);
        if (channel == 0 || channel > desk_.layout().shape().count(Kind::ch)) continue;
        const engine::StripPlace& place = geometry_.strips[geometry_.strip(Kind::ch, channel - 1)];
        if (lane_of_input[place.input] >= 0) continue;  // two files of one channel: the first
        tracks.push_back({file, place.lanes()});
        for (std::size_t side = 0; side < place.lanes(); ++side)
            lane_of_input[place.input + side] = lane++;
    }
    auto playback = disk::Playback::open(tracks, rate_);
    if (!playback) return playback.error();
    return std::make_unique<SoundcheckFeed>(*std::move(playback), std::move(lane_of_input), rate_);
}

void Soundcheck::turn() {
    take_opened();
    free_old();
    if (next_) swap();
    if (std::exchange(changed_, false)) update_wanted();
}

void Soundcheck::take_opened() {
    if (!opening_.valid() ||
        opening_.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
        return;
    Opened opened = opening_.get();
    if (!opened) return switch_off(opened.error());
    next_ = *std::move(opened);
    log_.info("soundcheck", "has loaded " + (folder_ / opening_name_).string());
    tell_folder(opening_name_);
    changed_ = true;
}

// What plays fades out before something else does.
void Soundcheck::swap() {
    if (now_) {
        for (std::size_t i = 0; i < geometry_.inputs; ++i) now_->want(i, false);
        if (!now_->is_dry()) return;
        old_.push_back(std::move(now_));
    }
    now_ = std::move(next_);
    offered_.store(now_.get());
    ++loads_;
    was_on_ = false;
    changed_ = true;
}

// The audio thread has told that it works with another one by now.
void Soundcheck::free_old() {
    std::erase_if(old_, [this](const auto& feed) { return used_.load() != feed.get(); });
}

void Soundcheck::update_wanted() {
    const bool on = is_any_on();
    if (next_) return;  // once it is there
    if (!now_) {
        if (!on || opening_.valid()) return;
        const auto newest = find({});
        if (!newest) return switch_off(newest.error());
        if (auto status = load(*newest); !status) switch_off(status.error());
        return;
    }
    if (on != std::exchange(was_on_, on)) wish_ = on ? Wish::play : Wish::stop;
    for (std::size_t c = 0; c < desk_.layout().shape().count(Kind::ch); ++c) {
        const engine::StripPlace& place = geometry_.strips[geometry_.strip(Kind::ch, c)];
        for (std::size_t side = 0; side < place.lanes(); ++side)
            now_->want(place.input + side, is_on(c));
    }
}

void Soundcheck::cue(std::uint64_t song, base::Loop loop) {
    if (now_) now_->playback().seek(song, loop);
}

void Soundcheck::set_loop(base::Loop loop) {
    if (now_) now_->playback().set_loop(loop);
}

void Soundcheck::play_from(std::uint64_t frame) {
    if (now_) now_->play_from(frame);
}

void Soundcheck::play_until(std::uint64_t frame) {
    if (now_) now_->play_until(frame);
}

void Soundcheck::switch_off(const base::Error& why) {
    log_.error("soundcheck", why.text());
    const control::OpenBatch batch(desk_);
    if (const auto all = desk_.layout().find("/soundcheck"))
        (void)desk_.set(*all, {}, control::kDeskItself);
    for (std::size_t c = 0; c < desk_.layout().shape().count(Kind::ch); ++c)
        (void)desk_.set(desk_.layout().slot(Kind::ch, c, param::row("soundcheck")), {},
                        control::kDeskItself);
}

}  // namespace mixrig::app
