// DTLS by OpenSSL.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rtc/dtls.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <utility>

namespace mixrig::control::rtc {
namespace {

// A lost flight is sent again after these times: a second, which is the usual beginning, would be
// all of it on a bad line.
constexpr unsigned kFirstResend = 150'000, kLongestResend = 1'200'000;  // us
constexpr long kLifetime = 10L * 365 * 24 * 3600;                       // s
constexpr long kMostCertificates = 4096;                                // bytes
constexpr std::size_t kLargestPacket = 1u << 14;                        // of a record, RFC 6347

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
};
using Certificate = std::unique_ptr<X509, FreeCertificate>;

unsigned wait_after(SSL*, unsigned last) {
    return last == 0 ? kFirstResend : std::min(2 * last, kLongestResend);
}

std::string fingerprint_of(const X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest = {};
    unsigned size = 0;
    X509_digest(certificate, EVP_sha256(), digest.data(), &size);
    constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        if (i > 0) out += ':';
        out += kDigits[digest[i] >> 4];
        out += kDigits[digest[i] & 15];
    }
    return out;
}

Certificate certificate_of(EVP_PKEY* key) {
    Certificate out(X509_new());
    if (!out) return nullptr;
    ASN1_INTEGER_set(X509_get_serialNumber(out.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(out.get()), -24L * 3600);
    X509_gmtime_adj(X509_getm_notAfter(out.get()), kLifetime);
    X509_NAME* name = X509_get_subject_name(out.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("mixrig"), -1, -1, 0);
    if (X509_set_issuer_name(out.get(), name) != 1 || X509_set_pubkey(out.get(), key) != 1 ||
        X509_sign(out.get(), key, EVP_sha256()) == 0)
        return nullptr;
    return out;
}

}  // namespace

base::Result<Identity> Identity::make() {
    const base::Error failed{"no certificate could be made", "datagrams to pages"};
    Identity out;
    const std::unique_ptr<EVP_PKEY, FreeKey> key(EVP_EC_gen("P-256"));
    const Certificate certificate = key ? certificate_of(key.get()) : nullptr;
    out.context_.reset(SSL_CTX_new(DTLS_method()));
    SSL_CTX* context = out.context_.get();
    if (!certificate || context == nullptr ||
        SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) != 1 ||
        SSL_CTX_use_certificate(context, certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context, key.get()) != 1)
        return failed;
    // Nobody has signed it: its fingerprint is looked at when all else is done. And nobody may have
    // us compute for long: no chain is verified, no dear group is taken.
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_cert_verify_callback(
        context, [](X509_STORE_CTX*, void*) { return 1; }, nullptr);
    SSL_CTX_set_max_cert_list(context, kMostCertificates);
    if (SSL_CTX_set1_groups_list(context, "X25519:P-256") != 1) return failed;
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
    out.fingerprint_ = fingerprint_of(certificate.get());
    return out;
}

Dtls::Dtls(const Identity& identity, Side side, std::string fingerprint, Hooks hooks)
    : fingerprint_(std::move(fingerprint)),
      hooks_(std::move(hooks)),
      ssl_(SSL_new(identity.context())) {
    SSL* ssl = ssl_.get();
    BIO* bio = BIO_new(method());
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    DTLS_set_link_mtu(ssl, kMostDatagram);
    DTLS_set_timer_cb(ssl, wait_after);
    if (side == Side::calling)
        SSL_set_connect_state(ssl);
    else
        SSL_set_accept_state(ssl);
}

bool Dtls::take(Bytes datagram) {
    incoming_ = datagram;
    return advance();
}

bool Dtls::call() {
    return advance();
}

bool Dtls::turn() {
    ERR_clear_error();
    return is_open_ || DTLSv1_handle_timeout(ssl_.get()) >= 0;
}

bool Dtls::advance() {
    ERR_clear_error();
    if (!is_open_) {
        const int done = SSL_do_handshake(ssl_.get());
        if (done != 1) return SSL_get_error(ssl_.get(), done) == SSL_ERROR_WANT_READ;
        if (!is_expected_peer()) return false;
        is_open_ = true;
    }
    std::array<std::uint8_t, kLargestPacket> packet;
    while (true) {
        const int size = SSL_read(ssl_.get(), packet.data(), static_cast<int>(packet.size()));
        if (size <= 0) return SSL_get_error(ssl_.get(), size) == SSL_ERROR_WANT_READ;
        hooks_.receive(Bytes(packet).first(static_cast<std::size_t>(size)));
    }
}

bool Dtls::is_expected_peer() const {
    const Certificate theirs(SSL_get1_peer_certificate(ssl_.get()));
    return theirs != nullptr && fingerprint_of(theirs.get()) == fingerprint_;
}

void Dtls::send(Bytes packet) {
    if (!is_open_) return;
    ERR_clear_error();
    (void)SSL_write(ssl_.get(), packet.data(), static_cast<int>(packet.size()));
}

// Datagrams instead of a stream: what is written at once goes out at once.
BIO_METHOD* Dtls::method() {
    static BIO_METHOD* const made = [] {
        BIO_METHOD* out = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams");
        BIO_meth_set_write(out, on_write);
        BIO_meth_set_read(out, on_read);
        BIO_meth_set_ctrl(out, on_control);
        return out;
    }();
    return made;
}

int Dtls::on_write(BIO* bio, const char* data, int size) {
    static_cast<Dtls*>(BIO_get_data(bio))
        ->hooks_.send(
            {reinterpret_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)});
    return size;
}

int Dtls::on_read(BIO* bio, char* data, int size) {
    Bytes& incoming = static_cast<Dtls*>(BIO_get_data(bio))->incoming_;
    BIO_clear_retry_flags(bio);
    if (incoming.empty()) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const std::size_t taken = std::min(incoming.size(), static_cast<std::size_t>(size));
    std::memcpy(data, incoming.data(), taken);
    incoming = {};
    return static_cast<int>(taken);
}

long Dtls::on_control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

}  // namespace mixrig::control::rtc
