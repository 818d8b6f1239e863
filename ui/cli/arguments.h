/* What the command line asks for: a command, the connection, and purvey's own options (purvey.1). */
#ifndef PURVEY_UI_CLI_ARGUMENTS_H
#define PURVEY_UI_CLI_ARGUMENTS_H

#include "connect/options.h"
#include "results/export.h"

enum cli_command { CLI_TERMINAL, CLI_RUN, CLI_CMDLETS, CLI_HELP, CLI_SIGN_OUT, CLI_COMPLETION, CLI_USAGE, CLI_VERSION };

struct arguments {
    enum cli_command command;
    struct options options;         /* the connection */
    bool has_connection;            /* any connection parameter was given */
    bool demo;
    char *demo_users;               /* --users N, for the demo tenant; NULL = its own default */
    enum export_format output;
    bool output_given;
    bool no_header;                 /* --no-header: table, csv and tsv without their first line */
    char **columns; size_t column_count;    /* --columns: which, in order; none = all */
    bool resume;                    /* --resume: an export that broke goes on */
    char *trace;                    /* --trace: a file that every request is written to; NULL = none */
    char *catalogue;                /* --catalogue: cmdlets that the demo tenant offers beside its own; NULL = none */
    char *file;                     /* --file: commands, one a line; "-" = standard input */
    char **words;                   /* plain arguments: commands, patterns; owned array of argv's texts */
    int word_count;
};

/* Reads argv. Secrets in it are wiped. False with ERR_INPUT. */
bool arguments_parse(struct arguments *arguments, int argc, char **argv, struct err *err) MUST_USE;
void arguments_free(struct arguments *arguments);

/* Commands and purvey's own options, for help and completion. words: what follows, "" or NULL = nothing. False behind the
   last. */
struct argument_row { const char *name, *words, *help; };
bool arguments_command_row(size_t index, struct argument_row *row);
bool arguments_option_row(size_t index, struct argument_row *row);

/* Appends the text of --help, made from the tables of commands and options. */
void arguments_usage(struct buf *out);
/* The part of it that is about the connection: what Connect-IPPSSession takes. */
void arguments_connection_help(struct buf *out);

#endif
