// Routes that loop only on the way: what a bundle refuses is tried again at its end.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_router.h"
#include "control/osc_validate.h"
#include "tests/control/support.h"

#include <doctest/doctest.h>

using namespace mixrig;
using namespace mixrig::control;
using namespace mixrig::control::test;

namespace osc_routes_test {

// Three groups whose routes may not close a loop.
struct LoopRig : RouterRig {
    LoopRig() : RouterRig(param::DeskShape::of(2, 3, 1, 1, 1)) {
        seen.check = [this](param::Slot changed, const param::Value& value) -> base::Status {
            std::vector<float> to = routes();
            for (std::size_t n = 0; n < to.size(); ++n)
                if (changed == route(n)) to[n] = value.number;
            for (const float start : to) {
                float at = start;
                for (std::size_t steps = 0; at >= kSub1; ++steps) {
                    if (steps > to.size()) return base::Error{"would loop"};
                    at = to[static_cast<std::size_t>(at - kSub1)];
                }
            }
            return base::Done{};
        };
    }
    param::Slot route(std::size_t sub) const {
        return slot("/sub/" + std::to_string(sub + 1) + "/to");
    }
    std::vector<float> routes() const {
        std::vector<float> to;
        for (std::size_t n = 0; n < 3; ++n) to.push_back(desk.get(route(n)).number);
        return to;
    }
    static constexpr float kSub1 = param::kRouteFirstSub;
};
constexpr float kNone = param::kRouteNone, kMain = param::kRouteMain;
constexpr float kSub2 = param::kRouteFirstSub + 1, kSub3 = param::kRouteFirstSub + 2;

TEST_CASE("osc router: a bundle swaps two routes, in whatever order, at one boundary") {
    for (const bool reversed : {false, true}) {
        CAPTURE(reversed);
        LoopRig rig;
        rig.receive(1, OscMessage{"/sub/2/to", {s("sub/1")}});
        CHECK(rig.take(1).empty());
        rig.turn();
        std::vector<Packet> swap = {encode({"/sub/1/to", {s("sub/2")}}),
                                    encode({"/sub/2/to", {s("main")}})};
        if (reversed) std::swap(swap[0], swap[1]);
        rig.receive(2, bundle(kImmediately, swap));
        CHECK(rig.take(2).empty());
        CHECK(rig.routes() == std::vector{kSub2, kMain, kMain});
        REQUIRE(rig.seen.batches.size() == 2);
        CHECK(rig.seen.batches[1].changes == 2);
        CHECK(rig.seen.changes.size() == 3);
    }
}

TEST_CASE("osc router: what clears the way may come in a bundle of the bundle, after a chain") {
    LoopRig rig;  // 2 feeds 1, 3 feeds 2: to be turned round
    rig.receive(1, OscMessage{"/sub/2/to", {s("sub/1")}});
    rig.receive(1, OscMessage{"/sub/3/to", {s("sub/2")}});
    rig.receive(1, bundle(kImmediately,
                          {encode({"/sub/1/to", {s("sub/2")}}), encode({"/sub/2/to", {s("sub/3")}}),
                           bundle(kImmediately, {encode({"/sub/3/to", {s("main")}})})}));
    CHECK(rig.take(1).empty());
    CHECK(rig.routes() == std::vector{kSub2, kSub3, kMain});
}

TEST_CASE("osc router: of a bundle, only what stays impossible is answered, once, to its sender") {
    LoopRig rig;
    const Packet loop = bundle(
        kImmediately, {encode({"/sub/1/to", {s("sub/2")}}), encode({"/sub/2/to", {s("sub/1")}}),
                       encode({"/sub/3/to", {s("sub/2")}})});
    rig.receive(7, loop);
    const auto got = rig.take(7);
    REQUIRE(got.size() == 1);
    CHECK(got[0] == OscMessage{"/error", {s("/sub/2/to"), s("would loop")}});
    CHECK(rig.routes() == std::vector{kSub2, kMain, kSub2});
    // Nothing of it is left for the next one.
    rig.receive(8, bundle(kImmediately, {encode({"/sub/1/to", {s("main")}})}));
    CHECK(rig.take(7).empty());
    CHECK(rig.take(8).empty());
    CHECK(rig.routes() == std::vector{kMain, kMain, kSub2});
}

TEST_CASE(
    "osc router: the last word of a bundle on a route counts, an earlier one is not retried") {
    LoopRig rig;
    rig.receive(1, OscMessage{"/sub/2/to", {s("sub/1")}});
    rig.receive(1, bundle(kImmediately,
                          {encode({"/sub/1/to", {s("sub/2")}}), encode({"/sub/1/to", {s("none")}}),
                           encode({"/sub/2/to", {s("main")}})}));
    CHECK(rig.take(1).empty());
    CHECK(rig.routes() == std::vector{kNone, kMain, kMain});
}

TEST_CASE("osc router: an action of a bundle finds what came before it decided") {
    LoopRig rig;
    rig.receive(1, OscMessage{"/sub/2/to", {s("sub/1")}});
    rig.receive(1, bundle(kImmediately,
                          {encode({"/sub/1/to", {s("sub/2")}}), encode({"/scene/save", {s("now")}}),
                           encode({"/sub/2/to", {s("main")}})}));
    const auto got = rig.take(1);
    REQUIRE(got.size() == 2);
    CHECK(got[0].address == "/error");
    CHECK(got[1].address == "/scene/save");
    CHECK(rig.routes() == std::vector{kMain, kMain, kMain});
}

TEST_CASE("osc router: a pattern of routes is told once of all that loop, alone or in a bundle") {
    const OscMessage all{"/sub/*/to", {s("sub/2")}};
    const OscMessage told{"/error", {s("/sub/*/to"), s("/sub/2/to: would loop")}};
    LoopRig alone;
    alone.receive(1, all);
    CHECK(alone.take(1) == std::vector{told});
    CHECK(alone.routes() == std::vector{kSub2, kMain, kSub2});
    LoopRig bundled;
    bundled.receive(1, bundle(kImmediately, {encode(all)}));
    CHECK(bundled.take(1) == std::vector{told});
    LoopRig both;
    both.seen.check = [](param::Slot, const param::Value&) -> base::Status {
        return base::Error{"no"};
    };
    both.receive(1, all);
    CHECK(both.take(1) ==
          std::vector{OscMessage{"/error", {s("/sub/*/to"), s("/sub/1/to: no, and 2 more")}}});
}

}  // namespace osc_routes_test
