// The proof that stems add up to the mix.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/bounce/null_certificate.h"

#include "src/app/json.h"
#include "src/disk/digest.h"
#include "src/disk/sound_file_reader.h"
#include "src/session/atomic_file.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace mixrig::app {

namespace fs = std::filesystem;
using disk::SoundFileReader;

namespace {

constexpr std::size_t kFramesAtOnce = 4096;

double dBFS(double amplitude) {
    return std::max(20.0 * std::log10(amplitude), kNothing_dBFS);
}

base::Result<SoundFileReader> open_alike(const fs::path& path, const disk::SoundInfo& mix) {
    auto file = SoundFileReader::open(path);
    if (!file) return file.error();
    const disk::SoundInfo& info = file->info();
    if (info.frames != mix.frames || info.channels != mix.channels ||
        info.rate.value != mix.rate.value)
        return base::Error{"has not the length, rate and channels of the mix", path.string(),
                           "bounce mix and stems together"};
    return file;
}

// A file as it is, sample by sample: nothing is left out at its end.
base::Status read_all(SoundFileReader& file, std::span<float> interleaved) {
    std::size_t filled = 0;
    while (filled < interleaved.size()) {
        const auto got = file.read(interleaved.subspan(filled));
        if (!got) return got.error();
        if (*got == 0) return base::Error{"ends before it should"};
        filled += *got * file.info().channels;
    }
    return base::Done{};
}

Json described(const fs::path& path, const std::string& digest) {
    Json file = Json::object();
    file.set("file", path.filename().string());
    file.set("sha256", digest);
    return file;
}

}  // namespace

base::Result<NullTest> null_test(const fs::path& mix, const std::vector<fs::path>& stems) {
    auto whole = SoundFileReader::open(mix);
    if (!whole) return whole.error();
    const disk::SoundInfo info = whole->info();
    std::vector<SoundFileReader> parts;
    for (const fs::path& stem : stems) {
        auto part = open_alike(stem, info);
        if (!part) return part.error();
        parts.push_back(std::move(*part));
    }
    double residual = 0.0, peak = 0.0, squares = 0.0;
    std::uint64_t worst = 0;
    std::vector<float> samples;
    std::vector<double> rest;
    for (std::uint64_t at = 0; at < info.frames; at += kFramesAtOnce) {
        const auto frames =
            static_cast<std::size_t>(std::min<std::uint64_t>(kFramesAtOnce, info.frames - at));
        samples.resize(frames * info.channels);
        if (auto status = read_all(*whole, samples); !status) return status.error();
        rest.assign(samples.begin(), samples.end());
        for (const double x : rest) peak = std::max(peak, std::fabs(x));
        for (SoundFileReader& part : parts) {
            if (auto status = read_all(part, samples); !status) return status.error();
            for (std::size_t i = 0; i < rest.size(); ++i)
                rest[i] -= static_cast<double>(samples[i]);
        }
        for (std::size_t i = 0; i < rest.size(); ++i) {
            squares += rest[i] * rest[i];
            if (std::fabs(rest[i]) <= residual) continue;
            residual = std::fabs(rest[i]);
            worst = at + i / info.channels;
        }
    }
    const auto samples_in_all = static_cast<double>(info.frames * info.channels);
    return NullTest{.mix = mix,
                    .stems = stems,
                    .rate = info.rate.value,
                    .frames = info.frames,
                    .residual_dBFS = dBFS(residual),
                    .residual_rms_dBFS = dBFS(std::sqrt(squares / samples_in_all)),
                    .at_seconds = static_cast<double>(worst) / info.rate.value,
                    .peak_dBFS = dBFS(peak)};
}

base::Status write_certificate(const NullTest& test, const fs::path& path) {
    const auto digest = disk::sha256(test.mix);
    if (!digest) return digest.error();
    Json files = Json::list();
    for (const fs::path& stem : test.stems) {
        const auto of_stem = disk::sha256(stem);
        if (!of_stem) return of_stem.error();
        files.add(described(stem, *of_stem));
    }
    Json all = Json::object();
    all.set("what", "mix - sum of stems");
    all.set("passes", test.passes());
    all.set("residual_dBFS", test.residual_dBFS);
    all.set("residual_rms_dBFS", test.residual_rms_dBFS);
    all.set("largest_at_seconds", test.at_seconds);
    all.set("limit_dBFS", kNull_dBFS);
    all.set("mix_peak_dBFS", test.peak_dBFS);
    all.set("rate", test.rate);
    all.set("frames", test.frames);
    all.set("mix", described(test.mix, *digest));
    all.set("stems", std::move(files));
    all.set("by", "mixrig " MIXRIG_VERSION);
    return session::save_atomically(path, all.text() + "\n", session::Keep::nothing,
                                    session::Readers::everybody);
}

}  // namespace mixrig::app
