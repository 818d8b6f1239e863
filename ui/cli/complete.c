#include "ui/cli/complete.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "catalogue/common_parameters.h"
#include "catalogue/known_cmdlets.h"
#include "connect/options.h"
#include "pipeline/local_cmdlets.h"
#include "ui/cli/arguments.h"
#include "ui/cli/help_text.h"

enum { WORDS_MOST = 256 };

/* The line as the shell will split it. */
struct words {
    struct buf bytes[WORDS_MOST];
    size_t count;               /* at least 1: the last is the one at the cursor, "" behind a blank */
    char quote;                 /* that is open at the cursor; 0 = none */
};

struct completer {
    struct str typed;           /* the whole word at the cursor */
    struct str head;            /* its part that stays, before what is looked up */
    struct str rest;            /* what candidates begin with */
    size_t cut;                 /* bytes at the front of the word that the shell does not replace */
    const char *kind;
    char *prefix;               /* -Prefix of the connection: names of cmdlets have it; NULL = none */
    char around[2];             /* the quote that the value begins with, and that ends it; "" = none */
    struct buf list;
};

/* ---- the shell's words ---- */

static void end_word(struct words *words)
{
    if (words->count < WORDS_MOST) {
        words->bytes[words->count++] = (struct buf)BUF_INIT(BUF_SMALL);
    }
}

/* One character; returns how many bytes of the line it took. */
static size_t take_character(struct words *words, struct str line, size_t at)
{
    char c = line.data[at];
    struct buf *word = &words->bytes[words->count - 1];
    bool escapes = c == '\\' && words->quote != '\'' && at + 1 < line.len;
    if (escapes) {
        buf_char(word, line.data[at + 1]);
        return 2;
    }
    if (words->quote ? c == words->quote : c == '\'' || c == '"') {
        words->quote = words->quote ? '\0' : c;
    } else if (!words->quote && (c == ' ' || c == '\t' || c == '\n')) {
        end_word(words);
    } else {
        buf_char(word, c);
    }
    return 1;
}

static void split(struct str line, struct words *words)
{
    words->count = 0;
    words->quote = '\0';
    end_word(words);
    for (size_t at = 0; at < line.len;) {
        bool blank = !words->quote && (line.data[at] == ' ' || line.data[at] == '\t');
        bool before_blank = blank && at + 1 < line.len && (line.data[at + 1] == ' ' || line.data[at + 1] == '\t');
        /* A run of blanks ends one word. */
        at += before_blank ? 1 : take_character(words, line, at);
    }
}

static struct str word_at(const struct words *words, size_t index)
{
    return buf_str(&words->bytes[index]);
}

/* ---- candidates ---- */

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7f) {
            return false;
        }
    }
    return true;
}

static void offer(struct completer *completer, const char *before, struct str text, const char *description)
{
    struct buf whole = BUF_INIT(BUF_SMALL);
    buf_format(&whole, "%s%s%.*s%s", completer->around, before, STR_ARG(text), completer->around);
    /* The words of --help end in a full stop, which looks odd in a list. */
    struct str words = str_of(description);
    words = str_ends_nocase(words, STR(".")) ? str_take(words, words.len - 1) : words;
    if (str_starts_nocase(buf_str(&whole), completer->rest)) {
        struct buf line = BUF_INIT(BUF_LARGE);
        buf_format(&line, "%.*s%s", STR_ARG(completer->head), buf_cstr(&whole));
        struct str shown = str_from(buf_str(&line), completer->cut);
        buf_format(&completer->list, "%.*s\t%.*s\n", STR_ARG(shown), STR_ARG(words));
        buf_free(&line);
    }
    buf_free(&whole);
}

/* What is looked up begins `length` bytes into the word. */
static void look_behind(struct completer *completer, size_t length)
{
    completer->head = str_take(completer->typed, length);
    completer->rest = str_from(completer->typed, length);
}

static void offer_list(struct completer *completer, struct str names, const char *description)
{
    struct str name;
    while (names.len > 0) {
        str_cut(&names, '|', &name);
        offer(completer, "", name, description);
    }
}

/* ---- options ---- */

/* An option's words, its placeholder or both say what it takes. */
static void offer_value(struct completer *completer, const char *placeholder, const char *values)
{
    struct str file = str_of(placeholder);
    if (*values) {
        offer_list(completer, str_of(values), "");
    } else if (str_is(file, "FILE") || str_is(file, "DIR")) {
        completer->kind = "files";
    } else if (str_is(file, "SOURCE") || str_is(file, "CERT")) {
        /* Of file:PATH the shell completes the path by itself, because : begins a new word for it. */
        completer->kind = str_starts_nocase(completer->rest, STR("file:")) ? "files" : "open";
        offer_list(completer, STR("prompt|file:|env:|cmd:|fd:"), "");
    }
}

/* The formats that this build knows. */
static void offer_formats(struct completer *completer)
{
    static const char *const formats[] = { "table", "list", "json", "jsonl", "csv", "tsv", "raw" };
    enum export_format format;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (export_format_by_name(formats[i], &format)) {
            offer(completer, "", str_of(formats[i]), "");
        }
    }
}

/* A connection's parameter has a spelling with two dashes as well. */
static const struct option_row *find_option(struct str name, bool two_dashes)
{
    struct err err;
    const struct option_row *option = option_find(name, two_dashes, &err);
    return option || !two_dashes ? option : option_find(name, false, &err);
}

/* The value of the option with this name, when it takes one; false when it does not. */
static bool complete_value(struct completer *completer, struct str name, bool two_dashes)
{
    struct argument_row row;
    for (size_t i = 0; two_dashes && arguments_option_row(i, &row); i++) {
        if (str_is_nocase(name, row.name) && row.words) {
            if (str_is(str_of(row.words), "FORMAT")) {
                offer_formats(completer);
            } else {
                offer_value(completer, row.words, "");
            }
            return true;
        }
    }
    const struct option_row *option = find_option(name, two_dashes);
    if (!option || option->kind == OPTION_SWITCH) {
        return false;
    }
    offer_value(completer, option->placeholder, option_values(option->id));
    return true;
}

static void offer_options(struct completer *completer)
{
    struct argument_row row;
    for (size_t i = 0; arguments_option_row(i, &row); i++) {
        offer(completer, "--", str_of(row.name), row.help);
    }
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *option = option_row((enum option_id)i);
        if (!option->hidden) {
            offer(completer, option->own ? "--" : "-", str_of(option->name), option->help);
        }
    }
}

/* --name=value and -Name:value in one word. */
static bool complete_joined(struct completer *completer)
{
    bool two_dashes = str_starts(completer->typed, STR("--"));
    struct str value = str_from(completer->typed, two_dashes ? 2 : 1), name;
    if (!str_cut(&value, two_dashes ? '=' : ':', &name)) {
        return false;
    }
    look_behind(completer, completer->typed.len - value.len);
    complete_value(completer, name, two_dashes);
    return true;
}

static bool behind_option(struct completer *completer, struct str before)
{
    bool two_dashes = str_starts(before, STR("--"));
    struct str name = str_from(before, two_dashes ? 2 : 1);
    return before.len > 1 && before.data[0] == '-' && complete_value(completer, name, two_dashes);
}

/* ---- cmdlets ---- */

static void offer_cmdlets(struct completer *completer)
{
    for (size_t i = 0; i < known_cmdlet_count(); i++) {
        struct str name = known_cmdlet_at(i).name;
        char *shown = cmdlet_name_with_prefix(completer->prefix, name);
        offer(completer, "", str_of(shown), help_effect(name));
        free(shown);
    }
}

static void offer_local_cmdlets(struct completer *completer)
{
    struct catalogue *local = local_catalogue_new();
    for (size_t i = 0; i < local->count; i++) {
        offer(completer, "", str_of(local->cmdlets[i].name), "runs here");
    }
    catalogue_free(local);
}

static void offer_local_parameters(struct completer *completer, struct str cmdlet_name)
{
    enum local_kind kind;
    const char *name = local_name(cmdlet_name, &kind);
    struct catalogue *local = local_catalogue_new();
    const struct cmdlet *cmdlet = name ? catalogue_find(local, str_of(name)) : NULL;
    for (size_t i = 0; cmdlet && i < cmdlet->parameter_count; i++) {
        offer(completer, "-", str_of(cmdlet->parameters[i].name), "");
    }
    catalogue_free(local);
}

static void offer_common_parameters(struct completer *completer, bool changes)
{
    const struct common_parameter *common;
    for (size_t i = 0; (common = common_parameter_at(i)) != NULL; i++) {
        if (changes || !common->needs_should_process) {
            offer(completer, "-", str_of(common->name), "");
        }
    }
    if (changes) {
        offer(completer, "-", STR("WhatIf"), "show what would be done");
    }
}

static void offer_parameters(struct completer *completer, struct str cmdlet)
{
    struct known_cmdlet known;
    struct known_parameter parameter;
    if (!known_cmdlet_find_prefixed(completer->prefix, cmdlet, &known)) {
        offer_local_parameters(completer, cmdlet);
        return;
    }
    while (known_parameter_next(&known.parameters, &parameter)) {
        if (!(parameter.facts & (FACT_RESERVED | FACT_DEPRECATED))) {
            offer(completer, "-", parameter.name, "");
        }
    }
    offer_common_parameters(completer, known.traits.data[0] != 'r');
}

/* A file's parameter of a local cmdlet (Export-Csv -Path) has no table: the shell's own completion cannot reach into the
   quotes anyway. */
static void offer_parameter_values(struct completer *completer, struct str cmdlet, struct str name, char quote)
{
    struct known_cmdlet known;
    struct known_parameter parameter;
    const struct common_parameter *common = common_parameter_find(name, false);
    if (known_cmdlet_find_prefixed(completer->prefix, cmdlet, &known) && known_parameter_find(&known, name, &parameter)) {
        offer_list(completer, parameter.values, "");
        bool truth = parameter.form == FORM_BOOL || parameter.form == FORM_BOOL_OR_NULL;
        /* In double quotes the shell would take the word for a variable of its own. */
        if (truth && quote != '"' && !*completer->around) {
            offer_list(completer, STR("$true|$false"), "");
        }
    } else if (common) {
        offer_list(completer, str_of(common->values), "");
    }
}

/* Where the statement or stage at the cursor begins, PowerShell's quotes taken into account. */
static size_t stage_start(struct str line)
{
    char quote = '\0';
    size_t start = 0;
    for (size_t i = 0; i < line.len; i++) {
        char c = line.data[i];
        if (quote) {
            quote = c == quote ? '\0' : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '|' || c == ';' || (strchr("{(", c) && (i == 0 || line.data[i - 1] != '@'))) {
            start = i + 1;
        }
    }
    while (start < line.len && line.data[start] == ' ') {
        start++;
    }
    return start;
}

/* The word's last blank outside quotes, or the stage's beginning; *before: the word in front of it. */
static size_t token_start(struct str line, size_t start, struct str *before)
{
    char quote = '\0';
    size_t token = start, earlier = start;
    for (size_t i = start; i < line.len; i++) {
        char c = line.data[i];
        if (quote) {
            quote = c == quote ? '\0' : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == ' ') {
            earlier = i > token ? token : earlier;
            token = i + 1;
        }
    }
    *before = str_trim((struct str){ line.data + earlier, token - earlier });
    return token;
}

/* A whole cmdlet or pipeline in one word of the shell. The word stays open: more of it is to come. */
static void complete_cmdlet_line(struct completer *completer, char quote)
{
    struct str line = completer->typed, before, cmdlet, stage;
    size_t start = stage_start(line), token = token_start(line, start, &before);
    completer->kind = "open";
    look_behind(completer, token);
    if (token == start) {
        offer_cmdlets(completer);
        offer_local_cmdlets(completer);
        return;
    }
    stage = str_from(line, start);
    str_cut(&stage, ' ', &cmdlet);
    if (str_starts(completer->rest, STR("-"))) {
        offer_parameters(completer, cmdlet);
    } else if (str_starts(before, STR("-"))) {
        /* Of a list the last is being typed. */
        size_t value = token;
        for (size_t i = token; i < line.len; i++) {
            value = line.data[i] == ',' ? i + 1 : value;
        }
        look_behind(completer, value);
        char begins = completer->rest.len ? completer->rest.data[0] : '\0';
        if (begins == '\'' || begins == '"') {
            completer->around[0] = begins;
        }
        /* The shell would take such a quote for the end of its own. */
        if (begins != quote || !quote) {
            offer_parameter_values(completer, cmdlet, str_from(before, 1), quote);
        }
    }
}

/* ---- the line ---- */

static void offer_commands(struct completer *completer)
{
    struct argument_row row;
    for (size_t i = 0; arguments_command_row(i, &row); i++) {
        offer(completer, "", str_of(row.name), row.help);
    }
}

static const char *command_of(const struct words *words, size_t *at)
{
    struct argument_row row;
    *at = 1;
    while (*at + 1 < words->count && str_is(word_at(words, *at), "--demo")) {
        ++*at;
    }
    for (size_t i = 0; *at + 1 < words->count && arguments_command_row(i, &row); i++) {
        if (str_is_nocase(word_at(words, *at), row.name)) {
            return row.name;
        }
    }
    return "";
}

static void complete_word(struct completer *completer, const char *command, char quote)
{
    struct str name = str_of(command);
    if (str_is(name, "run")) {
        complete_cmdlet_line(completer, quote);
    } else if (str_is(name, "cmdlets")) {
        offer_cmdlets(completer);
    } else if (str_is(name, "help")) {
        offer_cmdlets(completer);
        offer_local_cmdlets(completer);
    } else if (str_is(name, "completion")) {
        offer_list(completer, STR("bash|zsh"), "");
    }
}

/* -Prefix CC, -Prefix:CC, --prefix=CC in front of the word at the cursor; NULL = there is none. The caller's. */
static char *find_prefix(const struct words *words)
{
    for (size_t i = 1; i + 1 < words->count; i++) {
        struct str word = word_at(words, i);
        bool dash = str_starts(word, STR("-")), two_dashes = str_starts(word, STR("--"));
        struct str value = str_from(word, two_dashes ? 2 : 1), name;
        bool joined = str_cut(&value, two_dashes ? '=' : ':', &name);
        const struct option_row *option = dash && name.len ? find_option(name, two_dashes) : NULL;
        if (option && option->id == OPT_PREFIX && (joined || i + 2 < words->count)) {
            return str_dup(joined ? value : word_at(words, i + 1));
        }
    }
    return NULL;
}

static void complete(struct completer *completer, const struct words *words)
{
    size_t at;
    const char *command = command_of(words, &at);
    struct str before = words->count > 1 ? word_at(words, words->count - 2) : STR("");
    /* The first word is the program's own. */
    if (words->count < 2) {
        return;
    }
    if (words->count > 2 && behind_option(completer, before)) {
        return;
    }
    if (str_starts(completer->typed, STR("-")) && !words->quote) {
        if (!complete_joined(completer)) {
            offer_options(completer);
        }
        return;
    }
    if (*command == '\0' && words->count == at + 1) {
        offer_commands(completer);
    } else {
        complete_word(completer, command, words->quote);
    }
}

void complete_line(struct str line, struct str replaced, struct buf *out)
{
    struct words *words = MEM_NEW(struct words);
    split(line, words);
    struct completer completer = { .kind = "words", .prefix = find_prefix(words), .list = BUF_INIT(BUF_LARGE) };
    completer.typed = completer.rest = word_at(words, words->count - 1);
    /* The shell replaces only the end of the word when it cut it; with escapes in it the two do not compare. */
    if (str_ends_nocase(completer.typed, replaced)) {
        completer.cut = completer.typed.len - replaced.len;
    }
    if (is_plain(completer.typed)) {
        complete(&completer, words);
    }
    buf_format(out, "%s\n%s", completer.kind, buf_cstr(&completer.list));
    buf_free(&completer.list);
    free(completer.prefix);
    for (size_t i = 0; i < words->count; i++) {
        buf_free(&words->bytes[i]);
    }
    free(words);
}
