#include "tests/screens/harness.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"

enum { START_MS = 1000000, START_UNIX = 1795420800 };

struct harness {
    struct app *app;
    struct app_config config;
    struct cells *cells;
    struct buf picture;
    struct message *first_sent, *last_sent;
    char *copied;
    int rows, columns;
    int64_t now_ms, now_unix;
};

static void catch_message(void *context, struct message *message)
{
    struct harness *harness = context;
    message->next = NULL;
    if (harness->last_sent)
        harness->last_sent->next = message;
    else
        harness->first_sent = message;
    harness->last_sent = message;
}

static void start_app(struct harness *harness)
{
    app_free(harness->app);
    harness->app = app_new(&harness->config);
    app_time(harness->app, harness->now_ms, harness->now_unix);
    app_resize(harness->app, harness->rows, harness->columns);
}

struct harness *harness_new(int rows, int columns)
{
    struct harness *harness = MEM_NEW(struct harness);
    setenv("TZ", "UTC", 1);
    harness->config = (struct app_config){ .send = catch_message, .context = harness, .utf8 = true };
    harness->cells = cells_new(rows, columns);
    harness->picture = (struct buf)BUF_INIT(BUF_LARGE);
    harness->rows = rows;
    harness->columns = columns;
    harness->now_ms = START_MS;
    harness->now_unix = START_UNIX;
    start_app(harness);
    return harness;
}

void harness_free(struct harness *harness)
{
    struct message *message;
    app_free(harness->app);
    while ((message = harness_sent(harness)) != NULL)
        message_free(message);
    cells_free(harness->cells);
    buf_free(&harness->picture);
    free(harness->copied);
    free(harness);
}

struct app *harness_app(struct harness *harness)
{
    return harness->app;
}

const struct app_state *harness_state(struct harness *harness)
{
    return app_state(harness->app);
}

void harness_push(struct harness *harness, struct screen screen)
{
    app_push(harness->app, screen);
}

void harness_ascii(struct harness *harness)
{
    harness->config.utf8 = false;
    start_app(harness);
}

void harness_demo(struct harness *harness)
{
    harness->config.demo = true;
    start_app(harness);
}

void harness_helpers(struct harness *harness, struct screen (*help)(const struct app_state *app),
                     struct screen (*log)(const struct app_state *app))
{
    harness->config.help = help;
    harness->config.log = log;
    start_app(harness);
}

/* --- inputs --- */

static void keep_copy(struct harness *harness)
{
    char *copy = app_take_copy(harness->app);
    if (!copy)
        return;
    free(harness->copied);
    harness->copied = copy;
}

void harness_keys(struct harness *harness, const char *keys)
{
    struct str rest = str_of(keys);
    struct key key;
    while (!app_ended(harness->app) && key_parse(&rest, &key)) {
        app_key(harness->app, key);
        keep_copy(harness);
    }
}

void harness_paste(struct harness *harness, const char *text)
{
    app_paste(harness->app, str_of(text));
}

void harness_event(struct harness *harness, struct message *event)
{
    app_event(harness->app, event);
}

void harness_resize(struct harness *harness, int rows, int columns)
{
    harness->rows = rows;
    harness->columns = columns;
    app_resize(harness->app, rows, columns);
}

void harness_wait(struct harness *harness, int seconds)
{
    for (int i = 0; i < seconds; i++) {
        app_time(harness->app, harness->now_ms += 1000, ++harness->now_unix);
        if (app_tick_ms(harness->app) == 0)
            app_tick(harness->app);
    }
}

/* --- pictures --- */

const char *harness_picture(struct harness *harness)
{
    app_draw(harness->app, harness->cells);
    buf_clear(&harness->picture);
    cells_print(harness->cells, &harness->picture);
    return buf_cstr(&harness->picture);
}

static struct str next_line(struct str *text)
{
    struct str line;
    str_cut(text, '\n', &line);
    while (line.len > 0 && line.data[line.len - 1] == ' ')
        line.len--;
    return line;
}

static bool same_line(struct str expected, struct str found)
{
    return str_is(expected, "~") || str_eq(expected, found);
}

/* Prints each row of both pictures, the ones that differ with a mark. Returns how many differ. */
static int compare(struct str expected, struct str found, bool print)
{
    int differ = 0, row = 0;
    while (expected.len > 0 || found.len > 0) {
        struct str a = next_line(&expected), b = next_line(&found);
        bool same = same_line(a, b);
        differ += !same;
        if (print && same)
            fprintf(stderr, "# %3d   |%.*s\n", row, STR_ARG(b));
        else if (print)
            fprintf(stderr, "# %3d - |%.*s\n# %3d + |%.*s\n", row, STR_ARG(a), row, STR_ARG(b));
        row++;
    }
    return differ;
}

static void expect(const char *expected, const char *found, const char *file, int line)
{
    if (compare(str_of(expected), str_of(found), false) == 0)
        return;
    fprintf(stderr, "# %s:%d: the screen differs (- expected, + found)\n", file, line);
    compare(str_of(expected), str_of(found), true);
    _fail(file, line);
}

void harness_expect_at(struct harness *harness, const char *picture, const char *file, int line)
{
    expect(picture, harness_picture(harness), file, line);
}

void harness_expect_styles_at(struct harness *harness, const char *picture, const char *file, int line)
{
    app_draw(harness->app, harness->cells);
    buf_clear(&harness->picture);
    cells_print_styles(harness->cells, &harness->picture);
    expect(picture, buf_cstr(&harness->picture), file, line);
}

void harness_expect_text_at(struct harness *harness, const char *text, bool there, const char *file, int line)
{
    const char *picture = harness_picture(harness);
    if ((strstr(picture, text) != NULL) == there)
        return;
    fprintf(stderr, "# %s:%d: \"%s\" %s on the screen:\n", file, line, text, there ? "does not stand" : "stands");
    compare(str_of(picture), str_of(picture), true);
    _fail(file, line);
}

const char *harness_screen(struct harness *harness)
{
    return app_screen_name(harness->app);
}

bool harness_ended(struct harness *harness)
{
    return app_ended(harness->app);
}

/* --- what was sent --- */

struct message *harness_sent(struct harness *harness)
{
    struct message *message = harness->first_sent;
    if (!message)
        return NULL;
    harness->first_sent = message->next;
    if (!harness->first_sent)
        harness->last_sent = NULL;
    message->next = NULL;
    return message;
}

struct message *harness_expect_sent(struct harness *harness, enum message_kind kind)
{
    struct message *message = harness_sent(harness);
    assert_non_null(message);
    if (message->kind != kind)
        fprintf(stderr, "# sent: %s, expected: %s\n", message_kind_name(message->kind), message_kind_name(kind));
    assert_int_equal(message->kind, kind);
    return message;
}

const char *harness_copied(struct harness *harness)
{
    keep_copy(harness);
    return harness->copied ? harness->copied : "";
}

/* --- data --- */

static void set_values(struct parameter *parameter, struct str values)
{
    struct str value;
    parameter->values = mem_array(16, sizeof *parameter->values);
    parameter->values_closed = true;
    while (values.len > 0 && parameter->value_count < 16) {
        str_cut(&values, '|', &value);
        parameter->values[parameter->value_count++] = str_dup(value);
    }
}

static bool take_suffix(struct str *word, char suffix)
{
    bool there = word->len > 1 && word->data[word->len - 1] == suffix;
    word->len -= there;
    return there;
}

/* "CaseType!=eDiscovery|DSI", "-Force", "PageSize#" */
static void add_parameter(struct cmdlet *cmdlet, struct str word)
{
    struct str name;
    bool has_values = str_cut(&word, '=', &name);
    bool is_switch = name.len > 1 && name.data[0] == '-';
    name = str_from(name, is_switch ? 1 : 0);
    bool mandatory = take_suffix(&name, '!'), number = take_suffix(&name, '#');
    struct parameter *parameter = cmdlet_add_parameter(cmdlet, name);
    parameter->type = is_switch ? TYPE_SWITCH : number ? TYPE_INT : TYPE_STRING;
    if (has_values)
        set_values(parameter, word);
    struct parameter_use use = { .mandatory = mandatory, .position = -1 };
    char set[] = ALL_PARAMETER_SETS;
    use.set = set;
    parameter_add_use(parameter, use);
}

struct catalogue *harness_catalogue(const char *lines)
{
    struct catalogue *catalogue = catalogue_new();
    struct str rest = str_of(lines), line, word;
    while (rest.len > 0) {
        str_cut(&rest, '\n', &line);
        str_cut(&line, ' ', &word);
        if (word.len == 0)
            continue;
        struct cmdlet *cmdlet = catalogue_add(catalogue, word);
        while (line.len > 0) {
            str_cut(&line, ' ', &word);
            if (word.len > 0)
                add_parameter(cmdlet, word);
        }
    }
    catalogue_seal(catalogue);
    return catalogue;
}

static uint64_t open_connection(struct harness *harness, struct catalogue *catalogue, bool given_token)
{
    /* The state is the app's; a test may play the part of a screen that asked for the connection. */
    struct app_state *state = app_state_for_tests(harness->app);
    struct message *command = message_new(COMMAND_CONNECT), *event = message_new(EVENT_CONNECTED);
    uint64_t connection = command->connection = event->connection = state->next_connection++;
    app_state_sent(state, command);
    message_free(command);
    event->catalogue = catalogue;
    event->account = MEM_NEW(struct account);
    snprintf(event->account->upn, sizeof event->account->upn, "michelle@contoso.com");
    snprintf(event->account->tenant, sizeof event->account->tenant, "contoso.com");
    event->account->expires_unix = START_UNIX + 3600;
    event->account->given_token = given_token;
    app_event(harness->app, event);
    return connection;
}

uint64_t harness_connect(struct harness *harness, struct catalogue *catalogue)
{
    return open_connection(harness, catalogue, false);
}

uint64_t harness_connect_with_token(struct harness *harness, struct catalogue *catalogue)
{
    return open_connection(harness, catalogue, true);
}

struct message *harness_job_started(uint64_t job, const char *store_path)
{
    struct message *message = message_new(EVENT_JOB_STARTED);
    message->job = job;
    message->text = mem_text(store_path);
    return message;
}

struct message *harness_job_progress(uint64_t job, int64_t rows)
{
    struct message *message = message_new(EVENT_JOB_PROGRESS);
    message->job = job;
    message->progress.rows = rows;
    message->progress.more_available = true;
    return message;
}

struct message *harness_job_done(uint64_t job, int64_t rows)
{
    struct message *message = message_new(EVENT_JOB_DONE);
    message->job = job;
    message->progress.rows = rows;
    message->progress.complete = true;
    return message;
}
