// Which leaves of the dialect stand for which parameters of ours: tables, and what they come to on
// a desk of a given size.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/x32/conversion.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace mixrig::control::x32 {

// Which strips of ours a row of strips of theirs shows.
enum class Family : std::uint8_t {
    channels,
    returns,  // of effects
    buses,    // monitor mixes, then subgroups
    matrices,
    main,
    unknown,  // ours has none such
};

struct StripRow {
    std::string_view path;  // "ch/01..32"
    Family family = Family::unknown;
    std::size_t first = 0;  // of ours, from 0
    std::size_t solo = 0;   // number of the first one's solo switch; 0: none
};

// What a model has of it.
struct Dialect {
    const TreeTable& tree;
    std::span<const StripRow> strips;  // in the order of their meter numbers
    std::size_t sends = 0;             // mixes that a channel feeds,
    std::size_t first_effect = 0;      // from this one, from 0, effects
    bool taps_in_pairs = false;        // an odd mix and the next one share theirs
    std::size_t dca_solo = 0;          // number of the first one's switch
};
extern const Dialect kX32Dialect;
extern const Dialect kAirDialect;

struct StripPlace {
    param::Kind kind = param::Kind::ch;
    std::size_t strip = 0;
};

class Mapping {
public:
    Mapping(const Tree& tree, const param::Layout& layout, const Dialect& dialect);

    std::span<const Binding> all() const { return bindings_; }
    std::span<const Binding> of_leaf(LeafId leaf) const;
    // Calls each(binding) for what stands for this parameter.
    template <typename Each>
    void of_slot(param::Slot slot, Each each) const {
        if (slot < by_slot_.size())
            for (const std::uint32_t b : by_slot_[slot]) each(bindings_[b]);
    }
    // The strip of ours behind the n-th of a row of theirs.
    std::optional<StripPlace> strip(const StripRow& row, std::size_t n) const;
    // What mix n, from 0, is.
    std::optional<StripPlace> bus(std::size_t n) const;

private:
    void bind_strips();
    void bind_strip(std::string_view path, const StripPlace& place);
    void bind_sends(std::string_view path, const StripPlace& place);
    void bind_send(const std::string& mix, std::size_t n, const StripPlace& from,
                   const StripPlace& to);
    void bind_sub(const std::string& mix, std::size_t n, const StripPlace& from,
                  const StripPlace& to);
    std::optional<LeafId> tap(const std::string& mix, std::size_t n) const;
    void bind_effects();
    void bind_parameters(LeafId type, std::size_t effect);
    void bind_groups();
    void bind_desk();
    void bind_buses(std::string_view leaf, std::size_t row, const Conversion& conversion);
    void bind(std::optional<LeafId> leaf, param::Slot slot, const Conversion& conversion,
              float argument = 1.0f, std::optional<LeafId> peer = {},
              std::size_t effect = Binding::kAnyEffect);
    void index();

    const Tree& tree_;
    const param::Layout& layout_;
    const Dialect& dialect_;
    std::vector<std::optional<StripPlace>> buses_;
    std::vector<Binding> bindings_;                    // by leaf
    std::vector<std::vector<std::uint32_t>> by_slot_;  // numbers of bindings
};

// "ch/01..32" -> how many, and the path of the n-th, from 0.
std::size_t count_of(std::string_view path);
std::string nth_path(std::string_view path, std::size_t n);

}  // namespace mixrig::control::x32
