// libzip.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/archive.h"

#include <string>
#include <zip.h>

namespace mixrig::disk {
namespace {

constexpr zip_uint16_t kFirstDate = (1u << 5u) | 1u;  // 1 January 1980 as DOS writes it

bool add(zip_t* archive, const std::filesystem::path& file) {
    zip_source_t* source = zip_source_file(archive, file.c_str(), 0, -1);
    if (source == nullptr) return false;
    const zip_int64_t at = zip_file_add(archive, file.filename().c_str(), source, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(source);
        return false;
    }
    return zip_file_set_dostime(archive, static_cast<zip_uint64_t>(at), 0, kFirstDate, 0) == 0;
}

}  // namespace

base::Status write_zip(const std::filesystem::path& path,
                       std::span<const std::filesystem::path> files) {
    const auto failed = [&path](const std::string& why) {
        return base::Error{.what = "cannot write the archive: " + why,
                           .where = path.string(),
                           .hint = "is the disk full, may you write there?"};
    };
    int code = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (archive == nullptr) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        const std::string why = zip_error_strerror(&error);
        zip_error_fini(&error);
        return failed(why);
    }
    bool added = true;
    for (const auto& file : files) added = added && add(archive, file);
    // It is written, under a temporary name, only now.
    if (!added || zip_close(archive) != 0) {
        const std::string why = zip_strerror(archive);
        zip_discard(archive);
        return failed(why);
    }
    return base::Done{};
}

}  // namespace mixrig::disk
