// A recall of everything on a large desk: heard within one quantum, and no block is late for it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/app/show/recall_player.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <time.h>

using namespace mixrig;
using test::MusicDesk;
using test::Track;

namespace recall_whole_test {

// Every number and toggle of every channel.
session::Scene everything(const param::Layout& layout, std::uint32_t seed) {
    std::mt19937 random(seed);
    session::Scene scene;
    for (param::Slot slot = 0; slot < layout.size(); ++slot) {
        const param::Row& row = layout.row(slot);
        if (layout.place(slot).kind != param::Kind::ch || row.address == "solo") continue;
        const float knob = static_cast<float>(random() % 1000) / 1000.0f;
        if (row.type == param::Type::number) scene.push_back({slot, {param::from_knob(row, knob)}});
        if (row.type == param::Type::toggle) scene.push_back({slot, {std::round(knob)}});
    }
    return scene;
}

// Microseconds for which this thread has had a core: what else the machine does is not in it.
double core_us() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) * 1e-3;
}

TEST_CASE("recall: a scene of 64 channels is heard from the next quantum on, all of it") {
    const param::DeskShape shape = param::DeskShape::of(64, 4, 8, 2, 2);
    MusicDesk plain(shape), recalled(shape);
    const session::Scene scene = everything(plain.layout, 64);
    constexpr std::size_t kArrival = 100, kBoundary = 128;
    for (MusicDesk* player : {&plain, &recalled}) player->play(kArrival);
    for (const session::Setting& setting : scene)
        recalled.console.set(setting.slot, setting.value.number);
    REQUIRE(recalled.console.flush());
    for (MusicDesk* player : {&plain, &recalled}) player->play(kBoundary - kArrival);
    CHECK(recalled.console.link().live.front() != nullptr);
    for (MusicDesk* player : {&plain, &recalled}) player->play(32);
    CHECK(recalled.console.link().live.front() == nullptr);
    const Track &a = plain.outputs.front(), &b = recalled.outputs.front();
    CHECK(std::equal(a.begin(), a.begin() + kBoundary, b.begin()));
    CHECK_FALSE(std::equal(a.begin() + kBoundary, a.end(), b.begin() + kBoundary));
    MESSAGE(scene.size() << " values");
}

TEST_CASE(
    "recall: of a whole scene of 64 channels, again and again, no block of 64 frames is late") {
    MusicDesk desk(param::DeskShape::of(64, 4, 8, 2, 2));
    constexpr std::size_t kFrames = 64, kApart = 40;  // blocks from one recall to the next: 53 ms
    constexpr double kDeadline = 1e6 * kFrames / 48000.0;
    const std::array scenes = {everything(desk.layout, 1), everything(desk.layout, 2)};
    const std::vector<const float*> in(desk.console.geometry().inputs, desk.track.data());
    std::vector<Track> room(desk.console.geometry().outputs.size(), Track(kFrames));
    std::vector<float*> out;
    for (Track& x : room) out.push_back(x.data());
    std::vector<double> with, gliding,
        without;  // us: taking a recall, that and those behind, others
    for (std::size_t n = 0; n < 40 * kApart; ++n) {
        const bool recalls = n % kApart == 0;
        if (recalls) desk.recall(scenes[n / kApart % 2]);
        const double begin = core_us();
        desk.console.engine().process(in.data(), out.data(), kFrames);
        const double took = core_us() - begin;
        desk.console.collect();
        if (recalls) with.push_back(took);
        (n % kApart > kApart / 2 ? without : gliding).push_back(took);
    }
    std::sort(with.begin(), with.end());
    std::sort(gliding.begin(), gliding.end());
    std::sort(without.begin(), without.end());
    MESSAGE("us of core time a block: usually " << without[without.size() / 2] << ", with a recall "
                                                << with[with.size() / 2] << ", at most "
                                                << with.back() << ", deadline " << kDeadline);
    // A machine may be interrupted within a block, which its core time shows in part: once in 40.
    CHECK(gliding[gliding.size() - 2] < kDeadline);
}

}  // namespace recall_whole_test
