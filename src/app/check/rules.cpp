// The table of rules. Where practice names no number, the number is ours, and `advice` says so by
// not naming one.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/rules.h"

#include "src/app/check/figures.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <limits>

namespace mixrig::app::check {
namespace {

constexpr double kAny = std::numeric_limits<double>::infinity();
constexpr Window most(double high) {
    return {-kAny, high};
}
constexpr Window least(double low) {
    return {low, kAny};
}
constexpr Window between(double low, double high) {
    return {low, high};
}
constexpr Bounds bounds(Profiles in, Window pass, Window warn) {
    return {in, pass, warn};
}
// Nothing between good and bad.
constexpr Bounds strict(Profiles in, Window pass) {
    return {in, pass, pass};
}
constexpr Profiles kClassic = only(Profile::classic), kFloat32 = only(Profile::float32);
constexpr Profiles kStreaming = only(Profile::streaming), kCd = only(Profile::cd);
constexpr Profiles kVinyl = only(Profile::vinyl), kVideo = only(Profile::video);
constexpr Subject kStrip = Subject::strip, kWhole = Subject::whole;

// The loudness target is "about".
constexpr Bounds loud(Profiles in, double lufs) {
    return bounds(in, between(lufs - 0.5, lufs + 0.5), between(lufs - 2.0, lufs + 2.0));
}

// In the order of the signal: strips, song, main bus, what leaves.
// clang-format off
constexpr Rule kRules[] = {
    {"A01", "A01", "channel peak behind the trim", kStrip, true, "dBFS", {bounds(kClassic, between(-18, -12), between(-24, -6))}, input_peak, "set the trim so that the channel peaks at about -15 dBFS"},
    {"A02", "A02", "channel peak behind the trim, float desk", kStrip, true, "dBFS", {bounds(kFloat32, between(-8, -6), between(-18, -3))}, input_peak, "set the trim so that the channel peaks at about -7 dBFS"},
    {"A04", "A04", "samples at or beyond full scale in the strip", kStrip, true, "samples", {strict(kAnyProfile, most(0))}, strip_clips, "lower the trim, or what adds gain before the fader; clipped in the file: record or export it anew"},
    {"C02", "C02", "kick, snare and bass off the centre", kStrip, false, "", {bounds(kAnyProfile, most(0.1), most(0.3))}, off_centre, "pan it to the centre"},
    {"D01", "D01", "high-pass on kick or bass", kStrip, false, "Hz", {bounds(kAnyProfile, most(40), most(60))}, hpf_of_bass, "leave the low end to them: 40 Hz at most, or no high-pass"},
    {"D01-rumble", "D01", "below 40 Hz against the whole strip", kStrip, false, "dB", {bounds(kAnyProfile, most(-20), most(-10))}, rumble, "set a high-pass: this instrument has nothing there but rumble"},
    {"D06", "D06", "boldest band of the equaliser", kStrip, true, "dB", {bounds(kAnyProfile, most(9.9), most(15))}, strip_eq, "a band of 10 dB or more is a sign: look for another sound, microphone or sample"},
    {"E06", "E06", "mean reduction of the harder of two compressors in series", kStrip, false, "dB", {bounds(kAnyProfile, between(1, 3), between(0.3, 6))}, serial_reduction, "share the work: 1 to 3 dB each"},
    {"E07", "E07", "mean reduction of a compressor", kStrip, true, "dB", {bounds(kAnyProfile, most(6), most(8))}, mean_reduction, "raise the threshold or lower the ratio: this is over-compressed"},
    {"F07", "F07", "reverb or echo inserted in a channel", kStrip, true, "", {strict(kAnyProfile, most(0))}, space_inserted, "put it on an effect bus and send to it"},
    {"F08", "F08", "side below 90 Hz against the middle, of a strip", kStrip, false, "dB", {bounds(kAnyProfile, most(-20), most(-10))}, strip_low_side, "high-pass what goes into stereo effects, or narrow the strip"},
    {"F08-effect", "F08", "where an effect begins to be stereo", kStrip, true, "Hz", {bounds(kAnyProfile, least(90), least(60))}, fx_mono_below, "set `mono_below` of the effect to 90 Hz"},
    {"B10-strip", "B10", "correlation of a stereo strip", kStrip, false, "", {bounds(kAnyProfile, least(0), least(-0.3))}, strip_correlation, "turn the polarity of one side, or align the two microphones"},
    {"I01-strip", "I01", "loudness that a stereo strip loses in mono", kStrip, false, "LU", {bounds(kAnyProfile, most(3.5), most(6))}, strip_mono_loss, "lower its width, or turn the polarity of one side"},
    {"B09", "B09", "share of the strip that another masks", kStrip, false, "%", {bounds(kAnyProfile, most(50), most(80))}, masked_share, "give each its place: cut the louder one where the other lives, or pan them apart"},
    {"A05", "A05", "channels that sound without a name of their own", kWhole, true, "", {bounds(kAnyProfile, most(0), most(1))}, badly_named, "name every channel, each its own way"},
    {"A17", "A17", "tracks with the role of lead or vocal", kWhole, false, "", {bounds(kAnyProfile, between(1, 3), most(4))}, leads, "say `role = \"lead\"` or `\"vocal\"` of at most three tracks"},
    {"A17-level", "A17", "lead and voices against the rest", kWhole, false, "LU", {bounds(kAnyProfile, between(-8, 4), between(-14, 8))}, lead_over_rest, "ride the lead's fader: it drives the song"},
    {"E03", "E03", "share of the channels with a gate", kWhole, true, "%", {bounds(kAnyProfile, most(40), most(75))}, gates_share, "use gates sparingly"},
    {"I05", "I05", "strips silenced for a signal that was none", kWhole, true, "", {strict(kAnyProfile, most(0))}, faults, "find the track or effect with samples that are not numbers"},
    {"N06", "N06", "tracks below 24 bit or 44.1 kHz", kWhole, false, "", {strict(kAnyProfile, most(0))}, coarse_tracks, "ask for the tracks at 24 bit, 44.1 kHz or more"},
    {"H03", "H03", "ends of the tracks apart", kWhole, false, "s", {bounds(kAnyProfile, most(0.1), most(10))}, ends_apart, "export all tracks with the same start and end"},
    {"H01", "H01 H07", "different stems", kWhole, false, "", {strict(kAnyProfile, most(8))}, stems, "give tracks that belong together the same `stem`"},
    {"B03", "B02 B03", "peak of the mix before the chain", kWhole, true, "dBFS", {bounds(kMixes, between(-6, -3), between(-12, -1))}, mix_peak, "move the faders together until the mix peaks at -6 to -3 dBFS"},
    {"B04", "B04", "clipped samples in the mix", kWhole, true, "samples", {strict(kAnyProfile, most(0))}, mix_clips, "lower the faders: nothing may clip on the main bus"},
    {"B04-shapers", "B04", "saturators and clippers on the main bus", kWhole, true, "", {strict(kMixes, most(0))}, chain_shapers, "switch them off for the mix; mastering may add them"},
    {"J01", "J01", "reduction by the limiter of the main bus", kWhole, true, "dB", {bounds(kMixes, most(0), most(1))}, limiting, "switch the limiter off, or deliver the pre-master"},
    {"E05", "E05 J02", "most reduction of a compressor on the main bus", kWhole, true, "dB", {bounds(kMixes, most(2), most(4))}, chain_reduction, "raise its threshold, or set `max_reduction` to 2 dB"},
    {"K08", "K08 E06", "mean reduction of the harder of several compressors", kWhole, false, "dB", {bounds(kMasters, between(0.5, 3), most(6))}, chain_serial, "1 to 3 dB each"},
    {"J03", "J03", "boldest band of the main bus", kWhole, true, "dB", {bounds(kMixes, most(1), most(3))}, chain_eq, "mend it in the channels"},
    {"K04", "K04", "boldest band of the master's equaliser", kWhole, true, "dB", {bounds(kMasters, most(1), most(3))}, chain_eq, "stay within 1 dB, broad; what needs more needs another mix"},
    {"J03-cuts", "D02 J03", "high- and low-pass filters on the main bus", kWhole, true, "", {strict(kMixes, most(0))}, chain_cuts, "take them off the main bus"},
    {"F09", "F09 J04", "reverbs on the main bus", kWhole, true, "", {strict(kAnyProfile, most(0))}, chain_reverbs, "send to a reverb from the channels"},
    {"J05", "J05", "loudness of the mix before the chain", kWhole, true, "LUFS", {bounds(kMixes, most(-14), most(-11))}, mix_loudness, "do not boost the mix: loudness is made in mastering"},
    {"B06", "B06", "crest that the chain takes away", kWhole, false, "dB", {bounds(kAnyProfile, most(3), most(6))}, crest_lost, "slower attacks, less limiting"},
    {"B05", "B05", "true peak over loudness", kWhole, true, "LU", {bounds(kMixes, least(12), least(9)), bounds(kMasters, least(8), least(6))}, peak_to_loudness, "compress and limit less"},
    {"B05-range", "B05", "loudness range", kWhole, false, "LU", {bounds(kAnyProfile, between(2, 20), between(1, 30))}, loudness_range, "let quiet parts be quieter, or ride them when they are lost"},
    {"K12", "K12", "true peak", kWhole, true, "dBTP", {strict(kStreaming | kVideo, most(-0.9)), strict(kCd, most(-0.2)), strict(kVinyl, most(-2.9))}, true_peak, "a true-peak limiter with the ceiling of the medium: `mixrig master`"},
    {"K13", "K13", "integrated loudness", kWhole, true, "LUFS", {loud(kStreaming | kCd, -14), loud(kVinyl, -16), loud(kVideo, -23)}, loudness, "`mixrig master --profile` finds the gain"},
    {"B10", "B10", "correlation", kWhole, true, "", {bounds(kAnyProfile, least(0.1), least(-0.2))}, correlation, "look for stereo strips whose sides are out of phase"},
    {"B10-time", "B10", "share of the time with a negative correlation", kWhole, false, "%", {bounds(kAnyProfile, most(5), most(20))}, negative_share, "look for the strip that is out of phase where the plot dips"},
    {"I01", "I01", "loudness lost in mono", kWhole, false, "LU", {bounds(kAnyProfile, most(2), most(4))}, mono_loss, "listen to the mono check; narrow or turn what disappears"},
    {"F08-main", "F08 K06", "side below 90 Hz against the middle", kWhole, false, "dB", {strict(kVinyl, most(-20)), bounds(kAnyProfile, most(-20), most(-10))}, low_side, "mono below 90 Hz: `field/mono_below` of the master chain"},
    {"K03", "K03", "below 28 Hz against the whole", kWhole, false, "dB", {bounds(kAnyProfile, most(-25), most(-15))}, sub_share, "take away the sub that nobody hears"},
    {"K17", "K17", "above 5.6 kHz against a slope of -4.5 dB an octave", kWhole, false, "dB", {bounds(kAnyProfile, between(-8, 8), between(-14, 12))}, brightness, "a broad shelf, or brighter sources; too bright: the other way round"},
    {"B08", "B08", "mean distance from a slope of -4.5 dB an octave", kWhole, false, "dB", {bounds(kAnyProfile, most(6), most(10))}, from_slope, "look at the spectrum where it leaves the slope; a reference says more"},
    {"I07", "I07 I08", "mean distance from the reference's spectrum", kWhole, false, "dB", {bounds(kAnyProfile, most(3), most(6))}, from_reference, "look at the spectrum where both differ"},
    {"L03", "L03", "DC offset", kWhole, false, "dBFS", {bounds(kAnyProfile, most(-60), most(-40))}, dc_offset, "take the DC away before anything else"},
    {"N02", "N02", "distance of the sample rate from a known one", kWhole, false, "Hz", {strict(kAnyProfile, most(0.5))}, rate_off, "44.1, 48, 88.2, 96, 176.4 or 192 kHz, preferably the one it was recorded at"},
    {"N05-cd", "N05", "distance of the sample rate from that of a CD", kWhole, false, "Hz", {strict(kCd, most(0.5))}, cd_rate_off, "`mixrig album --medium cd` resamples, once, and dithers"},
    {"N07", "N07", "distance of the sample rate from one of video", kWhole, false, "Hz", {strict(kVideo, most(0.5))}, video_rate_off, "48 kHz for pictures"},
    {"N03", "N03 N04 N05", "bits of a sample", kWhole, false, "bit", {bounds(kCd, between(16, 32), between(16, 32)), bounds(kAnyProfile, least(24), least(24))}, bits, "24 bit or 32 bit float; 16 bit for CD alone"},
    {"N11", "N11", "level of the last 10 ms", kWhole, false, "dBFS", {bounds(kAnyProfile, most(-60), most(-40))}, ends_at, "let it ring out: the tail is cut off"},
    {"N11-begin", "N11", "level of the first 10 ms", kWhole, false, "dBFS", {bounds(kAnyProfile, most(-60), most(-20))}, begins_at, "leave a little silence before the first attack"},
    {"N12", "N12", "longest silence within", kWhole, false, "s", {bounds(kAnyProfile, most(2), most(5))}, inner_silence, "one song a file"},
    {"N13", "N13", "packing of the file: 0 none, 1 without loss, 2 with loss", kWhole, false, "", {bounds(kAnyProfile, most(0), most(1))}, loss_of_coding, "deliver WAV or AIFF; what was lost does not come back"},
};
// clang-format on

struct ProfileRow {
    std::string_view name, text;
};
constexpr std::array<ProfileRow, kProfiles> kProfileRows = {{
    {"classic", "a mix, channels at -18 to -12 dBFS"},
    {"float32", "a mix on a float desk, channels at -8 to -6 dBFS"},
    {"streaming", "a master at -14 LUFS under -1 dBTP"},
    {"cd", "a master at -14 LUFS under -0.3 dBTP, 44.1 kHz"},
    {"vinyl", "a master at -16 LUFS under -3 dBTP, mono below 90 Hz"},
    {"video", "a master at -23 LUFS under -1 dBTP, 48 kHz"},
}};

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) ==
               std::tolower(static_cast<unsigned char>(y));
    });
}

}  // namespace

std::span<const Rule> rules() {
    return kRules;
}

const Rule* find_rule(std::string_view key) {
    const auto found = std::find_if(std::begin(kRules), std::end(kRules),
                                    [&](const Rule& rule) { return same_word(rule.key, key); });
    return found == std::end(kRules) ? nullptr : &*found;
}

const Bounds* bounds_of(const Rule& rule, Profile profile) {
    for (const Bounds& each : rule.bounds)
        if (each.in & only(profile)) return &each;
    return nullptr;
}

base::Result<Profile> profile_named(std::string_view name) {
    for (std::size_t i = 0; i < kProfiles; ++i)
        if (kProfileRows[i].name == name) return static_cast<Profile>(i);
    std::string what = "there is no profile `";
    what.append(name).append("`");
    return base::Error{.what = what, .hint = "one of " + profile_names()};
}

std::string_view profile_name(Profile profile) {
    return kProfileRows[static_cast<std::size_t>(profile)].name;
}
std::string_view profile_text(Profile profile) {
    return kProfileRows[static_cast<std::size_t>(profile)].text;
}
std::string profile_names() {
    std::string out;
    for (const ProfileRow& row : kProfileRows) out.append(out.empty() ? "" : ", ").append(row.name);
    return out;
}

}  // namespace mixrig::app::check
