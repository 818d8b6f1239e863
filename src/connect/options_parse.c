/* The command line in the manner of PowerShell, after a shell has had its way with it: variables are gone, lists with
   blanks are in pieces, quotes are removed. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/secret_environment.h"
#include "connect/options.h"
#include "connect/secret_source.h"

#define POSITIONS 7

/* What stands on the command line, and how far it is read. */
struct arguments {
    int count, at;
    char **texts;
    struct options *options;
    int next_position;
};

/* PowerShell gives these to every cmdlet; the documented examples use them. They change nothing here. */
static const struct { const char *name; const char *alias; bool takes_value; } commons[] = {
    { "Verbose", "vb", false }, { "Debug", "db", false }, { "ErrorAction", "ea", true }, { "WarningAction", "wa", true },
    { "InformationAction", "infa", true }, { "ErrorVariable", "ev", true }, { "WarningVariable", "wv", true },
    { "OutVariable", "ov", true }, { "OutBuffer", "ob", true }, { "PipelineVariable", "pv", true },
    { "InformationVariable", "iv", true }, { "ProgressAction", "proga", true },
};

/* A dash and a digit are a negative number. */
static bool is_parameter(const char *text)
{
    return text[0] == '-' && text[1] != '\0' && text[1] != '-' && strchr("0123456789.", text[1]) == NULL;
}

/* A literal must not be seen by ps for as long as the program runs. */
static void wipe_literal(const struct option_row *row, char *value)
{
    if (row->kind == OPTION_SECRET && !secret_source_named(str_of(value)))
        secret_wipe(value, strlen(value));
}

/* Taken at once: cmd: of another option must not inherit it. -Certificate env:NAME holds a private key. */
static void take_variable(const struct option_row *row, const char *value)
{
    if ((row->kind == OPTION_SECRET || row->id == OPT_CERTIFICATE) && str_starts_nocase(str_of(value), STR("env:")))
        secret_environment_take(value + strlen("env:"));
}

/* The literal is wiped on every way out, the failed ones too. */
static bool keep(struct arguments *arguments, const struct option_row *row, char *value, struct err *err)
{
    bool good = true;
    /* PowerShell refuses it as well: of two addresses nobody knows which one was meant. */
    if (arguments->options->values[row->id] != NULL) {
        good = err_set(err, ERR_INPUT, "%s%s is given twice", row->own ? "--" : "-", row->name);
        err_field(err, row->name);
    } else {
        /* Whether the person vouches for the sign-in address may stand further on: options_check looks at it. */
        good = row->id == OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI || options_check_value(row->id, str_of(value), err);
        if (good)
            options_set(arguments->options, row->id, str_of(value));
    }
    take_variable(row, value);
    wipe_literal(row, value);
    return good;
}

/* A shell turns -ShowBanner:$false into -ShowBanner: because it knows no variable false; an empty value therefore means
   what the examples mean. */
static bool keep_switch(struct arguments *arguments, const struct option_row *row, const char *value, struct err *err)
{
    static const char *const on[] = { "$true", "true", "1" }, *const off[] = { "", "$false", "false", "0" };
    char yes[] = "true", no[] = "false";
    for (size_t i = 0; value != NULL && i < sizeof off / sizeof *off; i++)
        if (str_is_nocase(str_of(value), off[i]))
            return keep(arguments, row, no, err);
    if (value == NULL)
        return keep(arguments, row, yes, err);
    for (size_t i = 0; i < sizeof on / sizeof *on; i++)
        if (str_is_nocase(str_of(value), on[i]))
            return keep(arguments, row, yes, err);
    err_set(err, ERR_INPUT, "-%s takes only $true or $false", row->name);
    err_field(err, row->name);
    return false;
}

static bool needs_value(const struct option_row *row, struct err *err)
{
    err_set(err, ERR_INPUT, "%s%s needs a value", row->own ? "--" : "-", row->name);
    if (row->placeholder[0] != '\0')
        err_advise(err, "Write %s%s %s.", row->own ? "--" : "-", row->name, row->placeholder);
    err_field(err, row->name);
    return false;
}

/* PowerShell lists may have blanks after the commas, which a shell makes into arguments of their own. */
static bool keep_list(struct arguments *arguments, const struct option_row *row, const char *value, struct err *err)
{
    struct buf list = BUF_INIT(BUF_SMALL);
    buf_text(&list, value);
    while (list.len > 0 && list.data[list.len - 1] == ',' && arguments->at < arguments->count)
        buf_text(&list, arguments->texts[arguments->at++]);
    /* An overflow must be said: a list that is cut would silently leave cmdlets out. */
    bool good = !list.overflowed || err_set(err, ERR_INPUT, "-%s is too long", row->name);
    char *text = buf_take(&list);
    good = good && keep(arguments, row, text, err);
    free(text);
    return good;
}

/* attached: what stood behind ':' or '=', or NULL. */
static bool take_option(struct arguments *arguments, const struct option_row *row, char *attached, struct err *err)
{
    if (row->kind == OPTION_SWITCH || row->kind == OPTION_BOOL)
        return keep_switch(arguments, row, attached, err);
    /* -Name: value is legal in PowerShell, so an empty piece behind the colon looks at the next argument. */
    if (attached == NULL || attached[0] == '\0') {
        if (arguments->at >= arguments->count || is_parameter(arguments->texts[arguments->at]))
            return needs_value(row, err);
        attached = arguments->texts[arguments->at++];
    }
    if (attached[0] == '\0')
        return needs_value(row, err);
    return row->kind == OPTION_LIST ? keep_list(arguments, row, attached, err) : keep(arguments, row, attached, err);
}

/* -Verbose and its like are legal on the real cmdlet and mean nothing here: taken with their values, so that a
   pasted line works. */
static bool take_common(struct arguments *arguments, struct str name, bool attached)
{
    for (size_t i = 0; i < sizeof commons / sizeof *commons; i++) {
        if (!str_is_nocase(name, commons[i].name) && !str_is_nocase(name, commons[i].alias))
            continue;
        if (commons[i].takes_value && !attached && arguments->at < arguments->count)
            arguments->at++;
        return true;
    }
    return false;
}

/* -Name:value binds tighter than a blank, as in PowerShell; the value may hold colons itself. */
static bool take_parameter(struct arguments *arguments, char *text, struct err *err)
{
    struct str name = str_of(text + 1);
    char *colon = strchr(text, ':');
    if (colon != NULL)
        name = (struct str){ text + 1, (size_t)(colon - text - 1) };
    if (take_common(arguments, name, colon != NULL))
        return true;
    const struct option_row *row = option_find(name, false, err);
    return row != NULL && take_option(arguments, row, colon != NULL ? colon + 1 : NULL, err);
}

/* Whole names only: purvey has further options of its own, and a beginning of one of them must not end up here. */
static const struct option_row *gnu_option(struct str name)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = option_row((enum option_id)i);
        if (str_is_nocase(name, row->gnu_name))
            return row;
    }
    return NULL;
}

static const struct option_row *position_row(int position)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (option_row((enum option_id)i)->position == position)
            return option_row((enum option_id)i);
    return NULL;
}

/* The next position that has not been given by name. */
static bool take_position(struct arguments *arguments, char *text, struct err *err)
{
    while (arguments->next_position < POSITIONS) {
        const struct option_row *row = position_row(arguments->next_position++);
        if (arguments->options->values[row->id] == NULL)
            return row->kind == OPTION_LIST ? keep_list(arguments, row, text, err) : keep(arguments, row, text, err);
    }
    err_set(err, ERR_INPUT, "\"%.200s\" is one value too many", text);
    err_advise(err, "Name the parameter it is for.");
    return false;
}

enum taken { TAKEN, PLAIN, NOT_OURS };

static bool take_double_dash(struct arguments *arguments, char *text, enum taken *taken, struct err *err)
{
    char *equals = strchr(text, '=');
    struct str name = equals != NULL ? (struct str){ text + 2, (size_t)(equals - text - 2) } : str_of(text + 2);
    const struct option_row *row = gnu_option(name);
    *taken = row != NULL ? TAKEN : NOT_OURS;
    return row == NULL || take_option(arguments, row, equals != NULL ? equals + 1 : NULL, err);
}

static bool asks_help(const char *text)
{
    return strcmp(text, "-h") == 0 || strcmp(text, "-?") == 0;
}

/* What is nobody's goes back to the caller in its order: it may be purvey's own, or a mistake that it can word
   better. */
static bool take_argument(struct arguments *arguments, char *text, enum taken *taken, struct err *err)
{
    *taken = TAKEN;
    if (strncmp(text, "--", 2) == 0)
        return take_double_dash(arguments, text, taken, err);
    if (asks_help(text)) {
        *taken = NOT_OURS;
        return true;
    }
    if (is_parameter(text))
        return take_parameter(arguments, text, err);
    *taken = PLAIN;
    return true;
}

/* Positions are filled last: PowerShell binds what is named first. */
bool options_parse(struct options *options, int argc, char **argv, bool positional, char **rest, int *rest_count,
                   struct err *err)
{
    struct arguments arguments = { .count = argc, .texts = argv, .options = options };
    char **plain = mem_array((size_t)(argc > 0 ? argc : 1), sizeof *plain);
    int plain_count = 0;
    bool good = true;
    enum taken taken;
    *rest_count = 0;
    while (good && arguments.at < argc) {
        char *text = argv[arguments.at++];
        /* The two dashes stay in front of what they protect: the caller's own pass needs them as well. */
        if (strcmp(text, "--") == 0) {
            rest[(*rest_count)++] = text;
            break;
        }
        good = take_argument(&arguments, text, &taken, err);
        if (good && taken == PLAIN && positional)
            plain[plain_count++] = text;
        else if (good && taken != TAKEN)
            rest[(*rest_count)++] = text;
    }
    /* Behind -- everything is left alone, whatever it looks like. */
    while (good && arguments.at < argc)
        rest[(*rest_count)++] = argv[arguments.at++];
    for (int i = 0; good && i < plain_count; i++)
        good = take_position(&arguments, plain[i], err);
    free(plain);
    return good;
}
