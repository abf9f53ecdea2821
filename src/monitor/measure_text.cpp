// A measurement as lines for people.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/measure.h"

#include <cmath>
#include <iomanip>
#include <sstream>
#include <string_view>

namespace mixrig::monitor {
namespace {

class Lines {
public:
    Lines() { out_ << std::fixed; }

    void level(std::string_view label, double value, std::string_view unit) {
        begin(label);
        if (std::isinf(value))
            out_ << (value < 0.0 ? "-inf" : "inf");
        else
            out_ << std::setprecision(2) << value;
        out_ << (unit.empty() ? "" : " ") << unit << '\n';
    }
    void count(std::string_view label, std::uint64_t value) {
        begin(label);
        out_ << value << '\n';
    }
    void plain(std::string_view label, double value, int decimals, std::string_view unit) {
        begin(label);
        out_ << std::setprecision(decimals) << value << (unit.empty() ? "" : " ") << unit << '\n';
    }
    std::string text() const { return out_.str(); }

private:
    void begin(std::string_view label) { out_ << std::left << std::setw(24) << label; }
    std::ostringstream out_;
};

void channel_lines(Lines& lines, const ChannelMeasurement& c, const std::string& which) {
    lines.level("RMS" + which, c.rms_dBFS, "dBFS");
    lines.level("true peak" + which, c.true_peak_dBTP, "dBTP");
    lines.plain("DC offset" + which, c.dc_offset, 6, "");
    if (c.clipped_runs > 0) {
        lines.count("clips" + which, c.clipped_runs);
        lines.count("clipped samples" + which, c.clipped_samples);
    }
}

}  // namespace

std::string to_text(const Measurement& m) {
    Lines lines;
    lines.plain("duration", m.duration.value, 3, "s");
    lines.plain("rate", m.rate.value, 0, "Hz");
    lines.count("channels", m.channels);
    lines.level("integrated", m.integrated_lufs, "LUFS");
    lines.level("short-term max", m.short_term_max_lufs, "LUFS");
    lines.level("momentary max", m.momentary_max_lufs, "LUFS");
    lines.level("loudness range", m.range_lu, "LU");
    lines.level("true peak", m.true_peak_dBTP, "dBTP");
    lines.level("sample peak", m.sample_peak_dBFS, "dBFS");
    lines.level("RMS", m.rms_dBFS, "dBFS");
    lines.level("crest", m.crest_dB, "dB");
    lines.level("peak to loudness", m.plr_lu, "LU");
    if (m.correlation) lines.level("correlation", *m.correlation, "");
    if (m.mono_loss_lu) lines.level("mono loss", *m.mono_loss_lu, "LU");
    lines.count("clipped samples", m.clipped_samples());
    lines.count("samples at 1.0 or over", m.samples_over());
    if (m.not_finite() > 0) lines.count("not a number", m.not_finite());
    for (std::size_t c = 0; c < m.each.size(); ++c)
        channel_lines(lines, m.each[c], " (" + std::to_string(c + 1) + ")");
    return lines.text();
}

}  // namespace mixrig::monitor
