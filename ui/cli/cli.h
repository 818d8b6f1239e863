/* The headless commands. Each returns the exit code (purvey.1, EXIT STATUS) and has told its errors on stderr. */
#ifndef PURVEY_UI_CLI_CLI_H
#define PURVEY_UI_CLI_CLI_H

#include "ui/cli/arguments.h"

int cli_run(struct arguments *arguments);
int cli_cmdlets(struct arguments *arguments);
int cli_help(struct arguments *arguments);
int cli_sign_out(struct arguments *arguments);
int cli_completion(struct arguments *arguments);

#endif
