// Impulse responses, read by a thread of their own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/impulses.h"

#include "src/convolution/convolution.h"
#include "src/disk/resample.h"
#include "src/disk/sound_file_reader.h"

#include <utility>

namespace mixrig::app {

using convolution::Convolution;

Impulses::Impulses(std::filesystem::path folder, dsp::Hertz rate)
    : folder_(std::move(folder)), rate_(rate) {}

Impulses::~Impulses() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

base::Result<Impulses::Response> Impulses::read(const std::string& file) const {
    const std::filesystem::path path = folder_ / file;
    auto sound = disk::read_whole(path);
    if (!sound) return sound.error();
    auto fitting = disk::resample(std::move(*sound), rate_);
    if (!fitting) return fitting.error();
    Response response = std::move(fitting->tracks);
    // Whether it can be used at all is known here, not when an effect asks for it.
    if (auto unit = Convolution::make(response, rate_); !unit) {
        base::Error error = unit.error();
        error.where = path.string();
        return error;
    }
    return response;
}

base::Status Impulses::load_all(const param::Layout& layout, const param::Values& values) {
    for (std::size_t e = 0; e < layout.shape().count(param::Kind::fx); ++e) {
        const std::string file =
            values.get(layout.slot(param::Kind::fx, e, param::row("convolution/ir"))).text;
        if (file.empty()) continue;
        if (auto status = load(e, file); !status) return status;
    }
    return base::Done{};
}

base::Status Impulses::load(std::size_t effect, const std::string& file) {
    auto response = read(file);
    if (!response) return response.error();
    responses_[effect] = std::move(*response);
    return base::Done{};
}

const Impulses::Response* Impulses::response(std::size_t effect) const {
    const auto found = responses_.find(effect);
    return found == responses_.end() ? nullptr : &found->second;
}

void Impulses::request(std::size_t effect, const std::string& file) {
    wanted_[effect] = file;
    if (file.empty()) {
        responses_.erase(effect);
        return;
    }
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
    const std::lock_guard lock(mutex_);
    requests_.push_back({effect, file});
    wake_.notify_one();
}

std::optional<Impulses::Loaded> Impulses::take() {
    std::optional<Answer> answer;
    {
        const std::lock_guard lock(mutex_);
        if (answers_.empty()) return std::nullopt;
        answer = std::move(answers_.front());
        answers_.pop_front();
    }
    Loaded loaded{.effect = answer->request.effect};
    // Another file has been asked for meanwhile.
    if (wanted_[loaded.effect] != answer->request.file) return take();
    if (answer->response)
        responses_[loaded.effect] = std::move(*answer->response);
    else
        loaded.status = answer->response.error();
    return loaded;
}

std::unique_ptr<dsp::FxUnit> Impulses::make(std::size_t effect) const {
    const auto found = responses_.find(effect);
    if (found == responses_.end()) return nullptr;
    auto unit = Convolution::make(found->second, rate_);
    return unit ? std::move(*unit) : nullptr;
}

void Impulses::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return ends_ || !requests_.empty(); });
        if (ends_) return;
        const Request request = std::move(requests_.front());
        requests_.pop_front();
        lock.unlock();
        Answer answer{request, read(request.file)};
        lock.lock();
        answers_.push_back(std::move(answer));
    }
}

}  // namespace mixrig::app
