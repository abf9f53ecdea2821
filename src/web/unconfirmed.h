// Whether what was sent by TCP has got there.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mixrig::web {

// True if the other side has not confirmed all of what was sent, and nothing has followed it for 50
// ms. TCP learns of a loss from what comes behind it (RFC 8985), within a round trip; of the last
// thing that was sent from a timeout alone, which takes longer, and twice as long if that is lost
// as well.
bool is_unconfirmed(int socket);

}  // namespace mixrig::web
