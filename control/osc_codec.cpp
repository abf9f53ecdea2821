// OSC messages to bytes and back.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_codec.h"

#include "control/osc_validate.h"

#include <lo/lo.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace mixrig::control {
namespace {

constexpr std::size_t kHead = 16 + 4;  // of a bundle and its first element

struct MessageFree {
    void operator()(void* message) const { lo_message_free(message); }
};
using LoMessage = std::unique_ptr<void, MessageFree>;

struct BlobFree {
    void operator()(void* blob) const { lo_blob_free(static_cast<lo_blob>(blob)); }
};
using LoBlob = std::unique_ptr<void, BlobFree>;

// Tags that liblo 0.31 does not know, and those of the same size that it does.
char known_tag(char tag) {
    if (tag == 'r') return 'i';
    return tag == '[' || tag == ']' ? 'N' : tag;
}

void replace_tags(std::vector<std::uint8_t>& message, std::string_view tags) {
    const std::size_t size = address_of(message).size();
    std::uint8_t* at = message.data() + ((size + 4) & ~std::size_t{3}) + 1;
    for (const char tag : tags) *at++ = static_cast<std::uint8_t>(tag);
}

// An argument lies at a multiple of 4 bytes, whatever alignment its type would like.
template <typename T>
T read(const lo_arg* arg) {
    T out{};
    std::memcpy(&out, arg, sizeof out);
    return out;
}

std::int64_t midi_bytes(const lo_arg* arg) {
    const auto m = read<std::array<std::uint8_t, 4>>(arg);
    return std::int64_t{m[0]} << 24 | std::int64_t{m[1]} << 16 | std::int64_t{m[2]} << 8 | m[3];
}

std::int64_t time_bits(const lo_arg* arg) {
    const auto tag = read<lo_timetag>(arg);
    return static_cast<std::int64_t>(std::uint64_t{tag.sec} << 32 | tag.frac);
}

std::string text_at(const lo_arg* arg) {
    return reinterpret_cast<const char*>(arg);
}

std::string blob_text(lo_arg* arg) {
    auto* blob = reinterpret_cast<lo_blob>(arg);
    const auto size = lo_blob_datasize(blob);
    if (size == 0) return {};
    return {static_cast<const char*>(lo_blob_dataptr(blob)), size};
}

OscArg argument(char tag, lo_arg* arg) {
    switch (tag) {
        case 'i':
        case 'r':
            return {tag, std::int64_t{read<std::int32_t>(arg)}};
        case 'h':
            return {tag, read<std::int64_t>(arg)};
        case 'c':
            return {tag, std::int64_t{read<char>(arg)}};
        case 'm':
            return {tag, midi_bytes(arg)};
        case 't':
            return {tag, time_bits(arg)};
        case 'T':
            return {tag, std::int64_t{1}};
        case 'F':
            return {tag, std::int64_t{0}};
        case 'f':
            return {tag, double{read<float>(arg)}};
        case 'd':
            return {tag, read<double>(arg)};
        case 's':
        case 'S':
            return {tag, text_at(arg)};
        case 'b':
            return {tag, blob_text(arg)};
        default:
            return {tag, {}};
    }
}

void add_blob(lo_message message, const std::string& bytes) {
    if (bytes.empty()) {
        // lo_blob_new makes none of an empty one, though the format allows it: a length of nothing.
        std::int32_t nothing = 0;
        lo_message_add_blob(message, static_cast<lo_blob>(static_cast<void*>(&nothing)));
        return;
    }
    const LoBlob blob(lo_blob_new(static_cast<std::int32_t>(bytes.size()), bytes.data()));
    lo_message_add_blob(message, static_cast<lo_blob>(blob.get()));
}

void add_midi(lo_message message, std::uint32_t v) {
    std::uint8_t bytes[4] = {static_cast<std::uint8_t>(v >> 24), static_cast<std::uint8_t>(v >> 16),
                             static_cast<std::uint8_t>(v >> 8), static_cast<std::uint8_t>(v)};
    lo_message_add_midi(message, bytes);
}

void add(lo_message message, const OscArg& arg) {
    const auto* whole = std::get_if<std::int64_t>(&arg.value);
    const std::int64_t v = whole != nullptr ? *whole : 0;
    const auto bits = static_cast<std::uint64_t>(v);
    switch (arg.type) {
        case 'i':
        case 'r':
            lo_message_add_int32(message, static_cast<std::int32_t>(v));
            break;
        case 'h':
            lo_message_add_int64(message, v);
            break;
        case 'c':
            lo_message_add_char(message, static_cast<char>(v));
            break;
        case 'm':
            add_midi(message, static_cast<std::uint32_t>(bits));
            break;
        case 't':
            lo_message_add_timetag(message, {static_cast<std::uint32_t>(bits >> 32),
                                             static_cast<std::uint32_t>(bits)});
            break;
        case 'T':
            lo_message_add_true(message);
            break;
        case 'F':
            lo_message_add_false(message);
            break;
        case 'I':
            lo_message_add_infinitum(message);
            break;
        case 'f':
            lo_message_add_float(message, static_cast<float>(std::get<double>(arg.value)));
            break;
        case 'd':
            lo_message_add_double(message, std::get<double>(arg.value));
            break;
        case 's':
            lo_message_add_string(message, arg.as_text().c_str());
            break;
        case 'S':
            lo_message_add_symbol(message, arg.as_text().c_str());
            break;
        case 'b':
            add_blob(message, arg.as_text());
            break;
        default:
            lo_message_add_nil(message);
    }
}

void append_u32(std::vector<std::uint8_t>& out, std::uint32_t v) {
    for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<std::uint8_t>(v >> shift));
}

}  // namespace

std::optional<OscMessage> decode(Bytes bytes) {
    OscMessage out{std::string(address_of(bytes))};
    const std::string_view tags = tags_of(bytes);
    if (tags.empty()) return out;

    std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());
    std::string known(tags);
    std::transform(known.begin(), known.end(), known.begin(), known_tag);
    replace_tags(copy, known);
    int result = 0;
    const LoMessage message(lo_message_deserialise(copy.data(), copy.size(), &result));
    if (message == nullptr) return std::nullopt;
    lo_arg** const args = lo_message_get_argv(message.get());
    out.args.reserve(tags.size());
    for (std::size_t i = 0; i < tags.size(); ++i) out.args.push_back(argument(tags[i], args[i]));
    return out;
}

std::vector<std::uint8_t> encode(const OscMessage& message) {
    const LoMessage lo(lo_message_new());
    for (const OscArg& arg : message.args) add(lo.get(), arg);
    std::vector<std::uint8_t> out(lo_message_length(lo.get(), message.address.c_str()));
    std::size_t size = out.size();
    lo_message_serialise(lo.get(), message.address.c_str(), out.data(), &size);
    replace_tags(out, message.types());
    return out;
}

bool BundleWriter::fits(Bytes message) const {
    const std::size_t head = bytes_.empty() ? 16 : 0;
    return bytes_.size() + head + 4 + message.size() <= limit_;
}

void BundleWriter::add(Bytes message) {
    if (bytes_.empty()) {
        constexpr std::string_view mark{"#bundle\0\0\0\0\0\0\0\0\1", 16};
        bytes_.assign(mark.begin(), mark.end());
    }
    append_u32(bytes_, static_cast<std::uint32_t>(message.size()));
    bytes_.insert(bytes_.end(), message.begin(), message.end());
    ++count_;
}

std::vector<std::uint8_t> BundleWriter::take() {
    std::vector<std::uint8_t> out;
    if (count_ == 1)
        out.assign(bytes_.begin() + kHead, bytes_.end());
    else
        out.swap(bytes_);
    bytes_.clear();
    count_ = 0;
    return out;
}

}  // namespace mixrig::control
