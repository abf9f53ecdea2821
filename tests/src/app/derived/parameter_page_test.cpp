// The table as a page: nothing is left out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/derived/parameter_page.h"

#include "src/param/actions.h"
#include "src/param/table.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace mixrig::app {

TEST_CASE("parameters: every row and action stands on the page once, with its text") {
    const std::string page = parameters_markdown();
    for (const param::Row& row : param::kTable) {
        CAPTURE(row.address);
        const std::string begin = "\n| `" + std::string(row.address) + "` |";
        const auto at = page.find(begin);
        REQUIRE(at != std::string::npos);
        CHECK(page.find(begin, at + 1) == std::string::npos);
        const std::string line = page.substr(at + 1, page.find('\n', at + 1) - at - 1);
        CHECK(line.find(row.doc) != std::string::npos);
    }
    for (const param::Action& action : param::kActions) {
        CAPTURE(action.address);
        CHECK(page.find("| `" + std::string(action.address) + "` |") != std::string::npos);
    }
}

TEST_CASE("parameters: docs/parameters.md is what the program prints") {
    std::ifstream file(MIXRIG_DOCS "/parameters.md");
    std::ostringstream text;
    text << file.rdbuf();
    CHECK_MESSAGE(text.str() == parameters_markdown(),
                  "write it anew: mixrig params --markdown > docs/parameters.md");
}

TEST_CASE("parameters: the list has an address for every kind of strip that has the row") {
    const std::string text = parameters_text();
    for (const std::string address :
         {"/ch/#/fader  [-inf dB to 10 dB]", "/main/fader  ", "/main/master/eq/#/gain  ",
          "/ch/#/send/aux/#/level  ", "/monitor/level  ", "/scene/save  "}) {
        CAPTURE(address);
        CHECK(text.find(address) != std::string::npos);
    }
}

}  // namespace mixrig::app
