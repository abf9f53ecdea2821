// What every command includes, compiled once: reading options takes longer to compile than to do.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/base/pch/std.h"

#include <CLI/CLI.hpp>
