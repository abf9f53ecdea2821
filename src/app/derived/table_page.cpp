// What a page must know of a desk to draw it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/derived/table_page.h"

#include "src/app/derived/parameter_page.h"
#include "src/monitor/meters.h"

#include <utility>

namespace mixrig::app {
namespace {

template <typename Fields>
Json field_names(const Fields& fields) {
    Json out = Json::list();
    for (const auto& field : fields) out.add(field.name);
    return out;
}

// Counted as strips are, with their sides.
bool is_strip(param::Index index) {
    return index == param::Index::aux || index == param::Index::fx || index == param::Index::mtx;
}

Json shape_of(const param::Layout& layout) {
    const param::DeskShape& shape = layout.shape();
    Json out = Json::object();
    for (const param::Kind kind : param::kCountedKinds) {
        Json strips = Json::list();
        for (std::size_t s = 0; s < shape.count(kind); ++s) strips.add(shape.is_stereo(kind, s));
        out.set(param::kPrefix[static_cast<std::size_t>(kind)].substr(1), std::move(strips));
    }
    // What else rows count, by the name that they call it by.
    for (const param::Row& row : param::kTable)
        if (row.index != param::Index::none && !is_strip(row.index))
            out.set(index_name(row.index), layout.index_count(row.index));
    out.set("main", 1).set("talkback", shape.talkback);
    return out;
}

}  // namespace

Json table_page(std::string_view name, const param::Layout& layout) {
    Json out = parameters_json();
    out.set("name", name)
        .set("version", MIXRIG_VERSION)
        .set("shape", shape_of(layout))
        .set("meters", field_names(monitor::kMeterFields))
        .set("chain", field_names(monitor::kChainFields));
    return out;
}

}  // namespace mixrig::app
