// Patterns, and the tree they are matched in.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_pattern.h"

#include "control/address_tree.h"

#include <doctest/doctest.h>

#include <ctime>
#include <functional>
#include <random>
#include <string>

using namespace mixrig;
using namespace mixrig::control;

namespace osc_pattern_test {

bool matches(std::string_view pattern, std::string_view address) {
    const auto compiled = Pattern::compile(pattern);
    REQUIRE_MESSAGE(compiled, std::string(pattern));
    return compiled->matches(address);
}

double cpu_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

SlotSet found(const AddressTree& tree, std::string_view pattern) {
    const auto compiled = Pattern::compile(pattern);
    REQUIRE_MESSAGE(compiled, std::string(pattern));
    return tree.find(*compiled);
}

TEST_CASE("osc pattern: the rules of OSC 1.0, one by one") {
    struct Case {
        std::string_view pattern, address;
        bool matches;
    };
    const Case cases[] = {
        {"/ch/1", "/ch/1", true},
        {"/ch/1", "/ch/11", false},
        {"/ch/1", "/ch/1/mute", false},  // the same number of parts
        {"/ch/1/mute", "/ch/1", false},
        // ? is any one character
        {"/ch/?/mute", "/ch/3/mute", true},
        {"/ch/?/mute", "/ch/12/mute", false},
        {"/ch/?"
         "?/mute",
         "/ch/12/mute", true},
        {"/a?b", "/a/b", false},  // but never a slash
        // * is any number of characters, none as well
        {"/ch/*/mute", "/ch/123/mute", true},
        {"/ch/*", "/ch/1/mute", false},
        {"/*", "/ch/1", false},
        {"/ch/1/mute*", "/ch/1/mute", true},
        {"/ch/1/*u*e", "/ch/1/mute", true},
        {"/ch/1/*u*x", "/ch/1/mute", false},
        {"/ch/1/m*e*", "/ch/1/mutegroup", true},
        {"/*/*/*", "/ch/1/mute", true},
        // [] is one of a list or range
        {"/ch/[12]/mute", "/ch/2/mute", true},
        {"/ch/[12]/mute", "/ch/3/mute", false},
        {"/ch/[1-4]/mute", "/ch/3/mute", true},
        {"/ch/[1-4]/mute", "/ch/5/mute", false},
        {"/ch/[1-46]/mute", "/ch/6/mute", true},
        {"/x/[a-cx-z]", "/x/y", true},
        // ! in front means none of it
        {"/ch/[!1-4]/mute", "/ch/5/mute", true},
        {"/ch/[!1-4]/mute", "/ch/2/mute", false},
        {"/ch/[1!]/mute", "/ch/!/mute", true},  // elsewhere it stands for itself
        {"/x/[a-]", "/x/-", true},              // as does a minus at the end
        {"/x/[!]", "/x/q", true},
        {"/x/[]", "/x/q", false},
        // {} is one of several words
        {"/{ch,sub}/1/mute", "/sub/1/mute", true},
        {"/{ch,sub}/1/mute", "/aux/1/mute", false},
        {"/ch/{1,12}/mute", "/ch/12/mute", true},
        {"/ch/1{,2}/mute", "/ch/1/mute", true},
        {"/ch/1{,2}/mute", "/ch/12/mute", true},
        {"/{a,ab}c", "/abc", true},  // the first word that fits need not be the one
        {"/{ab,a}bc", "/abc", true},
        {"/x{a,b}*{c,d}", "/xaqqqd", true},
        {"/x{a,b}*{c,d}", "/xaqqqe", false},
        // // is any number of parts (OSC 1.1)
        {"//mute", "/ch/1/mute", true},
        {"//mute", "/mute", true},
        {"/ch//freq", "/ch/1/eq/2/freq", true},
        {"/ch//freq", "/sub/1/eq/2/freq", false},
        {"/ch/1//*", "/ch/1/eq/2/freq", true},
        {"/ch/1//*", "/ch/1", false},
        {"//eq//freq", "/ch/1/eq/2/freq", true},
        {"////freq", "/ch/1/eq/2/freq", true},
        {"/ch/", "/ch/1", false},
    };
    for (const Case& one : cases) {
        CAPTURE(one.pattern);
        CAPTURE(one.address);
        CHECK(matches(one.pattern, one.address) == one.matches);
    }
}

TEST_CASE("osc pattern: a malformed one is refused with its reason") {
    for (const std::string_view text :
         {"/ch/[12/mute", "/ch/{1,2/mute", "/ch/1]", "/ch/1}", "/{a,{b}}", "ch/1", "",
          "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"}) {
        CAPTURE(text);
        CHECK_FALSE(Pattern::compile(text));
    }
    CHECK_FALSE(Pattern::compile("/" + std::string(kMaxPattern, 'a')));
}

TEST_CASE("osc pattern: agrees with the plain definition on random patterns") {
    // The definition, by trying everything; fine for short texts.
    const std::function<bool(std::string_view, std::string_view)> plain = [&](std::string_view p,
                                                                              std::string_view t) {
        if (p.empty()) return t.empty();
        if (p[0] == '*') return plain(p.substr(1), t) || (!t.empty() && plain(p, t.substr(1)));
        if (p[0] == '{') {
            const std::size_t end = p.find('}');
            std::string list(p.substr(1, end - 1));
            for (std::size_t at = 0; at <= list.size();) {
                const std::size_t comma = std::min(list.find(',', at), list.size());
                const std::string word = list.substr(at, comma - at);
                if (t.starts_with(word) && plain(p.substr(end + 1), t.substr(word.size())))
                    return true;
                at = comma + 1;
            }
            return false;
        }
        if (t.empty()) return false;
        if (p[0] == '[') {
            const bool in = p.substr(1, p.find(']') - 1).find(t[0]) != std::string_view::npos;
            return in && plain(p.substr(p.find(']') + 1), t.substr(1));
        }
        return (p[0] == '?' || p[0] == t[0]) && plain(p.substr(1), t.substr(1));
    };
    const std::string_view pieces[] = {"a", "b", "*", "?", "[ab]", "[b]", "{a,ab}", "{,b}", "ab"};
    std::mt19937 random(2);
    int matched = 0;
    for (int n = 0; n < 20'000; ++n) {
        std::string pattern, text;
        for (auto k = random() % 6; k > 0; --k) pattern += pieces[random() % 9];
        for (auto k = random() % 7; k > 0; --k) text += random() % 2 == 0 ? 'a' : 'b';
        if (pattern.empty() || text.empty()) continue;
        CAPTURE(pattern);
        CAPTURE(text);
        const bool expected = plain(pattern, text);
        CHECK(matches("/" + pattern, "/" + text) == expected);
        matched += expected ? 1 : 0;
    }
    CHECK(matched > 1000);
}

TEST_CASE("osc pattern: patterns that are exponential elsewhere cost little more than any") {
    const param::Layout layout(param::DeskShape::of(64, 8, 8, 4, 4));
    const AddressTree tree(layout);
    const Pattern everything = *Pattern::compile("//*");
    std::string stars, mixed, classes;
    for (int n = 0; n < 40; ++n) stars += "*a", mixed += "*?", classes += "*[a-z]";
    for (const std::string& evil :
         {"/" + stars + "x", "/ch/*/" + mixed + "#", "/*/*/" + classes, "//" + stars + "x",
          "//" + mixed + "//" + mixed, "/ch/*/{" + std::string(200, ',') + "}x",
          std::string("//*//*//*//*//*//*//*//x")}) {
        CAPTURE(evil);
        const auto pattern = Pattern::compile(evil);
        REQUIRE(pattern);
        double each = 1.0, plain = 1.0;
        // The fastest of some: a neighbour on the same core makes others slower.
        for (int n = 0; n < 20; ++n) {
            double start = cpu_seconds();
            CHECK_FALSE(tree.find(everything).empty());
            plain = std::min(plain, cpu_seconds() - start);
            start = cpu_seconds();
            CHECK_FALSE(pattern->matches("/" + std::string(57, 'a')));
            CHECK(tree.find(*pattern).empty());
            each = std::min(each, cpu_seconds() - start);
        }
        MESSAGE(evil.substr(0, 24), "... ", each / plain, " times what finds all ", layout.size(),
                " addresses");
        // Beside what finds everything, on this machine and in this moment. Where matching is
        // exponential, it is a thousand times and more.
        CHECK(each < 10.0 * plain);
    }
}

TEST_CASE("address tree: finds what a test of every address finds") {
    const param::Layout layout(param::DeskShape::of(12, 3, 2, 2, 1));
    const AddressTree tree(layout);
    for (const std::string_view text : {"/ch/*/mute",
                                        "/ch/1/*",
                                        "/*/1/fader",
                                        "//freq",
                                        "/ch/[1-3]/eq/*/gain",
                                        "/{sub,aux}/?/to",
                                        "/main/*",
                                        "/main/master/*/*/freq",
                                        "/main//on",
                                        "//*",
                                        "/*/*",
                                        "/solo/mode",
                                        "/monitor/*",
                                        "/ch/12/send/aux/2/level",
                                        "/ch/1?/send/*/[12]/on",
                                        "/ch/13/mute",
                                        "/ch/0/mute",
                                        "/ch/01/mute",
                                        "/ch/1/eq/7/on",
                                        "/*/*/*/*/*/*",
                                        "//keyfilter//*",
                                        "/master/*"}) {
        CAPTURE(text);
        const auto pattern = Pattern::compile(text);
        REQUIRE(pattern);
        const SlotSet slots = tree.find(*pattern);
        std::size_t count = 0;
        for (param::Slot slot = 0; slot < layout.size(); ++slot) {
            const bool expected = pattern->matches(layout.address(slot));
            CAPTURE(layout.address(slot));
            CHECK(slots.has(slot) == expected);
            count += expected ? 1 : 0;
        }
        CHECK(slots.count() == count);
    }
}

TEST_CASE("address tree: a group has everything below it") {
    const param::Layout layout(param::DeskShape::of(2, 1, 1, 1, 1));
    const AddressTree tree(layout);
    CHECK(found(tree, "//*").count() == layout.size());
    CHECK(tree.below("/ch/1").count() * 2 == tree.below("/ch").count());
    CHECK(tree.below("/ch/1/eq").count() == 1 + 6 * 5);
    CHECK(tree.below("/ch/1/fader").empty());
    CHECK(tree.below("/nothing").empty());
    CHECK(tree.below("/ch/3").empty());
}

TEST_CASE("address tree: a pattern over one row of 1024 channels does not look at the rest") {
    const param::Layout layout(param::DeskShape::of(1024, 0, 0, 0, 0));
    const AddressTree tree(layout);
    const auto pattern = Pattern::compile("/ch/*/mute");
    const double start = cpu_seconds();
    constexpr int kRounds = 20;
    for (int n = 0; n < kRounds; ++n) CHECK(tree.find(*pattern).count() == 1024);
    const double each = (cpu_seconds() - start) / kRounds;
    MESSAGE("/ch/*/mute on 1024 channels: ", each * 1e6, " us");
}

}  // namespace osc_pattern_test
