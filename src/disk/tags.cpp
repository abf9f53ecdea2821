// libsndfile's strings, broadcast and axml chunks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/tags.h"

#include "src/disk/tag_writer.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string_view>

namespace mixrig::disk {
namespace {

constexpr std::string_view kIsrc = "ISRC ", kUpc = "UPC ";

struct Text {
    int type;
    std::string Tags::*member;
};

constexpr Text kTexts[] = {
    {SF_STR_TITLE, &Tags::title}, {SF_STR_ARTIST, &Tags::artist},
    {SF_STR_ALBUM, &Tags::album}, {SF_STR_GENRE, &Tags::genre},
    {SF_STR_DATE, &Tags::date},   {SF_STR_TRACKNUMBER, &Tags::track},
};

bool holds_albums(Container container) {
    return container != Container::aiff;  // libsndfile has no AIFF chunk for the others
}

bool holds_broadcast(Container container) {
    return container == Container::wav || container == Container::rf64;
}

bool write_texts(SNDFILE* file, Container container, const Tags& tags) {
    const auto set = [file](int type, const std::string& text) {
        return text.empty() || sf_set_string(file, type, text.c_str()) == SF_ERR_NO_ERROR;
    };
    bool done = set(SF_STR_COMMENT, tags.comment());
    for (const Text& text : kTexts)
        if (holds_albums(container) || text.type == SF_STR_TITLE || text.type == SF_STR_ARTIST)
            done = set(text.type, tags.*text.member) && done;
    return done;
}

// Fixed fields without a terminator; the bytes behind the text are 0.
template <std::size_t kSize>
void fill(char (&field)[kSize], std::string_view text) {
    std::memcpy(field, text.data(), std::min(kSize, text.size()));
}

// Hundredths; EBU Tech 3285 takes the largest number for a value that is not there.
std::int16_t hundredths(double value) {
    constexpr double kNone = std::numeric_limits<std::int16_t>::max();
    if (!std::isfinite(value) || std::fabs(value) >= 327.0) return static_cast<std::int16_t>(kNone);
    return static_cast<std::int16_t>(std::lround(value * 100.0));
}

bool write_broadcast(SNDFILE* file, const Tags& tags) {
    SF_BROADCAST_INFO info = {};
    std::string description(tags.artist);
    description.append(" - ").append(tags.title);
    fill(info.description, description);
    fill(info.originator, "mixrig");
    fill(info.originator_reference, tags.isrc);
    // No date and time of day: same samples and tags, same bytes.
    const std::uint64_t reference = tags.time_reference.value_or(0);
    info.time_reference_low = static_cast<std::uint32_t>(reference);
    info.time_reference_high = static_cast<std::uint32_t>(reference >> 32);
    info.version = 1;
    if (tags.loudness) {
        info.version = 2;
        info.loudness_value = hundredths(tags.loudness->integrated);
        info.loudness_range = hundredths(tags.loudness->range);
        info.max_true_peak_level = hundredths(tags.loudness->true_peak);
        info.max_momentary_loudness = hundredths(tags.loudness->momentary_max);
        info.max_shortterm_loudness = hundredths(tags.loudness->short_term_max);
    }
    return sf_command(file, SFC_SET_BROADCAST_INFO, &info, sizeof info) == SF_TRUE;
}

bool write_axml(SNDFILE* file, const Tags& tags, TagData& data) {
    data.axml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<ebuCoreMain xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
        "xmlns=\"urn:ebu:metadata-schema:ebuCore_2012\">\n"
        "<coreMetadata>\n"
        "<identifier typeLabel=\"GUID\" typeDefinition=\"Globally Unique Identifier\" "
        "formatLabel=\"ISRC\" formatDefinition=\"International Standard Recording Code\">\n"
        "<dc:identifier>ISRC:";
    data.axml.append(tags.isrc);
    data.axml.append("</dc:identifier>\n</identifier>\n</coreMetadata>\n</ebuCoreMain>\n");
    data.axml.resize((data.axml.size() + 1) / 2 * 2, '\n');  // chunks are even
    SF_CHUNK_INFO chunk = {};
    std::memcpy(chunk.id, "axml", 4);
    chunk.id_size = 4;
    chunk.datalen = static_cast<unsigned>(data.axml.size());
    chunk.data = data.axml.data();
    return sf_set_chunk(file, &chunk) == SF_ERR_NO_ERROR;
}

std::string code_behind(std::string_view comment, std::string_view mark) {
    const std::size_t at = comment.find(mark);
    if (at == comment.npos) return {};
    const std::string_view rest = comment.substr(at + mark.size());
    return std::string(rest.substr(0, rest.find(',')));
}

}  // namespace

std::string Tags::comment() const {
    std::string out;
    if (!isrc.empty()) out.append(kIsrc).append(isrc);
    if (!isrc.empty() && !upc.empty()) out.append(", ");
    if (!upc.empty()) out.append(kUpc).append(upc);
    return out;
}

bool write_tags(SNDFILE* file, Container container, const Tags& tags, TagData& data) {
    bool done = write_texts(file, container, tags);
    if (!holds_broadcast(container)) return done;
    if (tags.time_reference || tags.loudness) done = write_broadcast(file, tags) && done;
    if (!tags.isrc.empty()) done = write_axml(file, tags, data) && done;
    return done;
}

base::Result<Tags> read_tags(const std::filesystem::path& path) {
    SF_INFO info = {};
    const std::unique_ptr<SNDFILE, decltype(&sf_close)> file(sf_open(path.c_str(), SFM_READ, &info),
                                                             &sf_close);
    if (!file) return base::Error{.what = "not a readable sound file", .where = path.string()};
    Tags tags;
    for (const Text& text : kTexts)
        if (const char* found = sf_get_string(file.get(), text.type)) tags.*text.member = found;
    if (const char* found = sf_get_string(file.get(), SF_STR_COMMENT)) {
        tags.isrc = code_behind(found, kIsrc);
        tags.upc = code_behind(found, kUpc);
    }
    return tags;
}

}  // namespace mixrig::disk
