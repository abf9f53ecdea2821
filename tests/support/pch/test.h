// What nearly every test includes, compiled once for each program of them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/base/pch/std.h"

#include <doctest/doctest.h>

#include <random>
