// The dialect's tree as a whole.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/tree.h"

#include "control/x32/store.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace mixrig::control::x32;

namespace {

std::size_t leaves_of_scene(const Tree& tree) {
    std::size_t leaves = 0;
    for (std::size_t n = 0; n < tree.scene_nodes(); ++n) leaves += tree.nodes()[n].count;
    return leaves;
}

}  // namespace

TEST_CASE("x32 tree: a scene has as many nodes and leaves as that of a desk, in its order") {
    const Tree tree(kX32Tree);
    CHECK(tree.scene_nodes() == 2117);
    CHECK(leaves_of_scene(tree) == 8479);
    const auto place = [&](const char* path) { return tree.find_node(path).value_or(0); };
    std::size_t last = 0;
    for (const char* path : {"config/auxlink",
                             "config/routing",
                             "config/routing/IN",
                             "config/routing/OUT",
                             "config/routing/PLAY",
                             "config/userctrl/A/enc",
                             "ch/01/config",
                             "ch/01/mix/16",
                             "ch/01/automix",
                             "ch/02/config",
                             "auxin/01/config",
                             "fxrtn/08/grp",
                             "bus/16/mix/06",
                             "mtx/06/grp",
                             "main/st/config",
                             "main/m/grp",
                             "dca/1",
                             "dca/1/config",
                             "dca/2",
                             "fx/1",
                             "fx/1/source",
                             "fx/1/par",
                             "fx/2",
                             "fx/8/par",
                             "outputs/main/01",
                             "outputs/main/01/delay",
                             "outputs/main/02",
                             "outputs/p16/01/iQ",
                             "outputs/rec/02",
                             "headamp/000",
                             "headamp/127"}) {
        CAPTURE(path);
        CHECK(place(path) > last);
        last = place(path);
    }
    CHECK(place("headamp/127") == 2116);
}

TEST_CASE("x32 tree: every address is there once, and every leaf says something sensible") {
    for (const TreeTable* table : {&kX32Tree, &kAirTree}) {
        const Tree tree(*table);
        const Store store(tree);
        std::set<std::string> addresses;
        for (LeafId leaf = 0; leaf < tree.leaves().size(); ++leaf) {
            const std::string address = tree.address(leaf);
            CHECK(addresses.insert(address).second);
            REQUIRE(tree.find_leaf(address) == leaf);
            const Encoding& is = store.encoding(leaf);
            CAPTURE(address);
            CHECK(is.least() <= is.most());
            CHECK((is.form == Form::text || is.clamp(store.step(leaf)) == store.step(leaf)));
            CHECK_FALSE(store.format(leaf).empty());
            if (is.form == Form::text) CHECK(is.longest >= 12);
        }
    }
}

TEST_CASE("x32 tree: a desk begins as one that was switched on") {
    const Tree tree(kX32Tree);
    const Store store(tree);
    const auto line = [&](const char* path) { return store.format_node(*tree.find_node(path)); };
    CHECK(line("ch/03/config") == "/ch/03/config \"\" 1 YE 3\n");
    CHECK(line("/ch/01/gate") == "/ch/01/gate OFF GATE -80.0 60.0 1 502 983 0\n");
    CHECK(line("ch/01/dyn") ==
          "/ch/01/dyn OFF COMP PEAK LOG 0.0 3.0 1 0.00 10 10.0 151 POST 0 100 OFF\n");
    CHECK(line("ch/01/preamp") == "/ch/01/preamp +0.0 OFF OFF 24 101\n");
    CHECK(line("ch/01/eq/4") == "/ch/01/eq/4 HShv 10k02 +0.00 2.0\n");
    CHECK(line("ch/01/mix") == "/ch/01/mix ON -oo ON +0 OFF -oo\n");
    CHECK(line("ch/01/delay") == "/ch/01/delay OFF 0.3\n");
    CHECK(line("ch/01/gate/filter") == "/ch/01/gate/filter OFF 3.0 990.9\n");
    CHECK(line("main/st/mix") == "/main/st/mix ON -oo +0\n");
}

TEST_CASE("x32 tree: what an effect's parameters are follows its type") {
    const Tree tree(kX32Tree);
    Store store(tree);
    CHECK(kEffects.size() == 61);
    const LeafId type = *tree.find_leaf("/fx/5/type"), first = *tree.find_leaf("/fx/5/par/01");
    const auto be = [&](const char* name) {
        store.set(type, *store.encoding(type).parse(name));
        store.reset(*tree.parameters_of(type));
    };
    be("P1A2");
    CHECK(store.encoding(first).form == Form::word);
    CHECK(store.encoding(first + 11).form == Form::word);  // side B begins
    CHECK(store.encoding(first + 22).most() == 0);         // no more of them
    CHECK(store.format(first + 22) == "0");
    be("GEQ2");
    CHECK(store.format(first + 63) == "0.0");
}
