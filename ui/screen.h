/* The contract of a screen: a model, update and draw. update changes the model and returns what should happen (effects);
   it performs nothing itself. draw only reads. So every screen is tested with no terminal. */
#ifndef PURVEY_UI_SCREEN_H
#define PURVEY_UI_SCREEN_H

#include "engine/message.h"
#include "ui/action.h"
#include "ui/app_state.h"
#include "ui/cells.h"

enum input_kind {
    INPUT_ACTION,       /* action */
    INPUT_TEXT,         /* text: typed, UTF-8, without control characters. Only while offer.typing */
    INPUT_PASTE,        /* text: pasted, UTF-8, at most 1 MiB, line ends as LF, not cleaned. Only while offer.typing */
    INPUT_EVENT,        /* event: the engine's. The app state has already taken it in, and taken out of it what it
                           owns (catalogue, account, exchange, device prompt): read those in the app state. Every screen
                           on the stack gets it, not only the one on top */
    INPUT_RESIZE,       /* rows, columns of the area that draw will get. Also the very first input of a screen, and sent
                           again when the screen comes back on top */
    INPUT_TICK,         /* about a second passed. Only while offer.tick */
};

struct ui_input {
    enum input_kind kind;
    enum action action;
    struct str text;
    const struct message *event;
    int rows, columns;
};

/* What a screen offers at the moment: filled anew after every update. */
#define OFFER_MAX 32
struct offered_action { enum action action; const char *label; };   /* label NULL = the action's own; static text */
struct offer {
    struct offered_action actions[OFFER_MAX];   /* in order of importance: the bottom line shows the first that fit */
    size_t count;
    bool typing;        /* an entry field has the cursor: printable keys are text */
    bool tick;          /* wants INPUT_TICK once a second (countdowns). Never true when nothing changes by itself */
};
void offer_add(struct offer *offer, enum action action, const char *label);
bool offer_has(const struct offer *offer, enum action action);

struct effects;

struct screen_class {
    const char *name;                                       /* "Results": on the top line and in tests */
    void (*free)(void *model);
    void (*update)(void *model, const struct ui_input *input, struct effects *effects);
    void (*draw)(const void *model, struct cells *cells, struct area area);     /* the area was cleared */
    void (*offer)(const void *model, struct offer *offer);  /* offer comes empty */
    void (*title)(const void *model, struct buf *out);      /* NULL = name */
    /* A screen that begins a pile of its own: the browser of a connection, with what lies over it. NULL = lies over another. */
    uint64_t (*connection)(const void *model);
    bool apart;                                             /* belongs to no connection's pile (the connect form) */
};

/* A screen made by one of the constructors in ui/screens.h and not yet or now on the stack. Constructors only remember
   what they are given: they must not look a job or a connection up in the app state, which may learn of it only when
   the effects of the present update are performed. The first INPUT_RESIZE is the time for that. */
struct screen { const struct screen_class *class; void *model; };
void screen_free(struct screen *screen);

/* --- Effects: performed by the app in order, after update returns. --- */

enum status_level { STATUS_INFO, STATUS_GOOD, STATUS_WARNING, STATUS_ERROR };

enum effect_kind {
    EFFECT_PUSH, EFFECT_REPLACE, EFFECT_POP, EFFECT_SEND, EFFECT_COPY, EFFECT_STATUS, EFFECT_ACTION, EFFECT_SHOW, EFFECT_QUIT,
};

struct effect {
    enum effect_kind kind;
    struct screen screen;           /* PUSH, REPLACE */
    struct message *message;        /* SEND */
    char *text;                     /* COPY, STATUS */
    enum status_level level;        /* STATUS */
    enum action action;             /* ACTION */
    uint64_t connection;            /* SHOW */
};

struct effects {
    struct effect *items; size_t count, capacity;
    uint64_t next_job, next_connection;     /* set by the app before update; read back after it */
};
void effects_init(struct effects *effects, const struct app_state *app);
void effects_free(struct effects *effects);         /* frees what was not performed */

/* Effects refer to the screen whose update made them: REPLACE and POP take that screen off with all above it. Popping
   the last screen leaves the program. All take what they are given. */
void effect_push(struct effects *effects, struct screen screen);
void effect_replace(struct effects *effects, struct screen screen);
void effect_pop(struct effects *effects);
void effect_quit(struct effects *effects);
/* Gives the action to the screen on top once the effects before it are done (the help screen: pop, then do it). */
void effect_action(struct effects *effects, enum action action);
/* Brings the screens of another connection on top: what is pushed next lies over them. */
void effect_show(struct effects *effects, uint64_t connection);
/* Down to the browser of the connection and its ':' line; what lies over it has kept what is to be kept. */
void effect_to_prompt(struct effects *effects);
/* To the clipboard by OSC 52; the status line says "Copied <what>". Both are copied. */
void effect_copy(struct effects *effects, struct str text, const char *what);
/* The transient line; gone with the next key. */
void effect_status(struct effects *effects, enum status_level level, const char *format, ...) PRINTF_LIKE(3, 4);
void effect_send(struct effects *effects, struct message *message);

/* The messages of every day. connect copies the options and returns the new connection's number; run takes the
   pipeline and returns the new job's number: both numbers are good for constructors at once. */
uint64_t effect_connect(struct effects *effects, const struct options *options);
void effect_sign_out(struct effects *effects, const struct options *options, const char *user);    /* of this user, in the options' cache */
void effect_connection(struct effects *effects, enum message_kind kind, uint64_t connection);   /* CONNECT_CANCEL,
                                                                                    DISCONNECT, DEMO_APPROVE */
uint64_t effect_run(struct effects *effects, uint64_t connection, struct pipeline *pipeline);
void effect_continue(struct effects *effects, uint64_t connection, uint64_t job);     /* a read that broke goes on */
void effect_answer(struct effects *effects, uint64_t job, enum flow_answer answer);     /* to the service's question */
void effect_cancel(struct effects *effects, uint64_t job);      /* the app drops the job's later news at once */
void effect_pause(struct effects *effects, uint64_t job, bool pause);
void effect_discard(struct effects *effects, uint64_t job);     /* cancels too; the job leaves the app state */
void effect_arrange(struct effects *effects, uint64_t job, uint32_t view, const struct arrangement *arrangement);
void effect_find(struct effects *effects, uint64_t job, uint32_t view, struct str text, int64_t from, bool backwards);

#endif
