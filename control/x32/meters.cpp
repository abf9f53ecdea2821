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
constexpr std::size_t kInput = 0, kPre = 1, kLeft = 2, kRight = 3, kGate = 7, kDynamics = 8;

enum class What : std::uint8_t {
    input,  // behind trim
    pre,    // before the fader
    sides,  // the same, for left and for right
    post,   // behind fader and pan, the louder side
    left,
    right,
    gate,  // how far it turns down, as a gain
    dynamics,
    silence,  // ours has none such, as a level
    unity,    // as a gain
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
constexpr Part kX7[] = {{What::silence, none, 16}};
constexpr Part kX8[] = {{What::silence, none, 6}};
constexpr Part kX9[] = {{What::silence, none, 32}};
constexpr Part kX11[] = {{What::silence, none, 3}, {What::unity, none, 1}, {What::silence, none, 1}};
constexpr Part kX12[] = {{What::left, lr, 1}, {What::right, lr, 1}, {What::silence, none, 2}};
constexpr Part kX13[] = {{What::pre, ch, 32}, {What::pre, auxin, 8}, {What::pre, fxrtn, 8}};
constexpr Part kX14[] = {{What::silence, none, 80}};
constexpr Part kX16[] = {{What::gate, ch, 32}, {What::dynamics, ch, 32}, {What::dynamics, bus, 16}, {What::dynamics, mtx, 6}, {What::dynamics, lr, 1}, {What::unity, none, 1}};
constexpr Blueprint kX32Meters[] = {{0, kX0}, {1, kX1}, {2, kX2}, {3, kX3}, {4, kX4}, {7, kX7}, {8, kX8}, {9, kX9}, {10, kX9}, {11, kX11}, {12, kX12}, {13, kX13}, {14, kX14}, {16, kX16}};

// Meter 5: a page of channels, a page of groups, main.
constexpr Part kPage0[] = {{What::pre, ch, 16}};
constexpr Part kPage1[] = {{What::pre, ch, 16, 16}};
constexpr Part kPage2[] = {{What::pre, auxin, 8}, {What::pre, fxrtn, 8}};
constexpr Part kPage3[] = {{What::pre, bus, 16}};
constexpr std::span<const Part> kPages[] = {kPage0, kPage1, kPage2, kPage3};
constexpr Part kGroup0[] = {{What::silence, none, 8}};
constexpr Part kGroup1[] = {{What::pre, bus, 8}};
constexpr Part kGroup2[] = {{What::pre, bus, 8, 8}};
constexpr Part kGroup3[] = {{What::pre, mtx, 6}, {What::silence, none, 2}};
constexpr std::span<const Part> kGroups[] = {kGroup0, kGroup1, kGroup2, kGroup3};
constexpr Part kMain[] = {{What::left, lr, 1}, {What::right, lr, 1}, {What::silence, none, 1}};

constexpr Part kA1[] = {{What::pre, air_ch, 16}, {What::sides, air_aux, 1}, {What::sides, air_fx, 4}, {What::pre, air_bus, 6}, {What::silence, none, 4},
                        {What::left, air_lr, 1}, {What::right, air_lr, 1}, {What::silence, none, 2}};
constexpr Part kA2[] = {{What::input, air_ch, 16}, {What::silence, none, 20}};
constexpr Part kA3[] = {{What::silence, none, 56}};
constexpr Part kA5[] = {{What::post, air_bus, 6}, {What::left, air_lr, 1}, {What::right, air_lr, 1}, {What::silence, none, 36}};
constexpr Part kA6[] = {{What::gate, air_ch, 16}, {What::dynamics, air_ch, 16}, {What::dynamics, air_bus, 6}, {What::dynamics, air_lr, 1}};
constexpr Part kA7[] = {{What::unity, none, 16}};
constexpr Part kA8[] = {{What::silence, none, 4}};
constexpr Part kA9[] = {{What::left, air_lr, 1}, {What::right, air_lr, 1}, {What::silence, none, 2}};
constexpr Blueprint kAirMeters[] = {{1, kA1}, {2, kA2}, {3, kA3}, {5, kA5}, {6, kA6}, {7, kA7}, {8, kA8}, {9, kA9}};
// clang-format on

constexpr int kX32Pages = 5, kX32Strip = 6, kX32Spectrum = 15, kX32Gains = 16;
constexpr int kAirStrip = 0, kAirSpectrum = 4;
constexpr std::size_t kSpectrumBands = 100;

// dB, one after the other.
class Filling {
public:
    using Rows = std::vector<std::vector<std::optional<std::size_t>>>;
    Filling(const Rows& rows, std::span<const MeterLine> lines) : rows_(rows), lines_(lines) {}

    void add(std::span<const Part> parts) {
        for (const Part& part : parts) add(part);
    }
    void add(const Part& part) {
        for (std::size_t n = part.first; n < part.first + part.count; ++n) {
            const float dB = read(part, n);
            out.push_back(dB);
            if (part.what == What::sides) out.push_back(dB);
        }
    }

    std::vector<float> out;

private:
    float read(const Part& part, std::size_t n) const {
        const bool is_gain =
            part.what == What::gate || part.what == What::dynamics || part.what == What::unity;
        const float nothing = is_gain ? 0.0f : kSilence_dB;
        if (part.row >= rows_.size() || n >= rows_[part.row].size() || !rows_[part.row][n])
            return nothing;
        const std::vector<float>& dB = lines_[*rows_[part.row][n]].dB;
        if (dB.size() <= kDynamics) return nothing;
        switch (part.what) {
            case What::input:
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
            default:
                return dB[kPre];
        }
    }

    const Rows& rows_;
    std::span<const MeterLine> lines_;
};

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

// Gains as whole numbers, 8 of an automix behind them (log2 of the gain by 256); two make a word.
Blob gains(const std::vector<float>& dB) {
    constexpr std::size_t kAutomixes = 8;
    Blob out;
    out.word(static_cast<std::int32_t>((dB.size() + kAutomixes) / 2));
    for (const float level : dB)
        out.half(static_cast<std::int16_t>(std::lround(std::min(linear(level), 1.0f) * 32767.0f)));
    for (std::size_t i = 0; i < kAutomixes; ++i) out.half(0);
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

// The row and the place in it of a strip's number among all.
std::pair<std::size_t, std::size_t> strip_at(const Filling::Rows& rows, std::int32_t number) {
    auto n = static_cast<std::size_t>(std::max(number, 0));
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (n < rows[row].size()) return {row, n};
        n -= rows[row].size();
    }
    return {none, 0};
}

std::span<const Blueprint> blueprints(bool is_air) {
    if (is_air) return kAirMeters;
    return kX32Meters;
}

const Blueprint* blueprint(bool is_air, int number) {
    for (const Blueprint& one : blueprints(is_air))
        if (one.number == number) return &one;
    return nullptr;
}

}  // namespace

Meters::Meters(const Mapping& mapping, const Dialect& dialect) : is_air_(&dialect == &kAirDialect) {
    for (const StripRow& row : dialect.strips) {
        auto& addresses = addresses_.emplace_back();
        for (std::size_t n = 0; n < count_of(row.path); ++n) {
            const auto place = mapping.strip(row, n);
            std::string address;
            if (place) {
                address =
                    "/meters" + std::string(param::kPrefix[static_cast<std::size_t>(place->kind)]);
                if (param::is_counted(place->kind))
                    address += "/" + std::to_string(place->strip + 1);
            }
            addresses.push_back(address);
        }
    }
}

void Meters::find_lines(std::span<const MeterLine> lines) {
    const auto line = [&](std::string_view address) -> std::optional<std::size_t> {
        for (std::size_t i = 0; i < lines.size(); ++i)
            if (lines[i].address == address) return i;
        return std::nullopt;
    };
    for (const auto& row : addresses_) {
        auto& numbers = lines_.emplace_back();
        for (const std::string& address : row) numbers.push_back(line(address));
    }
    spectrum_ = line(kSpectrum);
    found_ = true;
}

bool Meters::knows(int number) const {
    if (blueprint(is_air_, number) != nullptr) return true;
    return is_air_ ? number == kAirStrip || number == kAirSpectrum
                   : number == kX32Pages || number == kX32Strip || number == kX32Spectrum;
}

std::optional<Blob> Meters::blob(int number, std::array<std::int32_t, 2> parameters,
                                 std::span<const MeterLine> lines) {
    if (!knows(number) || lines.empty()) return std::nullopt;
    if (!found_) find_lines(lines);
    if (number == (is_air_ ? kAirSpectrum : kX32Spectrum))
        return spectrum_blob(spectrum_ ? lines[*spectrum_].dB : std::vector<float>{}, is_air_);
    Filling filling(lines_, lines);
    if (number == (is_air_ ? kAirStrip : kX32Strip)) {
        const auto [row, n] = strip_at(lines_, parameters[0]);
        if (is_air_)
            filling.add(std::array{Part{What::sides, row, 1, n}, Part{What::gate, row, 1, n},
                                   Part{What::dynamics, row, 1, n}, Part{What::left, row, 1, n},
                                   Part{What::right, row, 1, n}, Part{What::silence, none, 2}});
        else
            filling.add(std::array{Part{What::input, row, 1, n}, Part{What::gate, row, 1, n},
                                   Part{What::dynamics, row, 1, n}, Part{What::post, row, 1, n}});
    } else if (!is_air_ && number == kX32Pages) {
        filling.add(page(kPages, parameters[0]));
        filling.add(page(kGroups, parameters[1]));
        filling.add(kMain);
    } else {
        filling.add(blueprint(is_air_, number)->parts);
    }
    if (is_air_) return halves(filling.out);
    return number == kX32Gains ? gains(filling.out) : reals(filling.out);
}

}  // namespace mixrig::control::x32
