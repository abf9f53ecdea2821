// kill -9 at any moment: the next desk has every value that was there a second before.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/scene.h"
#include "tests/desk/osc_peer.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <deque>
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

constexpr std::chrono::milliseconds kBehind{1000};  // what the desk promises

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
    // What must have survived a kill at this moment.
    const std::array<float, 8>& at_least(Clock::time_point killed) {
        for (; !waiting_.empty() && waiting_.front().when <= killed - kBehind; waiting_.pop_front())
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
    std::mt19937 random(50);
    std::uniform_int_distribution<int> moment(20, 1500);
    std::array<float, 8> last_sent{};
    for (std::size_t a = 0; a < kAddresses.size(); ++a) last_sent[a] = value_of(a, 0);
    Confirmed confirmed;
    int n = 0, saved = 0;
    Clock::time_point killed{};
    for (int round = 0; round <= kills(); ++round) {
        CAPTURE(round);
        Daemon desk({"--backend", "null", "--block", "1024"}, home.path());
        CHECK_MESSAGE(desk.log().find("warning") == std::string::npos, desk.log());
        OscPeer peer(desk.port());
        std::array<float, 8> values{};
        for (std::size_t a = 0; a < kAddresses.size(); ++a) {
            CAPTURE(kAddresses[a]);
            values[a] = peer.get(kAddresses[a]).number();
            if (round == 0) continue;
            // Text of a float reads back as the same float, so there is no tolerance.
            CHECK(values[a] >= confirmed.at_least(killed)[a]);
            CHECK(values[a] <= last_sent[a]);
        }
        if (round == kills()) {
            CHECK(desk.program().end(SIGTERM) == 0);
            break;
        }
        if (round == 0) {  // from the bottom of their ranges
            for (std::size_t a = 0; a < kAddresses.size(); ++a) values[a] = -1000.0f;
        }
        confirmed.start_from(values);
        storm(peer, n, confirmed, Clock::now() + Milliseconds(moment(random)));
        desk.program().end(SIGKILL);
        killed = Clock::now();
        for (std::size_t a = 0; a < kAddresses.size(); ++a) last_sent[a] = value_of(a, n);
        if (!std::filesystem::exists(state)) continue;  // killed before it was first written
        ++saved;
        const auto kept = session::parse_what_fits(read_text(state), layout, state.string());
        REQUIRE_MESSAGE(kept, kept.error().text());
        CHECK(kept->left_out.empty());
        CHECK_FALSE(kept->scene.empty());
    }
    CHECK(saved >= kills() / 2);
    // What a killed save leaves behind, the next run clears away.
    CHECK_MESSAGE(names(home / "state" / "mixrig").find("tmp") == std::string::npos,
                  names(home / "state" / "mixrig"));
    MESSAGE(kills() << " kills, " << n * static_cast<int>(kAddresses.size())
                    << " values set; the state was readable " << saved << " times of " << saved);
}

TEST_SUITE_END();

}  // namespace kill_test
}  // namespace mixrig::tests
