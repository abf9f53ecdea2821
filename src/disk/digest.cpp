// OpenSSL's SHA-256.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/digest.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <openssl/evp.h>
#include <vector>

namespace mixrig::disk {
namespace {

class Sha256 {
public:
    Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
        if (context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1)
            context_.reset();
    }
    explicit operator bool() const { return context_ != nullptr; }
    void add(std::string_view bytes) {
        EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
    }
    std::string text() {
        unsigned char digest[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        EVP_DigestFinal_ex(context_.get(), digest, &size);
        std::string out;
        for (unsigned i = 0; i < size; ++i)
            for (const int half : {digest[i] / 16, digest[i] % 16})
                out.push_back("0123456789abcdef"[half]);
        return out;
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

constexpr const char* kNoSha256 = "this machine's OpenSSL has no SHA-256";

}  // namespace

base::Result<std::string> sha256(const std::filesystem::path& path) {
    Sha256 sum;
    if (!sum) return base::Error{.what = kNoSha256, .where = path.string()};
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return base::Error{.what = std::string("cannot read it: ") + std::strerror(errno),
                           .where = path.string()};
    std::vector<char> chunk(1u << 16);
    while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0)
        sum.add({chunk.data(), static_cast<std::size_t>(in.gcount())});
    if (in.bad()) return base::Error{.what = "reading it failed", .where = path.string()};
    return sum.text();
}

base::Result<std::string> sha256_of(std::string_view bytes) {
    Sha256 sum;
    if (!sum) return base::Error{.what = kNoSha256};
    sum.add(bytes);
    return sum.text();
}

}  // namespace mixrig::disk
