// The tree of an X32, as its firmware 4.06 has it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/tree.h"
#include "control/x32/tree_parts.h"

namespace mixrig::control::x32 {
namespace mixer_tree {
namespace {

// Nodes that strips share.
constexpr std::string_view kNamed = "name=S(12) icon=ICON color=COLOR!YE";
constexpr std::string_view kInput = "name=S(12) icon=ICON color=COLOR!YE source=SOURCE!#";
constexpr std::string_view kDynamics =
    "on=OO mode=E:COMP|EXP det=E:PEAK|RMS env=E:LIN|LOG!LOG thr=lin(-60,0,0.5,d1)!0.0 "
    "ratio=RATIO!3.0 knee=lin(0,5,1)!1 mgain=lin(0,24,0.5,d2,m3) attack=MILLIS!10 hold=HOLD!10.0 "
    "release=RELEASE!151 pos=PP!POST keysrc=SOURCE mix=lin(0,100,5)!100 auto=OO";
constexpr std::string_view kBusDynamics =
    "on=OO mode=E:COMP|EXP det=E:PEAK|RMS env=E:LIN|LOG!LOG thr=lin(-60,0,0.5,d1)!0.0 "
    "ratio=RATIO!3.0 knee=lin(0,5,1)!1 mgain=lin(0,24,0.5,d2,m3) attack=MILLIS!10 hold=HOLD!10.0 "
    "release=RELEASE!151 pos=PP!POST mix=lin(0,100,5)!100 auto=OO";
constexpr std::string_view kInsert = "on=OO pos=PP!POST sel=INSERT";
constexpr std::string_view kMainBand =
    "type=EQX!PEQ f=FREQ!80;200;500;1k50;4k00;10k02 "
    "g=lin(-15,15,0.25,d2,m3,+)!+0 q=log(10,0.3,71,d1,m2)!2.0";
constexpr std::string_view kMix = "on=OO!ON fader=L1024 st=OO!ON pan=PAN!+0 mono=OO mlevel=L161";
constexpr std::string_view kSend = "on=OO!ON level=L161 pan=PAN!+0 type=TAP!POST panFollow=I(0,1)";
constexpr std::string_view kMatrixSend =
    "on=OO!ON level=L161 pan=PAN!+0 type=TAPX!POST panFollow=I(0,1)";
constexpr std::string_view kSecondSend = "on=OO!ON level=L161";
constexpr std::string_view kGroups = "dca=B(8) mute=B(6)";
constexpr std::string_view kDelay = "on=OO time=DELAY";
constexpr std::string_view kOutput = "src=I(0,76) pos=OUTPOS!POST invert=OO";

constexpr NodeRow kConfig[] = {
    {"chlink",
     "1-2,3-4,5-6,7-8,9-10,11-12,13-14,15-16,17-18,19-20,21-22,23-24,25-26,27-28,29-30,31-32=OO"},
    {"auxlink", "1-2,3-4,5-6,7-8=OO"},
    {"fxlink", "1-2,3-4,5-6,7-8=OO"},
    {"buslink", "1-2,3-4,5-6,7-8,9-10,11-12,13-14,15-16=OO"},
    {"mtxlink", "1-2,3-4,5-6=OO"},
    {"mute", "1..6=OO"},
    {"linkcfg", "hadly,eq,dyn,fdrmute=OO!ON"},
    {"mono", "mode=E:LR+M|LCR link=OO"},
    {"solo",
     "level=L161 source=E:OFF|LR|LR+C|LRPFL|LRAFL|AUX56|AUX78 sourcetrim=lin(-18,18,0.5,d1)!0 "
     "chmode,busmode,dcamode=PFL exclusive,followsel,followsolo=OO dimatt=lin(-40,0,1)!-20 "
     "dim,mono,delay=OO delaytime=DELAY masterctrl,mute,dimpfl=OO"},
    {"talk", "enable=OO source=E:INT|EXT"},
    {"talk/A", "level=L161 dim=OO latch=OO destmap=B(18)"},
    {"talk/B", "level=L161 dim=OO latch=OO destmap=B(18)"},
    {"osc",
     "level=L161 f1=log(20,20000,120,d1,k)!1k00 f2=log(20,20000,120,d1,k)!1k00 fsel=E:F1|F2 "
     "type=E:SINE|PINK|WHITE dest=I(0,25)!18"},
    {"userrout/out", "01..48=I(0,208)"},
    {"userrout/in", "01..32=I(0,168)!#"},
    {"routing", "routswitch=E:REC|PLAY"},
    {"routing/IN",
     "1-8=INBLK 9-16=INBLK!AN9-16 17-24=INBLK!AN17-24 25-32=INBLK!AN25-32 AUX=AUXBLK"},
    {"routing/AES50A", "1-8,9-16,17-24,25-32,33-40,41-48=OUTBLK"},
    {"routing/AES50B", "1-8,9-16,17-24,25-32,33-40,41-48=OUTBLK"},
    {"routing/CARD", "1-8=OUTBLK 9-16=OUTBLK!AN9-16 17-24=OUTBLK!AN17-24 25-32=OUTBLK!AN25-32"},
    {"routing/OUT", "1-4=O1!OUT1-4 5-8=O5!OUT5-8 9-12=O1!OUT9-12 13-16=O5!OUT13-16"},
    {"routing/PLAY",
     "1-8=INBLK!CARD1-8 9-16=INBLK!CARD9-16 17-24=INBLK!CARD17-24 25-32=INBLK!CARD25-32 "
     "AUX=AUXBLK"},
    {"userctrl/A", "color=COLOR!CY"},
    {"userctrl/A/enc", "1..4=S(12)"},
    {"userctrl/A/btn", "5..12=S(12)"},
    {"userctrl/B", "color=COLOR!GN"},
    {"userctrl/B/enc", "1..4=S(12)"},
    {"userctrl/B/btn", "5..12=S(12)"},
    {"userctrl/C", "color=COLOR!BL"},
    {"userctrl/C/enc", "1..4=S(12)"},
    {"userctrl/C/btn", "5..12=S(12)"},
    {"tape", "gainL,gainR=lin(-6,24,0.5,d1)!0 autoplay=OO"},
    {"amixenable", "X,Y=OO"},
    {"dp48", "scope=B(4) broadcast=I(0,0) aesAB=E:AESA|AESB"},
    {"dp48/assign", "01..48=I(0,12)"},
    {"dp48/link", "01..24=I(0,1)"},
    {"dp48/grpname", "01..12=S(12)"},
};

constexpr NodeRow kChannel[] = {
    {"config", kInput},
    {"delay", kDelay},
    {"preamp",
     "trim=lin(-18,18,0.25,d1,+)!+0 invert=OO hpon=OO hpslope=E:12|18|24!24 "
     "hpf=log(20,400,100,d0)!100"},
    {"gate",
     "on=OO mode=GATE!GATE thr=lin(-80,0,0.5,d1) range=lin(3,60,1,d1)!60 attack=MILLIS!1 "
     "hold=HOLD!502 release=RELEASE!983 keysrc=SOURCE"},
    {"gate/filter", kFilter},
    {"dyn", kDynamics},
    {"dyn/filter", kFilter},
    {"insert", kInsert},
    {"eq", kEqualizer},
    {"eq/1..4", kBand},
    {"mix", kMix},
    {"mix/01..16", kSend, kSecondSend},
    {"grp", kGroups},
    {"automix", "group=E:OFF|X|Y weight=lin(-12,12,0.5,d1,+)!+0"},
};

constexpr NodeRow kAuxIn[] = {
    {"config", kInput}, {"preamp", "trim=lin(-18,18,0.25,d1,+)!+0 invert=OO"},
    {"eq", kEqualizer}, {"eq/1..4", kBand},
    {"mix", kMix},      {"mix/01..16", kSend, kSecondSend},
    {"grp", kGroups},
};

constexpr NodeRow kReturn[] = {
    {"config", kNamed},
    {"eq", kEqualizer},
    {"eq/1..4", kBand},
    {"mix", kMix},
    {"mix/01..16", kSend, kSecondSend},
    {"grp", kGroups},
};

constexpr NodeRow kBus[] = {
    {"config", kNamed},      {"dyn", kDynamics},
    {"dyn/filter", kFilter}, {"insert", kInsert},
    {"eq", kEqualizer},      {"eq/1..6", kBusBand},
    {"mix", kMix},           {"mix/01..06", kMatrixSend, kSecondSend},
    {"grp", kGroups},
};

constexpr NodeRow kMatrix[] = {
    {"config", kNamed},     {"preamp", "invert=OO"},
    {"dyn", kBusDynamics},  {"dyn/filter", kFilter},
    {"insert", kInsert},    {"eq", kEqualizer},
    {"eq/1..6", kMainBand}, {"mix", "on=OO!ON fader=L1024"},
    {"grp", kGroups},
};

constexpr NodeRow kMain[] = {
    {"config", kNamed},
    {"dyn", kBusDynamics},
    {"dyn/filter", kFilter},
    {"insert", kInsert},
    {"eq", kEqualizer},
    {"eq/1..6", kMainBand},
    {"mix", "on=OO!ON fader=L1024 pan=PAN!+0"},
    {"mix/01..06", kMatrixSend, kSecondSend},
    {"grp", kGroups},
};

constexpr NodeRow kMono[] = {
    {"config", kNamed},
    {"dyn", kBusDynamics},
    {"dyn/filter", kFilter},
    {"insert", kInsert},
    {"eq", kEqualizer},
    {"eq/1..6", kMainBand},
    {"mix", "on=OO!ON fader=L1024"},
    {"mix/01..06", kMatrixSend, kSecondSend},
    {"grp", kGroups},
};

constexpr NodeRow kDca[] = {{"", "on=OO!ON fader=L1024!0.0"}, {"config", kNamed}};
constexpr NodeRow kEffect[] = {
    {"", "type=FXTYPE!HALL;PLAT;DLY;CRS"},
    {"source", "l,r=FXSRC!MIX13;MIX14;MIX15;MIX16"},
    {"par", "01..64=BY_TYPE"},
};
constexpr NodeRow kInsertEffect[] = {{"", "type=FXINSERT!GEQ"}, {"par", "01..64=BY_TYPE"}};
constexpr NodeRow kMainOut[] = {{"", kOutput}, {"delay", kDelay}};
constexpr NodeRow kPlainOut[] = {{"", kOutput}};
constexpr NodeRow kMonitorOut[] = {{"", kOutput},
                                   {"iQ",
                                    "group=E:OFF|A|B speaker=E:none|iQ8|iQ10|iQ12|iQ15|iQ15B|iQ18B "
                                    "eq=E:Linear|Live|Speech|Playback|User model=I(0,7)"}};
constexpr NodeRow kRecorderOut[] = {{"", "src=I(0,76)!# pos=OUTPOS!POST"}};
constexpr NodeRow kHeadAmp[] = {{"", "gain=lin(-12,60,0.5,d1,+)!+0 phantom=OO"}};

constexpr BlockRow kScene[] = {
    {"config", kConfig},
    {"ch/01..32", kChannel},
    {"auxin/01..08", kAuxIn},
    {"fxrtn/01..08", kReturn},
    {"bus/01..16", kBus},
    {"mtx/01..06", kMatrix},
    {"main/st", kMain},
    {"main/m", kMono},
    {"dca/1..8", kDca},
    {"fx/1..4", kEffect},
    {"fx/5..8", kInsertEffect},
    {"outputs/main/01..16", kMainOut},
    {"outputs/aux/01..06", kPlainOut},
    {"outputs/p16/01..16", kMonitorOut},
    {"outputs/aes/01..02", kPlainOut},
    {"outputs/rec/01..02", kRecorderOut},
    {"headamp/000..127", kHeadAmp},
};

constexpr NodeRow kStatus[] = {
    {"",
     "selidx=STRIP chfaderbank=I(0,3) grpfaderbank=I(0,5) sendsonfader=OO bussendbank=I(0,3) "
     "eqband=I(0,5) solo,keysolo=OO userbank=I(0,2) autosave=OO lock=I(0,2) usbmounted,remote=OO "
     "rtamodeeq,rtamodegeq=E:BAR|SPEC rtaeqpre,rtageqpost=OO rtasource=I(0,73) xcardtype=I(0,11) "
     "xcardsync,geqonfdr=OO geqpos=I(0,63) dcaspill=I(0,8)"},
    {"solosw", "01..80=OO"},
    {"screen", "screen=I(0,10) mutegrp,utils=OO"},
    {"screen/CHAN", "page=I(0,15)"},
    {"screen/METER", "page=I(0,15)"},
    {"screen/ROUTE", "page=I(0,15)"},
    {"screen/SETUP", "page=I(0,15)"},
    {"screen/LIB", "page=I(0,15)"},
    {"screen/FX", "page=I(0,15)"},
    {"screen/MON", "page=I(0,15)"},
    {"screen/USB", "page=I(0,15)"},
    {"screen/SCENE", "page=I(0,15)"},
    {"screen/ASSIGN", "page=I(0,15)"},
    {"talk", "A,B=OO"},
    {"osc", "on=OO"},
    {"tape", "state=I(0,6) file=S(64) etime,rtime=COUNT"},
    {"urec", "state=I(0,3) etime,rtime=COUNT"},
    {"aes50", "state=COUNT A,B=S(32)"},
    {"userpar/01..36", "value=I(0,127)"},
};

constexpr NodeRow kPreferences[] = {
    {"",
     "style=S(32) bright=lin(10,100,5)!75 lcdcont=lin(0,100,2)!50 ledbright=lin(10,100,5)!75 "
     "lamp=lin(10,100,10)!50 lampon=OO clockrate=E:48K|44K1 clocksource=I(0,3) "
     "confirm_general,confirm_overwrite,confirm_sceneload,viewrtn,selfollowsbank=OO "
     "scene_advance,safe_masterlevels=OO haflags=B(4) autosel=OO "
     "show_control=E:CUES|SCENES|SNIPPETS!SCENES clockmode=E:24h|12h hardmute,dcamute=OO "
     "invertmutes=E:NORM|INV name=S(32) rec_control=E:USB|XLIVE fastFaders=OO"},
    {"ip", "dhcp=OO"},
    {"ip/addr", "0..3=I(0,255)"},
    {"ip/mask", "0..3=I(0,255)"},
    {"ip/gateway", "0..3=I(0,255)"},
    {"remote", "enable=OO protocol=E:MC|HUI|CC port=E:MIDI|CARD|RTP ioenable=B(16)"},
    {"card",
     "UFifc=E:FW|USB UFmode=I(0,7) USBmode=E:32/32|16/16|32/8|8/32|8/8|2/2 ADATwc=E:IN|OUT "
     "ADATsync=E:WC|ADAT1|ADAT2|ADAT3|ADAT4 MADImode=E:56|64 MADIin=E:1-32|9-40|17-48|25-56|33-64 "
     "MADIout=MADI MADIsrc=E:OFF|OPT|COAX|BOTH URECtracks=E:32Ch|16Ch|8Ch URECplayb=E:SD|USB "
     "URECrout=E:REC|PLAY|AUTO URECsdsel=E:SD1|SD2"},
    {"rta",
     "visibility=E:OFF|25%|30%|35%|40%|45%|50%|55%|60%|65%|70%|75%|80% gain=lin(0,60,6) "
     "autogain=OO source=I(0,73) pos=PP mode=E:BAR|SPEC options=B(6) det=E:RMS|PEAK "
     "decay=log(0.25,16,18,d2)!1 peakhold=E:OFF|1|2|3|4|5|6|7|8"},
    {"iQ/01..16", "iQmodel,iQeqset,iQsound=I(0,7)"},
    {"key", "layout=I(0,7) 00..99=S(32)"},
};

constexpr NodeRow kShow[] = {
    {"prepos", "current=I(0,99)"},
    {"showfile/show",
     "name=S(32) inputs=I(0,255) mxsends=I(0,65535) mxbuses=I(0,255) console=I(0,127) "
     "chan16,chan32,return,buses,lrmtxdca=I(0,65535) effects=I(0,255)"},
    {"showfile/cue/000..099",
     "numb=COUNT name=S(32) skip=I(0,1) scene=I(-1,99) bit=COUNT miditype=I(0,3) "
     "midichan,midipara1,midipara2=I(0,127)"},
    {"showfile/scene/000..099", "name=S(32) notes=S(64) safes=B(9) hasdata=I(0,1)"},
    {"showfile/snippet/000..099",
     "name=S(32) eventtyp,channels,auxbuses,maingrps=COUNT hasdata=I(0,1)"},
};

constexpr std::string_view kPreset =
    "pos=I(0,100)!# name=S(32) type=COUNT flags=B(16) hasdata=I(0,1)";
constexpr NodeRow kLibraries[] = {{"ch/001..100", kPreset},
                                  {"fx/001..100", kPreset},
                                  {"r/001..100", kPreset},
                                  {"mon/001..100", kPreset}};

constexpr NodeRow kStick[] = {{"", "path,title=S(64)"},
                              {"dir", "dirpos,maxpos=I(0,999)"},
                              {"dir/001..999", "type,name=S(64)"}};
constexpr NodeRow kCardRecorder[] = {
    {"",
     "sessionmax,markermax,sessionlen,sessionpos,markerpos,batterystate,srate,tracks,sessionspan,"
     "sessionoffs,sd1state,sd2state=COUNT sd1info,sd2info,errormessage=S(64) errorcode=COUNT"},
    {"session/001..100", "name=S(32)"},
    {"marker/001..100", "time=COUNT"}};
constexpr NodeRow kHeadAmpIndex[] = {{"", "index=I(-1,127)!#"}};
constexpr NodeRow kInserted[] = {
    {"",
     "fx1L,fx1R,fx2L,fx2R,fx3L,fx3R,fx4L,fx4R,fx5L,fx5R,fx6L,fx6R,fx7L,fx7R,fx8L,fx8R,"
     "aux1,aux2,aux3,aux4,aux5,aux6=I(0,72)"}};
constexpr NodeRow kUndo[] = {{"", "time=S(16)"}};
constexpr NodeRow kActions[] = {
    {"",
     "setip,initall,initlib,initshow,savestate,undopt,doundo,playtrack,newscreen,clearsolo,"
     "setprebus,setsrate,setrtasrc,recselect,gocue,goscene,gosnippet,selsession,delsession,"
     "selmarker,delmarker,savemarker,addmarker,setposition,clearalert,formatcard=COUNT "
     "setclock=S(32)"}};

constexpr BlockRow kOther[] = {
    {"-stat", kStatus},
    {"-prefs", kPreferences},
    {"-show", kShow},
    {"-libs", kLibraries},
    {"-usb", kStick},
    {"-urec", kCardRecorder},
    {"-ha/00..39", kHeadAmpIndex},
    {"-insert", kInserted},
    {"-undo", kUndo},
    {"-action", kActions},
};

}  // namespace
}  // namespace mixer_tree

const TreeTable kX32Tree = {mixer_tree::kScene, mixer_tree::kOther};

}  // namespace mixrig::control::x32
