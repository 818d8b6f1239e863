/* The engine without a screen: connects, runs one cmdlet after the other, tells progress on stderr. */
#ifndef PURVEY_UI_CLI_HEADLESS_H
#define PURVEY_UI_CLI_HEADLESS_H

#include "engine/demo_process.h"
#include "engine/engine.h"
#include "results/rowset.h"
#include "ui/cli/arguments.h"

/* One connection of a run; its number is its place, from 1 on. */
struct headless_link {
    struct options options;         /* as it was opened */
    struct catalogue *catalogue;    /* NULL until it is open, with account */
    struct account *account;
};
#define HEADLESS_LINKS_MOST 16

struct headless {
    struct engine *engine;
    struct demo_process *demo;
    struct headless_link *links;    /* HEADLESS_LINKS_MOST of them */
    size_t link_count;
    int signal_fd;
    struct trace *trace;            /* NULL = none */
    bool show_progress;             /* stderr is a terminal */
    bool progress_shown;
    bool stopped;                   /* a signal asked to */
    bool told;                      /* the last run failed by one error, and that was printed while it went */
    int greetings;                  /* of the service, which were asked for, are on their way */
    uint64_t next_job;
};

/* Puts what --demo stands for into the options: addresses, CA, user (where none was given). */
void demo_options(struct options *options, const struct demo_place *place);
struct demo_process *demo_start(const struct arguments *arguments, struct err *err) MUST_USE;
struct engine *engine_for(const struct arguments *arguments, const struct demo_process *demo, struct err *err) MUST_USE;

/* Reads the secrets of the options from where they are (file:, env:, cmd:, prompt...), before any screen and any thread:
   a prompt needs the terminal to itself. */
bool resolve_secrets(struct options *options, struct err *err) MUST_USE;

/* Starts the engine and signs in. Options of `arguments` are completed for the demo tenant. */
bool headless_open(struct headless *headless, struct arguments *arguments, struct err *err) MUST_USE;
/* A further connection: the options are the line's own, what is purvey's is taken from the command line. */
bool headless_connect(struct headless *headless, const struct arguments *arguments, struct options *options, struct err *err) MUST_USE;
/* The same connections once more, with the lists of cmdlets read anew: something may be missing in those that were kept. */
bool headless_reconnect(struct headless *headless, struct err *err) MUST_USE;
/* Starts the engine and no connection, for commands that need none. Ended by headless_close as well. */
bool headless_start(struct headless *headless, struct arguments *arguments, struct err *err) MUST_USE;
/* Sends options with a command and waits for its answer, which is the caller's; NULL with err. */
struct message *headless_ask(struct headless *headless, enum message_kind command, enum message_kind answer, const struct options *options,
                             struct err *err) MUST_USE;
void headless_close(struct headless *headless);

/* Runs one pipeline to its end. rows is called whenever rows may be read (rowset open and refreshed), with last = true the
   final time, also after a failure; false from it ends the run with *err. Takes the pipeline. */
typedef bool headless_rows(void *context, struct rowset *rowset, bool last, struct err *err);
bool headless_run(struct headless *headless, struct pipeline *pipeline, headless_rows *rows, void *context,
                  struct err *err) MUST_USE;

/* An error as people read it on stderr: text, code, advice, ids. */
void cli_print_error(const struct err *err);
/* The same with lines below the text, cleaned already: where it went wrong. */
void cli_print_error_at(const struct err *err, struct str place);
void cli_print_warning(const char *text);
/* Writes what printf left in its buffer. False with ERR_SYSTEM when not all of standard output could be written. */
bool cli_flush(struct err *err) MUST_USE;

#endif
