// Nothing but its precompiled header, which is made when this is compiled.
// SPDX-License-Identifier: GPL-3.0-or-later
