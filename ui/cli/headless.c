#include "ui/cli/headless.h"
#include "ui/cli/trace.h"
#include "ui/connection_information.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "catalogue/learned_values.h"
#include "connect/credential.h"
#include "connect/secret_source.h"

/* For a job to tell its end once it is to stop: it has only what it holds to write. */
#define STOPPING_MS 2000

/* ---- the demo tenant ---- */

static void set_default(struct options *options, enum option_id id, const char *value)
{
    if (!*options_get(options, id)) {
        options_set(options, id, str_of(value));
    }
}

void demo_options(struct options *options, const struct demo_place *place)
{
    /* Both addresses are replaced whatever was given: with --demo nothing may reach a real service. */
    options_set(options, OPT_CONNECTION_URI, str_of(place->connection_uri));
    options_set(options, OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI, str_of(place->authority));
    set_default(options, OPT_USER_PRINCIPAL_NAME, place->user);
}

struct demo_process *demo_start(const struct arguments *arguments, struct err *err)
{
    const char *list[10] = { NULL };
    size_t count = 0;
    if (arguments->demo_users) {
        list[count++] = "--users";
        list[count++] = arguments->demo_users;
    }
    if (arguments->catalogue) {
        list[count++] = "--catalogue";
        list[count++] = arguments->catalogue;
    }
    /* Entra's five seconds are long for whoever shows purvey to somebody; without a terminal nobody reads the code at all. */
    list[count++] = "--interval";
    list[count++] = arguments->command == CLI_TERMINAL ? "1" : "0";
    return demo_process_start(NULL, list, err);
}

struct engine *engine_for(const struct arguments *arguments, const struct demo_process *demo, struct err *err)
{
    const char *ca_file = options_get(&arguments->options, OPT_CA_FILE);
    const char *proxy = options_get(&arguments->options, OPT_PROXY);
    struct engine_config config = {
        .ca_file = *ca_file ? ca_file : NULL,
        .proxy = *proxy ? proxy : NULL,
    };
    if (demo) {
        config.ca_file = demo_process_place(demo)->ca_file;
        config.proxy = "";      /* the demo tenant is on this machine, whatever the environment says */
        config.demo_control = demo_process_place(demo)->control;
        config.demo_key = demo_process_place(demo)->control_key;
    }
    return engine_new(&config, err);
}

/* ---- stderr ---- */

static void clear_progress(struct headless *headless)
{
    if (headless->progress_shown) {
        fputs("\r\033[K", stderr);
        headless->progress_shown = false;
    }
}

static void show_progress(struct headless *headless, const char *what, long long number)
{
    /* Only for eyes: cron's mail should hold messages, not a counter. */
    if (headless->show_progress) {
        fputc('\r', stderr);
        fprintf(stderr, "%lld %s", number, what);
        fputs("\033[K", stderr);
        headless->progress_shown = true;
    }
}

static void print_line(const char *prefix, const char *text)
{
    struct buf line = BUF_INIT(BUF_SMALL);
    text_clean(&line, str_of(text), false);
    fprintf(stderr, "%s%s\n", prefix, buf_cstr(&line));
    buf_free(&line);
}

/* As with the cmdlet: a name alone is asked for its password. */
static const char *credential_source(struct options *options, const char *source)
{
    if (secret_source_named(str_of(source)) || !credential_is_user(str_of(source))) {
        return source;
    }
    if (!*options_get(options, OPT_USER_PRINCIPAL_NAME)) {
        options_set(options, OPT_USER_PRINCIPAL_NAME, str_of(source));
    }
    return "prompt";
}

/* The literal replaces its source, so that the engine never reads a terminal or runs a command. */
static bool resolve_secret(struct options *options, enum option_id id, struct err *err)
{
    const char *source = options_get(options, id);
    struct secret *secret = NULL;
    if (id == OPT_CREDENTIAL) {
        source = credential_source(options, source);
    }
    /* Wiped from argv already, but a shell's history and its parent's listing may have it for good. */
    if (!secret_source_named(str_of(source))) {
        print_line("WARNING: ", "A secret on the command line may have been seen by others of this machine; "
                                "file:PATH, env:NAME, fd:N, cmd:COMMAND and prompt are safer.");
    }
    const char *user = id == OPT_CREDENTIAL ? options_get(options, OPT_USER_PRINCIPAL_NAME) : "";
    struct buf what = BUF_INIT(BUF_SMALL), clean = BUF_INIT(BUF_SMALL);
    buf_format(&what, *user ? "-%s, the password of %s" : "-%s", option_row(id)->name, user);
    text_clean(&clean, buf_str(&what), false);
    bool good = secret_source_ask(source, buf_cstr(&clean), id == OPT_CERTIFICATE_PASSWORD, &secret, err);
    struct secret *literal = good ? secret_source_literal(secret) : NULL;
    if (good) {
        options_set(options, id, secret_str(literal));
    } else {
        err_field(err, option_row(id)->name);
    }
    buf_free(&what);
    buf_free(&clean);
    secret_free(secret);
    secret_free(literal);
    return good;
}

/* On this thread, before the engine starts: a prompt waits for a person, and a command of cmd: may take its time. */
bool resolve_secrets(struct options *options, struct err *err)
{
    bool good = true;
    for (int i = 0; good && i < OPTION_COUNT; i++) {
        if (option_row((enum option_id)i)->kind == OPTION_SECRET && *options_get(options, (enum option_id)i)) {
            good = resolve_secret(options, (enum option_id)i, err);
        }
    }
    return good;
}

/* Text first, ids last: whoever reads only the first line of a cron mail must understand it. */
void cli_print_error_at(const struct err *err, struct str place)
{
    print_line("purvey: ", *err->text ? err->text : err_kind_name(err->kind));
    fwrite(place.data ? place.data : "", 1, place.len, stderr);
    if (*err->advice) {
        print_line("  ", err->advice);
    }
    if (*err->code) {
        print_line("  code: ", err->code);
    }
    if (*err->correlation) {
        print_line("  for support: ", err->correlation);
    }
}

void cli_print_error(const struct err *err)
{
    cli_print_error_at(err, STR(""));
}

void cli_print_warning(const char *text)
{
    print_line("WARNING: ", text);
}

bool cli_flush(struct err *err)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return true;
    }
    /* As with the objects of a run: a reader that went away is no error. */
    return errno == EPIPE || err_errno(err, "cannot write the output");
}

/* ---- waiting for the engine ---- */

/* The next event, or NULL: with ERR_CANCELLED when a signal asks to stop, without a word when the time is over (clock_ms; 0 =
   there is no hurry). */
static struct message *next_event_until(struct headless *headless, int64_t until_ms, struct err *err)
{
    struct mailbox *events = engine_events(headless->engine);
    struct message *event;
    /* The mailbox first: what has happened already is told before a signal is looked at. */
    while (!(event = mailbox_take(events))) {
        struct pollfd wait[] = {
            { .fd = mailbox_fd(events), .events = POLLIN },
            { .fd = headless->signal_fd, .events = POLLIN },
        };
        int64_t left_ms = until_ms ? until_ms - clock_ms() : -1;
        if (until_ms && left_ms <= 0) {
            return NULL;
        }
        if (poll(wait, 2, (int)left_ms) < 0 && errno != EINTR) {
            err_errno(err, "cannot wait");
            return NULL;
        }
        if (wait[1].revents) {
            headless->stopped = true;
            err_set(err, ERR_CANCELLED, "Stopped.");
            return NULL;
        }
    }
    if (headless->trace && event->kind == EVENT_EXCHANGE && event->exchange) {
        trace_write(headless->trace, event->exchange);
    }
    headless->greetings -= event->kind == EVENT_GREETED;
    return event;
}

static struct message *next_event(struct headless *headless, struct err *err)
{
    return next_event_until(headless, 0, err);
}

/* These come through a descriptor: the thread of the engine has every signal blocked. One that is ignored stays so: nohup
   and a shell's background want it. */
static bool catch_signals(struct headless *headless, struct err *err)
{
    static const int stopping[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };
    sigset_t signals;
    sigemptyset(&signals);
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++) {
        struct sigaction before;
        if (sigaction(stopping[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            sigaddset(&signals, stopping[i]);
        }
    }
    /* Before the engine's thread starts, which inherits this mask. */
    sigprocmask(SIG_BLOCK, &signals, NULL);
    /* A reader that goes away shows as EPIPE where the output is written, a file over its limit as EFBIG. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    headless->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return headless->signal_fd >= 0 || err_errno(err, "cannot catch signals");
}

/* On stderr, since stdout belongs to the objects. The demo tenant's user approves by itself. */
static void show_device_code(struct headless *headless, uint64_t connection, const struct oauth_device_prompt *prompt)
{
    clear_progress(headless);
    if (headless->demo) {
        struct message *approve = message_new(COMMAND_DEMO_APPROVE);
        approve->connection = connection;
        mailbox_post(engine_commands(headless->engine), approve);
        return;
    }
    bool long_enough = prompt->expires_in_s >= 120;
    char *minutes = mem_format("The code is good for %d %s.", long_enough ? prompt->expires_in_s / 60 : prompt->expires_in_s,
                               long_enough ? "minutes" : "seconds");
    char *who = message_device_words(prompt);
    print_line("To sign in, open ", prompt->verification_uri);
    print_line("and enter the code ", prompt->user_code);
    print_line("", minutes);
    print_line("", who);
    free(who);
    free(minutes);
}

static void show_browser(struct headless *headless, const struct browser_prompt *prompt)
{
    clear_progress(headless);
    if (prompt->started) {
        print_line("Sign in in the browser that was started. If it did not come up, open ", prompt->short_url);
    } else if (prompt->over_ssh) {
        print_line("On the machine where your browser is: ", prompt->ssh_line);
        print_line("then open there: ", prompt->short_url);
    } else {
        print_line("To sign in, open in a browser on this machine: ", prompt->short_url);
    }
    print_line("which leads to ", prompt->url);
}

/* Steps are not shown, and the log of requests is nobody's here. False: it failed. */
static bool take_connecting(struct headless *headless, struct headless_link *link, struct message *event, struct err *err)
{
    if ((event->kind == EVENT_CONNECT_FAILED || event->kind == EVENT_ENGINE_FAILED) && event->err) {
        *err = *event->err;
        return false;
    }
    if (event->kind == EVENT_DEVICE_PROMPT) {
        show_device_code(headless, event->connection, event->prompt);
    } else if (event->kind == EVENT_BROWSER_PROMPT) {
        show_browser(headless, event->browser);
    } else if (event->kind == EVENT_STEP && event->number == OAUTH_STEP_WARNING) {
        print_line("WARNING: ", event->text);
    } else if (event->kind == EVENT_CONNECTED) {
        link->catalogue = event->catalogue;
        headless->greetings += event->flag;
        event->catalogue = NULL;
        link->account = event->account;
        event->account = NULL;
    }
    return true;
}

/* The engine takes a copy of the options; secrets in it are wiped there. */
static bool connect_and_wait(struct headless *headless, struct headless_link *link, bool fresh, struct err *err)
{
    struct message *command = message_new(COMMAND_CONNECT);
    command->connection = (uint64_t)(link - headless->links) + 1;
    command->options = MEM_NEW(struct options);
    command->flag = fresh;
    options_copy(command->options, &link->options);
    mailbox_post(engine_commands(headless->engine), command);
    while (!link->catalogue) {
        struct message *event = next_event(headless, err);
        bool good = event && take_connecting(headless, link, event, err);
        message_free(event);
        if (!good) {
            return false;
        }
    }
    return true;
}

static struct headless_link *new_link(struct headless *headless, const struct options *options, struct err *err)
{
    if (headless->link_count == HEADLESS_LINKS_MOST) {
        err_set(err, ERR_INPUT, "More than %d connections in one run", HEADLESS_LINKS_MOST);
        return NULL;
    }
    if (!headless->links) {
        headless->links = mem_array(HEADLESS_LINKS_MOST, sizeof *headless->links);
    }
    struct headless_link *link = &headless->links[headless->link_count++];
    options_init(&link->options);
    options_copy(&link->options, options);
    return link;
}

static void free_links(struct headless *headless)
{
    for (size_t i = 0; i < headless->link_count; i++) {
        options_free(&headless->links[i].options);
        catalogue_free(headless->links[i].catalogue);
        free(headless->links[i].account);
    }
    free(headless->links);
}

/* Of a line or a job; 0 is the first. */
static struct headless_link *link_of(struct headless *headless, uint64_t connection)
{
    return connection <= headless->link_count && headless->link_count ? &headless->links[connection ? connection - 1 : 0] : NULL;
}

/* The next file or socket would get the number of a closed 0, 1 or 2, and objects would be written there. Opened the wrong
   way round, it fails like a closed one whoever uses it. */
static bool hold_standard_files(struct err *err)
{
    static const int wrong_way[] = { O_WRONLY, O_RDONLY, O_RDONLY };
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", wrong_way[fd]) != fd) {
            return err_errno(err, "cannot open /dev/null");
        }
    }
    return true;
}

bool headless_start(struct headless *headless, struct arguments *arguments, struct err *err)
{
    *headless = (struct headless){ .signal_fd = -1, .show_progress = isatty(STDERR_FILENO), .next_job = 1 };
    headless->engine = hold_standard_files(err) ? engine_for(arguments, NULL, err) : NULL;
    return headless->engine && catch_signals(headless, err) && engine_start(headless->engine, err);
}

struct message *headless_ask(struct headless *headless, enum message_kind command, enum message_kind answer, const struct options *options,
                             struct err *err)
{
    struct message *message = message_new(command), *event = NULL;
    message->options = MEM_NEW(struct options);
    options_copy(message->options, options);
    mailbox_post(engine_commands(headless->engine), message);
    while ((event = next_event(headless, err)) && event->kind != answer) {
        message_free(event);
    }
    return event;
}

/* Everything that may fail without a network comes before the first request. */
bool headless_open(struct headless *headless, struct arguments *arguments, struct err *err)
{
    *headless = (struct headless){ .signal_fd = -1, .show_progress = isatty(STDERR_FILENO), .next_job = 1 };
    if (!hold_standard_files(err) || !resolve_secrets(&arguments->options, err)) {
        return false;
    }
    if (arguments->trace && !(headless->trace = trace_open(arguments->trace, err))) {
        return false;
    }
    if (arguments->demo) {
        headless->demo = demo_start(arguments, err);
        if (!headless->demo) {
            return false;
        }
        demo_options(&arguments->options, demo_process_place(headless->demo));
    }
    /* A greeting is for people: cron's mail has it only when it was asked for. */
    set_default(&arguments->options, OPT_SHOW_BANNER, "false");
    headless->engine = engine_for(arguments, headless->demo, err);
    struct headless_link *link = headless->engine ? new_link(headless, &arguments->options, err) : NULL;
    return link && catch_signals(headless, err) && engine_start(headless->engine, err) && connect_and_wait(headless, link, false, err);
}

/* What purvey was told about this machine and its network holds for every connection. */
static void inherit(struct options *options, const struct arguments *arguments)
{
    static const enum option_id common[] = { OPT_CA_FILE, OPT_PROXY, OPT_PAGE_SIZE, OPT_TIMEOUT, OPT_TOKEN_CACHE, OPT_SIGN_IN, OPT_REDIRECT_PORT,
                                             OPT_CERTIFICATE_DIRECTORY, OPT_TRUST_AUTHORITY };
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
        set_default(options, common[i], options_get(&arguments->options, common[i]));
    }
    set_default(options, OPT_SHOW_BANNER, "false");
}

/* A prompt is answered by a person, who may want to stop there: no signal is waited for elsewhere. */
static bool resolve_later(struct options *options, struct err *err)
{
    sigset_t stopping, before;
    sigemptyset(&stopping);
    sigaddset(&stopping, SIGINT);
    sigaddset(&stopping, SIGTERM);
    sigaddset(&stopping, SIGHUP);
    pthread_sigmask(SIG_UNBLOCK, &stopping, &before);
    bool good = resolve_secrets(options, err);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return good;
}

bool headless_connect(struct headless *headless, const struct arguments *arguments, struct options *options, struct err *err)
{
    inherit(options, arguments);
    if (!resolve_later(options, err)) {
        return false;
    }
    if (headless->demo) {
        demo_options(options, demo_process_place(headless->demo));
    }
    struct headless_link *link = new_link(headless, options, err);
    return link && connect_and_wait(headless, link, false, err);
}

bool headless_reconnect(struct headless *headless, struct err *err)
{
    bool good = true;
    for (size_t i = 0; good && i < headless->link_count; i++) {
        struct headless_link *link = &headless->links[i];
        if (link->catalogue && link->catalogue->kept) {
            catalogue_free(link->catalogue);
            free(link->account);
            link->catalogue = NULL;
            link->account = NULL;
            good = connect_and_wait(headless, link, true, err);
        }
    }
    return good;
}

/* A short run is over before the greeting comes, which somebody asked for. */
static void await_greeting(struct headless *headless)
{
    enum { MOST_MS = 5000 };
    int64_t until_ms = clock_ms() + MOST_MS;
    struct err err;
    struct message *event;
    while (headless->greetings > 0 && (event = next_event_until(headless, until_ms, &err))) {
        if (event->kind == EVENT_STEP && event->text) {
            print_line(event->number == OAUTH_STEP_WARNING ? "WARNING: " : "", event->text);
        }
        message_free(event);
    }
}

/* The last exchanges may still be in the mailbox. */
static void drain_trace(struct headless *headless)
{
    struct message *event;
    while (headless->trace && headless->engine && (event = mailbox_take(engine_events(headless->engine)))) {
        if (event->kind == EVENT_EXCHANGE && event->exchange) {
            trace_write(headless->trace, event->exchange);
        }
        message_free(event);
    }
    if (headless->trace && !trace_close(headless->trace)) {
        print_line("WARNING: ", "The trace could not be written to its end.");
    }
}

/* The signal that ended the run is taken out, so that the next one hurries the farewell. */
static void forget_signal(const struct headless *headless)
{
    struct signalfd_siginfo signal;
    while (headless->signal_fd >= 0 && read(headless->signal_fd, &signal, sizeof signal) < 0 && errno == EINTR) {
    }
}

/* The connections are over before the trace is: the farewell belongs to it. */
static void say_farewell(struct headless *headless)
{
    forget_signal(headless);
    struct str leaked = str_of(headless->engine ? engine_farewell(headless->engine, headless->signal_fd) : ""), line;
    while (leaked.len) {
        str_cut(&leaked, '\n', &line);
        char *text = str_dup(line);
        print_line("WARNING: ", text);
        free(text);
    }
}

void headless_close(struct headless *headless)
{
    clear_progress(headless);
    if (!headless->stopped) {
        await_greeting(headless);
    }
    say_farewell(headless);
    drain_trace(headless);
    free_links(headless);
    /* The engine before the demo tenant: a transfer under way would otherwise report a broken connection. */
    engine_free(headless->engine);
    demo_process_stop(headless->demo);
    if (headless->signal_fd >= 0) {
        close(headless->signal_fd);
    }
}

/* ---- running ---- */

struct running {
    struct headless *headless;
    char *cmdlet;
    uint64_t job;
    struct headless_link *link;
    struct rowset *rowset;
    headless_rows *rows;
    void *context;
    bool ended, failed, stopping;
    struct err *err;
    int errors;                 /* non-terminating ones, printed already */
};

static void on_started(struct running *running, struct message *event)
{
    /* The reader of the file is this thread's own; the engine only ever writes. */
    running->rowset = rowset_open(event->text, running->err);
    running->failed = !running->rowset;
}

static void hand_rows(struct running *running, bool last)
{
    /* After a failure the first reason stays; later batches would only repeat it. */
    if (running->rowset && !running->failed) {
        running->failed = !rowset_refresh(running->rowset, running->err) ||
                          !running->rows(running->context, running->rowset, last, running->err);
    }
}

static void on_progress(struct running *running, struct message *event)
{
    hand_rows(running, false);
    if (event->progress.calls > 1) {
        show_progress(running->headless, "calls made...", (long long)event->progress.call);
    } else {
        show_progress(running->headless, "objects so far...", (long long)event->progress.rows);
    }
}

static void on_warning(struct running *running, struct message *event)
{
    clear_progress(running->headless);
    print_line("WARNING: ", event->text);
}

static void on_information(struct running *running, struct message *event)
{
    clear_progress(running->headless);
    if (event->flag && running->headless->show_progress) {
        /* In its place until the next one comes. */
        fprintf(stderr, "\r%s\033[K", event->text);
        running->headless->progress_shown = true;
    } else if (!event->flag) {
        print_line("", event->text);
    }
}

/* What is known to ask is refused before it is sent; a remote session's list of cmdlets does not tell. No is the safe answer. */
static void on_question(struct running *running, struct message *event)
{
    struct message *answer = message_new(COMMAND_ANSWER);
    answer->job = running->job;
    answer->number = FLOW_NO_TO_ALL;
    mailbox_post(engine_commands(running->headless->engine), answer);
    if (!running->failed) {
        running->failed = true;
        err_set(running->err, ERR_INPUT, "The service asks before it acts, and here nobody can answer: %s", event->text);
        err_advise(running->err, "It was not done. Add -Confirm:$false when it shall act without a question.");
    }
}

/* A refusal names the values that would have been taken: later commands and connections know them. */
static void learn(struct running *running, const struct err *err)
{
    if (running->link) {
        known_values_learn(running->link->catalogue, str_of(running->cmdlet), str_of(err->field), str_of(err->text));
    }
}

static void on_error(struct running *running, struct message *event)
{
    clear_progress(running->headless);
    running->errors++;
    if (event->err) {
        learn(running, event->err);
        cli_print_error(event->err);
    }
}

static void on_waiting(struct running *running, struct message *event)
{
    if (event->err) {
        /* Where no countdown is drawn, in a log, the line alone says that it is no failure yet. */
        char *line = mem_format("%s (next try in %lld s)", event->err->text, (long long)event->number);
        clear_progress(running->headless);
        print_line("", line);
        free(line);
    }
    show_progress(running->headless, "s until the next try...", (long long)event->number);
}

static void on_done(struct running *running, struct message *event)
{
    clear_progress(running->headless);
    running->ended = true;
    /* The last rows come before the verdict: what arrived is printed even if the cmdlet failed. Whoever stops it at a terminal has
       seen enough. */
    hand_rows(running, !running->stopping || !isatty(STDOUT_FILENO));
    if (event->err) {
        learn(running, event->err);
    }
    if (running->link) {
        connection_take_rate(running->link->account, &event->progress);
    }
    if (event->err && !running->failed) {
        running->failed = true;
        *running->err = *event->err;
    } else if (running->errors && !running->failed) {
        /* The cmdlet went through and did not do all of it (rest.md section 5): a script must not take that for done. */
        running->failed = true;
        running->headless->told = running->errors == 1;
        err_set(running->err, ERR_SERVER, "The cmdlet reported %d error%s; what it says is above.", running->errors,
                running->errors == 1 ? "" : "s");
    }
}

/* Events of a job that was given up may still be in the mailbox. */
static void handle_event(struct running *running, struct message *event)
{
    static void (*const handlers[])(struct running *, struct message *) = {
        [EVENT_JOB_STARTED] = on_started,
        [EVENT_JOB_PROGRESS] = on_progress,
        [EVENT_JOB_WARNING] = on_warning,
        [EVENT_JOB_INFORMATION] = on_information,
        [EVENT_JOB_QUESTION] = on_question,
        [EVENT_JOB_ERROR] = on_error,
        [EVENT_JOB_WAITING] = on_waiting,
        [EVENT_JOB_DONE] = on_done,
        [EVENT_ENGINE_FAILED] = NULL,
    };
    if (event->kind == EVENT_STEP && event->text) {
        clear_progress(running->headless);
        print_line(event->number == OAUTH_STEP_WARNING ? "WARNING: " : "", event->text);
    } else if (event->job == running->job && handlers[event->kind]) {
        handlers[event->kind](running, event);
    }
}

static void post_job(struct headless *headless, enum message_kind kind, uint64_t job)
{
    struct message *command = message_new(kind);
    command->job = job;
    mailbox_post(engine_commands(headless->engine), command);
}

/* A signal asks to stop: the job tells its end, so that all rows that came are printed, and an export can go on behind just those. The
   signal is not waited for here; it stays for the output, where a reader may stand still. */
static void stop_job(struct running *running)
{
    const struct err stopped = *running->err;
    const int64_t until_ms = clock_ms() + STOPPING_MS;
    const int signal_fd = running->headless->signal_fd;
    struct message *event;
    running->stopping = true;
    running->headless->signal_fd = -1;
    post_job(running->headless, COMMAND_CANCEL, running->job);
    while (!running->ended && (event = next_event_until(running->headless, until_ms, running->err)) != NULL) {
        handle_event(running, event);
        message_free(event);
    }
    running->headless->signal_fd = signal_fd;
    *running->err = stopped;
    running->failed = true;
}

/* The job is discarded whatever happened, so that its file does not outlive it by more than this line. */
bool headless_run(struct headless *headless, struct pipeline *pipeline, headless_rows *rows, void *context, struct err *err)
{
    const struct stage *stage = pipeline_main(pipeline);
    struct running running = {
        .headless = headless, .job = headless->next_job++, .rows = rows, .context = context, .err = err,
        .cmdlet = mem_text(stage ? stage->invocation->cmdlet : ""), .link = link_of(headless, pipeline_connection(pipeline, 0)),
    };
    struct message *command = message_new(COMMAND_RUN);
    headless->told = false;
    command->connection = pipeline_connection(pipeline, 1);
    command->job = running.job;
    command->pipeline = pipeline;
    mailbox_post(engine_commands(headless->engine), command);
    while (!running.ended && !running.failed) {
        struct message *event = next_event(headless, err);
        if (!event && err->kind == ERR_CANCELLED) {
            stop_job(&running);
            break;
        }
        if (!event) {
            running.failed = true;
            break;
        }
        handle_event(&running, event);
        message_free(event);
    }
    rowset_close(running.rowset);
    free(running.cmdlet);
    post_job(headless, COMMAND_DISCARD, running.job);
    return !running.failed;
}
