/* purvey cmdlets and purvey help: what the account may run, and what one cmdlet takes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/wildcard.h"
#include "pipeline/local_cmdlets.h"
#include "results/export.h"
#include "ui/cli/cli.h"
#include "ui/cli/headless.h"
#include "ui/cli/help_text.h"

/* More than all that can be said of all cmdlets of the service. */
#define TEXT_MOST ((size_t)4 * 1024 * 1024)
#define IMPACT_HIGH 3

/* The exit code of a command that has said all it has to say. */
static int finish(struct headless *headless, bool good, struct err *err)
{
    good = good && cli_flush(err);
    headless_close(headless);
    if (!good) {
        cli_print_error(err);
    }
    return good ? 0 : err_exit_code(err->kind);
}

/* Columns of the terminal, 0 for files and pipes: nothing is cut or wrapped there. */
static int line_width(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO)) {
        return 0;
    }
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/* ---- purvey cmdlets ---- */

/* Get-Command's way: a name that fits one of the patterns. */
static bool fits_any(struct str name, const struct arguments *arguments)
{
    for (int i = 0; i < arguments->word_count; i++) {
        if (wildcard_matches(str_of(arguments->words[i]), name, false)) {
            return true;
        }
    }
    return false;
}

static bool has_wildcard(const struct arguments *arguments)
{
    for (int i = 0; i < arguments->word_count; i++) {
        if (wildcard_has_any(str_of(arguments->words[i]))) {
            return true;
        }
    }
    return false;
}

/* Plain words all have to be in the name, and the best match stands first; with wildcards it is by name. */
static size_t choose(const struct catalogue *catalogue, const struct arguments *arguments, struct ranked *ranked)
{
    size_t count = 0;
    if (has_wildcard(arguments)) {
        for (size_t i = 0; i < catalogue->count; i++) {
            if (fits_any(str_of(catalogue->cmdlets[i].shown), arguments) || fits_any(str_of(catalogue->cmdlets[i].name), arguments)) {
                ranked[count++].cmdlet = &catalogue->cmdlets[i];
            }
        }
        return count;
    }
    struct buf words = BUF_INIT(BUF_SMALL);
    for (int i = 0; i < arguments->word_count; i++) {
        buf_format(&words, "%s%s", i ? " " : "", arguments->words[i]);
    }
    count = catalogue_rank(catalogue, buf_str(&words), ranked);
    buf_free(&words);
    return count;
}

/* Names alone for whoever reads them by program; on a terminal there is room to say what each is for. */
static void print_names(const struct ranked *ranked, size_t count, struct buf *out)
{
    size_t longest = 0;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(ranked[i].cmdlet->shown);
        longest = length > longest ? length : longest;
    }
    for (size_t i = 0; i < count; i++) {
        const struct cmdlet *cmdlet = ranked[i].cmdlet;
        buf_text(out, cmdlet->shown);
        if (line_width()) {
            buf_repeat(out, ' ', longest - strlen(cmdlet->shown));
            buf_format(out, "  %-8s %s", help_effect(str_of(cmdlet->name)), cmdlet->area);
        }
        buf_char(out, '\n');
    }
}

static struct json *describe(const struct cmdlet *cmdlet)
{
    const char *role = known_cmdlet_role(str_of(cmdlet->name));
    struct json *object = json_new_object();
    json_add_text(object, "Name", cmdlet->shown);
    json_add_text(object, "Area", cmdlet->area);
    json_add_text(object, "Effect", help_effect(str_of(cmdlet->name)));
    json_add(object, "AsksFirst", json_new_bool(cmdlet->should_process && cmdlet->impact >= IMPACT_HIGH));
    json_add(object, "Parameters", json_new_int((int64_t)cmdlet->parameter_count));
    json_add_text(object, "UsualRole", *role ? role : NULL);
    return object;
}

/* As purvey run prints objects. */
static void print_objects(const struct ranked *ranked, size_t count, enum export_format format, struct buf *out)
{
    char names[][16] = { "Name", "Area", "Effect", "AsksFirst", "Parameters", "UsualRole" }, no_type[] = "";
    enum { COLUMNS = sizeof names / sizeof names[0] };
    struct column columns[COLUMNS];
    const struct column *order[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++) {
        columns[i] = (struct column){ .name = names[i], .type = no_type, .kind = VALUE_STRING, .width = i == 0 ? 48 : i == 5 ? 32 : 24 };
        order[i] = &columns[i];
    }
    columns[4].kind = VALUE_NUMBER;
    const struct export_options options = {
        .format = format, .columns = order, .column_count = COLUMNS, .line_width = line_width(), .utf8 = MB_CUR_MAX > 1,
    };
    struct export *export = export_new(&options, out);
    for (size_t i = 0; i < count; i++) {
        struct json *json = describe(ranked[i].cmdlet);
        struct object object;
        object_init(&object);
        object_from_json(&object, json);
        export_object(export, &object);
        object_free(&object);
        json_free(json);
    }
    export_end(export);
}

/* As a line would be told that it cannot run the name. */
static const struct cmdlet *require(const struct catalogue *catalogue, struct str name, struct err *err)
{
    const struct cmdlet *cmdlet = catalogue_require(catalogue, name, err);
    if (!cmdlet && err->kind == ERR_INPUT) {
        (void)local_refused(name, err);
    }
    return cmdlet;
}

/* A name without wildcards that nothing is near to is a mistake; a pattern may well fit nothing. */
static bool no_match(const struct catalogue *catalogue, const struct arguments *arguments, struct err *err)
{
    if (has_wildcard(arguments) || arguments->word_count == 0) {
        fputs("No cmdlet of this account has such a name.\n", stderr);
        return true;
    }
    return require(catalogue, str_of(arguments->words[0]), err) != NULL;
}

static bool print_matches(const struct catalogue *catalogue, const struct arguments *arguments, struct err *err)
{
    struct ranked *ranked = mem_array(catalogue->count + 1, sizeof *ranked);
    struct buf text = BUF_INIT(TEXT_MOST);
    size_t count = choose(catalogue, arguments, ranked);
    if (arguments->output_given) {
        print_objects(ranked, count, arguments->output, &text);
    } else {
        print_names(ranked, count, &text);
    }
    fputs(buf_cstr(&text), stdout);
    buf_free(&text);
    free(ranked);
    return count > 0 || no_match(catalogue, arguments, err);
}

/* From the connection and not from a list of our own: an account sees what it may run. */
int cli_cmdlets(struct arguments *arguments)
{
    struct headless headless;
    struct err err = { 0 };
    bool good = headless_open(&headless, arguments, &err) && print_matches(headless.links->catalogue, arguments, &err);
    return finish(&headless, good, &err);
}

/* ---- purvey help ---- */

static void print_clean(struct buf *text)
{
    struct buf clean = BUF_INIT(TEXT_MOST);
    text_clean(&clean, buf_str(text), true);
    fputs(buf_cstr(&clean), stdout);
    buf_free(&clean);
    buf_free(text);
}

/* Where-Object and its kin need no connection, so none is made. */
static bool help_local(const char *word)
{
    enum local_kind kind;
    const char *name = local_name(str_of(word), &kind);
    struct buf text = BUF_INIT(TEXT_MOST);
    if (!name) {
        return false;
    }
    struct catalogue *catalogue = local_catalogue_new();
    const struct cmdlet *cmdlet = catalogue_find(catalogue, str_of(name));
    if (cmdlet) {
        help_text_local(cmdlet, line_width(), &text);
        if (kind == LOCAL_CONNECT) {
            buf_text(&text, "\nPARAMETERS\n");
            arguments_connection_help(&text);
        }
        print_clean(&text);
    }
    catalogue_free(catalogue);
    return cmdlet != NULL;
}

/* What is known of a cmdlet that was not offered is shown as well; the exit code still says that it cannot be run. */
static bool print_help(const struct catalogue *catalogue, struct str name, struct err *err)
{
    const struct cmdlet *cmdlet = require(catalogue, name, err);
    struct known_cmdlet known;
    struct buf text = BUF_INIT(TEXT_MOST);
    if (cmdlet) {
        help_text(cmdlet, line_width(), &text);
    } else if (known_cmdlet_find_prefixed(catalogue->prefix, name, &known)) {
        char *shown = cmdlet_name_with_prefix(catalogue->prefix, known.name);
        help_text_not_offered(&known, shown, line_width(), &text);
        free(shown);
    }
    print_clean(&text);
    return cmdlet != NULL;
}

int cli_help(struct arguments *arguments)
{
    struct headless headless = { .signal_fd = -1 };
    struct err err = { 0 };
    bool good = help_local(arguments->words[0]) ||
                (headless_open(&headless, arguments, &err) && print_help(headless.links->catalogue, str_of(arguments->words[0]), &err));
    return finish(&headless, good, &err);
}

/* ---- purvey sign-out ---- */

int cli_sign_out(struct arguments *arguments)
{
    struct headless headless;
    struct err err = { 0 };
    struct message *answer = NULL;
    bool good = headless_start(&headless, arguments, &err) &&
                (answer = headless_ask(&headless, COMMAND_SIGN_OUT, EVENT_SIGNED_OUT, &arguments->options, &err));
    if (answer && answer->err) {
        err = *answer->err;
        good = false;
    }
    if (good) {
        printf("%lld sign-in%s forgotten (kept %s).\n", (long long)answer->number, answer->number == 1 ? "" : "s", answer->text);
    }
    message_free(answer);
    return finish(&headless, good, &err);
}
