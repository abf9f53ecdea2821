// Style sheets are the bundler's business.
// SPDX-License-Identifier: GPL-3.0-or-later
declare module "*.css";
