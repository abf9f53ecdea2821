// Feeds arbitrary packets to everything between the socket and the desk; checks what must hold.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/framing.h"
#include "control/osc_codec.h"
#include "control/osc_router.h"
#include "control/osc_validate.h"
#include "control/token_prefix.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>

using namespace mixrig;
using namespace mixrig::control;

namespace {

[[noreturn]] void broken(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

// What goes out must pass the validator that others, and we ourselves, would put in front of it.
Sent check_answer(Origin, Bytes packet, Urgency urgency) {
    if (fault_of(packet)) broken("a malformed answer");
    if (urgency != Urgency::reply && packet.size() > kDatagramBytes) broken("too large a packet");
    return Sent::done;
}

base::Result<Answer> run_action(const ActionCall& call) {
    if (call.args.empty() || !call.args[0].is_text()) return Answer{};
    if (call.args[0].as_text().size() % 2 == 1) throw std::runtime_error("a hook threw");
    return Answer{.args = std::vector<OscArg>{call.args[0]}};
}

OscHooks hooks() {
    static const std::vector<MeterLine> kLines = {{"/meters/ch/1", {-6.0f}},
                                                  {"/meters/main", {-3.0f, -3.0f}}};
    OscHooks out;
    out.meters = [] { return std::span<const MeterLine>(kLines); };
    return out;
}

void check_value(const Desk& desk, param::Slot slot, const param::Value& value) {
    const param::Row& row = desk.layout().row(slot);
    if (row.type == param::Type::text) {
        if (value.text.size() > 64) broken("a text that is too long");
        return;
    }
    if (!std::isfinite(value.number)) broken("a value that is not finite");
    if (value.number < row.low || value.number > desk.layout().high(slot))
        broken("a value out of range");
}

// One desk for all inputs: what one packet leaves behind is where the next one starts.
struct Target {
    param::Layout layout{param::DeskShape::of(3, 2, 2, 1, 1)};
    Desk desk{layout,
              {.changed = [this](param::Slot slot,
                                 const param::Value& value) { check_value(desk, slot, value); },
               .action = run_action}};
    OscRouter router{desk,
                     hooks(),
                     {.send = check_answer,
                      .has_flow_control = [](Origin to) { return to % 2 == 0; },
                      .is_lossy = [](Origin to) { return to % 3 == 0; }}};
    std::int64_t now = 0;
    Origin peer = 0;
};

void check_round_trip(Bytes packet) {
    if (fault_of(packet) || is_bundle(packet)) return;
    const auto message = decode(packet);
    if (!message) broken("a valid message that cannot be decoded");
    // A bare address gets its (empty) tags.
    const std::size_t tags = tags_of(packet).empty() ? 4 : 0;
    const std::size_t size = encode(*message).size();
    if (size != packet.size() && size != packet.size() + tags) broken("a message changed its size");
}

void check_stream(Bytes bytes) {
    FrameReader reader;
    const auto status = reader.read(bytes, [](Bytes packet) {
        if (packet.size() > kMaxPacket) broken("a frame that is too large");
    });
    static_cast<void>(static_cast<bool>(status));
}

// What is left of a packet without its token is a packet.
void check_token(Bytes packet) {
    const auto token = token_of(packet);
    std::vector<std::uint8_t> bare;
    if (!token || fault_of(packet) || !take_token(packet, *token, bare)) return;
    if (fault_of(bare)) broken("a packet without its token");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Target target;
    const Bytes packet(data, size);
    check_round_trip(packet);
    check_stream(packet);
    check_token(packet);
    target.peer = target.peer % 4 + 1;
    target.now += 1'000'000;
    target.router.receive(target.peer, packet, target.now);
    target.router.turn(target.now);
    return 0;
}
