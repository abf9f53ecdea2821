// What each meter blob holds, as data, and how it is filled.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/meters.h"

#include <algorithm>
#include <cmath>

namespace mixrig::control::x32 {
namespace {

constexpr float kSilence_dB = -144.0f;
constexpr std::string_view kSpectrum = "/meters/fft";

// Where a line of ours has it: docs/osc.md, the order of the fields.
constexpr std::size_t kInput = 0, kPre = 1, kLeft = 2, kRight = 3, kGate = 7, kDynamics = 8,
                      kAutomix = 12;

constexpr std::size_t kAutomixes = 8;  // of an X32: its first channels

enum class What : std::uint8_t {
    input,  // behind trim; of a return of an effect what comes out of its unit
    both,   // the same, for left and for right
    pre,    // before the fader
    sides,  // the same, for left and for right
    post,   // behind fader and pan, the louder side
    left,
    right,
    gate,  // how far it turns down, as a gain
    dynamics,
    automix,
    to_bus,     // what the selected strip sends there
    to_matrix,  // likewise
    group,      // the loudest of a DCA
    silence,    // ours has none such, as a level
    unity,      // as a gain
};

enum Row : std::size_t { ch, auxin, fxrtn, bus, mtx, lr, none };                   // of an X32
enum AirRow : std::size_t { air_ch, air_aux, air_fx, air_bus, air_send, air_lr };  // of an X-Air

struct Part {
    What what;
    std::size_t row, count;
    std::size_t first = 0;
};

struct Blueprint {
    int number;
    std::span<const Part> parts;
};

// clang-format off
constexpr Part kX0[] = {{What::pre, ch, 32}, {What::pre, auxin, 8}, {What::pre, fxrtn, 8}, {What::pre, bus, 16}, {What::pre, mtx, 6}};
constexpr Part kX1[] = {{What::pre, ch, 32}, {What::gate, ch, 32}, {What::dynamics, ch, 32}};
constexpr Part kX2[] = {{What::post, bus, 16}, {What::post, mtx, 6}, {What::left, lr, 1}, {What::right, lr, 1}, {What::silence, none, 1},
                        {What::dynamics, bus, 16}, {What::dynamics, mtx, 6}, {What::dynamics, lr, 1}, {What::unity, none, 1}};
constexpr Part kX3[] = {{What::silence, none, 6}, {What::pre, auxin, 8}, {What::pre, fxrtn, 8}};
// As if main were on outputs 15 and 16 and on AES, where the desk has it from the start.
constexpr Part kX4[] = {{What::input, ch, 32}, {What::input, auxin, 8}, {What::silence, none, 14}, {What::left, lr, 1}, {What::right, lr, 1},
                        {What::silence, none, 22}, {What::left, lr, 1}, {What::right, lr, 1}, {What::silence, none, 2}};
constexpr Part kX7[] = {{What::to_bus, none, 16}};
constexpr Part kX8[] = {{What::to_matrix, none, 6}};
constexpr Part kX9[] = {{What::silence, none, 2}, {What::both, fxrtn, 1, 0}, {What::silence, none, 2}, {What::both, fxrtn, 1, 1}, {What::silence, none, 2}, {What::both, fxrtn, 1, 2},
                        {What::silence, none, 2}, {What::both, fxrtn, 1, 3}, {What::silence, none, 2}, {What::both, fxrtn, 1, 4}, {What::silence, none, 2}, {What::both, fxrtn, 1, 5},
                        {What::silence, none, 2}, {What::both, fxrtn, 1, 6}, {What::silence, none, 2}, {What::both, fxrtn, 1, 7}};
constexpr Part kX10[] = {{What::silence, none, 32}};
constexpr Part kX11[] = {{What::silence, none, 3}, {What::unity, none, 1}, {What::silence, none, 1}};
constexpr Part kX12[] = {{What::left, lr, 1}, {What::right, lr, 1}, {What::silence, none, 2}};
constexpr Part kX13[] = {{What::pre, ch, 32}, {What::pre, auxin, 8}, {What::pre, fxrtn, 8}};
constexpr Part kX14[] = {{What::silence, none, 80}};
constexpr Part kX16[] = {{What::gate, ch, 32}, {What::dynamics, ch, 32}, {What::dynamics, bus, 16}, {What::dynamics, mtx, 6}, {What::dynamics, lr, 1}, {What::unity, none, 1}, {What::automix, ch, kAutomixes}};
constexpr Blueprint kX32Meters[] = {{0, kX0}, {1, kX1}, {2, kX2}, {3, kX3}, {4, kX4}, {7, kX7}, {8, kX8}, {9, kX9}, {10, kX10}, {11, kX11}, {12, kX12}, {13, kX13}, {14, kX14}, {16, kX16}};

// Meter 5: a page of channels, a page of groups, main.
constexpr Part kPage0[] = {{What::pre, ch, 16}};
constexpr Part kPage1[] = {{What::pre, ch, 16, 16}};
constexpr Part kPage2[] = {{What::pre, auxin, 8}, {What::pre, fxrtn, 8}};
constexpr Part kPage3[] = {{What::pre, bus, 16}};
constexpr std::span<const Part> kPages[] = {kPage0, kPage1, kPage2, kPage3};
constexpr Part kGroup0[] = {{What::group, none, 8}};
constexpr Part kGroup1[] = {{What::pre, bus, 8}};
constexpr Part kGroup2[] = {{What::pre, bus, 8, 8}};
constexpr Part kGroup3[] = {{What::pre, mtx, 6}, {What::silence, none, 2}};
constexpr std::span<const Part> kGroups[] = {kGroup0, kGroup1, kGroup2, kGroup3};
constexpr Part kMain[] = {{What::left, lr, 1}, {What::right, lr, 1}, {What::silence, none, 1}};

constexpr Part kA1[] = {{What::pre, air_ch, 16}, {What::sides, air_aux, 1}, {What::sides, air_fx, 4}, {What::pre, air_bus, 6}, {What::silence, none, 4},
                        {What::left, air_lr, 1}, {What::right, air_lr, 1}, {What::silence, none, 2}};
constexpr Part kA2[] = {{What::input, air_ch, 16}, {What::silence, none, 20}};
constexpr Part kA3[] = {{What::silence, none, 12}, {What::both, air_fx, 1, 0}, {What::silence, none, 12}, {What::both, air_fx, 1, 1},
                        {What::silence, none, 12}, {What::both, air_fx, 1, 2}, {What::silence, none, 12}, {What::both, air_fx, 1, 3}};
constexpr Part kA5[] = {{What::post, air_bus, 6}, {What::left, air_lr, 1}, {What::right, air_lr, 1}, {What::silence, none, 36}};
constexpr Part kA6[] = {{What::gate, air_ch, 16}, {What::dynamics, air_ch, 16}, {What::dynamics, air_bus, 6}, {What::dynamics, air_lr, 1}};
constexpr Part kA7[] = {{What::automix, air_ch, 16}};
constexpr Part kA8[] = {{What::group, none, 4}};
constexpr Part kA9[] = {{What::left, air_lr, 1}, {What::right, air_lr, 1}, {What::silence, none, 2}};
constexpr Blueprint kAirMeters[] = {{1, kA1}, {2, kA2}, {3, kA3}, {5, kA5}, {6, kA6}, {7, kA7}, {8, kA8}, {9, kA9}};
// clang-format on

constexpr int kX32Pages = 5, kX32Strip = 6, kX32Spectrum = 15, kX32Gains = 16;
constexpr int kAirStrip = 0, kAirSpectrum = 4;
constexpr std::size_t kSpectrumBands = 100;

// The row and the place in it of a strip's number among all.
std::pair<std::size_t, std::size_t> strip_at(const Dialect& dialect, std::int32_t number) {
    auto n = static_cast<std::size_t>(std::max(number, 0));
    for (std::size_t row = 0; row < dialect.strips.size(); ++row) {
        const std::size_t count = count_of(dialect.strips[row].path);
        if (n < count) return {row, n};
        n -= count;
    }
    return {none, 0};
}

bool is_gain(What what) {
    return what == What::gate || what == What::dynamics || what == What::automix ||
           what == What::unity;
}

// The rows of what a strip sends to another.
struct SendRows {
    std::size_t on, level, tap;
};
constexpr SendRows kToAux = {param::row("send/aux/#/on"), param::row("send/aux/#/level"),
                             param::row("send/aux/#/tap")};
constexpr SendRows kToFx = {param::row("send/fx/#/on"), param::row("send/fx/#/level"),
                            param::row("send/fx/#/tap")};
constexpr SendRows kToMtx = {param::row("send/mtx/#/on"), param::row("send/mtx/#/level"),
                             param::row("send/mtx/#/tap")};
constexpr float kPreTap = 1.0f, kPostTap = 2.0f;

}  // namespace

// dB, one after the other.
class Filling {
public:
    Filling(const Meters& meters, std::span<const MeterLine> lines, std::int32_t selected)
        : meters_(meters), lines_(lines), selected_(strip_at(meters.dialect_, selected)) {}

    void add(std::span<const Part> parts) {
        for (const Part& part : parts) add(part);
    }
    void add(const Part& part) {
        for (std::size_t n = part.first; n < part.first + part.count; ++n) {
            const float dB = value(part, n);
            out.push_back(dB);
            if (part.what == What::sides || part.what == What::both) out.push_back(dB);
        }
    }

    std::vector<float> out;

private:
    float value(const Part& part, std::size_t n) const {
        switch (part.what) {
            case What::to_bus:
                return to_bus(n);
            case What::to_matrix:
                return send(kToMtx, n);
            case What::group:
                return group(n);
            default:
                return read(part.what, part.row, n);
        }
    }

    float read(What what, std::size_t row, std::size_t n) const {
        const auto& rows = meters_.lines_;
        const float nothing = is_gain(what) ? 0.0f : kSilence_dB;
        if (row >= rows.size() || n >= rows[row].size() || !rows[row][n]) return nothing;
        const std::vector<float>& dB = lines_[*rows[row][n]].dB;
        if (dB.size() <= kAutomix) return nothing;
        switch (what) {
            case What::input:
            case What::both:
                return dB[kInput];
            case What::post:
                return std::max(dB[kLeft], dB[kRight]);
            case What::left:
                return dB[kLeft];
            case What::right:
                return dB[kRight];
            case What::gate:
                return -dB[kGate];
            case What::dynamics:
                return -dB[kDynamics];
            case What::automix:
                return -dB[kAutomix];
            default:
                return dB[kPre];
        }
    }

    std::optional<StripPlace> place(std::size_t row, std::size_t n) const {
        if (row >= meters_.dialect_.strips.size()) return std::nullopt;
        return meters_.mapping_.strip(meters_.dialect_.strips[row], n);
    }

    // A subgroup gets what the route brings it, from behind the fader.
    float to_bus(std::size_t n) const {
        const auto bus = meters_.mapping_.bus(n);
        if (!bus) return kSilence_dB;
        if (bus->kind == param::Kind::aux) return send(kToAux, bus->strip);
        if (bus->kind == param::Kind::fx) return send(kToFx, bus->strip);
        const auto from = place(selected_.first, selected_.second);
        const bool goes_there = from && number(*from, param::row("to")) ==
                                            param::kRouteFirstSub + static_cast<float>(bus->strip);
        return goes_there ? read(What::post, selected_.first, selected_.second) : kSilence_dB;
    }

    float send(const SendRows& rows, std::size_t to) const {
        const auto from = place(selected_.first, selected_.second);
        if (!from || !meters_.desk_.layout().has(from->kind, rows.level) ||
            to >= meters_.desk_.layout().index_count(param::kTable[rows.level].index))
            return kSilence_dB;
        const auto level = number(*from, rows.level, to);
        if (number(*from, rows.on, to) == 0.0f || level <= param::kSilence) return kSilence_dB;
        const auto tap = number(*from, rows.tap, to);
        const What what = tap == kPostTap ? What::post : tap == kPreTap ? What::pre : What::input;
        const float dB = read(what, selected_.first, selected_.second);
        return dB <= kSilence_dB ? kSilence_dB : dB + *level;
    }

    float group(std::size_t dca) const {
        float loudest = kSilence_dB;
        for (std::size_t row = 0; row < meters_.lines_.size(); ++row)
            for (std::size_t n = 0; n < meters_.lines_[row].size(); ++n)
                if (const auto strip = place(row, n); strip && is_in(*strip, dca))
                    loudest = std::max(loudest, read(What::post, row, n));
        return loudest;
    }

    bool is_in(const StripPlace& strip, std::size_t dca) const {
        const auto bits = number(strip, param::row("dca"));
        return bits && (static_cast<unsigned>(*bits) >> dca & 1u) != 0;
    }

    std::optional<float> number(const StripPlace& strip, std::size_t row,
                                std::size_t index = 0) const {
        const param::Layout& layout = meters_.desk_.layout();
        if (!layout.has(strip.kind, row)) return std::nullopt;
        return meters_.desk_.values().number(layout.slot(strip.kind, strip.strip, row, index));
    }

    const Meters& meters_;
    std::span<const MeterLine> lines_;
    std::pair<std::size_t, std::size_t> selected_;
};

namespace {

float linear(float dB) {
    return dB <= kSilence_dB ? 0.0f : std::pow(10.0f, dB / 20.0f);
}

// Steps of 1/256 dB, as X-Air levels and both spectra are; -128 dB is silence.
std::int16_t fine_dB(float dB) {
    return static_cast<std::int16_t>(std::lround(std::clamp(dB, -128.0f, 127.0f) * 256.0f));
}

Blob halves(const std::vector<float>& dB) {
    Blob out;
    out.word(static_cast<std::int32_t>(dB.size()));
    for (const float level : dB) out.half(fine_dB(level));
    return std::move(out.pad());
}

Blob reals(const std::vector<float>& dB) {
    Blob out;
    out.word(static_cast<std::int32_t>(dB.size()));
    for (const float level : dB) out.real(linear(level));
    return out;
}

// Gains as whole numbers, those of an automix behind them as their log2 by 256; two make a word.
Blob gains(const std::vector<float>& dB) {
    constexpr float kOctave_dB = 6.0206f;
    const std::size_t plain = dB.size() - kAutomixes;
    Blob out;
    out.word(static_cast<std::int32_t>(dB.size() / 2));
    for (std::size_t i = 0; i < plain; ++i)
        out.half(static_cast<std::int16_t>(std::lround(std::min(linear(dB[i]), 1.0f) * 32767.0f)));
    for (std::size_t i = plain; i < dB.size(); ++i)
        out.half(static_cast<std::int16_t>(std::lround(dB[i] / kOctave_dB * 256.0f)));
    return out;
}

// Theirs are 100 bands, f(k) = 20 Hz * 1000^(k/100); ours as many as there are over the same
// decades.
std::vector<float> bands(const std::vector<float>& ours) {
    std::vector<float> out(kSpectrumBands, -128.0f);
    if (ours.empty()) return out;
    const double each = static_cast<double>(ours.size() - 1) / kSpectrumBands;
    for (std::size_t k = 0; k < kSpectrumBands; ++k) {
        const double middle = each * static_cast<double>(k);
        const auto first = static_cast<std::size_t>(std::max(0.0, std::ceil(middle - each / 2)));
        const auto last = static_cast<std::size_t>(middle + each / 2);
        for (std::size_t i = first; i <= std::min(last, ours.size() - 1); ++i)
            out[k] = std::max(out[k], ours[i]);
    }
    return out;
}

Blob spectrum_blob(const std::vector<float>& dB, bool is_air) {
    Blob out;
    // The X32 counts words all the same.
    out.word(static_cast<std::int32_t>(is_air ? kSpectrumBands : kSpectrumBands / 2));
    for (const float level : bands(dB)) out.half(fine_dB(level));
    return out;
}

std::span<const Part> page(std::span<const std::span<const Part>> pages, std::int32_t number) {
    return pages[static_cast<std::size_t>(std::clamp(number, 0, 3))];
}

std::span<const Blueprint> blueprints(bool is_air) {
    if (is_air) return kAirMeters;
    return kX32Meters;
}

std::string meter_address(const StripPlace& place) {
    const std::string kind(param::kPrefix[static_cast<std::size_t>(place.kind)]);
    return "/meters" + kind +
           (param::is_counted(place.kind) ? "/" + std::to_string(place.strip + 1) : "");
}

const Blueprint* blueprint(bool is_air, int number) {
    for (const Blueprint& one : blueprints(is_air))
        if (one.number == number) return &one;
    return nullptr;
}

}  // namespace

Meters::Meters(const Mapping& mapping, const Dialect& dialect, const Desk& desk,
               RightsNumber rights)
    : mapping_(mapping), dialect_(dialect), desk_(desk), rights_(rights) {}

void Meters::find_lines(std::span<const MeterLine> lines) {
    const auto line = [&](std::string_view address) -> std::optional<std::size_t> {
        if (!desk_.access().of(rights_).sees_meter(address)) return std::nullopt;
        for (std::size_t i = 0; i < lines.size(); ++i)
            if (lines[i].address == address) return i;
        return std::nullopt;
    };
    for (const StripRow& row : dialect_.strips) {
        auto& numbers = lines_.emplace_back();
        for (std::size_t n = 0; n < count_of(row.path); ++n) {
            const auto place = mapping_.strip(row, n);
            numbers.push_back(place ? line(meter_address(*place)) : std::nullopt);
        }
    }
    spectrum_ = line(kSpectrum);
    found_ = true;
}

bool Meters::knows(int number) const {
    if (blueprint(is_air(), number) != nullptr) return true;
    return is_air() ? number == kAirStrip || number == kAirSpectrum
                    : number == kX32Pages || number == kX32Strip || number == kX32Spectrum;
}

std::optional<Blob> Meters::blob(int number, std::array<std::int32_t, 2> parameters,
                                 std::int32_t selected, std::span<const MeterLine> lines) {
    if (!knows(number) || lines.empty()) return std::nullopt;
    if (!found_) find_lines(lines);
    if (number == (is_air() ? kAirSpectrum : kX32Spectrum))
        return spectrum_blob(spectrum_ ? lines[*spectrum_].dB : std::vector<float>{}, is_air());
    Filling filling(*this, lines, selected);
    if (number == (is_air() ? kAirStrip : kX32Strip)) {
        const auto [row, n] = strip_at(dialect_, parameters[0]);
        if (is_air())
            filling.add(std::array{Part{What::sides, row, 1, n}, Part{What::gate, row, 1, n},
                                   Part{What::dynamics, row, 1, n}, Part{What::left, row, 1, n},
                                   Part{What::right, row, 1, n}, Part{What::silence, none, 2}});
        else
            filling.add(std::array{Part{What::input, row, 1, n}, Part{What::gate, row, 1, n},
                                   Part{What::dynamics, row, 1, n}, Part{What::post, row, 1, n}});
    } else if (!is_air() && number == kX32Pages) {
        filling.add(page(kPages, parameters[0]));
        filling.add(page(kGroups, parameters[1]));
        filling.add(kMain);
    } else {
        filling.add(blueprint(is_air(), number)->parts);
    }
    if (is_air()) return halves(filling.out);
    return number == kX32Gains ? gains(filling.out) : reals(filling.out);
}

}  // namespace mixrig::control::x32
