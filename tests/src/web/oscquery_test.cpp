// Tests of OSCQuery: the tree against the table, and what those hear who listen.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/oscquery.h"

#include "src/web/commands.h"
#include "tests/src/web/client.h"
#include "tests/src/web/desk.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>

namespace mixrig::tests {
namespace {

using nlohmann::json;
using param::Type;

struct Query {
    explicit Query(const param::Layout& desk)
        : layout(desk),
          tree(layout,
               {{"/meters/ch/1", 13, "levels"},
                {"/meters/main", 13, "levels"},
                {"/meters/main/chain", 8, "reductions"}},
               {{"/qa/B03", "?s", "a rule"}}),
          query(tree, param::Values(layout), {.name = "desk", .osc_port = 9000, .web_port = 8080}) {
    }

    json get(const std::string& path) const {
        const auto answer = query.answer(path, {}, "127.0.0.1");
        REQUIRE(answer.status == 200);
        return json::parse(answer.json);
    }
    unsigned status(std::string_view path, std::string_view attribute) const {
        const std::string_view attributes[] = {attribute};
        return query.answer(path, attributes, "127.0.0.1").status;
    }

    const param::Layout& layout;
    web::Tree tree;
    web::OscQuery query;
};

// Every node below this one, by its FULL_PATH, which is that of its place in the tree.
void gather(const json& node, const std::string& path, std::map<std::string, json>& out) {
    CHECK(node.at("FULL_PATH") == (path.empty() ? "/" : path));
    out[path.empty() ? "/" : path] = node;
    if (!node.contains("CONTENTS")) return;
    for (const auto& [part, below] : node.at("CONTENTS").items())
        gather(below, path + "/" + part, out);
}

void check_parameter(const Query& desk, param::Slot slot, const json& node) {
    const param::Row& row = desk.layout.row(slot);
    CAPTURE(row.address);
    CHECK(node.at("ACCESS") == (row.keep == param::Keep::told ? 1 : 3));
    CHECK(!node.at("DESCRIPTION").get<std::string>().empty());
    const json& value = node.at("VALUE");
    REQUIRE(value.size() == 1);
    const param::Value initial = desk.layout.initial(slot);
    if (row.type == Type::number) {
        CHECK(node.at("TYPE") == "f");
        CHECK(node.at("RANGE")[0].at("MIN").get<float>() == row.low);
        CHECK(node.at("RANGE")[0].at("MAX").get<float>() == desk.layout.high(slot));
        CHECK(node.at("CLIPMODE") == json::array({"both"}));
        CHECK(node.contains("UNIT") == (row.unit != param::Unit::none));
        CHECK(value[0].get<float>() == initial.number);
    } else if (row.type == Type::toggle) {
        CHECK(node.at("TYPE") == "T");
        CHECK(value[0].get<bool>() == (initial.number != 0.0f));
    } else {
        CHECK(node.at("TYPE") == "s");
        CHECK(value[0] == desk.layout.format(slot, initial));
        if (!node.contains("RANGE")) return;
        // Each of these words is understood, and they are all there are.
        const json& words = node.at("RANGE")[0].at("VALS");
        CHECK(words.size() == static_cast<std::size_t>(desk.layout.high(slot)) + 1);
        for (std::size_t i = 0; i < words.size(); ++i)
            CHECK(desk.layout.parse(slot, words[i].get<std::string>())->number ==
                  static_cast<float>(i));
    }
}

TEST_CASE(
    "oscquery: every address of the desk stands in the tree as the table has it, and no other") {
    for (const param::DeskShape& shape :
         {param::DeskShape::of(3, 2, 2, 1, 1), param::DeskShape::of(1, 0, 0, 0, 0)}) {
        const param::Layout layout(shape);
        const Query desk(layout);
        std::map<std::string, json> nodes;
        gather(desk.get("/"), "", nodes);
        for (param::Slot slot = 0; slot < layout.size(); ++slot) {
            const auto found = nodes.find(layout.address(slot));
            REQUIRE_MESSAGE(found != nodes.end(), layout.address(slot));
            check_parameter(desk, slot, found->second);
        }
        for (const auto& one : nodes) {
            const std::string& path = one.first;
            const json& node = one.second;
            CAPTURE(path);
            const auto* const action = param::find_action(path);
            const bool is_parameter = layout.find(path).has_value();
            const bool is_meter = path.starts_with("/meters/") && node.contains("TYPE");
            CHECK(node.contains("TYPE") == (is_parameter || is_meter || action != nullptr));
            CHECK(node.contains("VALUE") == (is_parameter || is_meter));
            CHECK((node.contains("TYPE") || node.contains("CONTENTS")));
            if (is_meter)
                CHECK(node.at("VALUE").size() == node.at("TYPE").get<std::string>().size());
            if (!is_parameter && !is_meter) CHECK(node.at("ACCESS") == (action != nullptr ? 2 : 0));
            // What a leaf says by itself is what it says in the tree.
            if (!node.contains("CONTENTS")) CHECK(desk.get(path) == node);
        }
        for (const param::Action& action : param::kActions) {
            if (action.address.find_first_of("#*") != std::string_view::npos) continue;
            CHECK_MESSAGE(nodes.contains(std::string(action.address)), action.address);
        }
        CHECK(nodes.contains("/qa/B03"));
        CHECK(nodes.contains("/ch/1/freeze_gain"));
        CHECK(nodes.contains("/aux/2/more") == (shape.count(param::Kind::aux) == 2));
    }
}

TEST_CASE("oscquery: what is not there is 404, what does not apply 204, what nobody knows 400") {
    const param::Layout layout(param::DeskShape::of(2, 1, 1, 1, 1));
    const Query desk(layout);
    for (const char* path :
         {"", "ch", "/ch/0", "/ch/3", "/ch/01", "/ch/+1", "/ch/1x", "/ch//1", "//", "/ch/1/eq/7",
          "/ch/1/fader/x", "/ch/#", "/ch/99999999999999999999"})
        CHECK_MESSAGE(desk.query.answer(path, {}, "").status == 404, path);
    CHECK(desk.status("/ch/1/fader", "VALUE") == 200);
    CHECK(desk.status("/undo", "VALUE") == 204);
    CHECK(desk.status("/ch", "TYPE") == 204);
    CHECK(desk.status("/ch/1/fader", "CRITICAL") == 204);
    CHECK(desk.status("/ch/1/fader", "NONSENSE") == 400);
    CHECK(desk.status("/nothing", "HOST_INFO") == 200);
    const std::string_view attribute[] = {"VALUE"};
    CHECK(desk.query.answer("/ch/1/fader", attribute, "").json == "{\"VALUE\":[0]}");
    const std::string_view host[] = {"HOST_INFO"};
    const json info = json::parse(desk.query.answer("/", host, "10.0.0.1").json);
    CHECK(info.at("OSC_IP") == "10.0.0.1");
    CHECK(info.at("OSC_PORT") == 9000);
    CHECK(info.at("EXTENSIONS").at("LISTEN") == true);
}

TEST_CASE("oscquery: for each guest there is what he sees, and no more") {
    const param::Layout layout(param::DeskShape::of(2, 1, 2, 1, 1));
    Query desk(layout);
    web::View view{.reads = std::vector<bool>(layout.size()),
                   .sets = std::vector<bool>(layout.size()),
                   .meters = {false, true, false},
                   .actions = std::vector<bool>(desk.tree.action_addresses().size())};
    const param::Slot fader = *layout.find("/ch/2/fader"), pan = *layout.find("/ch/2/pan");
    view.reads[fader] = view.reads[pan] = view.sets[pan] = true;
    for (std::size_t a = 0; a < view.actions.size(); ++a)
        view.actions[a] = desk.tree.action_addresses()[a] == "/ping" ||
                          desk.tree.action_addresses()[a] == "/aux/2/more";
    desk.query.apply(web::Changes{{*layout.find("/ch/2/name"), {0.0f, "Secret"}}});
    const web::Sight sight = std::make_shared<const web::View>(view);
    const auto get = [&](std::string_view path, std::vector<std::string_view> attributes = {}) {
        return desk.query.answer(path, attributes, "", sight);
    };
    std::map<std::string, json> nodes;
    gather(json::parse(get("/").json), "", nodes);
    std::set<std::string> paths;
    for (const auto& [path, node] : nodes) paths.insert(path);
    CHECK(paths == std::set<std::string>{"/", "/aux", "/aux/2", "/aux/2/more", "/ch", "/ch/2",
                                         "/ch/2/fader", "/ch/2/pan", "/meters", "/meters/main",
                                         "/ping"});
    CHECK(nodes.at("/ch/2/fader").at("ACCESS") == 1);
    CHECK(nodes.at("/ch/2/pan").at("ACCESS") == 3);
    CHECK_FALSE(nodes.at("/ch/2").contains("DESCRIPTION"));
    CHECK(get("/ch/2/fader", {"VALUE"}).status == 200);
    CHECK(get("/ch/1/fader", {"VALUE"}).status == 404);
    CHECK(get("/meters/ch/1").status == 404);
    CHECK(get("/undo").status == 404);
    CHECK(get("/aux/2/more").status == 200);
    CHECK(get("/aux/1/more").status == 404);
    CHECK(get("/", {"HOST_INFO"}).status == 200);
}

TEST_CASE("oscquery: names from anywhere are JSON, and readings are finite") {
    const param::Layout layout(param::DeskShape::of(1, 0, 0, 0, 0));
    Query desk(layout);
    const param::Slot name = *layout.find("/ch/1/name");
    for (const std::string said : {"K\xc3\xbc"
                                   "che",
                                   "a \"quote\" \\ and\n\x01", "\xff broken \xc3"}) {
        desk.query.apply(web::Changes{{name, {0.0f, said}}});
        const json node = desk.get("/ch/1");
        CHECK(node.at("DESCRIPTION") == node.at("CONTENTS").at("name").at("VALUE")[0]);
        if (said.find('\xff') == std::string::npos) CHECK(node.at("DESCRIPTION") == said);
    }
    std::vector<float> readings(34, -std::numeric_limits<float>::infinity());
    desk.query.apply(readings);
    CHECK(desk.get("/meters/main/chain").at("VALUE")[7] == -144);
    CHECK(desk.get("/meters/main").at("VALUE").size() == 13);
}

TEST_CASE("oscquery: commands are JSON of two texts, all else is nothing") {
    const auto said = web::parse_command(R"({"COMMAND":"LISTEN","DATA":"/ch/1/fader"})");
    REQUIRE(said);
    CHECK(said->kind == web::Command::Kind::listen);
    CHECK(said->path == "/ch/1/fader");
    CHECK(web::parse_command(R"({"COMMAND":"IGNORE","DATA":"/a"})")->kind ==
          web::Command::Kind::ignore);
    for (const std::string text :
         {"", "{", "[]", "null", R"({"COMMAND":"LISTEN"})", R"({"COMMAND":1,"DATA":"/a"})",
          R"({"COMMAND":"LISTEN","DATA":["/a"]})", R"({"COMMAND":"EXPLODE","DATA":"/a"})",
          "\xff\xfe", "{\"COMMAND\":\"LISTEN\",\"DATA\":\"\xff\"}"})
        CHECK_FALSE(web::parse_command(text));
    CHECK_FALSE(web::parse_command(std::string(60'000, '[')));
    CHECK(web::common_path("/ch/1", "/ch/1") == "/ch/1");
    CHECK(web::common_path("/ch/1", "/ch/12") == "/ch");
    CHECK(web::common_path("/ch", "/ch/2") == "/ch");
    CHECK(web::common_path("/ch/1", "/main") == "/");
}

struct Listener {
    explicit Listener(WebDesk& at, const std::string& path = "/", std::size_t guests = 1)
        : desk(at), client(at.port()) {
        REQUIRE(client.upgrade(path).status == 101);
        REQUIRE(desk.wait_for_guests(guests));
    }
    void say(const std::string& command, const std::string& path) {
        client.send_frame(1, R"({"COMMAND":")" + command + R"(","DATA":")" + path + "\"}");
    }
    std::string hear(std::chrono::milliseconds limit = std::chrono::seconds(5)) {
        const auto frame = client.frame(limit);
        return frame ? frame->bytes : "nothing";
    }
    void publish(const std::string& address, param::Value value) {
        desk.server->publish({{*desk.layout.find(address), std::move(value)}});
        desk.server->flush();
    }

    WebDesk& desk;
    WebClient client;
};

TEST_CASE("web: who listens to an address hears it at once and whenever it changes, until IGNORE") {
    WebDesk desk;
    Listener one(desk);
    one.say("LISTEN", "/ch/1/fader");
    CHECK(one.hear() == "/ch/1/fader 0.000000");
    one.publish("/ch/2/fader", {-3.0f, {}});
    one.publish("/ch/1/fader", {-6.0f, {}});
    CHECK(one.hear() == "/ch/1/fader -6.000000");
    one.say("LISTEN", "/ch/1/mute");
    CHECK(one.hear() == "/ch/1/mute F");
    one.say("IGNORE", "/ch/1/fader");
    one.say("LISTEN", "/ch/1/to");
    CHECK(one.hear() == "/ch/1/to main");
    one.publish("/ch/1/fader", {-9.0f, {}});
    one.publish("/ch/1/mute", {1.0f, {}});
    CHECK(one.hear() == "/ch/1/mute T");
    // A value is that of the desk for whoever asks by HTTP as well.
    CHECK(WebClient(desk.port()).get("/ch/1/fader?VALUE").body == "{\"VALUE\":[-9]}");
    one.say("LISTEN", "/nothing");
    one.client.send_frame(1, "nonsense");
    one.publish("/ch/3/name", {0.0f, "Hat"});
    CHECK(one.hear() == R"({"COMMAND":"PATH_CHANGED","DATA":"/ch/3"})");
    desk.server->publish({{*desk.layout.find("/ch/3/name"), {0.0f, "Snare"}},
                          {*desk.layout.find("/ch/4/name"), {0.0f, "Tom"}}});
    desk.server->flush();
    CHECK(one.hear() == R"({"COMMAND":"PATH_CHANGED","DATA":"/ch"})");
}

TEST_CASE("web: nobody hears what he does not see") {
    WebDesk desk;
    Listener one(desk, "/?token=musician");
    one.say("LISTEN", "/ch/1/mute");
    one.say("LISTEN", "/ch/1/fader");
    CHECK(one.hear() == "/ch/1/fader 0.000000");
    one.publish("/ch/1/mute", {1.0f, {}});
    one.publish("/ch/2/name", {0.0f, "Snare"});
    desk.server->publish({{*desk.layout.find("/ch/1/name"), {0.0f, "Kick"}},
                          {*desk.layout.find("/main/name"), {0.0f, "House"}}});
    desk.server->flush();
    CHECK(one.hear() == R"({"COMMAND":"PATH_CHANGED","DATA":"/ch/1"})");
    WebClient asks(desk.port());
    CHECK(asks.get("/ch/1?token=musician").body.find("Kick") != std::string::npos);
    CHECK(asks.get("/ch/1/mute?VALUE&token=musician").status == 404);
    // The whole tree is another for each.
    const std::string his = asks.get("/?token=musician").body, whole = asks.get("/").body;
    CHECK(his.size() < 2000);
    CHECK(whole.size() > 100'000);
    CHECK(asks.get("/?token=musician").body == his);
}

TEST_CASE("web: commands beyond the rate of a role are dropped, counted and told") {
    constexpr int kRate = 50, kFlood = 20'000;
    WebDesk desk({.rate_of = [](web::Rights rights) { return rights == 7 ? kRate : 0.0; }});
    Listener musician(desk, "/?token=musician");
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < kFlood; ++i) musician.say("LISTEN", "/ch/1/fader");
    int heard = 0;
    std::string text = musician.hear();
    for (; text.starts_with("/ch/1/fader "); text = musician.hear()) ++heard;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    CHECK(heard >= 1);  // some are as good as one
    CHECK(heard <= kRate * (1.0 + took.count()) + 1.0);
    CHECK(text.starts_with("/error / "));
    CHECK(text.ends_with(" commands were dropped: no more than 50 a second are heard"));
    CHECK(std::stoi(text.substr(9)) >= kFlood - kRate * (1.0 + took.count()) - 1.0);
    // He is heard again, and who has no rate is heard all the time.
    musician.say("LISTEN", "/ch/1/name");
    CHECK(musician.hear() == "/ch/1/name ");
    Listener engineer(desk, "/", 2);
    for (int i = 0; i < kFlood; ++i) engineer.say("LISTEN", "/ch/1/fader");
    engineer.say("LISTEN", "/ch/1/mute");
    for (text = engineer.hear(); text.starts_with("/ch/1/fader ");) text = engineer.hear();
    CHECK(text == "/ch/1/mute F");
}

TEST_CASE("web: who begins may listen to all that there is at once") {
    WebDesk desk({.rate_of = [](web::Rights) { return 1.0; }});
    Listener one(desk);
    std::set<std::string> expected, heard;
    for (param::Slot slot = 0; slot < desk.layout.size(); ++slot) {
        expected.insert(desk.layout.address(slot));
        one.say("LISTEN", desk.layout.address(slot));
    }
    while (heard.size() < expected.size()) {
        const std::string text = one.hear();
        REQUIRE(text.starts_with("/"));
        heard.insert(text.substr(0, text.find(' ')));
    }
    CHECK(heard == expected);
}

TEST_CASE("web: a listener that does not read hears the last of each value when it does") {
    WebDesk desk;
    Listener one(desk);
    one.say("LISTEN", "/ch/1/fader");
    one.say("LISTEN", "/ch/2/name");
    CHECK(one.hear() == "/ch/1/fader 0.000000");
    CHECK(one.hear() == "/ch/2/name ");
    // Far more than waits in the server and in both systems' buffers, though less than 5 s of it.
    const std::string filler(60, 'x');
    for (int i = 1; i <= 10'000; ++i) {
        one.publish("/ch/2/name", {0.0f, filler + std::to_string(i)});
        one.publish("/ch/1/fader", {-static_cast<float>(i) / 1000.0f, {}});
    }
    std::string fader, name;
    for (std::string text = one.hear(); text != "nothing";
         text = one.hear(std::chrono::milliseconds(1000))) {
        if (text.starts_with("/ch/1/fader")) fader = text;
        if (text.starts_with("/ch/2/name")) name = text;
    }
    CHECK(fader == "/ch/1/fader -10.000000");
    CHECK(name == "/ch/2/name " + filler + "10000");
}

}  // namespace
}  // namespace mixrig::tests
