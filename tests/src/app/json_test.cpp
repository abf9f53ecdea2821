// What programs read of ours.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/json.h"

#include <doctest/doctest.h>

#include <limits>

using mixrig::app::Json;

TEST_CASE("json: keys keep their order and values their type") {
    Json list = Json::list();
    list.add(1).add(true).add("a").add(2.5);
    Json object = Json::object();
    object.set("z", std::move(list)).set("a", Json::object());
    CHECK(object.line() == R"({"z":[1,true,"a",2.5],"a":{}})");
}

TEST_CASE("json: a float prints the digits it has") {
    CHECK(Json(0.1f).line() == "0.1");
    CHECK(Json(-6.0f).line() == "-6.0");
    CHECK(Json(std::size_t{1} << 40).line() == "1099511627776");
}

TEST_CASE("json: what is not finite is null") {
    CHECK(Json(std::numeric_limits<double>::infinity()).line() == "null");
    CHECK(Json(-std::numeric_limits<float>::infinity()).line() == "null");
    CHECK(Json(std::numeric_limits<double>::quiet_NaN()).line() == "null");
}

TEST_CASE("json: text that is not UTF-8 does not end the program") {
    CHECK(Json("Kick\xff").line() == "\"Kick\xef\xbf\xbd\"");
    CHECK(Json("say \"hi\"\n").line() == R"("say \"hi\"\n")");
}
