/* SPDX-License-Identifier: GPL-2.0 */
/* The subcommands, each in the file of its name. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "pgtag.h"

extern const struct command command_show;
extern const struct command command_top;
extern const struct command command_diff;
extern const struct command command_record;
extern const struct command command_report;
extern const struct command command_status;
extern const struct command command_bundle;
extern const struct command command_layout;
extern const struct command command_audit;
extern const struct command command_export;
extern const struct command command_plot;
extern const struct command command_lines;
extern const struct command command_on;
extern const struct command command_off;

#endif
