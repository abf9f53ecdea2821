// Text made small by zlib.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/gzip.h"

#include <zlib.h>

namespace mixrig::web {
namespace {

constexpr int kGzip = 16;  // added to the window's bits: a gzip header in place of zlib's
constexpr int kMemory = 8;

}  // namespace

std::string gzipped(std::string_view text, int effort) {
    z_stream stream = {};
    if (deflateInit2(&stream, effort, Z_DEFLATED, MAX_WBITS + kGzip, kMemory, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        return {};
    std::string out(deflateBound(&stream, text.size()), '\0');
    // zlib reads only, its type is older than const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const bool is_whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    out.resize(is_whole ? stream.total_out : 0);
    deflateEnd(&stream);
    return out;
}

}  // namespace mixrig::web
