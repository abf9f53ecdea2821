// Files, names and fingerprints; the rest stands beside it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/verify.h"

#include "src/app/master/verify_checks.h"
#include "src/disk/digest.h"
#include "src/session/text_file.h"

#include <algorithm>
#include <array>
#include <set>
#include <system_error>
#include <utility>

namespace mixrig::app {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kGrades = {"pass", "warn", "FAIL"};

void verify_file(const Verification& v, const DeliveredFile& file) {
    const fs::path path = v.folder / file.name;
    std::error_code error;
    const bool there = fs::is_regular_file(path, error);
    if (!there)
        return v.add(Grade::fail, {.rule = "O09",
                                   .file = file.name,
                                   .what = "the file is missing",
                                   .todo = "copy it again, or make the delivery anew"});
    const auto digest = disk::sha256(path);
    if (!digest)
        return v.add(Grade::fail, {.rule = "O09",
                                   .file = file.name,
                                   .what = digest.error().what,
                                   .todo = "may you read it?"});
    v.check(*digest == file.sha256,
            {.rule = "J07",
             .file = file.name,
             .what = *digest == file.sha256 ? "is what was written" : "is not what was written",
             .figure = "SHA-256 " + digest->substr(0, 12),
             .todo = "copy it again, or make the delivery anew"});
}

void verify_strangers(const Verification& v) {
    std::set<std::string> known = {std::string(kManifestName)};
    for (const DeliveredFile& file : v.delivery.files) known.insert(file.name);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(v.folder, error)) {
        const std::string name = entry.path().filename().string();
        if (!known.contains(name))
            v.add(Grade::warn, {.rule = "O05",
                                .file = name,
                                .what = "is not in the manifest",
                                .todo = "take it out of the delivery"});
    }
}

void verify_name(const Verification& v, std::size_t number, const DeliveredSong& song) {
    // Whatever stands in brackets is in the title already.
    const std::string name =
        session::song_file_name({.title = song.title, .artist = song.artist}, number);
    const bool listed = std::any_of(v.delivery.files.begin(), v.delivery.files.end(),
                                    [&](const auto& file) { return file.name == song.file; });
    const bool good = listed && fs::path(song.file).stem() == fs::path(name + ".x").stem();
    v.check(good,
            {.rule = "O01",
             .file = song.file,
             .what = good ? "is named by number, artist and title" : "has another name than asked",
             .figure = name,
             .todo = "make the delivery anew"});
}

}  // namespace

void Verification::add(Grade grade, Finding finding) const {
    finding.grade = grade;
    if (grade == Grade::pass) finding.todo.clear();
    findings.push_back(std::move(finding));
}

base::Result<Findings> verify(const fs::path& folder, std::string_view profile_name) {
    std::error_code error;
    if (!fs::is_directory(folder, error))
        return base::Error{.what = "no such folder",
                           .where = folder.string(),
                           .hint = "the folder that `mixrig album -o` wrote"};
    Findings findings;
    const fs::path manifest = folder / kManifestName;
    const auto text = session::read_text(manifest);
    auto delivery =
        text ? parse_manifest(*text, manifest.string()) : base::Result<Delivery>(text.error());
    if (!delivery) {
        findings.push_back({.grade = Grade::fail,
                            .rule = "O09",
                            .file = std::string(kManifestName),
                            .what = delivery.error().what,
                            .todo = "make the delivery anew: without its manifest nothing can be "
                                    "held to anything"});
        return findings;
    }
    const auto profile =
        delivery_profile(profile_name.empty() ? std::string_view(delivery->medium) : profile_name);
    if (!profile) return profile.error();
    const Verification verification{folder, *delivery, *profile, findings};
    for (const DeliveredFile& file : delivery->files) verify_file(verification, file);
    verify_strangers(verification);
    for (std::size_t i = 0; i < delivery->songs.size(); ++i)
        verify_name(verification, i + 1, delivery->songs[i]);
    verify_sheets(verification);
    verify_sounds(verification);
    return findings;
}

Grade worst(const Findings& findings) {
    Grade grade = Grade::pass;
    for (const Finding& finding : findings) grade = std::max(grade, finding.grade);
    return grade;
}

std::string to_text(const Finding& finding) {
    std::string out(kGrades[static_cast<std::size_t>(finding.grade)]);
    out.append("  ").append(finding.rule).append("  ");
    if (!finding.file.empty()) out.append(finding.file).append(": ");
    out.append(finding.what);
    if (!finding.figure.empty()) out.append(": ").append(finding.figure);
    if (!finding.todo.empty()) out.append(" (").append(finding.todo).append(")");
    return out;
}

Json to_json(const Findings& findings) {
    Json list = Json::list();
    std::array<std::size_t, 3> counts{};
    for (const Finding& finding : findings) {
        const auto grade = static_cast<std::size_t>(finding.grade);
        ++counts[grade];
        list.add(std::move(Json::object()
                               .set("result", grade == 2 ? "fail" : kGrades[grade])
                               .set("rule", finding.rule)
                               .set("file", finding.file)
                               .set("what", finding.what)
                               .set("figure", finding.figure)
                               .set("todo", finding.todo)));
    }
    Json out = Json::object();
    out.set("result", worst(findings) == Grade::fail   ? "fail"
                      : worst(findings) == Grade::warn ? "warn"
                                                       : "pass")
        .set("passed", counts[0])
        .set("warned", counts[1])
        .set("failed", counts[2])
        .set("findings", std::move(list));
    return out;
}

}  // namespace mixrig::app
