// DTLS 1.2 over datagrams that somebody else carries: the side that is called.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_message.h"
#include "src/base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <vector>

namespace mixrig::control::rtc {

// A key and a certificate that no one has signed: peers know it by its fingerprint, which they were
// told by another way. Made anew at each start.
class Identity {
public:
    static base::Result<Identity> make();

    // SHA-256 as SDP writes it: "1F:02:...", RFC 8122.
    const std::string& fingerprint() const { return fingerprint_; }
    SSL_CTX* context() const { return context_.get(); }

private:
    struct Free {
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    };
    std::unique_ptr<SSL_CTX, Free> context_;
    std::string fingerprint_;
};

enum class Side : std::uint8_t { called, calling };

// One connection. A call that finds it at its end says so, and nothing works from then on.
class Dtls {
public:
    // UDP's share of an Ethernet frame over IPv6; and of that, what DTLS takes: a header, the
    // number and the tag of AES-GCM, RFC 6347 and 5288.
    static constexpr std::size_t kMostDatagram = 1452, kOverhead = 13 + 8 + 16;

    struct Hooks {
        std::function<void(Bytes datagram)> send = {};
        std::function<void(Bytes packet)> receive = {};
    };
    // `fingerprint` is what the other side's certificate has to have.
    Dtls(const Identity& identity, Side side, std::string fingerprint, Hooks hooks);
    Dtls(const Dtls&) = delete;
    Dtls& operator=(const Dtls&) = delete;

    // False when it has ended: by the other side, or because that is not who it should be.
    bool take(Bytes datagram);
    bool call();  // sends the first flight
    // What was lost of the handshake is sent again, when it is time. False when it has ended.
    bool turn();
    bool is_open() const { return is_open_; }
    // Dropped if it is not open.
    void send(Bytes packet);

private:
    struct Free {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };
    bool advance();
    bool is_expected_peer() const;
    static BIO_METHOD* method();
    static int on_write(BIO* bio, const char* data, int size);
    static int on_read(BIO* bio, char* data, int size);
    static long on_control(BIO* bio, int command, long number, void* pointer);

    std::string fingerprint_;
    Hooks hooks_;
    std::unique_ptr<SSL, Free> ssl_;
    Bytes incoming_ = {};  // the datagram that is being taken
    bool is_open_ = false;
};

}  // namespace mixrig::control::rtc
