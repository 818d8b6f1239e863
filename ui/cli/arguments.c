#include "ui/cli/arguments.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "base/text.h"

struct command_row {
    const char *name, *words, *help;
    enum cli_command command;
};

static const struct command_row commands[] = {
    { "run", "COMMAND...", "Run cmdlets and print what they return.", CLI_RUN },
    { "cmdlets", "[PATTERN...]", "List the cmdlets that this account may run.", CLI_CMDLETS },
    { "help", "CMDLET", "Show a cmdlet's parameter sets and parameters.", CLI_HELP },
    { "sign-out", "", "Forget the sign-ins that were kept, or -UserPrincipalName's alone.", CLI_SIGN_OUT },
    { "completion", "bash|zsh", "Print the script that completes purvey's words in a shell.", CLI_COMPLETION },
};

enum own_option { OWN_DEMO, OWN_USERS, OWN_CATALOGUE, OWN_OUTPUT, OWN_COLUMNS, OWN_NO_HEADER, OWN_FILE, OWN_RESUME, OWN_TRACE, OWN_HELP, OWN_VERSION };

struct own_row {
    const char *name, *placeholder, *help;
    enum own_option option;
};

static const struct own_row own_options[] = {
    { "demo", NULL, "Use the built-in demo tenant: no network, no account.", OWN_DEMO },
    { "users", "N", "How many users the demo tenant has.", OWN_USERS },
    { "catalogue", "FILE", "Cmdlets that the demo tenant offers beside its own.", OWN_CATALOGUE },
    { "output", "FORMAT", "table, list, json, jsonl, csv, tsv or raw. Default: table.", OWN_OUTPUT },
    { "columns", "NAMES", "Print these properties only, in this order: A,B,Where*", OWN_COLUMNS },
    { "no-header", NULL, "Leave out the names of the columns.", OWN_NO_HEADER },
    { "file", "FILE", "Read commands from FILE; - is standard input.", OWN_FILE },
    { "resume", NULL, "Go on with an export that broke, where it stopped.", OWN_RESUME },
    { "trace", "FILE", "Write every request to FILE, without its secrets.", OWN_TRACE },
    { "help", NULL, "Show this text.", OWN_HELP },
    { "version", NULL, "Show the version.", OWN_VERSION },
};

static const struct command_row *command_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (str_is_nocase(str_of(name), commands[i].name)) {
            return &commands[i];
        }
    }
    return NULL;
}

bool arguments_command_row(size_t index, struct argument_row *row)
{
    if (index >= sizeof commands / sizeof *commands) {
        return false;
    }
    *row = (struct argument_row){ commands[index].name, commands[index].words, commands[index].help };
    return true;
}

bool arguments_option_row(size_t index, struct argument_row *row)
{
    if (index >= sizeof own_options / sizeof *own_options) {
        return false;
    }
    *row = (struct argument_row){ own_options[index].name, own_options[index].placeholder, own_options[index].help };
    return true;
}

static const struct own_row *own_by_name(struct str name)
{
    for (size_t i = 0; i < sizeof own_options / sizeof *own_options; i++) {
        if (str_is_nocase(name, own_options[i].name)) {
            return &own_options[i];
        }
    }
    return NULL;
}

/* Remembered as given, because other commands have no formats and must say so rather than ignore it. */
static bool set_output(struct arguments *arguments, const char *value, struct err *err)
{
    arguments->output_given = true;
    if (export_format_by_name(value, &arguments->output)) {
        return true;
    }
    err_set(err, ERR_INPUT, "There is no output format called %s.", value);
    err_advise(err, "The formats are table, list, json, jsonl, csv, tsv and raw.");
    err_field(err, "output");
    return false;
}

static bool set_users(struct arguments *arguments, const char *value, struct err *err)
{
    int64_t count;
    /* As many as the demo tenant itself takes; it is the one to make them. */
    if (!str_to_int64(str_of(value), 0, 100000000, &count)) {
        return err_set(err, ERR_INPUT, "--users takes a whole number from 0 to 100000000, not %s.", value);
    }
    /* The text goes to the child as it was given, after the check that it is a number. */
    free(arguments->demo_users);
    arguments->demo_users = mem_text(value);
    return true;
}

/* The texts are copies, cut at commas. */
static bool set_columns(struct arguments *arguments, const char *value, struct err *err)
{
    struct str left = str_of(value), name;
    for (size_t i = 0; i < arguments->column_count; i++) {
        free(arguments->columns[i]);
    }
    free(arguments->columns);
    arguments->columns = mem_array(strlen(value) / 2 + 2, sizeof *arguments->columns);
    arguments->column_count = 0;
    for (bool more = true; more;) {
        more = str_cut(&left, ',', &name);
        name = str_trim(name);
        if (name.len) {
            arguments->columns[arguments->column_count++] = str_dup(name);
        }
    }
    return arguments->column_count > 0 || err_set(err, ERR_INPUT, "--columns needs the names of properties: --columns Name,Guid");
}

static bool set_text(char **text, const char *value)
{
    free(*text);
    *text = mem_text(value);
    return true;
}

/* Help and version turn the whole line into their own command: they work wherever they stand. */
static bool apply(struct arguments *arguments, const struct own_row *row, const char *value, struct err *err)
{
    switch (row->option) {
    case OWN_DEMO:
        arguments->demo = true;
        return true;
    case OWN_USERS:
        return set_users(arguments, value, err);
    case OWN_OUTPUT:
        return set_output(arguments, value, err);
    case OWN_COLUMNS:
        return set_columns(arguments, value, err);
    case OWN_NO_HEADER:
        arguments->no_header = true;
        return true;
    case OWN_CATALOGUE:
        return set_text(&arguments->catalogue, value);
    case OWN_RESUME:
        arguments->resume = true;
        return true;
    case OWN_TRACE:
        return set_text(&arguments->trace, value);
    case OWN_FILE:
        return set_text(&arguments->file, value);
    case OWN_HELP:
        arguments->command = CLI_USAGE;
        return true;
    case OWN_VERSION:
        arguments->command = CLI_VERSION;
        return true;
    }
    return true;
}

/* Whatever was misspelt is looked up among its own kind, so that the nearest name can be suggested: two dashes are
   purvey's, one is the cmdlet's. */
static bool unknown_argument(const char *argument, struct err *err)
{
    struct str name = str_of(argument), head;
    while (name.len && name.data[0] == '-') {
        name = str_from(name, 1);
    }
    bool own = str_starts(str_of(argument), STR("--"));
    str_cut(&name, own ? '=' : ':', &head);
    /* A known name got here because its place is wrong; for an unknown one option_find has given the reason. */
    if (option_find(head, own, err)) {
        return err_set(err, ERR_INPUT, "%s cannot stand here.", argument);
    }
    struct nearest nearest = nearest_to(head);
    for (size_t i = 0; own && i < sizeof own_options / sizeof *own_options; i++) {
        nearest_offer(&nearest, str_of(own_options[i].name));
    }
    if (nearest.count) {
        nearest_advise(&nearest, "--", "", err);
    }
    return false;
}

/* --name, --name=value or --name value, when the name is one of ours. *index moves over what was taken. */
static bool take_own(struct arguments *arguments, const struct own_row *row, struct str value, bool has_value, int *index,
                     int argc, char **argv, struct err *err)
{
    if (!row->placeholder) {
        return has_value ? err_set(err, ERR_INPUT, "--%s takes no value.", row->name) : apply(arguments, row, "", err);
    }
    if (!has_value && *index + 1 >= argc) {
        return err_set(err, ERR_INPUT, "--%s needs a value: %s.", row->name, row->placeholder);
    }
    return apply(arguments, row, has_value ? value.data : argv[++*index], err);
}

/* Takes purvey's own options out; what is left is the connection's and plain arguments. */
static bool take_all_own(struct arguments *arguments, int argc, char **argv, char **left, int *left_count, struct err *err)
{
    for (int i = 0; i < argc; i++) {
        struct str value = str_of(argv[i]), name;
        /* All behind -- is for the later passes, the two dashes with it. */
        if (str_is(value, "--")) {
            while (i < argc) {
                left[(*left_count)++] = argv[i++];
            }
            break;
        }
        bool dashes = str_starts(value, STR("--"));
        value = str_from(value, 2);
        bool has_value = str_cut(&value, '=', &name);
        const struct own_row *row = dashes ? own_by_name(name) : NULL;
        if (!row) {
            left[(*left_count)++] = argv[i];
        } else if (!take_own(arguments, row, value, has_value, &i, argc, argv, err)) {
            return false;
        }
    }
    return true;
}

/* What stands behind -- is never an option, so that a cmdlet may begin with a dash if it has to. */
static bool take_words(struct arguments *arguments, int count, char **rest, struct err *err)
{
    bool only_words = false;
    for (int i = 0; i < count; i++) {
        if (!only_words && str_is(str_of(rest[i]), "--")) {
            only_words = true;
        } else if (!only_words && (str_is(str_of(rest[i]), "-h") || str_is(str_of(rest[i]), "-?"))) {
            arguments->command = CLI_USAGE;
        } else if (!only_words && rest[i][0] == '-' && rest[i][1]) {
            return unknown_argument(rest[i], err);
        } else {
            arguments->words[arguments->word_count++] = rest[i];
        }
    }
    return true;
}

/* What shapes the output of a run. */
static bool check_output(const struct arguments *arguments, struct err *err)
{
    bool runs = arguments->command == CLI_RUN;
    if (arguments->output_given && !runs && arguments->command != CLI_CMDLETS) {
        return err_set(err, ERR_INPUT, "--output is for purvey run and purvey cmdlets only.");
    }
    if ((arguments->columns || arguments->no_header) && !runs) {
        return err_set(err, ERR_INPUT, "--%s is for purvey run only.", arguments->columns ? "columns" : "no-header");
    }
    if (arguments->columns && arguments->output == EXPORT_RAW) {
        err_set(err, ERR_INPUT, "--columns does not go with raw, which prints objects as they came.");
        err_advise(err, "--output jsonl prints one object a line as well.");
        return false;
    }
    return true;
}

/* Without this a slip would reach for the real service. */
static bool check_demo(const struct arguments *arguments, struct err *err)
{
    const char *given = arguments->catalogue ? "catalogue" : arguments->demo_users ? "users" : NULL;
    return !given || arguments->demo || err_set(err, ERR_INPUT, "--%s is for the demo tenant: add --demo.", given);
}

/* What a command has no use for is refused: whoever gave it expects something of it. */
static bool check_own(const struct arguments *arguments, struct err *err)
{
    if (arguments->command == CLI_USAGE || arguments->command == CLI_VERSION) {
        return true;
    }
    if (arguments->file && arguments->command != CLI_RUN) {
        return err_set(err, ERR_INPUT, "--file is for purvey run only.");
    }
    if (arguments->resume && arguments->command != CLI_RUN) {
        return err_set(err, ERR_INPUT, "--resume is for purvey run only.");
    }
    if (arguments->trace && (arguments->command == CLI_TERMINAL || arguments->command == CLI_SIGN_OUT)) {
        err_set(err, ERR_INPUT, "--trace is for purvey run, cmdlets and help.");
        err_advise(err, "In the terminal F12 shows every request.");
        return false;
    }
    return check_output(arguments, err) && check_demo(arguments, err);
}

static bool too_few(enum cli_command command, struct err *err)
{
    switch (command) {
    case CLI_RUN:
        err_set(err, ERR_INPUT, "There is no command to run.");
        err_advise(err, "For example: purvey run --demo 'Get-Label'");
        return false;
    case CLI_COMPLETION:
        return err_set(err, ERR_INPUT, "The shell's name is missing: bash or zsh.");
    default:
        err_set(err, ERR_INPUT, "The cmdlet's name is missing.");
        err_advise(err, "For example: purvey help Get-Label --demo");
        return false;
    }
}

/* A cmdlet without quotes is the mistake that everybody makes once: the advice says so. */
static bool check_words(const struct arguments *arguments, struct err *err)
{
    int least = 0, most = 0;
    switch (arguments->command) {
    case CLI_RUN:
        least = arguments->file ? 0 : 1;
        /* Against a shell glob gone wrong; each word is one request and more. */
        most = 1000;
        break;
    case CLI_CMDLETS:
        most = 16;
        break;
    case CLI_HELP:
    case CLI_COMPLETION:
        least = most = 1;
        break;
    case CLI_TERMINAL:
    case CLI_SIGN_OUT:
    case CLI_USAGE:
    case CLI_VERSION:
        break;
    }
    /* Whoever asks for help is not told what else is wrong. */
    if (arguments->command == CLI_USAGE || arguments->command == CLI_VERSION) {
        return true;
    }
    if (arguments->word_count < least) {
        return too_few(arguments->command, err);
    }
    if (arguments->word_count > most) {
        err_set(err, ERR_INPUT, "%s is not expected here.", arguments->words[most]);
        err_advise(err, "A whole cmdlet is one argument: put it in quotes. `purvey --help` shows the commands.");
        return false;
    }
    return true;
}

/* A word in the first place may also be the address of -ConnectionUri, which has more than letters and dashes. */
static bool looks_like_command(const char *word)
{
    return *word && *word != '-' && strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") == strlen(word);
}

/* Returns 0, which is no place of an argument. */
static int unknown_command(const char *word, struct err *err)
{
    struct nearest nearest = nearest_to(str_of(word));
    err_set(err, ERR_INPUT, "There is no command called %s.", word);
    /* A dash inside: a cmdlet, and the command before it was forgotten. */
    if (strchr(word, '-')) {
        err_advise(err, "To run a cmdlet: purvey run '%s'", word);
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        nearest_offer(&nearest, str_of(commands[i].name));
    }
    if (nearest.count || !strchr(word, '-')) {
        nearest_advise(&nearest, "", "purvey --help shows the commands.", err);
    }
    return 0;
}

/* `run` and the other commands come first; --demo alone may stand before them. 0 with err for a word that is none. */
static int find_command(struct arguments *arguments, int argc, char **argv, struct err *err)
{
    int at = 1;
    while (at < argc && str_is(str_of(argv[at]), "--demo")) {
        arguments->demo = true;
        at++;
    }
    const struct command_row *row = at < argc ? command_by_name(argv[at]) : NULL;
    if (!row) {
        return at < argc && looks_like_command(argv[at]) ? unknown_command(argv[at], err) : 1;
    }
    arguments->command = row->command;
    return at + 1;
}

/* The mistake that everybody makes once: a cmdlet without quotes, whose parameters then are nobody's. Always false. */
static bool advise_quotes(int count, char **given, struct err *err)
{
    for (int i = 0; i + 1 < count; i++) {
        if (looks_like_command(given[i]) && strchr(given[i], '-') && *given[i + 1] == '-') {
            err_advise(err, "A whole cmdlet is one argument, in quotes: purvey run '%s %s ...'", given[i], given[i + 1]);
            return false;
        }
    }
    return false;
}

/* In a form the text stands beside its field; on a line the option has to be in it. Always false. */
static bool explain_option(const struct arguments *arguments, int count, char **given, struct err *err)
{
    struct err named;
    if (!*err->field) {
        return arguments->command == CLI_RUN && advise_quotes(count, given, err);
    }
    if (str_contains_nocase(str_of(err->text), str_of(err->field))) {
        return false;
    }
    bool own = false;
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = option_row((enum option_id)i);
        own |= row->own && str_is(str_of(err->field), row->name);
    }
    err_set(&named, err->kind, "%s%s: %s", own ? "--" : "-", err->field, err->text);
    memcpy(err->text, named.text, sizeof err->text);
    return false;
}

/* Three passes over the same arguments: purvey's own options, the connection's, and what is left are words. Each
   takes what it knows, so their order on the line does not matter. */
bool arguments_parse(struct arguments *arguments, int argc, char **argv, struct err *err)
{
    *arguments = (struct arguments){ .output = EXPORT_TABLE };
    options_init(&arguments->options);
    int first = find_command(arguments, argc, argv, err), left_count = 0, rest_count = 0;
    if (first == 0) {
        return false;
    }
    bool positional = arguments->command == CLI_TERMINAL;
    /* Each list can take every argument: which one gets them is known only at the end. */
    arguments->words = mem_array((size_t)argc + 1, sizeof *arguments->words);
    char **left = mem_array((size_t)argc + 1, sizeof *left), **rest = mem_array((size_t)argc + 1, sizeof *rest);
    bool good = take_all_own(arguments, argc - first, argv + first, left, &left_count, err) &&
                (options_parse(&arguments->options, left_count, left, positional, rest, &rest_count, err) ||
                 explain_option(arguments, left_count, left, err)) &&
                take_words(arguments, rest_count, rest, err) && check_own(arguments, err) && check_words(arguments, err);
    free(left);
    free(rest);
    /* Set by a parameter of the connection only: --proxy alone is no reason to connect at once. */
    for (int i = 0; i < OPTION_COUNT; i++) {
        arguments->has_connection |= arguments->options.values[i] && !option_row((enum option_id)i)->own;
    }
    return good;
}

void arguments_free(struct arguments *arguments)
{
    options_free(&arguments->options);
    free(arguments->demo_users);
    free(arguments->file);
    free(arguments->trace);
    free(arguments->catalogue);
    for (size_t i = 0; i < arguments->column_count; i++) {
        free(arguments->columns[i]);
    }
    free(arguments->columns);
    free(arguments->words);
}

/* Everything fits into 80 columns, whatever the terminal: a line that it breaks by itself is hard to read. */
enum { USAGE_COLUMNS = 80, HELP_COLUMN = 32, COMMAND_HELP_COLUMN = 42 };

/* What does not fit beside the explanations' column gets a line of its own, so that they still stand in one. */
static void usage_line_at(struct buf *out, const char *left, const char *help, size_t column)
{
    size_t width = strlen(left) + 2;
    struct str rest = str_of(help), line;
    buf_format(out, "  %s", left);
    if (width + 2 > column) {
        buf_char(out, '\n');
        width = 0;
    }
    for (; text_wrap(&rest, USAGE_COLUMNS - (int)column, &line); width = 0) {
        buf_repeat(out, ' ', column - width);
        buf_format(out, "%.*s\n", STR_ARG(line));
    }
}

static void usage_line(struct buf *out, const char *left, const char *help)
{
    usage_line_at(out, left, help, HELP_COLUMN);
}

/* Made from the table of options, hidden ones left out: help cannot promise what is not there. */
static void usage_options(struct buf *out, bool own)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = option_row((enum option_id)i);
        if (row->own != own || row->hidden) {
            continue;
        }
        char *left = mem_format("%s%s%s%s", own ? "--" : "-", row->name, row->placeholder ? " " : "",
                                row->placeholder ? row->placeholder : "");
        usage_line(out, left, row->help);
        free(left);
    }
}

void arguments_connection_help(struct buf *out)
{
    usage_options(out, false);
}

/* In the order of what people look for: commands, options, the connection, examples. */
void arguments_usage(struct buf *out)
{
    buf_text(out, "purvey " PURVEY_VERSION ": Security & Compliance PowerShell without PowerShell\n\n"
                  "Usage:\n");
    usage_line_at(out, "purvey [CONNECTION] [--demo]", "Open the terminal interface.", COMMAND_HELP_COLUMN);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const char *connection = commands[i].command == CLI_COMPLETION ? "" : " [CONNECTION]";
        char *left = mem_format("purvey %s%s %s", commands[i].name, connection, commands[i].words);
        usage_line_at(out, left, commands[i].help, COMMAND_HELP_COLUMN);
        free(left);
    }
    buf_text(out, "\nOptions:\n");
    for (size_t i = 0; i < sizeof own_options / sizeof *own_options; i++) {
        const struct own_row *row = &own_options[i];
        char *left = mem_format("--%s%s%s", row->name, row->placeholder ? " " : "", row->placeholder ? row->placeholder : "");
        usage_line(out, left, row->help);
        free(left);
    }
    usage_options(out, true);
    buf_text(out, "\nConnection (the parameters of Connect-IPPSSession, in PowerShell's manner):\n");
    usage_options(out, false);
    buf_text(out, "\nExamples:\n  purvey --demo\n  purvey run --demo 'Get-ComplianceCase -CaseType eDiscovery' --output json\n"
                  "  purvey -UserPrincipalName michelle@contoso.onmicrosoft.com\n\nMore in purvey(1).\n");
}
