// The values that a desk starts with.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/start_values.h"

#include "src/engine/resolver.h"

namespace mixrig::app {

param::Values fresh_values(const session::DeskConfig& config, const param::Layout& layout) {
    param::Values values(layout);
    session::apply_names(config, layout, values);
    return values;
}

void apply_scene(const session::Scene& scene, const param::Layout& layout, param::Values& values) {
    for (const session::Setting& setting : scene) {
        param::Value value = setting.value;
        if (layout.row(setting.slot).type != param::Type::text)
            value.number = layout.clamp(setting.slot, value.number);
        values.set(setting.slot, value);
    }
}

engine::EngineConfig engine_config(const session::DeskConfig& desk, dsp::Hertz rate) {
    return {.rate = rate,
            .threads = desk.engine.threads,
            .outputs = {.ceiling = desk.engine.ceiling, .ramp = desk.engine.ramp}};
}

base::Status check_routes(const param::Layout& layout, const param::Values& values,
                          dsp::Hertz rate) {
    const engine::Geometry geometry(layout.shape());
    engine::Resolver resolver(layout, geometry, rate);
    for (param::Slot slot = 0; slot < layout.size(); ++slot)
        if (layout.row(slot).type != param::Type::text) resolver.set(slot, values.number(slot));
    return resolver.check_all();
}

}  // namespace mixrig::app
