// Kept leaves and presets, written and read.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/kept.h"

#include "control/x32/text.h"

namespace mixrig::control::x32 {

std::string kept_text(const Surface& surface, const Library& library) {
    std::string out;
    const Tree& tree = surface.tree();
    const Store& store = surface.store();
    for (LeafId leaf = 0; leaf < tree.leaves().size(); ++leaf)
        if (!store.is_initial(leaf) && surface.is_kept(leaf))
            out += tree.address(leaf) + ' ' +
                   (store.is_text(leaf) ? store.text(leaf) : store.format(leaf)) + '\n';
    return out + library.text();
}

void restore_kept(std::string_view text, Surface& surface, Library& library) {
    while (!text.empty()) {
        std::string_view line = take_until(text, '\n');
        if (!line.starts_with('/')) {
            library.read(line);
            continue;
        }
        // No name of a leaf has a blank in it.
        const std::string_view address = take_until(line, ' ');
        if (const auto leaf = surface.tree().find_leaf(address)) surface.restore(*leaf, line);
    }
}

}  // namespace mixrig::control::x32
