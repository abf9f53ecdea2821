// Encodings as the tables write them, and those that have a name.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/encoding.h"
#include "control/x32/text.h"

#include <cmath>

namespace mixrig::control::x32 {
namespace {

struct Named {
    std::string_view name, text;
};

// clang-format off
constexpr Named kNames[] = {
    {"OO", "E:OFF|ON"},
    {"L1024", "level(1023)"},
    {"L161", "level(160)"},
    {"COLOR", "E:OFF|RD|GN|YE|BL|MG|CY|WH|OFFi|RDi|GNi|YEi|BLi|MGi|CYi|WHi"},
    {"ICON", "I(1,74)"},
    {"SOURCE", "I(0,64)"},
    {"FREQ", "log(20,20000,200,d1,k)"},
    {"PAN", "lin(-100,100,2,+)"},
    {"HOLD", "log(0.02,2000,100,d2,m3)"},
    {"RELEASE", "log(5,4000,100,d0)"},
    {"MILLIS", "lin(0,120,1)"},
    {"DELAY", "lin(0.3,500,0.1,d1)"},
    {"RATIO", "E:1.1|1.3|1.5|2.0|2.5|3.0|4.0|5.0|7.0|10|20|100"},
    {"FILTER", "E:LC6|LC12|HC6|HC12|1.0|2.0|3.0|5.0|10.0"},
    {"GATE", "E:EXP2|EXP3|EXP4|GATE|DUCK"},
    {"PP", "E:PRE|POST"},
    {"PFL", "E:PFL|AFL"},
    {"INSERT", "E:OFF|FX1L|FX1R|FX2L|FX2R|FX3L|FX3R|FX4L|FX4R|FX5L|FX5R|FX6L|FX6R|FX7L|FX7R|FX8L|FX8R|AUX1|AUX2|AUX3|AUX4|AUX5|AUX6"},
    {"EQ", "E:LCut|LShv|PEQ|VEQ|HShv|HCut"},
    {"EQX", "E:LCut|LShv|PEQ|VEQ|HShv|HCut|BU6|BU12|BS12|LR12|BU18|BU24|BS24|LR24"},
    {"TAP", "E:IN/LC|<-EQ|EQ->|PRE|POST|GRP"},
    {"TAPX", "E:IN/LC|<-EQ|EQ->|PRE|POST"},
    {"AIRTAP", "E:IN|PREEQ|POSTEQ|PRE|POST|GRP"},
    {"OUTPOS", "E:IN/LC|IN/LC+M|<-EQ|<-EQ+M|EQ->|EQ->+M|PRE|PRE+M|POST"},
    {"FXSRC", "E:INS|MIX1|MIX2|MIX3|MIX4|MIX5|MIX6|MIX7|MIX8|MIX9|MIX10|MIX11|MIX12|MIX13|MIX14|MIX15|MIX16|M/C"},
    {"FXTYPE", "E:HALL|AMBI|RPLT|ROOM|CHAM|PLAT|VREV|VRM|GATE|RVRS|DLY|3TAP|4TAP|CRS|FLNG|PHAS|DIMC|FILT|ROTA|PAN|SUB|D/RV|CR/R|FL/R|D/CR|D/FL|MODD|GEQ2|GEQ|TEQ2|TEQ|DES2|DES|P1A|P1A2|PQ5|PQ5S|WAVD|LIM|CMB|CMB2|FAC|FAC1M|FAC2|LEC|LEC2|ULC|ULC2|ENH2|ENH|EXC2|EXC|IMG|EDI|SON|AMP2|AMP|DRV2|DRV|PIT2|PIT"},
    {"FXINSERT", "E:GEQ2|GEQ|TEQ2|TEQ|DES2|DES|P1A|P1A2|PQ5|PQ5S|WAVD|LIM|FAC|FAC1M|FAC2|LEC|LEC2|ULC|ULC2|ENH2|ENH|EXC2|EXC|IMG|EDI|SON|AMP2|AMP|DRV2|DRV|PHAS|FILT|PAN|SUB"},
    {"INBLK", "E:AN1-8|AN9-16|AN17-24|AN25-32|A1-8|A9-16|A17-24|A25-32|A33-40|A41-48|B1-8|B9-16|B17-24|B25-32|B33-40|B41-48|CARD1-8|CARD9-16|CARD17-24|CARD25-32|UIN1-8|UIN9-16|UIN17-24|UIN25-32"},
    {"AUXBLK", "E:AUX1-4|AN1-2|AN1-4|AN1-6|A1-2|A1-4|A1-6|B1-2|B1-4|B1-6|CARD1-2|CARD1-4|CARD1-6|UIN1-2|UIN1-4|UIN1-6"},
    {"OUTBLK", "E:AN1-8|AN9-16|AN17-24|AN25-32|A1-8|A9-16|A17-24|A25-32|A33-40|A41-48|B1-8|B9-16|B17-24|B25-32|B33-40|B41-48|CARD1-8|CARD9-16|CARD17-24|CARD25-32|OUT1-8|OUT9-16|P161-8|P169-16|AUX/CR|AUX/TB|UOUT1-8|UOUT9-16|UOUT17-24|UOUT25-32|UOUT33-40|UOUT41-48|UIN1-8|UIN9-16|UIN17-24|UIN25-32"},
    {"O1", "E:AN1-4|AN9-12|AN17-20|AN25-28|A1-4|A9-12|A17-20|A25-28|A33-36|A41-44|B1-4|B9-12|B17-20|B25-28|B33-36|B41-44|CARD1-4|CARD9-12|CARD17-20|CARD25-28|OUT1-4|OUT9-12|P161-4|P169-12|AUX/CR|AUX/TB|UOUT1-4|UOUT9-12|UOUT17-20|UOUT25-28|UOUT33-36|UOUT41-44|UIN1-4|UIN9-12|UIN17-20|UIN25-28"},
    {"O5", "E:AN5-8|AN13-16|AN21-24|AN29-32|A5-8|A13-16|A21-24|A29-32|A37-40|A45-48|B5-8|B13-16|B21-24|B29-32|B37-40|B45-48|CARD5-8|CARD13-16|CARD21-24|CARD29-32|OUT5-8|OUT13-16|P165-8|P1613-16|AUX/CR|AUX/TB|UOUT5-8|UOUT13-16|UOUT21-24|UOUT29-32|UOUT37-40|UOUT45-48|UIN5-8|UIN13-16|UIN21-24|UIN29-32"},
    {"STRIP", "E:Ch01|Ch02|Ch03|Ch04|Ch05|Ch06|Ch07|Ch08|Ch09|Ch10|Ch11|Ch12|Ch13|Ch14|Ch15|Ch16|Ch17|Ch18|Ch19|Ch20|Ch21|Ch22|Ch23|Ch24|Ch25|Ch26|Ch27|Ch28|Ch29|Ch30|Ch31|Ch32|Aux1|Aux2|Aux3|Aux4|Aux5|Aux6|Aux7|Aux8|Fx1L|Fx1R|Fx2L|Fx2R|Fx3L|Fx3R|Fx4L|Fx4R|Bus1|Bus2|Bus3|Bus4|Bus5|Bus6|Bus7|Bus8|Bus9|Bus10|Bus11|Bus12|Bus13|Bus14|Bus15|Bus16|Mtx1|Mtx2|Mtx3|Mtx4|Mtx5|Mtx6|LR|M/C"},
    {"MADI", "E:OFF|1-32|9-40|17-48|25-56|33-64"},
    {"COUNT", "I(0,2000000000)"},
};
// clang-format on

void read_flag(std::string_view flag, Encoding& out) {
    if (flag == "+") out.plus = true;
    if (flag == "k") out.kilo = true;
    if (flag.starts_with('d')) out.decimals = leading<int>(flag.substr(1));
    if (flag.starts_with('m')) out.digits = leading<int>(flag.substr(1));
}

// "min,max,step or steps,flags..."
void read_curve(std::string_view arguments, Encoding& out) {
    out.low = leading<double>(take_until(arguments, ','));
    out.high = leading<double>(take_until(arguments, ','));
    const double third = leading<double>(take_until(arguments, ','));
    out.steps = static_cast<Step>(
        std::lround(out.form == Form::log ? third : (out.high - out.low) / third));
    while (!arguments.empty()) read_flag(take_until(arguments, ','), out);
}

void read_numbers(std::string_view kind, std::string_view arguments, Encoding& out) {
    if (kind == "lin" || kind == "log") {
        out.form = kind == "lin" ? Form::linear : Form::log;
        return read_curve(arguments, out);
    }
    const double first = leading<double>(take_until(arguments, ','));
    if (kind == "level") {
        out.form = Form::level;
        out.steps = static_cast<Step>(first);
        out.low = -90.0, out.high = 10.0;
    } else if (kind == "I") {
        out.form = Form::whole;
        out.low = first, out.high = leading<double>(arguments);
    } else if (kind == "B") {
        out.form = Form::bits;
        out.high = first;
        out.steps = static_cast<Step>((1u << static_cast<unsigned>(first)) - 1u);
    } else if (kind == "S") {
        out.form = Form::text;
        out.longest = static_cast<std::size_t>(first);
    }
}

}  // namespace

Encoding parse_encoding(std::string_view text) {
    for (const Named& named : kNames)
        if (named.name == text) text = named.text;
    Encoding out;
    if (text.starts_with("E:")) {
        out.form = Form::word;
        text.remove_prefix(2);
        while (!text.empty()) out.words.push_back(take_until(text, '|'));
        return out;
    }
    const std::string_view kind = take_until(text, '(');
    read_numbers(kind, take_until(text, ')'), out);
    return out;
}

}  // namespace mixrig::control::x32
