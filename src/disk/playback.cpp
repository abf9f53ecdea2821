// Tracks from the disk in time with the audio.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/playback.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

namespace mixrig::disk {
namespace {

constexpr std::chrono::milliseconds kTurn{20};
constexpr double kSeamSeconds = 0.005;
constexpr std::size_t kReadyShare = 4;  // of all blocks: enough to begin with

// Epoch above, frames below; 2^48 frames are 186 years.
constexpr unsigned kFrameBits = 48;
constexpr std::uint64_t kFrames = (std::uint64_t{1} << kFrameBits) - 1;

std::size_t block_count(dsp::Hertz rate) {
    return static_cast<std::size_t>(Playback::kAheadSeconds * rate.value /
                                    static_cast<double>(Playback::kBlock)) +
           kReadyShare;
}

}  // namespace

base::Result<std::unique_ptr<Playback>> Playback::open(const std::vector<PlaybackTrack>& tracks,
                                                       dsp::Hertz rate) {
    std::vector<Track> opened;
    for (const PlaybackTrack& track : tracks) {
        auto reader = SoundFileReader::open(track.file);
        if (!reader) return reader.error();
        const SoundInfo& info = reader->info();
        if (info.rate.value != rate.value)
            return base::Error{"is of " + std::to_string(std::lround(info.rate.value)) +
                                   " Hz, and the desk runs at " +
                                   std::to_string(std::lround(rate.value)) + " Hz",
                               track.file.string()};
        opened.push_back({std::move(*reader), track.lanes});
    }
    return std::unique_ptr<Playback>(new Playback(std::move(opened), rate));
}

Playback::Playback(std::vector<Track> tracks, dsp::Hertz rate)
    : tracks_(std::move(tracks)),
      blocks_(block_count(rate)),
      full_(blocks_.size()),
      empty_(blocks_.size()),
      seam_(static_cast<std::size_t>(kSeamSeconds * rate.value)) {
    std::size_t widest = 1;
    for (const Track& track : tracks_) {
        lanes_ += track.lanes;
        length_ = std::max(length_, track.reader.info().frames);
        widest = std::max(widest, track.reader.info().channels);
    }
    room_.resize(widest * kBlock);
    lead_in_.resize(lanes_ * kBlock);
    start_.resize(lanes_ * kBlock);
    for (Block& block : blocks_) {
        block.samples.resize(lanes_ * kBlock);
        (void)empty_.try_push(&block);
    }
    thread_ = std::thread([this] { loop(); });
}

Playback::~Playback() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Playback::seek(std::uint64_t frame, base::Loop loop) {
    {
        const std::lock_guard lock(mutex_);
        wanted_frame_ = frame;
        wanted_loop_ = loop;
        sought_ = true;
        // What was read before no longer counts: with the acquire in read().
        epoch_.fetch_add(1, std::memory_order_release);
    }
    changed_.notify_one();
}

void Playback::set_loop(base::Loop loop) {
    const std::lock_guard lock(mutex_);
    wanted_loop_ = loop;  // seen at the thread's next turn
}

void Playback::loop() {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, kTurn, [this] { return stop_ || sought_; });
            if (stop_) return;
            loop_ = wanted_loop_;
            if (std::exchange(sought_, false)) begin(wanted_frame_);
        }
        while (fill_one()) {
            if (epoch_.load(std::memory_order_relaxed) != reading_epoch_) break;
        }
    }
}

void Playback::begin(std::uint64_t frame) {
    next_ = 0;
    place_ = frame;
    reading_epoch_ = epoch_.load(std::memory_order_relaxed);
}

// False if all blocks are full.
bool Playback::fill_one() {
    Block* block = nullptr;
    if (!empty_.try_pop(block)) return false;
    // What the audio thread has passed already need not be read.
    const std::uint64_t played = played_.load(std::memory_order_relaxed);
    const bool is_this =
        played >> kFrameBits == (reading_epoch_ & (~std::uint64_t{0} >> kFrameBits));
    if (is_this && (played & kFrames) > next_) {
        place_ = loop_.advance(place_, (played & kFrames) - next_);
        next_ = played & kFrames;
    }
    block->epoch = reading_epoch_;
    block->first = next_;
    for (std::size_t at = 0; at < kBlock;) {
        std::size_t frames = kBlock - at;
        const std::uint64_t end = loop_.is_on() ? loop_.end : 0;
        for (const std::uint64_t stop : {length_, end - std::min<std::uint64_t>(end, seam_), end})
            if (place_ < stop) frames = std::min<std::uint64_t>(frames, stop - place_);
        fill_place(*block, at, frames);
        place_ = loop_.advance(place_, frames);
        at += frames;
    }
    next_ += kBlock;
    (void)full_.try_push(block);  // there is room for all
    if (next_ >= kBlock * (blocks_.size() / kReadyShare))
        ready_epoch_.store(reading_epoch_, std::memory_order_release);  // with is_ready(), read()
    return true;
}

// A part of a block: from one place in the files, or over the seam of the loop.
void Playback::fill_place(Block& block, std::size_t at, std::size_t frames) {
    fill(block.samples.data(), at, place_, frames);
    const bool is_loop = loop_.is_on() && place_ < loop_.end && loop_.end - loop_.begin > 2 * seam_;
    if (!is_loop || place_ + seam_ < loop_.end) return;
    fill_lead_in(loop_.end - place_, frames);
    cross_over(block, at, frames);
}

// What leads to the beginning of the loop, from so many frames before it on.
void Playback::fill_lead_in(std::uint64_t before, std::size_t frames) {
    if (loop_.begin >= before) return fill(lead_in_.data(), 0, loop_.begin - before, frames);
    // x(-n) = 2 x(0) - x(n): value and slope go on.
    const std::size_t first = before - (frames - 1);  // the last frame that is wanted
    fill(lead_in_.data(), 0, loop_.begin + first, frames);
    for (std::size_t lane = 0; lane < lanes_; ++lane)
        std::reverse(lead_in_.data() + lane * kBlock, lead_in_.data() + lane * kBlock + frames);
    fill(start_.data(), 0, loop_.begin, 1);
    for (std::size_t lane = 0; lane < lanes_; ++lane)
        for (std::size_t n = 0; n < frames; ++n)
            lead_in_[lane * kBlock + n] =
                2.0f * start_[lane * kBlock] - lead_in_[lane * kBlock + n];
}

void Playback::cross_over(Block& block, std::size_t at, std::size_t frames) {
    const std::uint64_t gone = place_ - (loop_.end - seam_);
    for (std::size_t n = 0; n < frames; ++n) {
        const float share = static_cast<float>(gone + n + 1) / static_cast<float>(seam_ + 1);
        const float weight = share * share * (3.0f - 2.0f * share);
        for (std::size_t lane = 0; lane < lanes_; ++lane) {
            float& x = block.samples[lane * kBlock + at + n];
            x += weight * (lead_in_[lane * kBlock + n] - x);
        }
    }
}

void Playback::fill(float* lanes, std::size_t at, std::uint64_t file_frame, std::size_t frames) {
    std::size_t lane = 0;
    for (Track& track : tracks_) {
        const std::size_t channels = track.reader.info().channels;
        std::size_t there = 0;
        if (file_frame < track.reader.info().frames) {
            const bool in_place = track.at == file_frame || track.reader.seek(file_frame);
            const std::span room(room_.data(), frames * channels);
            // A file that cannot be read is silent; the others play on.
            if (const auto got = in_place ? track.reader.read(room) : base::Error{}; got)
                there = *got;
            track.at = file_frame + there;
        }
        for (std::size_t side = 0; side < track.lanes; ++side) {
            float* out = lanes + lane++ * kBlock + at;
            const std::size_t channel = std::min(side, channels - 1);
            for (std::size_t i = 0; i < there; ++i) out[i] = room_[i * channels + channel];
            std::fill(out + there, out + frames, 0.0f);
        }
    }
}

void Playback::give_back() MIXRIG_REALTIME {
    (void)empty_.try_push(now_);  // there is room for all
    now_ = nullptr;
}

// The block that holds position_, or the first one behind it.
bool Playback::next_block() MIXRIG_REALTIME {
    for (;;) {
        if (now_ != nullptr && now_->epoch == playing_epoch_ && now_->first + kBlock > position_)
            return true;
        if (now_ != nullptr) give_back();
        if (!full_.try_pop(now_)) {
            now_ = nullptr;
            return false;
        }
    }
}

void Playback::follow_seek() MIXRIG_REALTIME {
    const std::uint64_t epoch = epoch_.load(std::memory_order_acquire);
    if (epoch != std::exchange(playing_epoch_, epoch)) position_ = 0;
}

void Playback::rest() MIXRIG_REALTIME {
    follow_seek();
    (void)next_block();
}

void Playback::skip(std::size_t frames) MIXRIG_REALTIME {
    follow_seek();
    if (ready_epoch_.load(std::memory_order_acquire) == playing_epoch_) position_ += frames;
}

bool Playback::read(float* const* out, std::size_t frames) MIXRIG_REALTIME {
    follow_seek();
    const std::uint64_t epoch = playing_epoch_;
    const bool begins = ready_epoch_.load(std::memory_order_acquire) == epoch;
    if (!begins) (void)next_block();  // gives back what is of the past
    bool whole = begins;
    for (std::size_t done = 0; done < frames;) {
        std::size_t count = frames - done;
        const bool there = begins && next_block();
        const bool now = there && now_->first <= position_;
        if (now)
            count = std::min<std::uint64_t>(count, now_->first + kBlock - position_);
        else if (there)
            count = std::min<std::uint64_t>(count, now_->first - position_);
        for (std::size_t lane = 0; lane < lanes_; ++lane) {
            if (now)
                std::copy_n(now_->samples.data() + lane * kBlock + (position_ - now_->first), count,
                            out[lane] + done);
            else
                std::fill_n(out[lane] + done, count, 0.0f);
        }
        if (begins) position_ += count;
        if (begins && !now) {
            late_.fetch_add(count, std::memory_order_relaxed);
            whole = false;
        }
        done += count;
    }
    played_.store(epoch << kFrameBits | (position_ & kFrames), std::memory_order_relaxed);
    return whole;
}

}  // namespace mixrig::disk
