// STUN as ICE uses it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rtc/stun.h"

#include "control/rtc/big_endian.h"
#include "control/rtc/crc.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <span>
#include <utility>

namespace mixrig::control::rtc {
namespace {

// RFC 8489: the message is a header of type, length and a fixed cookie, then attributes of type,
// length and value, each padded to four bytes.
constexpr std::size_t kHeader = 20, kAttributeHeader = 4;
constexpr std::uint32_t kCookie = 0x2112A442, kFingerprintMask = 0x5354554E;
constexpr std::uint16_t kRequest = 0x0001, kSuccess = 0x0101;
constexpr std::uint16_t kUserName = 0x0006, kIntegrity = 0x0008, kXorMapped = 0x0020,
                        kUseCandidate = 0x0025, kFingerprint = 0x8028;
constexpr std::size_t kDigest = 20;  // bytes of HMAC-SHA1

using Digest = std::array<std::uint8_t, kDigest>;

class Writer {
public:
    Writer(std::uint16_t type, const std::array<std::uint8_t, 12>& transaction) {
        put_16(type);
        put_16(0);
        put_32(kCookie);
        bytes_.insert(bytes_.end(), transaction.begin(), transaction.end());
    }
    void attribute(std::uint16_t type, Bytes value) {
        put_16(type);
        put_16(static_cast<std::uint16_t>(value.size()));
        bytes_.insert(bytes_.end(), value.begin(), value.end());
        bytes_.resize((bytes_.size() + 3) / 4 * 4);
    }
    // What is signed is the message as long as it will be with this attribute.
    void sign(std::string_view password);
    void add_fingerprint();
    std::vector<std::uint8_t> take() { return std::move(bytes_); }

private:
    void put_16(std::uint32_t value) {
        bytes_.push_back(static_cast<std::uint8_t>(value >> 8));
        bytes_.push_back(static_cast<std::uint8_t>(value));
    }
    void put_32(std::uint32_t value) { put_16(value >> 16), put_16(value & 0xFFFF); }
    // Of all attributes, these many bytes that are still to come among them.
    void set_length(std::size_t coming) {
        const std::size_t length = bytes_.size() - kHeader + coming;
        bytes_[2] = static_cast<std::uint8_t>(length >> 8);
        bytes_[3] = static_cast<std::uint8_t>(length);
    }

    std::vector<std::uint8_t> bytes_;
};

Digest hmac_of(Bytes message, std::string_view password) {
    Digest out = {};
    unsigned size = kDigest;
    HMAC(EVP_sha1(), password.data(), static_cast<int>(password.size()), message.data(),
         message.size(), out.data(), &size);
    return out;
}

void Writer::sign(std::string_view password) {
    set_length(kAttributeHeader + kDigest);
    attribute(kIntegrity, hmac_of(bytes_, password));
}

void Writer::add_fingerprint() {
    set_length(kAttributeHeader + 4);
    const std::uint32_t sum = Crc<kCrc32>().add(bytes_).sum() ^ kFingerprintMask;
    const std::array<std::uint8_t, 4> value = {
        static_cast<std::uint8_t>(sum >> 24), static_cast<std::uint8_t>(sum >> 16),
        static_cast<std::uint8_t>(sum >> 8), static_cast<std::uint8_t>(sum)};
    attribute(kFingerprint, value);
}

bool is_message(Bytes datagram, std::uint16_t type) {
    return datagram.size() >= kHeader && read_16(datagram) == type &&
           read_32(datagram.subspan(4)) == kCookie &&
           read_16(datagram.subspan(2)) + kHeader == datagram.size();
}

// Calls take(type, value, where) for each attribute; false if they are not whole.
template <typename Take>
bool for_attributes(Bytes datagram, Take take) {
    for (std::size_t at = kHeader; at < datagram.size();) {
        const Bytes rest = datagram.subspan(at);
        if (rest.size() < kAttributeHeader) return false;
        const std::size_t length = read_16(rest.subspan(2));
        if (rest.size() < kAttributeHeader + length) return false;
        take(read_16(rest), rest.subspan(kAttributeHeader, length), at);
        at += kAttributeHeader + (length + 3) / 4 * 4;
    }
    return true;
}

bool is_signed_by(Bytes datagram, std::size_t at, std::string_view password) {
    if (at < kHeader || datagram.size() < at + kAttributeHeader + kDigest) return false;
    std::vector<std::uint8_t> signed_part(datagram.begin(),
                                          datagram.begin() + static_cast<std::ptrdiff_t>(at));
    const std::size_t length = at + kAttributeHeader + kDigest - kHeader;
    signed_part[2] = static_cast<std::uint8_t>(length >> 8);
    signed_part[3] = static_cast<std::uint8_t>(length);
    const Digest digest = hmac_of(signed_part, password);
    return CRYPTO_memcmp(digest.data(), datagram.data() + at + kAttributeHeader, kDigest) == 0;
}

// XOR-MAPPED-ADDRESS, RFC 8489 section 14.2.
std::vector<std::uint8_t> xor_mapped(const NetAddress& address, Bytes header) {
    const NetAddress::Bits bits = address.bits();
    constexpr std::size_t kMapped = 12;  // bytes before the IPv4 address in ::ffff:a.b.c.d
    constexpr std::array<std::uint8_t, kMapped> kPrefix = {0, 0, 0, 0, 0,    0,
                                                           0, 0, 0, 0, 0xFF, 0xFF};
    const bool is_v4 = std::equal(kPrefix.begin(), kPrefix.end(), bits.begin());
    std::vector<std::uint8_t> out = {0, static_cast<std::uint8_t>(is_v4 ? 1 : 2),
                                     static_cast<std::uint8_t>(address.port() >> 8),
                                     static_cast<std::uint8_t>(address.port())};
    out[2] ^= header[4];
    out[3] ^= header[5];
    const std::span<const std::uint8_t> number = std::span(bits).subspan(is_v4 ? kMapped : 0);
    for (std::size_t i = 0; i < number.size(); ++i)
        out.push_back(static_cast<std::uint8_t>(number[i] ^ header[4 + i]));
    return out;
}

Bytes bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

std::optional<BindingRequest> parse_request(Bytes datagram) {
    if (!is_message(datagram, kRequest)) return std::nullopt;
    BindingRequest out;
    std::copy_n(datagram.begin() + 8, out.transaction.size(), out.transaction.begin());
    const bool is_whole =
        for_attributes(datagram, [&](std::uint16_t type, Bytes value, std::size_t at) {
            if (out.integrity != 0) return;  // nobody has signed what comes behind
            if (type == kIntegrity && value.size() == kDigest) out.integrity = at;
            if (type == kUseCandidate) out.use_candidate = true;
            if (type != kUserName) return;
            const std::string_view name(reinterpret_cast<const char*>(value.data()), value.size());
            const std::size_t colon = std::min(name.find(':'), name.size());
            out.to = name.substr(0, colon);
            out.from = name.substr(std::min(colon + 1, name.size()));
        });
    return is_whole && out.integrity != 0 && !out.to.empty() ? std::optional(out) : std::nullopt;
}

bool is_authentic(Bytes datagram, const BindingRequest& request, std::string_view password) {
    return is_signed_by(datagram, request.integrity, password);
}

std::vector<std::uint8_t> success(const BindingRequest& request, const NetAddress& seen,
                                  std::string_view password) {
    Writer writer(kSuccess, request.transaction);
    // The cookie and the transaction, as they stand in every message.
    std::vector<std::uint8_t> header = Writer(kSuccess, request.transaction).take();
    writer.attribute(kXorMapped, xor_mapped(seen, header));
    writer.sign(password);
    writer.add_fingerprint();
    return writer.take();
}

std::vector<std::uint8_t> request(const BindingRequest& request, std::string_view password) {
    Writer writer(kRequest, request.transaction);
    writer.attribute(kUserName, bytes_of(request.to + ":" + request.from));
    if (request.use_candidate) writer.attribute(kUseCandidate, {});
    writer.sign(password);
    writer.add_fingerprint();
    return writer.take();
}

bool is_success(Bytes datagram, const BindingRequest& request, std::string_view password) {
    if (!is_message(datagram, kSuccess) ||
        !std::equal(request.transaction.begin(), request.transaction.end(), datagram.begin() + 8))
        return false;
    std::size_t integrity = 0;
    return for_attributes(datagram,
                          [&](std::uint16_t type, Bytes, std::size_t at) {
                              if (type == kIntegrity && integrity == 0) integrity = at;
                          }) &&
           is_signed_by(datagram, integrity, password);
}

}  // namespace mixrig::control::rtc
