// kill -9 at any moment: the next desk has every value that was there a second before.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/atomic_file.h"
#include "src/session/scene.h"
#include "tests/desk/osc_peer.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <random>
#include <thread>

namespace mixrig::tests {

namespace kill_test {

using Clock = std::chrono::steady_clock;

// MIXRIG_KILLS=50 for more, by hand.
int kills() {
    const char* said = std::getenv("MIXRIG_KILLS");
    return said != nullptr ? std::atoi(said) : 20;
}

constexpr Clock::duration kBehind = Milliseconds(1000);  // what the desk promises

// How long this machine takes for a save while the desk makes its own: to wake, to write as much,
// to have it on the disk. The desk begins one every half second; on a machine that takes long for
// it what is there is older.
class Pace {
public:
    explicit Pace(std::filesystem::path file)
        : file_(std::move(file)), thread_([this] { loop(); }) {}
    ~Pace() {
        stop_ = true;
        thread_.join();
    }
    // Beyond what the promise has room for, since it was asked last.
    Clock::duration excess() {
        const std::lock_guard lock(mutex_);
        const auto longest = std::max(longest_, Clock::now() - due_);
        longest_ = Clock::duration::zero();
        most_ = std::max(most_, longest);
        return std::max(longest - kRoom, Clock::duration::zero());
    }
    double most_ms() const { return std::chrono::duration<double, std::milli>(most_).count(); }

private:
    static constexpr Clock::duration kEvery = Milliseconds(50), kRoom = Milliseconds(150);

    void loop() {
        const std::string text(300'000, 'x');  // a default desk's state has fewer
        while (!stop_) {
            std::this_thread::sleep_until(due_);
            CHECK(session::save_atomically(file_, text, session::Keep::previous));
            const std::lock_guard lock(mutex_);
            longest_ = std::max(longest_, Clock::now() - due_);
            due_ = Clock::now() + kEvery;
        }
    }

    std::filesystem::path file_;
    std::mutex mutex_;
    Clock::time_point due_ = Clock::now();
    Clock::duration longest_{}, most_{};
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

const std::array<std::string, 8> kAddresses = {"/ch/1/fader",
                                               "/ch/16/send/aux/4/level",
                                               "/sub/2/comp/1/threshold",
                                               "/main/fader",
                                               "/aux/3/eq/6/gain",
                                               "/fx/1/trim",
                                               "/mtx/2/pan",
                                               "/ch/9/delay"};
const std::array<std::pair<float, float>, 8> kRanges = {
    {{-60, 10}, {-60, 10}, {-60, 0}, {-60, 10}, {-18, 18}, {-30, 30}, {-1, 1}, {0, 500}}};

// The n-th value of an address: they only rise, so that older and newer can be told apart.
constexpr float kSteps = 200'000.0f;
float value_of(std::size_t address, int n) {
    const auto [low, high] = kRanges[address];
    return low + (high - low) * static_cast<float>(n) / kSteps;
}

// What the desk has confirmed, and when.
class Confirmed {
public:
    void start_from(const std::array<float, 8>& values) {
        floor_ = values;
        waiting_.clear();
    }
    void note(std::size_t address, float value) {
        waiting_.push_back({Clock::now(), address, value});
    }
    // What was there at this moment.
    const std::array<float, 8>& at(Clock::time_point moment) {
        for (; !waiting_.empty() && waiting_.front().when <= moment; waiting_.pop_front())
            floor_[waiting_.front().address] = waiting_.front().value;
        return floor_;
    }

private:
    struct Answer {
        Clock::time_point when;
        std::size_t address;
        float value;
    };
    std::array<float, 8> floor_{};
    std::deque<Answer> waiting_;
};

std::size_t index_of(const std::string& address) {
    return static_cast<std::size_t>(std::find(kAddresses.begin(), kAddresses.end(), address) -
                                    kAddresses.begin());
}

// Sets everything once a millisecond and asks now and then, until the moment.
void storm(OscPeer& peer, int& n, Confirmed& confirmed, Clock::time_point until) {
    for (int turn = 0; Clock::now() < until; ++turn) {
        ++n;
        for (std::size_t a = 0; a < kAddresses.size(); ++a) {
            peer.send({kAddresses[a], {value_of(a, n)}});
            if (turn % 20 == 0) peer.send({kAddresses[a], {}});
        }
        for (const Message& answer : peer.take())
            if (const std::size_t a = index_of(answer.address); a < kAddresses.size())
                confirmed.note(a, answer.number());
        std::this_thread::sleep_for(Milliseconds(1));
    }
}

std::string names(const std::filesystem::path& folder) {
    std::string out;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        out += entry.path().filename().string() + " ";
    return out;
}

TEST_SUITE_BEGIN("kill");

TEST_CASE("run: killed at random moments under a storm, it loses at most one second") {
    const ScratchFolder home;
    const param::Layout layout(param::DeskShape::of(16, 4, 4, 2, 2));  // of a desk by default
    const auto state = home / "state" / "mixrig" / "desk.scene";
    const Words options = {"--backend", "null", "--block", "1024"};
    std::mt19937 random(50);
    std::uniform_int_distribution<int> moment(20, 1500);
    std::array<float, 8> last_sent{};
    {  // It begins with all at the bottom of their ranges.
        Daemon desk(options, home.path());
        OscPeer peer(desk.port());
        for (std::size_t a = 0; a < kAddresses.size(); ++a) {
            last_sent[a] = value_of(a, 0);
            peer.send({kAddresses[a], {last_sent[a]}});
            REQUIRE(peer.get(kAddresses[a]).number() == last_sent[a]);
        }
        REQUIRE(desk.program().end(SIGTERM) == 0);
    }
    Confirmed confirmed;
    confirmed.start_from(last_sent);
    Pace pace(home / "pace");
    int n = 0, judged = 0;
    Clock::time_point kept_until{};
    for (int round = 0;; ++round) {
        CAPTURE(round);
        Daemon desk(options, home.path());
        CHECK_MESSAGE(desk.log().find("warning") == std::string::npos, desk.log());
        OscPeer peer(desk.port());
        std::array<float, 8> values{};
        for (std::size_t a = 0; a < kAddresses.size(); ++a) {
            CAPTURE(kAddresses[a]);
            values[a] = peer.get(kAddresses[a]).number();
            // Text of a float reads back as the same float, so there is no tolerance.
            CHECK(values[a] >= confirmed.at(kept_until)[a]);
            CHECK(values[a] <= last_sent[a]);
        }
        if (round == kills()) {
            CHECK(desk.program().end(SIGTERM) == 0);
            break;
        }
        confirmed.start_from(values);
        // What a slow disk is allowed is stormed longer.
        const auto begin = Clock::now(), end = begin + Milliseconds(moment(random)) + pace.excess();
        storm(peer, n, confirmed, end);
        // Before the kill, not when it is done, which a busy machine tells late.
        kept_until = Clock::now() - kBehind - pace.excess();
        judged += kept_until > begin;
        desk.program().end(SIGKILL);
        for (std::size_t a = 0; a < kAddresses.size(); ++a) last_sent[a] = value_of(a, n);
        const auto kept = session::parse_what_fits(read_text(state), layout, state.string());
        REQUIRE_MESSAGE(kept, kept.error().text());
        CHECK(kept->left_out.empty());
        CHECK_FALSE(kept->scene.empty());
    }
    // Of moments that are evenly spread a third is later than the second that may be lost.
    CHECK(judged >= kills() / 10);
    CHECK(pace.most_ms() < 3000.0);
    // What a killed save leaves behind, the next run clears away.
    CHECK_MESSAGE(names(home / "state" / "mixrig").find("tmp") == std::string::npos,
                  names(home / "state" / "mixrig"));
    MESSAGE(kills() << " kills, " << n * static_cast<int>(kAddresses.size())
                    << " values set, judged after " << judged << " of them; a save took "
                    << pace.most_ms() << " ms at most");
}

TEST_SUITE_END();

}  // namespace kill_test
}  // namespace mixrig::tests
