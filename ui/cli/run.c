/* purvey run: cmdlets in, objects out. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    int signal_fd;
    bool only_reads;            /* the cmdlet changes nothing, so it may be left in the middle */
    struct export *export;
    struct buf text;
    struct object object;
    const struct column **columns;
    int64_t written;            /* rows handed to the writer */
    bool gone;                  /* nobody reads any more (a closed pipe) */
};

/* A reader that stands still must not keep a signal from ending the run. While it takes text, the signal is left to the
   place between two batches, so that no line is cut. */
static bool wait_for_reader(const struct output *output, struct err *err)
{
    struct pollfd wait[] = {
        { .fd = STDOUT_FILENO, .events = POLLOUT },
        { .fd = output->signal_fd, .events = POLLIN },
    };
    while (poll(wait, 2, -1) < 0) {
        if (errno != EINTR) {
            return err_errno(err, "cannot wait for the output");
        }
    }
    return wait[0].revents || err_set(err, ERR_CANCELLED, "Stopped.");
}

/* A reader that went away (head -1) is no error: there is nobody left to write for. */
static bool write_text(struct output *output, struct err *err)
{
    size_t at = 0;
    if (output->text.overflowed) {
        return err_set(err, ERR_STORE, "An object of the answer is too large to be printed; the output ends before it.");
    }
    while (at < output->text.len && !output->gone) {
        size_t left = output->text.len - at;
        if (!wait_for_reader(output, err)) {
            return false;
        }
        /* A pipe that is ready takes this much without blocking, and no more is promised (pipe(7)). */
        ssize_t sent = write(STDOUT_FILENO, output->text.data + at, left < PIPE_BUF ? left : PIPE_BUF);
        if (sent >= 0) {
            at += (size_t)sent;
        } else if (errno == EPIPE) {
            output->gone = true;
        } else if (errno != EINTR && errno != EAGAIN) {
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

static bool write_new_rows(struct output *output, struct rowset *rowset, struct err *err)
{
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
    return true;
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
    if (!write_new_rows(output, rowset, err)) {
        return false;
    }
    /* An answer without rows has its frame all the same: [] is JSON, nothing is not. */
    if (last) {
        export_end(output->export);
        output->export = NULL;
    }
    if (!write_text(output, err)) {
        return false;
    }
    /* What changes something goes on to its end, because its errors are still to be told. */
    return !output->gone || !output->only_reads || err_set(err, ERR_CANCELLED, "Nobody reads the output any more.");
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

struct run {
    struct headless headless;
    const struct arguments *arguments;
    struct buf script;
    bool gone;                  /* nobody reads any more */
    int left_out;               /* commands that were not run because of that */
};

/* For a line of the words or of the script, in their order; false ends the run. */
typedef bool use_line(struct run *run, struct str line, struct err *err);

static struct invocation *read_line(const struct run *run, struct str line, struct err *err)
{
    struct invocation *invocation = command_line_parse(line, run->headless.catalogue, err);
    if (invocation && !needs_no_question(&run->headless, invocation, err)) {
        invocation_free(invocation);
        invocation = NULL;
    }
    return invocation;
}

/* Every line is read before the first one runs: a typing error in the third must not leave a script half done. */
static bool check_line(struct run *run, struct str line, struct err *err)
{
    struct invocation *invocation = read_line(run, line, err);
    bool good = invocation != NULL;
    invocation_free(invocation);
    return good;
}

static bool run_line(struct run *run, struct str line, struct err *err)
{
    if (run->gone) {
        run->left_out++;
        return true;
    }
    struct invocation *invocation = read_line(run, line, err);
    if (!invocation) {
        return false;
    }
    struct output output = {
        .format = run->arguments->output,
        .signal_fd = run->headless.signal_fd,
        .only_reads = str_starts_nocase(str_of(invocation->cmdlet), STR("Get-")),
        .text = BUF_INIT(BUF_LARGE),
    };
    object_init(&output.object);
    bool good = headless_run(&run->headless, invocation, write_rows, &output, err);
    run->gone = output.gone;
    /* Left behind by a failure or a signal; the text in its buffer is not written any more. */
    if (output.export) {
        export_end(output.export);
    }
    object_free(&output.object);
    buf_free(&output.text);
    free(output.columns);
    return good || (output.gone && output.only_reads);
}

/* A script of Windows may begin with a mark, or be in an encoding that looks empty to us. */
static bool check_encoding(const char *name, struct buf *text, struct err *err)
{
    struct str script = buf_str(text);
    if (!str_starts(script, STR("\xff\xfe")) && !str_starts(script, STR("\xfe\xff"))) {
        return !text->overflowed || err_set(err, ERR_INPUT, "%s is larger than a script may be.", name);
    }
    err_set(err, ERR_INPUT, "%s is UTF-16 text; a script is UTF-8.", name);
    err_advise(err, "iconv -f UTF-16 -t UTF-8 changes it.");
    return false;
}

/* Whole, and before the sign-in: a script that is cut off in the middle must not be half done, and one that is not there
   needs no sign-in. No signal is caught yet, so that Ctrl-C ends the wait for standard input. */
static bool read_script(struct run *run, struct err *err)
{
    const char *path = run->arguments->file;
    bool standard = path && str_is(str_of(path), "-");
    char chunk[8192];
    if (!path) {
        return true;
    }
    if (!*path) {
        return err_set(err, ERR_INPUT, "--file names no file.");
    }
    FILE *file = standard ? stdin : fopen(path, "re");
    if (!file) {
        return err_errno(err, "cannot read %s", path);
    }
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;) {
        buf_add(&run->script, (struct str){ chunk, got });
    }
    bool failed = ferror(file) != 0;
    if (file != stdin) {
        fclose(file);
    }
    const char *name = standard ? "standard input" : path;
    return failed ? err_set(err, ERR_SYSTEM, "%s cannot be read to its end.", name) : check_encoding(name, &run->script, err);
}

/* Whoever reads cron's mail has to find the line. */
static bool say_place(const char *name, const char *unit, size_t number, struct err *err)
{
    struct err placed;
    err_set(&placed, err->kind, "%s%s %zu: %s", name, unit, number, err->text);
    memcpy(err->text, placed.text, sizeof err->text);
    return false;
}

static bool each_line(struct run *run, use_line *use, struct err *err)
{
    struct str left = buf_str(&run->script), line;
    /* A file without a line end on its last line still has that line. */
    left = str_starts(left, STR("\xef\xbb\xbf")) ? str_from(left, 3) : left;
    bool more = run->arguments->file != NULL;
    for (size_t number = 1; more; number++) {
        more = str_cut(&left, '\n', &line);
        line = str_trim(line);
        /* Comments and blank lines, so that a script can be read by people. */
        if (line.len && line.data[0] != '#' && !use(run, line, err)) {
            bool standard = str_is(str_of(run->arguments->file), "-");
            return say_place(standard ? "standard input" : run->arguments->file, ", line", number, err);
        }
    }
    return true;
}

/* Stops at the first that fails, like sh -e: what comes next may depend on it. */
static bool each_command(struct run *run, use_line *use, struct err *err)
{
    const struct arguments *arguments = run->arguments;
    for (int i = 0; i < arguments->word_count; i++) {
        if (!use(run, str_of(arguments->words[i]), err)) {
            bool alone = arguments->word_count == 1 && !arguments->file;
            return alone ? false : say_place("", "command", (size_t)i + 1, err);
        }
    }
    return each_line(run, use, err);
}

static bool none_left_out(const struct run *run, struct err *err)
{
    return run->left_out == 0 || err_set(err, ERR_SYSTEM, "Nobody reads the output any more; %d command%s not run.",
                                         run->left_out, run->left_out == 1 ? " was" : "s were");
}

/* The exit code is the first failure's; later commands did not run. */
int cli_run(struct arguments *arguments)
{
    struct run run = { .headless = { .signal_fd = -1 }, .arguments = arguments, .script = BUF_INIT(SCRIPT_MAX) };
    struct err err = { 0 };
    bool good = read_script(&run, &err) && headless_open(&run.headless, arguments, &err) &&
                each_command(&run, check_line, &err) && each_command(&run, run_line, &err) && none_left_out(&run, &err);
    headless_close(&run.headless);
    buf_free(&run.script);
    if (!good) {
        cli_print_error(&err);
    }
    return good ? 0 : err_exit_code(err.kind);
}
