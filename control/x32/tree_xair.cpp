// The tree of an X-Air with 16 inputs (XR18), from its maker's OSC paper and what its clients ask
// for.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/tree.h"
#include "control/x32/tree_parts.h"

namespace mixrig::control::x32 {
namespace air_tree {
namespace {

constexpr std::string_view kNamed = "name=S(12) color=I(0,15)!3";
constexpr std::string_view kReturnInput = "name=S(12) color=I(0,15)!3 rtnsrc=I(0,17)!#";
constexpr std::string_view kReturnPreamp = "rtntrim=lin(-18,18,0.25,d1,+)!+0 rtnsw=OO";
constexpr std::string_view kDynamics =
    "on=OO mode=E:COMP|EXP det=E:PEAK|RMS env=E:LIN|LOG!LOG thr=lin(-60,0,0.5,d1)!0.0 "
    "ratio=RATIO!3.0 knee=lin(0,5,1)!1 mgain=lin(0,24,0.5,d2,m3) attack=MILLIS!10 hold=HOLD!10.0 "
    "release=RELEASE!151 mix=lin(0,100,5)!100 keysrc=I(0,22) auto=OO";
constexpr std::string_view kMainDynamics =
    "on=OO mode=E:COMP|EXP det=E:PEAK|RMS env=E:LIN|LOG!LOG thr=lin(-60,0,0.5,d1)!0.0 "
    "ratio=RATIO!3.0 knee=lin(0,5,1)!1 mgain=lin(0,24,0.5,d2,m3) attack=MILLIS!10 hold=HOLD!10.0 "
    "release=RELEASE!151 mix=lin(0,100,5)!100 auto=OO";
constexpr std::string_view kInsert = "on=OO fxslot=I(0,8)";
constexpr std::string_view kBusEqualizer = "on=OO!ON mode=E:PEQ|GEQ|TEQ";
constexpr std::string_view kGraphic =
    "20,25,31.5,40,50,63,80,100,125,160,200,250,315,400,500,630,800,1k,1k25,1k6,2k,2k5,3k15,4k,5k,"
    "6k3,8k,10k,12k5,16k,20k=lin(-15,15,0.5,d1)!0";
constexpr std::string_view kMix = "on=OO!ON fader=L1024 lr=OO!ON pan=PAN!+0";
constexpr std::string_view kSend = "level=L161 grpon=OO tap=AIRTAP!POST pan=PAN!+0";
constexpr std::string_view kSecondSend = "level=L161 grpon=OO tap=AIRTAP!POST";
constexpr std::string_view kGroups = "dca=B(4) mute=B(4)";

constexpr NodeRow kConfig[] = {
    {"chlink", "1-2,3-4,5-6,7-8,9-10,11-12,13-14,15-16=OO"},
    {"buslink", "1-2,3-4,5-6=OO"},
    {"mute", "1..4=OO"},
    {"linkcfg", "preamp,eq,dyn,fdrmute=OO!ON"},
    {"amixenable", "X,Y=OO"},
    {"amixlock", "X,Y=OO"},
    {"solo",
     "level=L161 source=I(0,14) sourcetrim=lin(-18,18,0.5,d1)!0 chmode,busmode=PFL "
     "dimatt=lin(-40,0,1)!-20 dim,mono,mute,dimpfl=OO"},
};

constexpr NodeRow kChannel[] = {
    {"config", "name=S(12) color=I(0,15)!3 insrc=I(0,18)!# rtnsrc=I(0,17)!#"},
    {"preamp", "rtntrim=lin(-18,18,0.25,d1,+)!+0 rtnsw,invert,hpon=OO hpf=log(20,400,100,d0)!100"},
    {"gate",
     "on=OO mode=GATE!GATE thr=lin(-80,0,0.5,d1) range=lin(3,60,1,d1)!60 attack=MILLIS!1 "
     "hold=HOLD!502 release=RELEASE!983 keysrc=I(0,22)"},
    {"gate/filter", kFilter},
    {"dyn", kDynamics},
    {"dyn/filter", kFilter},
    {"insert", kInsert},
    {"eq", kEqualizer},
    {"eq/1..4", kBand},
    {"mix", kMix},
    {"mix/01..06", kSend, kSecondSend},
    {"mix/07..10", kSecondSend},
    {"grp", kGroups},
    {"automix", "group=E:OFF|X|Y weight=lin(-12,12,0.5,d1,+)!+0"},
};

constexpr NodeRow kReturn[] = {
    {"config", kReturnInput},
    {"preamp", kReturnPreamp},
    {"eq", kEqualizer},
    {"eq/1..4", kBand},
    {"mix", kMix},
    {"mix/01..06", kSend, kSecondSend},
    {"mix/07..10", kSecondSend},
    {"grp", kGroups},
};

constexpr NodeRow kBus[] = {
    {"config", kNamed},  {"dyn", kDynamics},    {"dyn/filter", kFilter},
    {"insert", kInsert}, {"eq", kBusEqualizer}, {"eq/1..6", kBusBand},
    {"geq", kGraphic},   {"mix", kMix},         {"grp", kGroups},
};

constexpr NodeRow kEffectSend[] = {
    {"config", kNamed}, {"mix", "on=OO!ON fader=L1024"}, {"grp", kGroups}};

constexpr NodeRow kMain[] = {
    {"config", kNamed},      {"dyn", kMainDynamics},
    {"dyn/filter", kFilter}, {"insert", "on=OO fxslot=I(0,4)"},
    {"eq", kBusEqualizer},   {"eq/1..6", kBusBand},
    {"geq", kGraphic},       {"mix", "on=OO!ON fader=L1024 pan=PAN!+0"},
};

constexpr NodeRow kDca[] = {{"", "on=OO!ON fader=L1024!0.0"}, {"config", kNamed}};
constexpr NodeRow kEffect[] = {{"", "type=I(0,60)!0;5;10;13 insert=OO"}, {"par", "01..64=BY_TYPE"}};
constexpr NodeRow kRouting[] = {
    {"main/01..02", "src=I(0,10)"},
    {"aux/01..06", "src=I(0,55) pos=I(0,10)"},
    {"p16/01..16", "src=I(0,55)!# pos=I(0,10)"},
    {"usb/01..18", "src=I(0,37)!# pos=I(0,10)"},
};
constexpr NodeRow kMicrophone[] = {{"", "gain=lin(-12,60,0.5,d1,+)!+0 phantom=OO"}};
constexpr NodeRow kLine[] = {{"", "gain=lin(-12,20,0.5,d1,+)!+0 phantom=OO"}};

constexpr BlockRow kScene[] = {
    {"config", kConfig},
    {"ch/01..16", kChannel},
    {"rtn/aux", kReturn},
    {"rtn/1..4", kReturn},
    {"bus/1..6", kBus},
    {"fxsend/1..4", kEffectSend},
    {"lr", kMain},
    {"dca/1..4", kDca},
    {"fx/1..4", kEffect},
    {"routing", kRouting},
    {"headamp/01..16", kMicrophone},
    {"headamp/17..24", kLine},
};

constexpr NodeRow kSnapshots[] = {{"", "name=S(31) index,load,save,delete=I(0,64)"},
                                  {"01..64", "name=S(31) scope=S(59)"}};
constexpr NodeRow kStatus[] = {
    {"", "solo,usbmounted=OO rta=I(0,73)"},
    {"solosw", "01..54=OO"},
    {"tape", "state=I(0,6) file=S(64)"},
};
constexpr NodeRow kPreferences[] = {
    {"", "name=S(32) clockrate=E:48K|44K1 hardmute,dcamute=OO"},
    {"lan", "mode=I(0,3) addr,mask,gateway=S(16)"},
    {"ap", "ssid,key=S(32) channel,security=I(0,15)"},
};
constexpr NodeRow kActions[] = {
    {"", "clearsolo,initall,savestate,wlanscan,updnet=COUNT setclock=S(32)"}};

constexpr BlockRow kOther[] = {
    {"-snap", kSnapshots}, {"-stat", kStatus}, {"-prefs", kPreferences}, {"-action", kActions}};

}  // namespace
}  // namespace air_tree

const TreeTable kAirTree = {air_tree::kScene, air_tree::kOther};

}  // namespace mixrig::control::x32
