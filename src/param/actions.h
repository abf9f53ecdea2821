// Every action of the desk: what does something rather than being something.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::param {

struct DeskShape;

// What an action is to those who may not do everything.
enum class Does : std::uint8_t {
    changes,      // something of the desk: for roles that name it
    tells,        // something, and changes nothing
    serves_peer,  // concerns nobody but the peer that says it: for all who may speak
};

struct Action {
    std::string_view address;
    // OSC tags of the arguments in order; those behind a `?` may be left out, each of its own.
    std::string_view types;
    std::string_view doc;
    bool is_list = false;  // answered line by line, and at last by ADDRESS/end with their number
    Does does = Does::changes;
};

// clang-format off
inline constexpr Action kActions[] = {
    {"/scene/save", "s", "Saves every value that a recall sets under this name. Answers the name when the disk has it."},
    {"/scene/store", "s", "The same."},
    {"/scene/recall", "s?f", "Sets what the scene or snippet of this name holds, within scope and safes, over so many ms (/scene/fade). Answers the name, and what it had to leave out."},
    {"/scene/list", "", "Answers the names of all scenes and snippets, sorted.", false, Does::tells},
    {"/scene/rename", "ss", "Gives a scene a new name that no other has. Answers both."},
    {"/scene/copy", "ss", "Gives a copy of a scene another name; what had that stays as a backup. Answers both."},
    {"/scene/delete", "s", "Moves a scene to the folder `trash` beside it. Answers the name and the name it has there."},
    {"/scene/diff", "s", "Answers what a recall would change, largest jump in level first: address, value now, value then, jump.", true, Does::tells},
    {"/snippet/save", "ss", "Saves what matches a pattern under this name. Answers the name and how many values."},
    {"/undo", "", "Takes back the last step. Answers which."},
    {"/redo", "", "Does it again. Answers which."},
    {"/cue/list", "", "Answers the cues in use: number, name, scene, fade in ms.", true, Does::tells},
    {"/cue/load", "s", "Uses the cue list of this name, from its beginning. Answers the name and how many cues."},
    {"/cue/next", "", "Recalls the cue behind the current one. Answers its number and name."},
    {"/cue/back", "", "Recalls the cue before the current one. Answers its number and name."},
    {"/cue/go", "i", "Recalls the cue of this number; 1.5 as a float. Answers its number and name."},
    {"/flight", "?i", "Begins (1) or ends (0) a flight record; without an argument says how it stands. Answers 1 and its folder, or 0."},
    {"/solo/clear", "", "Ends every solo, of strips and DCAs. Answers when it is done."},
    {"/record/start", "", "Begins to record what is armed, into a new folder."},
    {"/record/from", "f", "The same, beginning so many seconds in the past. Answers how many it were."},
    {"/record/stop", "", "Ends the recording."},
    {"/soundcheck/load", "?s", "Loads the recording of this name, or the last one, for the soundcheck. Answers its name."},
    {"/transport/play", "", "Rolls from where it stands: what is loaded plays, lanes are read and written. Answers the second."},
    {"/transport/stop", "", "Stops. Answers the second at which it stands."},
    {"/transport/locate", "f", "Goes to this second, and rolls on if it rolled. Answers the second."},
    {"/transport/bar", "i?i", "Goes to this bar and beat, from 1. Answers the second."},
    {"/marker/add", "s?f", "A marker of this name where the transport is, or at this second. Answers name and second."},
    {"/marker/list", "", "Answers the markers in order: name, second.", true, Does::tells},
    {"/marker/go", "s", "Goes to this marker. Answers name and second."},
    {"/marker/next", "", "Goes to the next marker. Answers name and second."},
    {"/marker/back", "", "Goes to the marker before. Answers name and second."},
    {"/marker/rename", "ss", "Gives a marker another name. Answers both."},
    {"/marker/delete", "s", "Takes a marker away. Answers its name."},
    {"/automation/list", "", "Answers the lanes: address, number of moves, of trims.", true, Does::tells},
    {"/automation/files", "", "Answers the names of all that were saved, sorted.", false, Does::tells},
    {"/automation/save", "s", "Saves lanes and markers under this name. Answers the name when the disk has them."},
    {"/automation/load", "s", "Loads them in place of those there are. Answers the name, lanes and markers."},
    {"/automation/clear", "?s", "Takes away the lanes that match a pattern; without one, all of them. Answers how many."},
    {"/automation/fold", "?s", "Adds the trims of the lanes that match to their moves; nothing sounds other. Answers how many."},
    {"/automation/touch", "si", "A hand holds what this pattern matches (1) until it lets go (0), does nothing for ten seconds, or is gone. Answers how many values."},
    {"/ch/#/freeze_gain", "f", "Moves the trim by so many dB and, with it, what keeps mixes, sends, dynamics and recordings as they are: `freeze` and thresholds. Answers the trim."},
    {"/aux/#/more", "s?f", "Raises these strips (`ch/3 ch/4`) in a monitor mix and lowers all others, 1.5 dB or so many apart; the mix stays as loud. Answers both moves in dB."},
    {"/aux/#/less", "s?f", "The other way round."},
    {"/qa/list", "", "Answers the rules of the mix doctor that are judged live: key, result, title.", true, Does::tells},
    {"/qa/profile", "?s", "Chooses the profile that the mix doctor judges by; without an argument says which it is."},
    {"/qa/reset", "", "A new take: peaks, reductions, clips and loudness begin anew."},
    {"/qa/*", "?s", "Judges by this rule of the mix doctor, of one strip (`/ch/3`) or the worst: result, figure, text.", false, Does::tells},
    {"/midi/learn", "s?s", "The control that is moved next on a plain MIDI controller moves this address; a mode may follow. Answers device, control, address and mode."},
    {"/midi/forget", "s", "Forgets what was learnt for this address. Answers how many controls."},
    {"/midi/list", "", "Answers the maps of plain MIDI controllers: device, control, address, mode, learnt (1) or from a file (0).", true, Does::tells},
    {"/midi/ports", "", "Answers the MIDI ports in use: name, place among the Mackie Control units from 1, or 0.", true, Does::tells},
    {"/subscribe", "?si", "Sends the current values of a pattern, then every change, for so many seconds (10).", false, Does::serves_peer},
    {"/unsubscribe", "?s", "Ends the subscription to this pattern; without one, all of them, meters as well.", false, Does::serves_peer},
    {"/meters", "?sfi", "Sends the meters of a pattern so many times a second (20) for so many seconds (10).", false, Does::serves_peer},
    {"/sync", "i", "Switches on (1) or off (0) that changes are numbered (/seq) and every half second each subscription is hashed (/hash); 2 dates values as well (/turn).", false, Does::serves_peer},
    {"/datagrams", "sss", "Over WebSocket: an offer of WebRTC. Answers fragment, password, fingerprint, address and port; changes come there as well.", false, Does::serves_peer},
    {"/hash", "s", "Answers pattern, number of values and hash of what matches.", false, Does::serves_peer},
    {"/touch", "si", "A hand is on what this pattern matches (1) until it lets go (0): nobody else moves it meanwhile.", false, Does::serves_peer},
    {"/whoami", "", "Answers role, number, name of the invitation, what may be set, what may be run, messages a second (0: no limit).", false, Does::serves_peer},
    {"/login", "s", "Over TCP: the connection has the rights of this token from now on. Answers the role.", false, Does::serves_peer},
    {"/hello", "?si", "Over UDP: answers go to this port of the same address from now on; without one, back to where it is asked from.", false, Does::serves_peer},
    {"/ping", "", "Answers /pong with name, version and port.", false, Does::serves_peer},
};
// clang-format on

inline constexpr std::size_t kActionCount = sizeof(kActions) / sizeof(kActions[0]);

// `#` stands for a number from 1, `*` at the end for a word.
constexpr bool names(std::string_view action, std::string_view address) {
    if (action.ends_with("/*")) {
        action.remove_suffix(1);
        return address.starts_with(action) && address.size() > action.size() &&
               address.find_first_of("/*?[]{}", action.size()) == std::string_view::npos;
    }
    const std::size_t hash = action.find('#');
    if (hash == std::string_view::npos) return action == address;
    if (!address.starts_with(action.substr(0, hash))) return false;
    address.remove_prefix(hash);
    const std::size_t digits = std::min(address.find_first_not_of("0123456789"), address.size());
    return digits != 0 && digits <= 4 && address.front() != '0' &&
           address.substr(digits) == action.substr(hash + 1);
}

// The action with this address, or null.
constexpr const Action* find_action(std::string_view address) {
    for (const Action& action : kActions)
        if (names(action.address, address)) return &action;
    return nullptr;
}

// Where a desk has it: `/aux/#/more` stands at each monitor mix.
std::vector<std::string> action_addresses(const DeskShape& shape, std::string_view action);

}  // namespace mixrig::param
