// A sound card through RtAudio (ALSA or Pulse), open and calling back. The only place that knows
// RtAudio.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/card.h"

#include "src/backend/pulse_server.h"
#include "src/backend/realtime.h"
#include "src/base/clock.h"

#include <RtAudio.h>
#include <algorithm>
#include <alsa/asoundlib.h>
#include <array>
#include <chrono>
#include <cstring>
#include <thread>

#if defined(RTAUDIO_VERSION_MAJOR) && RTAUDIO_VERSION_MAJOR >= 6
#define MIXRIG_RTAUDIO_6 1
#else
#define MIXRIG_RTAUDIO_6 0
#endif

namespace mixrig::backend {

namespace {

constexpr unsigned kPeriods = 3;  // two are enough for PCI cards, USB ones need a third
constexpr int kFirstCallbackMs = 500;
constexpr std::int64_t kAlsaSilenceNs = 1'000'000'000;
constexpr std::int64_t kPulseSilenceNs = 5'000'000'000;  // a sink that wakes up takes two seconds
constexpr std::size_t kLargestBlock = 8192;              // frames handed to the engine at once

// RtAudio 5 reports errors to a function without a context, from any thread, the audio thread of a
// vanished card half a million times in two seconds: the last text is kept, without lock or memory.
class ErrorText {
public:
    void keep(const std::string& text) noexcept {
        if (busy_.test_and_set(std::memory_order_acquire)) return;  // the next one will do
        const std::size_t length = std::min(text.size(), text_.size() - 1);
        std::memcpy(text_.data(), text.data(), length);
        text_[length] = '\0';
        busy_.clear(std::memory_order_release);
    }
    std::string read() {
        while (busy_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
        std::string text = text_.data();
        busy_.clear(std::memory_order_release);
        return text;
    }

private:
    std::atomic_flag busy_ = ATOMIC_FLAG_INIT;
    std::array<char, 256> text_ = {};
};

ErrorText& error_text() {
    static ErrorText text;
    return text;
}

#if MIXRIG_RTAUDIO_6
void keep_error(RtAudioErrorType, const std::string& text) {
    error_text().keep(text);
}
#else
void keep_error(RtAudioError::Type, const std::string& text) {
    error_text().keep(text);
}
#endif

void be_silent(const char*, int, const char*, int, const char*, ...) {}

// ALSA first: Pulse is a mixer above it, with latency of its own.
std::vector<std::string> apis_of(const BackendConfig& config) {
    if (!config.api.empty()) return {config.api};
    return {"alsa", "pulse"};
}

std::unique_ptr<RtAudio> make_rtaudio(const std::string& api) {
    snd_lib_error_set_handler(be_silent);
    const RtAudio::Api which = api == "pulse" ? RtAudio::LINUX_PULSE : RtAudio::LINUX_ALSA;
#if MIXRIG_RTAUDIO_6
    auto audio = std::make_unique<RtAudio>(which, keep_error);
#else
    auto audio = std::make_unique<RtAudio>(which);
#endif
    audio->showWarnings(false);
    return audio;
}

std::vector<CardInfo> list_cards(RtAudio& audio) {
    std::vector<CardInfo> cards;
    if (audio.getCurrentApi() == RtAudio::LINUX_PULSE && !pulse_server_runs()) return cards;
    const auto add = [&](unsigned id) {
        const RtAudio::DeviceInfo device = audio.getDeviceInfo(id);
        cards.push_back({.id = id,
                         .name = device.name,
                         .inputs = device.inputChannels,
                         .outputs = device.outputChannels,
                         .rates = device.sampleRates});
    };
#if MIXRIG_RTAUDIO_6
    for (const unsigned id : audio.getDeviceIds()) add(id);
#else
    const unsigned count = audio.getDeviceCount();
    for (unsigned id = 0; id < count; ++id) add(id);
#endif
    return cards;
}

CardWish wish_for(const BackendConfig& config, const std::string& api) {
    CardWish wish = wish_of(config);
    wish.separate_input = api == "pulse";
    return wish;
}

std::string names_of(const std::vector<CardInfo>& cards) {
    std::string names;
    for (const CardInfo& card : cards) names += (names.empty() ? "'" : ", '") + card.name + "'";
    return names;
}

base::Error nothing_found(const BackendConfig& config, const std::string& api,
                          const std::vector<CardInfo>& cards) {
    if (cards.empty())
        return {.what = api == "pulse" ? "no Pulse server" : "no sound card", .where = api};
    std::string what = config.device.empty()
                           ? std::string("no card has the channels that the desk uses")
                           : "no card is called '" + config.device + "'";
    return {.what = std::move(what), .where = api, .hint = "there is " + names_of(cards)};
}

}  // namespace

struct Card::Driver {
    std::unique_ptr<RtAudio> audio;

    static int callback(void* out, void* in, unsigned frames, double, RtAudioStreamStatus status,
                        void* card) MIXRIG_REALTIME {
        Card& self = *static_cast<Card*>(card);
        if (status != 0 && !self.abandoned_.load(std::memory_order_seq_cst)) self.side_->xrun();
        return self.process(static_cast<float*>(out), static_cast<const float*>(in), frames);
    }

    // Version 5 throws, version 6 returns.
    base::Status open(RtAudio::StreamParameters* out, RtAudio::StreamParameters* in, unsigned rate,
                      unsigned& frames, RtAudio::StreamOptions& options, Card* card) {
#if MIXRIG_RTAUDIO_6
        if (audio->openStream(out, in, RTAUDIO_FLOAT32, rate, &frames, callback, card, &options) !=
                RTAUDIO_NO_ERROR ||
            audio->startStream() != RTAUDIO_NO_ERROR)
            return base::Error{.what = audio->getErrorText()};
#else
        try {
            audio->openStream(out, in, RTAUDIO_FLOAT32, rate, &frames, callback, card, &options,
                              keep_error);
            audio->startStream();
        } catch (const RtAudioError& error) {
            return base::Error{.what = error.getMessage()};
        }
#endif
        if (!audio->isStreamRunning()) return base::Error{.what = error_text().read()};
        return base::Done{};
    }
};

bool card_exists(const BackendConfig& config) {
    for (const std::string& api : apis_of(config)) {
        const std::unique_ptr<RtAudio> audio = make_rtaudio(api);
        if (choose_card(list_cards(*audio), wish_for(config, api))) return true;
    }
    return false;
}

Card::Card(std::shared_ptr<AudioSide> side)
    : side_(std::move(side)), driver_(std::make_unique<Driver>()) {}

base::Result<std::unique_ptr<Card>> Card::open(const BackendConfig& config,
                                               std::shared_ptr<AudioSide> side) {
    base::Error error;
    for (const std::string& api : apis_of(config)) {
        std::unique_ptr<Card> card(new Card(side));
        const base::Status opened = card->open_on(config, api);
        if (opened) return card;
        error = error.what.empty() ? opened.error()
                                   : base::Error{error.text() + "; " + opened.error().text()};
    }
    return error;
}

base::Status Card::open_on(const BackendConfig& config, const std::string& api) {
    error_text().keep("");
    driver_->audio = make_rtaudio(api);
    RtAudio& audio = *driver_->audio;
    const std::vector<CardInfo> cards = list_cards(audio);
    const CardWish wish = wish_for(config, api);
    const std::optional<CardChoice> choice = choose_card(cards, wish);
    if (!choice) return nothing_found(config, api, cards);

    RtAudio::StreamParameters out;
    RtAudio::StreamParameters in;
    if (choice->output) {
        out.deviceId = choice->output->id;
        out.nChannels = std::min(wish.outputs, choice->output->outputs);
    }
    if (choice->input) {
        in.deviceId = choice->input->id;
        in.nChannels = std::min(wish.inputs, choice->input->inputs);
    }
    const CardInfo& main = choice->output ? *choice->output : *choice->input;
    const unsigned rate = choose_rate(main, config.rate);
    auto frames = static_cast<unsigned>(config.block);
    RtAudio::StreamOptions options;
    options.flags = RTAUDIO_NONINTERLEAVED;  // realtime is asked for below, which prints nothing
    options.numberOfBuffers = kPeriods;
    options.streamName = config.client_name;

    longest_silence_ns_ = api == "pulse" ? kPulseSilenceNs : kAlsaSilenceNs;
    map_channels(config.ports, in.nChannels, out.nChannels);
    side_->set_device_rate(rate);
    guard_.begin(rate, base::monotonic_ns());
    base::Status done = driver_->open(choice->output ? &out : nullptr,
                                      choice->input ? &in : nullptr, rate, frames, options, this);
    if (!done) return base::Error{.what = done.error().what, .where = api + " '" + main.name + "'"};

    info_ = {.rate = rate,
             .block = frames,
             .backend = "rtaudio",
             .device = api + " '" + main.name + "'",
             .realtime = "scheduling unknown: the card has not called yet",
             .output_latency = static_cast<std::size_t>(std::max(0L, audio.getStreamLatency()))};
    if (side_->wait_for_callback(kFirstCallbackMs))
        info_.realtime = ask_realtime(*side_->thread(), config.priority).text;
    if (in.nChannels < wish.inputs || out.nChannels < wish.outputs)
        note_ = info_.device + " gives " + std::to_string(in.nChannels) + " of " +
                std::to_string(wish.inputs) + " inputs, " + std::to_string(out.nChannels) + " of " +
                std::to_string(wish.outputs) + " outputs";
    return base::Done{};
}

void Card::map_channels(const Ports& ports, std::size_t card_inputs, std::size_t card_outputs) {
    const auto map = [](const std::vector<Port>& from, std::size_t channels) {
        std::vector<std::size_t> result;
        for (const Port& port : from) {
            const std::size_t channel = port.device_channel;
            result.push_back(channel == 0 || channel > channels ? kNone : channel - 1);
        }
        return result;
    };
    input_channel_ = map(ports.inputs, card_inputs);
    output_channel_ = map(ports.outputs, card_outputs);
    card_outputs_ = card_outputs;
    in_.resize(ports.inputs.size());
    out_.resize(ports.outputs.size());
    silence_.assign(kLargestBlock, 0.0f);
    nowhere_.assign(kLargestBlock, 0.0f);
}

Card::~Card() {
    if (driver_->audio && driver_->audio->isStreamOpen()) driver_->audio->closeStream();
}

std::string Card::last_error() const {
    return error_text().read();
}

void Card::abandon() {
    abandoned_.store(true, std::memory_order_seq_cst);
    // A block takes milliseconds; if it never ends, the engine has hung, not we.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    while (inside_.load(std::memory_order_seq_cst) && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

// 2 asks RtAudio to stop calling.
int Card::process(float* card_out, const float* card_in, std::size_t frames) MIXRIG_REALTIME {
    if (card_out != nullptr) std::fill_n(card_out, card_outputs_ * frames, 0.0f);
    if (stormed_.load(std::memory_order_relaxed)) return 2;
    if (guard_.is_storm(frames, base::monotonic_ns())) {
        stormed_.store(true, std::memory_order_release);  // partner: stormed()
        return 2;
    }
    inside_.store(true, std::memory_order_seq_cst);  // before the question: partner is abandon()
    if (!abandoned_.load(std::memory_order_seq_cst)) run_engine(card_out, card_in, frames);
    inside_.store(false, std::memory_order_seq_cst);
    return 0;
}

void Card::run_engine(float* card_out, const float* card_in, std::size_t frames) MIXRIG_REALTIME {
    for (std::size_t done = 0; done < frames;) {  // in one piece, unless the card's block is absurd
        const std::size_t piece = std::min(frames - done, kLargestBlock);
        for (std::size_t i = 0; i < in_.size(); ++i)
            in_[i] = input_channel_[i] == kNone || card_in == nullptr
                         ? silence_.data()
                         : card_in + input_channel_[i] * frames + done;
        for (std::size_t o = 0; o < out_.size(); ++o)
            out_[o] = output_channel_[o] == kNone || card_out == nullptr
                          ? nowhere_.data()
                          : card_out + output_channel_[o] * frames + done;
        side_->process(in_.data(), out_.data(), out_.size(), piece);
        done += piece;
    }
}

}  // namespace mixrig::backend
