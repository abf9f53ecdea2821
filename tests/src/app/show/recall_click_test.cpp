// Random recalls, at once and crossfaded, over something like music, dynamics and effects in them:
// nothing clicks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/effect_units.h"
#include "tests/src/app/show/recall_player.h"

#include <cstdlib>
#include <random>
#include <string_view>

using namespace mixrig;
using test::kMusicBlock;
using test::kPeriod;
using test::MusicDesk;
using test::Track;

namespace recall_click_test {

// 60 in the usual run, 1000 by hand: MIXRIG_RECALLS=1000.
int recalls() {
    const char* wanted = std::getenv("MIXRIG_RECALLS");
    return wanted != nullptr ? std::atoi(wanted) : 60;
}

// What is above 4 kHz, 48 dB per octave: a Butterworth filter of the eighth order. Of a full tone
// at 1.04 kHz it leaves -94 dB.
class Treble {
public:
    Treble() {
        constexpr std::array<double, 4> kQ = {0.50980, 0.60134, 0.89998, 2.56292};
        const double w = 2.0 * std::numbers::pi * 4000.0 / test::kMusicRate.value;
        for (std::size_t s = 0; s < kQ.size(); ++s) {
            const double alpha = std::sin(w) / (2.0 * kQ[s]), a0 = 1.0 + alpha;
            sections_[s] = {(1.0 + std::cos(w)) / 2.0 / a0, -2.0 * std::cos(w) / a0,
                            (1.0 - alpha) / a0};
        }
    }
    double next(double x) {
        for (Section& s : sections_) {
            const double y = s.b * (x - 2.0 * s.x1 + s.x2) - s.a1 * s.y1 - s.a2 * s.y2;
            s.x2 = s.x1, s.x1 = x, s.y2 = s.y1, s.y1 = y;
            x = y;
        }
        return x;
    }

private:
    struct Section {
        double b = 0.0, a1 = 0.0, a2 = 0.0;
        double x1 = 0.0, x2 = 0.0, y1 = 0.0, y2 = 0.0;
    };
    std::array<Section, 4> sections_;
};

constexpr double kMoment = 240.0;  // frames: 5 ms, about as long as ears take the energy of a click

// Hears one output, piece by piece.
class Ear {
public:
    // The loudest moment of the piece above 4 kHz, in dBFS (RMS). From frame `step_at` on, a step
    // is added.
    double hear(const Track& x, std::size_t begin, std::size_t end, double step = 0.0,
                std::size_t step_at = 0) {
        double loudest = 0.0;
        for (std::size_t n = begin; n < end; ++n) {
            if (n == step_at) offset_ += step;
            const double y = treble_.next(static_cast<double>(x[n]) + offset_);
            energy_ += (y * y - energy_) / kMoment;
            loudest = std::max(loudest, energy_);
        }
        return 10.0 * std::log10(loudest + 1e-20);
    }

private:
    Treble treble_;
    double energy_ = 0.0;
    double offset_ = 0.0;
};

double peak(const Track& x, std::size_t begin, std::size_t end) {
    float largest = 0.0f;
    for (std::size_t i = begin; i < end; ++i) largest = std::max(largest, std::fabs(x[i]));
    return static_cast<double>(largest);
}

double largest_step(const Track& x, std::size_t begin, std::size_t end) {
    float largest = 0.0f;
    for (std::size_t i = std::max<std::size_t>(begin, 1); i < end; ++i)
        largest = std::max(largest, std::fabs(x[i] - x[i - 1]));
    return static_cast<double>(largest);
}

// Rows that a scene of this test sets, and between what.
struct Range {
    std::string_view row, low, high;
};
constexpr Range kLevels[] = {{"trim", "-10 dB", "10 dB"},
                             {"polarity", "off", "on"},
                             {"hpf/on", "off", "on"},
                             {"hpf/freq", "20 Hz", "500 Hz"},
                             {"lpf/on", "off", "on"},
                             {"lpf/freq", "500 Hz", "16 kHz"},
                             {"eq/on", "off", "on"},
                             {"eq/1/on", "off", "on"},
                             {"eq/1/gain", "-12 dB", "12 dB"},
                             {"eq/1/freq", "100 Hz", "2 kHz"},
                             {"eq/1/q", "0.3", "2"},
                             {"eq/2/on", "off", "on"},
                             {"eq/2/type", "0", "2"},
                             {"eq/2/gain", "-12 dB", "12 dB"},
                             {"eq/2/freq", "100 Hz", "4 kHz"},
                             {"fader", "-20 dB", "6 dB"},
                             {"mute", "off", "on"},
                             {"dca", "none", "2"},
                             {"mutegroup", "none", "1"},
                             {"pan", "-1", "1"},
                             {"width", "0", "2"},
                             {"to", "0", "2"},
                             {"send/aux/1/on", "off", "on"},
                             {"send/aux/1/level", "-20 dB", "6 dB"},
                             {"send/aux/1/pan", "-1", "1"},
                             {"send/aux/1/tap", "0", "2"}};
// Without limiters, as below without saturations: at every onset that they catch they make treble
// of their own, recalls or not. That their rows do not click is shown in click_test.cpp.
constexpr Range kDynamics[] = {{"gate/on", "off", "on"},
                               {"gate/mode", "0", "1"},
                               {"gate/threshold", "-50 dB", "-10 dB"},
                               {"gate/range", "0 dB", "90 dB"},
                               {"gate/attack", "1", "50"},
                               {"gate/release", "20", "500"},
                               {"comp/1/on", "off", "on"},
                               {"comp/1/threshold", "-50 dB", "0 dB"},
                               {"comp/1/ratio", "1", "20"},
                               {"comp/1/knee", "0 dB", "24 dB"},
                               {"comp/1/attack", "1", "100"},
                               {"comp/1/release", "20", "500"},
                               {"comp/1/makeup", "0 dB", "12 dB"},
                               {"comp/1/mix", "0", "1"},
                               {"comp/1/detector", "0", "1"},
                               {"comp/2/on", "off", "on"},
                               {"comp/2/threshold", "-50 dB", "0 dB"},
                               {"comp/2/makeup", "0 dB", "12 dB"},
                               {"insert", "0", "2"},
                               {"send/fx/1/on", "off", "on"},
                               {"send/fx/1/level", "-20 dB", "6 dB"},
                               {"send/fx/2/on", "off", "on"},
                               {"send/fx/2/level", "-20 dB", "6 dB"}};

constexpr auto kSaturation = static_cast<float>(engine::EffectType::saturation);

class SceneMaker {
public:
    SceneMaker(const param::Layout& layout, bool everything)
        : layout_(layout), everything_(everything) {}

    session::Scene make() {
        scene_.clear();
        for (const char* strip : {"/ch/1/", "/sub/1/", "/aux/1/", "/main/"}) {
            const bool is_group = std::string_view(strip) != "/ch/1/";
            add_all(strip, kLevels, is_group);
            if (everything_) add_all(strip, kDynamics, is_group);
        }
        for (const char* group : {"/dca/1/", "/dca/2/"}) {
            add(group + std::string("fader"), "-20 dB", "6 dB");
            add(group + std::string("mute"), "off", "on");
        }
        add("/mutegroup/1/on", "off", "on");
        if (everything_) add_effects();
        return scene_;
    }

private:
    template <typename Ranges>
    void add_all(const char* strip, const Ranges& ranges, bool is_group) {
        for (const Range& range : ranges) {
            const bool routes =
                range.row == "to" || range.row.starts_with("send") || range.row == "insert";
            if (is_group && (routes || random_() % 2 == 0)) continue;
            add(strip + std::string(range.row), range.low, range.high);
        }
    }
    void add(const std::string& address, std::string_view low, std::string_view high) {
        const auto slot = layout_.find(address);
        if (!slot || random_() % 4 == 0) return;
        const float from = layout_.parse(*slot, low)->number,
                    to = layout_.parse(*slot, high)->number;
        float value = from + (to - from) * share();
        // Of a dozen mutes and faders on the way from the channel to an output few are closed, or
        // there would be nothing to hear.
        const bool closes = address.ends_with("mute") || address.starts_with("/mutegroup/");
        const bool rarely = random_() % 12 == 0;
        if (closes) value = rarely ? to : from;
        if (rarely && layout_.row(*slot).taper == param::Taper::fader) value = param::kSilence;
        scene_.push_back({*slot, {layout_.clamp(*slot, value)}});
    }
    // Every row of an effect, over all its range: its type now and then, the others half of the
    // time.
    void add_effects() {
        for (param::Slot slot = 0; slot < layout_.size(); ++slot) {
            const param::Row& row = layout_.row(slot);
            if (layout_.place(slot).kind != param::Kind::fx || row.type == param::Type::text)
                continue;
            const bool only_here = (row.kinds & ~param::only(param::Kind::fx)) == 0;
            if (!only_here || random_() % (row.address == "type" ? 8 : 2) != 0) continue;
            float value = layout_.clamp(slot, param::from_knob(row, share()));
            if (row.address == "type" && value == kSaturation) value = 0.0f;
            scene_.push_back({slot, {value}});
        }
    }
    float share() { return std::uniform_real_distribution<float>(0.0f, 1.0f)(random_); }

    const param::Layout& layout_;
    bool everything_;
    std::mt19937 random_{1000};
    session::Scene scene_;
};

// A recall is heard if its loudest moment above 4 kHz is louder than this, and than the music is
// there before or after it by more than that. The chord itself has nothing there, so nothing
// covers a click.
constexpr double kFloor = -71.0;  // dBFS
constexpr double kMargin = 3.0;   // dB
// A step of -40 dBFS from one frame to the next: above 4 kHz it has 0.30 of its square as energy
// (the sum over the spectrum of a step), over 5 ms -69 dBFS. With full scale at 100 dB SPL these
// are 31 dB SPL where ears hear best and nothing else sounds: everybody hears that.
constexpr double kPlanted = 0.01;

struct Found {
    double step = 0.0;       // the largest, by what the music has before, after, at the input
    double treble = -200.0;  // the loudest moment of a recall beyond what is allowed, in dB
    double swell = 0.0;      // the loudest sample of a recall by those before and after
    int sounding = 0;        // outputs that are not silent after a recall
    int clicks = 0, covered = 0, looked = 0;  // planted ones: found, in louder treble, in all
};

class Listener {
public:
    explicit Listener(bool everything)
        : desk_(shape()),
          scenes_(desk_.layout, everything),
          settle_(kMusicBlock * (everything ? 100 : 19)),
          window_(kPeriod * (everything ? 10 : 1)),  // long enough for what sweeps
          ears_(desk_.console.geometry().outputs.size()),
          before_(ears_.size(), -200.0) {
        desk_.play(20 * kPeriod);  // until the ears have got over the beginning
        for (std::size_t o = 0; o < ears_.size(); ++o)
            (void)ears_[o].hear(desk_.outputs[o], 0, 20 * kPeriod);
    }

    Found listen(int count) {
        for (int n = 0; n < count; ++n) {
            for (Track& x : desk_.outputs)
                x.erase(x.begin(), x.end() - static_cast<std::ptrdiff_t>(window_));
            recall(n % 2 == 0 ? 0.0 : 0.05 * static_cast<double>(random_() % 1000) / 1e3);
            desk_.play(window_);
            for (std::size_t o = 0; o < ears_.size(); ++o) judge(o);
        }
        return found_;
    }

private:
    static param::DeskShape shape() {
        param::DeskShape shape = param::DeskShape::of(1, 1, 1, 2, 1);
        shape.stereo[0][0] = true;
        return shape;
    }

    void recall(double seconds) {
        const session::Scene scene = scenes_.make();
        if (seconds < 0.01)
            desk_.recall(scene);
        else
            desk_.recall(scene, seconds, desk_.position + random_() % 100);
        const auto length = static_cast<std::size_t>(seconds * test::kMusicRate.value);
        desk_.play(length / kMusicBlock * kMusicBlock + settle_);
        REQUIRE_FALSE(desk_.fade.is_active());
    }

    // A window of music before the recall, the recall, a window of music after it.
    void judge(std::size_t o) {
        const Track& x = desk_.outputs[o];
        const std::size_t end = x.size() - window_;
        const double loudest = peak(x, 0, x.size()), steady = largest_step(x, end, x.size());
        // Of the highest tone of the music, were it as loud as the loudest moment.
        const double tone =
            2.0 * std::sin(std::numbers::pi * test::kHighestTone / test::kMusicRate.value);
        const double usual =
            std::max({largest_step(x, 0, window_), steady, own_step_, tone * loudest});
        found_.step = std::max(found_.step, largest_step(x, window_, end) / usual);
        const double level = std::max({peak(x, 0, window_), peak(x, end, x.size()), own_peak_});
        found_.swell = std::max(found_.swell, peak(x, window_, end) / level);
        ++found_.looked;
        found_.sounding += steady > 0.01 * own_step_;
        // What is above full scale would be turned down.
        listen_for_treble(o, x, end, std::max(1.0, loudest));
    }

    void listen_for_treble(std::size_t o, const Track& x, std::size_t end, double scale) {
        Ear planted = ears_[o];
        const double during = ears_[o].hear(x, window_, end);
        const std::size_t at = window_ + random_() % (end - window_ - 480);
        const double clicked = planted.hear(x, window_, end, scale * kPlanted, at);
        const double after = ears_[o].hear(x, end, x.size());
        const double floor = kFloor + 20.0 * std::log10(scale);
        const double allowed = std::max(floor, std::max(before_[o], after) + kMargin);
        before_[o] = after;
        found_.treble = std::max(found_.treble, during - allowed);
        found_.clicks += clicked > allowed;
        found_.covered += allowed > floor;
    }

    MusicDesk desk_;
    SceneMaker scenes_;
    std::mt19937 random_{7};
    std::size_t settle_, window_;
    std::vector<Ear> ears_;
    std::vector<double> before_;
    const double own_step_ = largest_step(desk_.track, 1, kPeriod);
    const double own_peak_ = peak(desk_.track, 0, kPeriod);
    Found found_;
};

void tell(const Found& found) {
    MESSAGE("largest step by the music's own: "
            << found.step << "; loudest by before and after: " << found.swell << "; above 4 kHz: "
            << found.treble << " dB of what is allowed; planted clicks found: " << found.clicks
            << " of " << found.looked << ", " << found.covered
            << " of these in treble of the music's own; " << found.sounding << " sounding");
    CHECK(found.sounding > found.looked / 20);
}

TEST_CASE("recall: of levels, filters and routes none makes a step or a click") {
    const Found found = Listener(false).listen(recalls() / 2);
    tell(found);
    // An equaliser that moves may swell on the way (click_test.cpp), but not beyond that.
    CHECK(found.step < 1.05);
    CHECK(found.treble < 0.0);
    CHECK(found.clicks == found.looked);
}

TEST_CASE("recall: with dynamics and effects none makes a click") {
    const Found found = Listener(true).listen(recalls() / 2);
    tell(found);
    CHECK(found.treble < 0.0);
    CHECK(found.clicks >= found.looked - found.covered);
}

}  // namespace recall_click_test
