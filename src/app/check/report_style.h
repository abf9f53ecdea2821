// How the report looks, in the light and in the dark.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace mixrig::app::check {

inline constexpr std::string_view kReportStyle = R"(
:root { --ground: #f6f5f2; --sheet: #ffffff; --ink: #1d2226; --soft: #5d666d; --rule: #dcdad4;
  --pass: #2c7a4b; --warn: #a76300; --fail: #b3261e; --one: #1f66c1; --two: #d0632b; --three: #7a4fb5;
  --four: #2b8a86; --five: #8a8a1f; --shade: 0.16; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171a; --sheet: #1d2125; --ink: #e6e8ea;
  --soft: #9aa4ab; --rule: #343a40; --pass: #5fc98a; --warn: #f0b44c; --fail: #ff7a70; --one: #6cb0ff;
  --two: #ff9c66; --three: #bd9bff; --four: #5fd0ca; --five: #d6d65a; --shade: 0.24; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 16px 14px 40px; }
h2 { margin: 8px 0 0; font-size: 1.6rem; line-height: 1.2; overflow-wrap: anywhere; }
h3 { margin: 0 0 4px; font-size: 1rem; line-height: 1.3; }
header p { margin: 4px 0 10px; color: var(--soft); }
.badges { display: flex; flex-wrap: wrap; gap: 8px; }
.badge { border-radius: 999px; padding: 3px 12px; font-weight: 600; font-size: 0.9rem;
  border: 1.5px solid currentColor; }
.badge.fail { color: var(--fail); } .badge.warn { color: var(--warn); } .badge.pass { color: var(--pass); }
.tiles { display: grid; grid-template-columns: repeat(2, 1fr); gap: 8px; margin: 12px 0 16px; }
.tile { background: var(--sheet); border: 1px solid var(--rule); border-radius: 10px; padding: 8px 12px; }
.tile b { font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: 0.85rem; margin-left: 4px; }
.tile small { display: block; color: var(--soft); }
.card { background: var(--sheet); border: 1px solid var(--rule); border-left: 5px solid;
  border-radius: 10px; padding: 10px 14px; margin: 0 0 10px; break-inside: avoid; }
.card.fail { border-left-color: var(--fail); } .card.warn { border-left-color: var(--warn); }
.card ul { list-style: none; margin: 4px 0; padding: 0; }
.card li { display: flex; justify-content: space-between; gap: 12px; padding: 2px 0;
  border-bottom: 1px dotted var(--rule); font-variant-numeric: tabular-nums; }
.card li:last-child { border-bottom: 0; }
.card.fail li b { color: var(--fail); } .card.warn li b { color: var(--warn); }
.card p { margin: 4px 0 0; color: var(--soft); font-size: 0.9rem; }
.card p.todo { color: var(--ink); }
.where { overflow-wrap: anywhere; }
.key { font: 600 0.8rem/1 ui-monospace, monospace; color: var(--soft); border: 1px solid var(--rule);
  border-radius: 5px; padding: 1px 5px; white-space: nowrap; }
details { margin: 14px 0; background: var(--sheet); border: 1px solid var(--rule); border-radius: 10px;
  padding: 10px 14px; }
summary { cursor: pointer; font-weight: 600; color: var(--pass); }
.passed { margin: 8px 0 0; padding-left: 0; list-style: none; font-size: 0.9rem; }
.passed li { padding: 4px 0; border-bottom: 1px dotted var(--rule); }
.passed b { font-weight: 600; font-variant-numeric: tabular-nums; }
figure { margin: 0 0 14px; break-inside: avoid; background: var(--sheet); border: 1px solid var(--rule); border-radius: 10px;
  padding: 10px 8px 6px; }
figcaption { padding: 0 6px 6px; font-weight: 600; }
figcaption small { display: block; font-weight: 400; color: var(--soft); }
svg { display: block; width: 100%; height: auto; }
svg text { font: 10.5px system-ui, sans-serif; fill: var(--soft); }
svg .end { text-anchor: end; } svg .mid { text-anchor: middle; }
svg .strong { fill: var(--ink); font-weight: 600; paint-order: stroke; stroke: var(--sheet); stroke-width: 3px; }
.grid { stroke: var(--rule); stroke-width: 0.7; fill: none; }
.line { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; }
.thin { stroke-width: 0.8; opacity: 0.75; } .dash { stroke-dasharray: 4 3; stroke-width: 1.2; }
.area { fill: currentColor; fill-opacity: var(--shade); stroke: none; } .solid { fill-opacity: 0.55; }
.one { color: var(--one); } .two { color: var(--two); } .three { color: var(--three); }
.four { color: var(--four); } .five { color: var(--five); } .bad { color: var(--fail); }
.cell { fill: var(--fail); fill-opacity: calc(0.05 + 0.95 * var(--heat)); }
code { font: 0.9em ui-monospace, monospace; }
svg .heat { font-size: 9px; fill: var(--ink); text-anchor: middle; }
.self { fill: var(--rule); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; padding: 0 6px 4px; font-size: 0.8rem; }
.legend span::before { content: ""; display: inline-block; width: 14px; height: 3px; border-radius: 2px;
  background: currentColor; margin-right: 5px; vertical-align: middle; }
footer { margin-top: 24px; color: var(--soft); font-size: 0.8rem; }
section + section { margin-top: 36px; border-top: 2px solid var(--rule); padding-top: 16px; }
@media (min-width: 760px) { .tiles { grid-template-columns: repeat(4, 1fr); }
  .cards, .plots { columns: 2; column-gap: 14px; } }
)";

}  // namespace mixrig::app::check
