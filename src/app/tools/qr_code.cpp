// QR codes, by libqrencode.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/tools/qr_code.h"

#include <memory>
#include <qrencode.h>

namespace mixrig::app {
namespace {

constexpr std::size_t kQuietModules = 4;
constexpr const char* kBlackOnWhite = "\033[38;5;16;48;5;231m";
constexpr const char* kUsualColours = "\033[0m";

}  // namespace

base::Result<std::vector<std::vector<bool>>> qr_code(const std::string& text) {
    // Version 0: the smallest that has room.
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
    if (!code) return base::Error{"this text has no room in a QR code"};
    const auto width = static_cast<std::size_t>(code->width);
    const std::size_t size = width + 2 * kQuietModules;
    std::vector<std::vector<bool>> out(size, std::vector<bool>(size, false));
    for (std::size_t y = 0; y < width; ++y)
        for (std::size_t x = 0; x < width; ++x)
            out[y + kQuietModules][x + kQuietModules] = (code->data[y * width + x] & 1u) != 0;
    return out;
}

std::string qr_text(const std::vector<std::vector<bool>>& modules) {
    std::string out;
    for (std::size_t y = 0; y < modules.size(); y += 2) {
        out += kBlackOnWhite;
        for (std::size_t x = 0; x < modules[y].size(); ++x) {
            const bool upper = modules[y][x];
            const bool lower = y + 1 < modules.size() && modules[y + 1][x];
            out += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
        }
        out += std::string(kUsualColours) + "\n";
    }
    return out;
}

}  // namespace mixrig::app
