/* purvey run: cmdlets in, objects out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "catalogue/command_line.h"
#include "results/column_order.h"
#include "ui/cli/cli.h"
#include "ui/cli/headless.h"

/* Few enough to keep a window small, enough that a commit's rows are taken in one or two loads. */
#define ROWS_AT_ONCE 500
#define WRITE_AT ((size_t)64 * 1024)
#define SCRIPT_MAX ((size_t)16 * 1024 * 1024)

struct output {
    enum export_format format;
    struct export *export;
    struct buf text;
    struct object object;
    const struct column **columns;
    int64_t written;            /* rows handed to the writer */
    bool gone;                  /* nobody reads any more (a closed pipe) */
};

/* A reader that went away (head -1) is no error: there is nobody left to write for. */
static bool write_text(struct output *output, struct err *err)
{
    size_t at = 0;
    if (output->text.overflowed) {
        return err_set(err, ERR_STORE, "An object of the answer is too large to be printed; the output ends before it.");
    }
    while (at < output->text.len && !output->gone) {
        ssize_t sent = write(STDOUT_FILENO, output->text.data + at, output->text.len - at);
        if (sent >= 0) {
            at += (size_t)sent;
        } else if (errno == EPIPE) {
            output->gone = true;
        } else if (errno != EINTR) {
            return err_errno(err, "cannot write the output");
        }
    }
    buf_clear(&output->text);
    return true;
}

static int line_width(void)
{
    struct winsize size;
    /* 0 means no limit: files and pipes have no width. */
    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* A table is read by people: the columns they look for come first. csv and tsv are read by programs, which get the
   service's own order. */
static void choose_columns(struct output *output, const struct rowset *rowset, size_t count)
{
    size_t *order = mem_array(count + 1, sizeof *order);
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    if (output->format == EXPORT_TABLE) {
        column_order(rowset, 0, count, order);
    }
    output->columns = mem_array(count + 1, sizeof *output->columns);
    for (size_t i = 0; i < count; i++) {
        output->columns[i] = rowset_column(rowset, order[i]);
    }
    free(order);
}

/* Lines are cut to the width of a terminal only: a pipe gets every character. */
static void open_export(struct output *output, const struct rowset *rowset)
{
    struct export_options options = {
        .format = output->format,
        .line_width = output->format == EXPORT_TABLE ? line_width() : 0,
        .utf8 = MB_CUR_MAX > 1,
    };
    if (export_needs_columns(output->format)) {
        options.column_count = rowset_columns(rowset);
        choose_columns(output, rowset, options.column_count);
        options.columns = output->columns;
    }
    output->export = export_new(&options, &output->text);
}

/* Formats that need every column wait for the last row; the others are written as the rows come. */
static bool write_rows(void *context, struct rowset *rowset, bool last, struct err *err)
{
    struct output *output = context;
    if (!last && export_needs_columns(output->format)) {
        return true;
    }
    if (!output->export) {
        /* The first row tells whether names are GUIDs, which nobody wants to read first. */
        if (!rowset_load(rowset, 0, ROWS_AT_ONCE, err)) {
            return false;
        }
        open_export(output, rowset);
    }
    while (output->written < rowset_count(rowset) && !output->gone) {
        if (!rowset_load(rowset, output->written, ROWS_AT_ONCE, err)) {
            return false;
        }
        size_t loaded = rowset_loaded(rowset);
        /* The count promised more than the file has, and going on would ask for the same rows for ever. */
        if (loaded == 0) {
            return err_set(err, ERR_STORE, "Rows are missing from the result.");
        }
        for (size_t i = 0; i < loaded; i++) {
            rowset_object(rowset, i, &output->object);
            export_object(output->export, &output->object);
            if (output->text.len >= WRITE_AT && !write_text(output, err)) {
                return false;
            }
        }
        output->written += (int64_t)loaded;
    }
    /* An answer without rows has its frame all the same: [] is JSON, nothing is not. */
    if (last) {
        export_end(output->export);
        output->export = NULL;
    }
    return write_text(output, err);
}

/* What PowerShell would ask about, and nobody is here to answer (rest.md section 4): said before anything is sent. */
static bool needs_no_question(const struct headless *headless, const struct invocation *invocation, struct err *err)
{
    enum { IMPACT_HIGH = 3 };
    const struct cmdlet *cmdlet = catalogue_find(headless->catalogue, str_of(invocation->cmdlet));
    const struct argument *confirm = invocation_get(invocation, "Confirm"), *what_if = invocation_get(invocation, "WhatIf");
    if (!cmdlet || cmdlet->impact < IMPACT_HIGH || what_if || (confirm && !json_bool(confirm->value, true))) {
        return true;
    }
    err_set(err, ERR_INPUT, "%s asks before it acts, and here nobody can answer. Nothing was sent.", invocation->cmdlet);
    err_advise(err, "Add -Confirm:$false when it shall act without a question.");
    err_field(err, "Confirm");
    return false;
}

/* The line is read before anything is asked of the service, so that a typing error costs no request. */
static bool run_line(struct headless *headless, struct str line, enum export_format format, struct err *err)
{
    struct invocation *invocation = command_line_parse(line, headless->catalogue, err);
    if (!invocation) {
        return false;
    }
    if (!needs_no_question(headless, invocation, err)) {
        invocation_free(invocation);
        return false;
    }
    struct output output = { .format = format, .text = BUF_INIT(BUF_LARGE) };
    object_init(&output.object);
    bool good = headless_run(headless, invocation, write_rows, &output, err);
    /* Left behind by a failure or a signal; the text in its buffer is not written any more. */
    if (output.export) {
        export_end(output.export);
    }
    object_free(&output.object);
    buf_free(&output.text);
    free(output.columns);
    return good;
}

/* Read whole before the first line runs: a script that is cut off in the middle must not be half done. */
static bool read_script(const char *path, struct buf *text, struct err *err)
{
    FILE *file = str_is(str_of(path), "-") ? stdin : fopen(path, "re");
    char chunk[8192];
    if (!file) {
        return err_errno(err, "cannot read %s", path);
    }
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;) {
        buf_add(text, (struct str){ chunk, got });
    }
    bool failed = ferror(file) != 0;
    if (file != stdin) {
        fclose(file);
    }
    if (failed) {
        return err_set(err, ERR_SYSTEM, "%s cannot be read to its end.", path);
    }
    return !text->overflowed || err_set(err, ERR_INPUT, "%s is larger than a script may be.", path);
}

/* Stops at the first line that fails, like sh -e: what comes next may depend on it. */
static bool run_script(struct headless *headless, const struct arguments *arguments, struct err *err)
{
    struct buf text = BUF_INIT(SCRIPT_MAX);
    bool good = read_script(arguments->file, &text, err);
    struct str left = buf_str(&text), line;
    for (bool more = true; good && more;) {
        /* A file without a line end on its last line still has that line. */
        more = str_cut(&left, '\n', &line);
        line = str_trim(line);
        /* Comments and blank lines, so that a script can be read by people. */
        if (line.len && line.data[0] != '#') {
            good = run_line(headless, line, arguments->output, err);
        }
    }
    buf_free(&text);
    return good;
}

/* The exit code is the first failure's; later commands did not run. */
int cli_run(struct arguments *arguments)
{
    struct headless headless;
    struct err err = { 0 };
    bool good = headless_open(&headless, arguments, &err);
    for (int i = 0; good && i < arguments->word_count; i++) {
        good = run_line(&headless, str_of(arguments->words[i]), arguments->output, &err);
    }
    if (good && arguments->file) {
        good = run_script(&headless, arguments, &err);
    }
    headless_close(&headless);
    if (!good) {
        cli_print_error(&err);
    }
    return good ? 0 : err_exit_code(err.kind);
}
