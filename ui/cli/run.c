/* purvey run: statements in, objects out. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/text.h"
#include "pipeline/local_cmdlets.h"
#include "pipeline/output.h"
#include "pipeline/statement.h"
#include "pipeline/variables.h"
#include "ui/cli/cli.h"
#include "ui/cli/error_place.h"
#include "ui/cli/headless.h"
#include "ui/connection_information.h"
#include "ui/secret_arguments.h"

#define SCRIPT_MAX ((size_t)16 * 1024 * 1024)

/* ---- standard output ---- */

struct output {
    int signal_fd;
    bool only_reads;            /* nothing is changed, so it may be left in the middle */
    bool silent;                /* the rows go to a file, or nowhere */
    size_t chunk;               /* what standard output takes without blocking */
    struct result_text *text;
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
static bool write_text(void *context, struct buf *text, bool *gone, struct err *err)
{
    const struct output *output = context;
    size_t at = 0;
    while (at < text->len && !*gone) {
        size_t left = text->len - at;
        if (!wait_for_reader(output, err)) {
            return false;
        }
        ssize_t sent = write(STDOUT_FILENO, text->data + at, left < output->chunk ? left : output->chunk);
        if (sent >= 0) {
            at += (size_t)sent;
        } else if (errno == EPIPE) {
            *gone = true;
        } else if (errno != EINTR && errno != EAGAIN) {
            return err_errno(err, "cannot write the output");
        }
    }
    buf_clear(text);
    return true;
}

/* A pipe or a terminal that is ready takes this much, and no more is promised (pipe(7)); a file takes anything. */
static size_t chunk_of_output(void)
{
    struct stat status;
    bool endless = fstat(STDOUT_FILENO, &status) == 0 && (S_ISREG(status.st_mode) || (S_ISCHR(status.st_mode) && !isatty(STDOUT_FILENO)));
    return endless ? (size_t)1 << 20 : PIPE_BUF;
}

static int line_width(void)
{
    struct winsize size;
    /* 0 means no limit: files and pipes have no width. */
    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static bool write_rows(void *context, struct rowset *rowset, bool last, struct err *err)
{
    struct output *output = context;
    if (output->silent) {
        return true;
    }
    if (!result_text_rows(output->text, rowset, last, err)) {
        return false;
    }
    /* What changes something goes on to its end, because its errors are still to be told. */
    return !result_text_gone(output->text) || !output->only_reads || err_set(err, ERR_CANCELLED, "Nobody reads the output any more.");
}

/* ---- what is run ---- */

struct run {
    struct headless headless;
    struct arguments *arguments;
    struct buf script;
    struct catalogue *local;
    struct statement **statements;
    size_t count, capacity;
    bool connected_by_line;     /* the first statement was Connect-IPPSSession */
    bool connect_failed;        /* a later one could not be opened */
    size_t links_read;          /* so many of the connections are open where the script is read... */
    bool ended[HEADLESS_LINKS_MOST];    /* ...but for those that it has ended by then */
    bool gone;                  /* nobody reads any more */
    int left_out;               /* commands that were not run because of that */
    struct buf mark;            /* the line that cannot be read, and a mark under the place */
};

static struct json *connections(void *context)
{
    const struct run *run = context;
    struct json *list = json_new_array();
    for (size_t i = 0; i < run->links_read; i++) {
        const struct headless_link *link = &run->headless.links[i];
        if (!run->ended[i]) {
            json_add(list, NULL, connection_information(i + 1, link->account, &link->options, link->catalogue, true, clock_unix()));
        }
    }
    return list;
}

static size_t count_open(const struct run *run)
{
    size_t count = 0;
    for (size_t i = 0; i < run->links_read; i++) {
        count += !run->ended[i];
    }
    return count;
}

/* As in PowerShell: a plain name means the last connection without a prefix, a prefix its own. `others` has room for all. */
static struct language language_of(struct run *run, struct linked *others)
{
    struct language language = { .local = run->local, .connections = connections, .context = run, .others = others };
    size_t open = count_open(run);
    for (size_t i = 0; i < run->links_read; i++) {
        const struct catalogue *catalogue = run->headless.links[i].catalogue;
        /* Behind the end of all of them a line is read all the same: what is wrong is said of the line. */
        if (open == 0 || (!run->ended[i] && (open == 1 || !catalogue->prefix))) {
            language.catalogue = catalogue;
            language.connection = i + 1;
        }
    }
    for (size_t i = 0; i < run->links_read; i++) {
        if (i + 1 != language.connection && !run->ended[i]) {
            others[language.other_count++] = (struct linked){ run->headless.links[i].catalogue, i + 1 };
        }
    }
    return language;
}

/* What PowerShell would ask about, and nobody is here to answer (rest.md section 4): said before anything is sent. */
static bool needs_no_question(const struct pipeline *pipeline, struct err *err)
{
    for (size_t i = 0; i < pipeline->count; i++) {
        if (stage_asks(&pipeline->stages[i])) {
            err_set(err, ERR_INPUT, "%s asks before it acts, and here nobody can answer. Nothing was sent.", pipeline->stages[i].invocation->shown);
            err_advise(err, "Add -Confirm:$false when it shall act without a question.");
            err_field(err, "Confirm");
            return false;
        }
    }
    return true;
}

/* The options that a line with Connect-IPPSSession says. */
static bool said_options(const struct statement *statement, struct options *said, struct err *err)
{
    char **rest = mem_array(statement->word_count + 1, sizeof *rest);
    int left = 0;
    options_init(said);
    bool good = options_parse(said, (int)statement->word_count, statement->words, true, rest, &left, err);
    if (good && left > 0) {
        good = err_set(err, ERR_INPUT, "Connect-IPPSSession does not know %s", rest[0]);
    }
    free(rest);
    return good;
}

/* A further connection is opened while the script is read, since what follows can only be read with its cmdlets; nothing has run
   by then. Read a second time, it is there. */
static bool connect_further(struct run *run, const struct statement *statement, struct err *err)
{
    struct options said;
    bool good = true;
    if (run->links_read == run->headless.link_count) {
        good = said_options(statement, &said, err) && headless_connect(&run->headless, run->arguments, &said, err);
        options_free(&said);
        run->connect_failed = !good;
    }
    run->links_read += good;
    return good;
}

/* Their lines have been read by then, and run to their end before the program closes them. */
static bool end_links(struct run *run, const struct statement *statement, struct err *err)
{
    for (size_t k = 0; k < statement->word_count; k++) {
        bool found = false;
        for (size_t i = 0; i < run->links_read; i++) {
            const char *prefix = run->headless.links[i].catalogue->prefix;
            bool meant = !run->ended[i] && prefix && str_is_nocase(str_of(prefix), statement->words[k]);
            run->ended[i] = run->ended[i] || meant;
            found = found || meant;
        }
        if (!found) {
            return err_set(err, ERR_INPUT, "no open connection has the prefix %s", statement->words[k]);
        }
    }
    for (size_t i = 0; statement->word_count == 0 && i < run->links_read; i++) {
        run->ended[i] = true;
    }
    return true;
}

/* A typing error in a variable must not be found when half of the script is done. */
static bool knows_variables(const struct run *run, const struct pipeline *pipeline, struct err *err)
{
    const char *name = pipeline->count ? pipeline->stages[0].variable : NULL;
    bool known = !name;
    for (size_t i = 0; i < run->count && !known; i++) {
        known = variable_is_kept_by(run->statements[i]->pipeline, name);
    }
    return known || variable_refuse(name, err);
}

static bool fits(struct run *run, const struct statement *statement, struct err *err)
{
    if (statement->kind == STATEMENT_CONNECT) {
        return connect_further(run, statement, err);
    }
    if (count_open(run) == 0) {
        return err_set(err, ERR_INPUT, "nothing can be run after the connection was ended");
    }
    if (statement->kind == STATEMENT_DISCONNECT) {
        return end_links(run, statement, err);
    }
    return statement->kind != STATEMENT_PIPELINE || (knows_variables(run, statement->pipeline, err) && needs_no_question(statement->pipeline, err) && secret_arguments_fetch(statement->pipeline, true, err));
}

/* Whoever reads cron's mail has to find the place. What has none is about the statement that begins at `at`. */
static bool say_line(struct run *run, const struct reader *reader, size_t at, struct err *err)
{
    bool lines = reader->text.len && memchr(reader->text.data, '\n', reader->text.len);
    bool placed = str_starts(str_of(err->text), STR("line ")) || str_starts(str_of(err->text), STR("column "));
    struct err other = *err;
    if (lines && !placed) {
        reader_fail(reader, at, &other, "%s", err->text);
        memcpy(err->text, other.text, sizeof err->text);
    }
    buf_clear(&run->mark);
    error_place_print(reader->text, str_of(err->text), &run->mark);
    if (lines && str_starts(str_of(err->text), STR("column "))) {
        err_set(&other, err->kind, "line 1, %s", err->text);
        memcpy(err->text, other.text, sizeof err->text);
    }
    return false;
}

static bool say_place(const char *place, struct err *err)
{
    struct err placed;
    if (*place) {
        err_set(&placed, err->kind, "%s%s%s", place, str_starts(str_of(err->text), STR("line ")) ? ", " : ": ", err->text);
        memcpy(err->text, placed.text, sizeof err->text);
    }
    return false;
}

/* Every statement is read before the first one runs: a typing error in the third must not leave a script half done. */
static bool read_statements(struct run *run, struct reader *reader, const char *place, struct err *err)
{
    for (;;) {
        struct linked others[HEADLESS_LINKS_MOST];
        const struct language language = language_of(run, others);
        struct err inner = { 0 };
        reader_skip(reader, true);
        size_t at = reader->at;
        struct statement *statement = statement_read(reader, &language, &inner);
        bool good = statement ? fits(run, statement, &inner) : inner.kind == ERR_NONE;
        if (!good) {
            statement_free(statement);
            *err = inner;
            return say_line(run, reader, at, err) || say_place(place, err);
        }
        if (!statement) {
            return true;
        }
        MEM_ROOM(run->statements, run->count, run->capacity);
        run->statements[run->count++] = statement;
    }
}

/* ---- Connect-IPPSSession in front ---- */

/* What stands on the command line of purvey itself comes before what the script says. */
static bool take_connect(struct run *run, const struct statement *statement, struct err *err)
{
    struct options *options = &run->arguments->options, said;
    bool good = said_options(statement, &said, err);
    for (int i = 0; good && i < OPTION_COUNT; i++) {
        const char *value = options_get(&said, (enum option_id)i);
        if (*value && !*options_get(options, (enum option_id)i)) {
            options_set(options, (enum option_id)i, str_of(value));
        }
    }
    options_free(&said);
    return good;
}

/* Reads on as long as nothing needs a connection; the reader stands behind what was taken. */
static bool read_connect(struct run *run, struct reader *reader, const char *place, struct err *err)
{
    const struct language language = { .local = run->local };
    for (;;) {
        struct reader ahead = *reader;
        struct err inner = { 0 };
        struct statement *statement = statement_read(&ahead, &language, &inner);
        bool taken = statement && (statement->kind == STATEMENT_CONNECT || statement->kind == STATEMENT_NOTHING);
        bool connects = taken && statement->kind == STATEMENT_CONNECT;
        bool good = !connects || take_connect(run, statement, err);
        statement_free(statement);
        if (!good) {
            return say_place(place, err);
        }
        if (taken) {
            *reader = ahead;
        }
        if (!taken || connects) {
            run->connected_by_line = connects;
            return true;
        }
    }
}

/* ---- words and script ---- */

/* The texts of a run, in their order: the words, then the script. */
struct text { struct reader reader; char *place; };

static size_t list_texts(struct run *run, struct text *texts)
{
    const struct arguments *arguments = run->arguments;
    size_t count = 0;
    for (int i = 0; i < arguments->word_count; i++) {
        bool alone = arguments->word_count == 1 && !arguments->file;
        texts[count++] = (struct text){ reader_of(str_of(arguments->words[i])), alone ? mem_text("") : mem_format("command %d", i + 1) };
    }
    if (arguments->file) {
        struct str script = buf_str(&run->script);
        script = str_starts(script, STR("\xef\xbb\xbf")) ? str_from(script, 3) : script;
        bool standard = str_is(str_of(arguments->file), "-");
        texts[count++] = (struct text){ reader_of(script), mem_text(standard ? "standard input" : arguments->file) };
    }
    return count;
}

static bool check_texts(struct text *texts, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!statement_text_good(texts[i].reader.text, err)) {
            return say_place(texts[i].place, err);
        }
    }
    return true;
}

static bool read_all(struct run *run, struct text *texts, size_t count, struct err *err)
{
    memset(run->ended, 0, sizeof run->ended);
    run->links_read = 1;
    for (size_t i = 0; i < count; i++) {
        if (!read_statements(run, &texts[i].reader, texts[i].place, err)) {
            return false;
        }
    }
    const char *file = run->arguments->file;
    return run->count > 0 || run->connected_by_line ||
           err_set(err, ERR_INPUT, "there is no command to run%s%s", file ? " in " : "", !file ? "" : str_is(str_of(file), "-") ? "standard input" : file);
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
    /* What was given is wrong, not this machine. */
    if (!file) {
        err_errno(err, "cannot read %s", path);
        err->kind = ERR_INPUT;
        return false;
    }
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;) {
        buf_add(&run->script, (struct str){ chunk, got });
    }
    const char *name = standard ? "standard input" : path;
    int why = errno;
    bool failed = ferror(file) != 0;
    if (failed) {
        err_errno(err, "cannot read %s to its end", name);
        err->kind = why == EISDIR ? ERR_INPUT : err->kind;
    }
    if (file != stdin) {
        fclose(file);
    }
    return !failed && check_encoding(name, &run->script, err);
}

/* ---- running ---- */

/* A misspelt column would be an empty result for ever after. */
static void warn_of_missing(const struct result_text *text, const struct rowset *rowset)
{
    const char *missing;
    for (size_t index = 0; rowset && (missing = result_text_missing(text, rowset, &index));) {
        struct nearest nearest = nearest_to(str_of(missing));
        struct err meant = { 0 };
        for (size_t i = 0; i < rowset_columns(rowset); i++) {
            nearest_offer(&nearest, str_of(rowset_column(rowset, i)->name));
        }
        nearest_advise(&nearest, "", "", &meant);
        char *line = mem_format("no object has a property %s%s%s", missing, *meant.advice ? ". " : "", meant.advice);
        cli_print_warning(line);
        free(line);
    }
}

static bool write_rows_and_check(void *context, struct rowset *rowset, bool last, struct err *err)
{
    const struct output *output = context;
    bool good = write_rows(context, rowset, last, err);
    if (good && last && !output->silent) {
        warn_of_missing(output->text, rowset);
    }
    return good;
}

static bool run_pipeline(struct run *run, const struct pipeline *pipeline, struct err *err)
{
    struct result_format format;
    struct output output = {
        .signal_fd = run->headless.signal_fd,
        .chunk = chunk_of_output(),
        .only_reads = pipeline_read_only(pipeline),
        .silent = pipeline->output.path || pipeline->output.form == OUTPUT_NOTHING,
    };
    output_format(&pipeline->output, run->arguments->output, &format);
    format.line_width = format.format == EXPORT_TABLE ? line_width() : 0;
    format.utf8 = MB_CUR_MAX > 1;
    format.keep_order = pipeline_shapes(pipeline);
    format.no_header = format.no_header || run->arguments->no_header;
    if (run->arguments->columns && format.column_count == 0) {
        format.columns = (const char *const *)run->arguments->columns;
        format.column_count = run->arguments->column_count;
    }
    output.text = result_text_new(&format, write_text, &output);
    struct pipeline *running = pipeline_copy(pipeline);
    running->output.raw = format.format == EXPORT_RAW;
    running->resume = run->arguments->resume;
    bool good = headless_run(&run->headless, running, write_rows_and_check, &output, err);
    if (!good && err->kind == ERR_CANCELLED && !output.only_reads && !*err->advice) {
        err_advise(err, "What was sent already may be carried out all the same: look with the matching Get- cmdlet before you repeat it.");
    }
    run->gone = result_text_gone(output.text);
    result_text_free(output.text);
    return good || (run->gone && output.only_reads);
}

/* Whether the line itself says that what follows does not depend on it; only of what a cmdlet reported. */
static bool goes_on(const struct pipeline *pipeline, const struct err *err)
{
    bool said = false;
    for (size_t i = 0; i < pipeline->count; i++) {
        const struct stage *stage = &pipeline->stages[i];
        const struct argument *action = stage->kind == STAGE_CMDLET ? invocation_get(stage->invocation, "ErrorAction") : NULL;
        said = said || (action && str_is_nocase(json_string(action->value), "Continue"));
    }
    return said && (err->kind == ERR_SERVER || err->kind == ERR_NOT_FOUND);
}

/* Stops at the first that fails, like sh -e, unless its -ErrorAction is Continue: what comes next may depend on it. */
static bool run_all(struct run *run, struct err *err)
{
    int failed = 0;
    for (size_t i = 0; i < run->count; i++) {
        if (run->statements[i]->kind != STATEMENT_PIPELINE) {
            continue;
        }
        if (run->gone) {
            run->left_out++;
        } else if (!run_pipeline(run, run->statements[i]->pipeline, err)) {
            if (i + 1 == run->count || !goes_on(run->statements[i]->pipeline, err)) {
                return false;
            }
            if (!run->headless.told) {
                cli_print_error(err);
            }
            failed++;
        }
        /* A password among its arguments is not kept for as long as the others take. */
        statement_free(run->statements[i]);
        run->statements[i] = NULL;
    }
    if (failed > 0) {
        run->headless.told = false;
        return err_set(err, ERR_SERVER, "%d command%s failed; what %s said is above.", failed, failed == 1 ? "" : "s", failed == 1 ? "it" : "they");
    }
    return run->left_out == 0 || err_set(err, ERR_SYSTEM, "Nobody reads the output any more; %d command%s not run.",
                                         run->left_out, run->left_out == 1 ? " was" : "s were");
}

static void forget_statements(struct run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        statement_free(run->statements[i]);
    }
    run->count = 0;
}

static bool any_kept(const struct run *run)
{
    bool kept = false;
    for (size_t i = 0; i < run->headless.link_count; i++) {
        kept = kept || (run->headless.links[i].catalogue && run->headless.links[i].catalogue->kept);
    }
    return kept;
}

/* What a list of cmdlets that was kept does not know may have come since: it is read anew before anything is refused. */
static bool read_with_care(struct run *run, struct text *texts, size_t count, struct err *err)
{
    struct text *again = mem_array(count + 1, sizeof *again);
    memcpy(again, texts, count * sizeof *again);
    bool good = read_all(run, texts, count, err);
    if (!good && any_kept(run) && !run->connect_failed) {
        forget_statements(run);
        buf_clear(&run->mark);
        good = headless_reconnect(&run->headless, err) && read_all(run, again, count, err);
    }
    free(again);
    return good;
}

static bool read_and_run(struct run *run, struct text *texts, size_t count, struct err *err)
{
    return check_texts(texts, count, err) && (count == 0 || read_connect(run, &texts[0].reader, texts[0].place, err)) &&
           headless_open(&run->headless, run->arguments, err) && read_with_care(run, texts, count, err) && run_all(run, err);
}

/* The exit code is the first failure's; later commands did not run. */
int cli_run(struct arguments *arguments)
{
    struct run run = { .headless = { .signal_fd = -1 }, .arguments = arguments, .script = BUF_INIT(SCRIPT_MAX), .mark = BUF_INIT(BUF_SMALL),
                       .local = local_catalogue_new() };
    struct text *texts = mem_array((size_t)arguments->word_count + 1, sizeof *texts);
    struct err err = { 0 };
    bool good = read_script(&run, &err);
    size_t count = good ? list_texts(&run, texts) : 0;
    good = good && read_and_run(&run, texts, count, &err);
    headless_close(&run.headless);
    forget_statements(&run);
    for (size_t i = 0; i < count; i++) {
        free(texts[i].place);
    }
    free(texts);
    free(run.statements);
    catalogue_free(run.local);
    buf_free(&run.script);
    if (!good && !run.headless.told) {
        cli_print_error_at(&err, buf_str(&run.mark));
    }
    buf_free(&run.mark);
    return good ? 0 : err_exit_code(err.kind);
}
