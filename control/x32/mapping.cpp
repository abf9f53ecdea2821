// What the tables of the mapping come to.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/mapping.h"

#include "control/x32/effect_tables.h"
#include "control/x32/mapping_tables.h"
#include "control/x32/text.h"

#include <algorithm>

namespace mixrig::control::x32 {
namespace {

// clang-format off
constexpr StripRow kX32Strips[] = {
    {"ch/01..32", Family::channels, 0, 1},
    {"auxin/01..08", Family::channels, 32, 33},
    {"fxrtn/01..08", Family::returns, 0, 41},
    {"bus/01..16", Family::buses, 0, 49},
    {"mtx/01..06", Family::matrices, 0, 65},
    {"main/st", Family::main, 0, 71},
    {"main/m", Family::unknown, 0, 72},
};
constexpr StripRow kAirStrips[] = {
    {"ch/01..16", Family::channels, 0, 1},
    {"rtn/aux", Family::channels, 16, 17},
    {"rtn/1..4", Family::returns, 0, 18},
    {"bus/1..6", Family::buses, 0, 40},
    {"fxsend/1..4", Family::unknown, 0, 46},
    {"lr", Family::main, 0, 50},
};
// clang-format on

constexpr std::size_t kMatrixSends = 6;
// In the bits of a talk destination and the list of the oscillator's: LR, and matrices.
constexpr std::size_t kTalkMain = 16, kOscillatorMain = 18, kOscillatorMatrix = 20;

std::string numbered(std::string_view pattern, std::size_t number) {
    std::string out(pattern);
    if (const std::size_t hash = out.find('#'); hash != std::string::npos)
        out.replace(hash, 1, std::to_string(number));
    return out;
}

}  // namespace

const Dialect kX32Dialect = {kX32Tree, kX32Strips, 16, 12, true, 73};
const Dialect kAirDialect = {kAirTree, kAirStrips, 10, 6, false, 51};

std::size_t count_of(std::string_view path) {
    const std::size_t points = path.find("..");
    if (points == std::string_view::npos) return 1;
    const std::size_t begin = path.rfind('/', points) + 1;
    return leading<std::size_t>(path.substr(points + 2)) -
           leading<std::size_t>(path.substr(begin, points - begin)) + 1;
}

std::string nth_path(std::string_view path, std::size_t n) {
    const std::size_t points = path.find("..");
    if (points == std::string_view::npos) return std::string(path);
    const std::size_t begin = path.rfind('/', points) + 1;
    const std::size_t number = leading<std::size_t>(path.substr(begin, points - begin)) + n;
    return std::string(path.substr(0, begin)) + padded(number, points - begin);
}

// Mixes from the first one on are monitor mixes, then subgroups; effects have the last four, where
// their makers' desks feed them. Subgroups begin a pair, because a pair shares its tap.
Mapping::Mapping(const Tree& tree, const param::Layout& layout, const Dialect& dialect)
    : tree_(tree), layout_(layout), dialect_(dialect), buses_(dialect.sends) {
    const param::DeskShape& shape = layout.shape();
    const std::size_t room = dialect.sends - dialect.first_effect;
    const std::size_t effects = std::min(shape.count(param::Kind::fx), room);
    for (std::size_t e = 0; e < effects; ++e)
        buses_[dialect.first_effect + e] = StripPlace{param::Kind::fx, e};
    std::size_t next = 0;
    for (const param::Kind kind : {param::Kind::aux, param::Kind::sub}) {
        for (std::size_t s = 0; s < shape.count(kind) && next < dialect.first_effect; ++s)
            buses_[next++] = StripPlace{kind, s};
        if (dialect.taps_in_pairs) next += next % 2;
    }
    bind_strips();
    bind_effects();
    bind_groups();
    bind_desk();
    index();
}

std::optional<StripPlace> Mapping::bus(std::size_t n) const {
    return n < buses_.size() ? buses_[n] : std::nullopt;
}

std::optional<StripPlace> Mapping::strip(const StripRow& row, std::size_t n) const {
    const auto of = [&](param::Kind kind) -> std::optional<StripPlace> {
        if (row.first + n >= layout_.shape().count(kind)) return std::nullopt;
        return StripPlace{kind, row.first + n};
    };
    switch (row.family) {
        case Family::channels:
            return of(param::Kind::ch);
        case Family::returns:
            return of(param::Kind::fx);
        case Family::matrices:
            return of(param::Kind::mtx);
        case Family::main:
            return StripPlace{param::Kind::main, 0};
        case Family::buses: {
            const auto place = bus(n);
            // What feeds an effect has no strip here; its return has.
            return place && place->kind == param::Kind::fx ? std::nullopt : place;
        }
        case Family::unknown:
            break;
    }
    return std::nullopt;
}

void Mapping::bind_strips() {
    for (const StripRow& row : dialect_.strips)
        for (std::size_t n = 0; n < count_of(row.path); ++n) {
            const auto place = strip(row, n);
            if (!place) continue;
            const std::string path = nth_path(row.path, n);
            bind_strip(path, *place);
            bind_sends(path, *place);
            if (row.solo != 0 && layout_.has(place->kind, param::row("solo")))
                bind(tree_.find_leaf("-stat/solosw/" + padded(row.solo + n, 2)),
                     layout_.slot(place->kind, place->strip, param::row("solo")), kSame);
        }
}

void Mapping::bind_strip(std::string_view path, const StripPlace& place) {
    const std::string base = std::string(path) + "/";
    const auto channels = static_cast<float>(count_of(dialect_.strips.front().path));
    for (const LeafRow& leaf : kStripLeaves) {
        if (!layout_.has(place.kind, leaf.row)) continue;
        // What the tables do not count is the first: the first of our two compressors.
        const std::size_t count = leaf.leaf.find('#') == std::string_view::npos
                                      ? 1
                                      : layout_.index_count(param::kTable[leaf.row].index);
        const auto peer =
            leaf.peer.empty() ? std::nullopt : tree_.find_leaf(base + std::string(leaf.peer));
        if (!leaf.peer.empty() && !peer) continue;
        for (std::size_t i = 0; i < count; ++i)
            bind(tree_.find_leaf(base + numbered(leaf.leaf, i + 1)),
                 layout_.slot(place.kind, place.strip, leaf.row, i), *leaf.conversion,
                 leaf.conversion == &kKey ? channels : leaf.argument, peer);
    }
}

void Mapping::bind_sends(std::string_view path, const StripPlace& place) {
    const std::string base = std::string(path) + "/mix/";
    const bool to_matrices = layout_.has(place.kind, param::row("send/mtx/#/level"));
    const std::size_t sends = to_matrices ? kMatrixSends : dialect_.sends;
    for (std::size_t n = 0; n < sends; ++n) {
        std::optional<StripPlace> to = bus(n);
        if (to_matrices)
            to = n < layout_.shape().count(param::Kind::mtx)
                     ? std::optional(StripPlace{param::Kind::mtx, n})
                     : std::nullopt;
        const std::string mix = base + padded(n + 1, 2);
        if (!to || !tree_.find_node(mix)) continue;
        if (to->kind == param::Kind::sub)
            bind_sub(mix, n, place, *to);
        else
            bind_send(mix, n, place, *to);
    }
}

// In a pair the odd one has the tap of both.
std::optional<LeafId> Mapping::tap(const std::string& mix, std::size_t n) const {
    if (!dialect_.taps_in_pairs) return tree_.find_leaf(mix + "/tap");
    const std::string odd = mix.substr(0, mix.size() - 2) + padded(n / 2 * 2 + 1, 2);
    return tree_.find_leaf(odd + "/type");
}

void Mapping::bind_send(const std::string& mix, std::size_t n, const StripPlace& from,
                        const StripPlace& to) {
    const auto bind_row = [&](const SendRow& send, std::optional<LeafId> leaf) {
        const std::size_t row = to.kind == param::Kind::aux  ? send.aux
                                : to.kind == param::Kind::fx ? send.fx
                                                             : send.mtx;
        if (layout_.has(from.kind, row))
            bind(leaf, layout_.slot(from.kind, from.strip, row, to.strip), *send.conversion,
                 send.argument);
    };
    for (const SendRow& send : kSendLeaves)
        bind_row(send, tree_.find_leaf(mix + "/" + std::string(send.leaf)));
    bind_row(kSendTap, tap(mix, n));
}

void Mapping::bind_sub(const std::string& mix, std::size_t n, const StripPlace& from,
                       const StripPlace& to) {
    const auto type = tap(mix, n);
    if (!type || !layout_.has(from.kind, param::row("to"))) return;
    auto on = tree_.find_leaf(mix + "/grpon");
    if (!on) on = tree_.find_leaf(mix + "/on");
    const param::Slot route = layout_.slot(from.kind, from.strip, param::row("to"));
    const auto sub = static_cast<float>(to.strip);
    bind(on, route, kToSub, sub, type);
    bind(type, route, kSubTap, sub, on);
}

void Mapping::bind_effects() {
    for (std::size_t e = 0; e < layout_.shape().count(param::Kind::fx); ++e) {
        const auto type = tree_.find_leaf("fx/" + std::to_string(e + 1) + "/type");
        if (!type) return;
        bind(type, layout_.slot(param::Kind::fx, e, param::row("type")), kEffectType);
        bind_parameters(*type, e);
    }
}

void Mapping::bind_parameters(LeafId type, std::size_t effect) {
    const LeafId first = tree_.parameters_of(type)->first - 1;  // they count from 1
    for (const EffectLeafRow& row : kEffectLeaves)
        for (std::string_view names = row.effects; !names.empty();)
            bind(first + static_cast<LeafId>(row.parameter),
                 layout_.slot(param::Kind::fx, effect, row.row), *row.conversion, row.argument,
                 first + static_cast<LeafId>(row.peer), find_effect(take_until(names, ' ')));
}

void Mapping::bind_groups() {
    for (const LetterRow& automix : kAutomixes)
        bind(tree_.find_leaf(automix.leaf),
             layout_.slot(param::Kind::desk, 0, param::row("/automix/#/on"), automix.index), kSame);
    for (std::size_t d = 0; d < param::kDcas; ++d)
        bind(tree_.find_leaf("-stat/solosw/" + padded(dialect_.dca_solo + d, 2)),
             layout_.slot(param::Kind::desk, 0, param::row("/dca/#/solo"), d), kSame);
}

void Mapping::bind_desk() {
    for (const LeafRow& leaf : kDeskLeaves)
        for (std::size_t i = 0; i < layout_.index_count(param::kTable[leaf.row].index); ++i)
            bind(tree_.find_leaf(numbered(leaf.leaf, i + 1)),
                 layout_.slot(param::Kind::desk, 0, leaf.row, i), *leaf.conversion, leaf.argument);
    bind_buses("config/talk/A/destmap", param::row("talkback"), kBit);
    bind_buses("config/osc/dest", param::row("oscillator"), kChosen);
}

// Which buses something goes into: a bit each, or the number of one.
void Mapping::bind_buses(std::string_view leaf, std::size_t row, const Conversion& conversion) {
    const auto id = tree_.find_leaf(leaf);
    for (std::size_t n = 0; n < dialect_.sends; ++n)
        if (const auto to = bus(n); to && layout_.has(to->kind, row))
            bind(id, layout_.slot(to->kind, to->strip, row), conversion, static_cast<float>(n));
    const bool is_talk = &conversion == &kBit;
    bind(id, layout_.slot(param::Kind::main, 0, row), conversion,
         static_cast<float>(is_talk ? kTalkMain : kOscillatorMain));
    if (is_talk) return;
    for (std::size_t m = 0; m < std::min(kMatrixSends, layout_.shape().count(param::Kind::mtx));
         ++m)
        bind(id, layout_.slot(param::Kind::mtx, m, row), conversion,
             static_cast<float>(kOscillatorMatrix + m));
}

void Mapping::bind(std::optional<LeafId> leaf, param::Slot slot, const Conversion& conversion,
                   float argument, std::optional<LeafId> peer, std::size_t effect) {
    if (leaf) bindings_.push_back({*leaf, slot, &conversion, argument, peer.value_or(0), effect});
}

void Mapping::index() {
    std::stable_sort(bindings_.begin(), bindings_.end(),
                     [](const Binding& a, const Binding& b) { return a.leaf < b.leaf; });
    by_slot_.resize(layout_.size());
    for (std::uint32_t b = 0; b < bindings_.size(); ++b) by_slot_[bindings_[b].slot].push_back(b);
}

std::span<const Binding> Mapping::of_leaf(LeafId leaf) const {
    const auto [first, last] =
        std::equal_range(bindings_.begin(), bindings_.end(), Binding{.leaf = leaf},
                         [](const Binding& a, const Binding& b) { return a.leaf < b.leaf; });
    return {first, last};
}

}  // namespace mixrig::control::x32
