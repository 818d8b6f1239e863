/* The core: the stack of screens, what a key goes to, what effects do. No terminal, no clock. */
#include "ui/app.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/status_bar.h"

#define HELP_NAME "Help"
enum { MIN_ROWS = 10, MIN_COLUMNS = 40, FRAME_ROWS = 2, MAX_SCREENS = 64 };

struct app {
    struct app_config config;
    struct app_state state;
    struct screen stack[MAX_SCREENS];
    size_t depth;
    int rows, columns;
    bool dirty, ended, redraw, suspend;
    struct offer offer;             /* of the top screen */
    struct offer help_offer;        /* as it was when help was asked for */
    char *status;
    enum status_level status_level;
    struct dialog dialog;           /* the app's own question: really leave? */
    char *copy;
    int64_t tick_ms;                /* when the next tick is due */
};

struct app *app_new(const struct app_config *config)
{
    struct app *app = MEM_NEW(struct app);
    app->config = *config;
    app_state_init(&app->state);
    app->state.demo = config->demo;
    app->state.demo_options = config->demo_options;
    app->state.utf8 = config->utf8;
    app->rows = 24;
    app->columns = 80;
    app->dirty = true;
    return app;
}

void app_free(struct app *app)
{
    if (!app)
        return;
    while (app->depth > 0)
        screen_free(&app->stack[--app->depth]);
    app_state_free(&app->state);
    dialog_free(&app->dialog);
    free(app->status);
    free(app->copy);
    free(app);
}

const struct app_state *app_state(const struct app *app)
{
    return &app->state;
}

static const struct screen *top(const struct app *app)
{
    static const struct screen none = { 0 };
    return app->depth > 0 ? &app->stack[app->depth - 1] : &none;
}

struct app_state *app_state_for_tests(struct app *app)
{
    return &app->state;
}

/* --- which connection is on show --- */

static bool is_browser(const struct screen *screen)
{
    return screen->class->connection != NULL;
}

static uint64_t shown_connection(const struct app *app)
{
    for (size_t i = app->depth; i-- > 0;)
        if (is_browser(&app->stack[i]))
            return app->stack[i].class->connection(app->stack[i].model);
    return 0;
}

/* --- what the top screen offers --- */

/* Asked anew after every input, because what can be done depends on the model. A screen that starts to want ticks gets
   the first one a full second later. */
static void refresh_offer(struct app *app)
{
    bool ticked = app->offer.tick;
    app->state.shown = shown_connection(app);
    app->offer = (struct offer){ 0 };
    if (dialog_open(&app->dialog))
        dialog_offer(&app->dialog, &app->offer);
    else if (app->depth > 0 && top(app)->class->offer)
        top(app)->class->offer(top(app)->model, &app->offer);
    /* What is left of a token that was handed in runs down in the top line, on every screen. */
    const struct session_view *session = app_state_current(&app->state);
    app->offer.tick |= session && session->state == SESSION_CONNECTED && session->account.given_token && session->account.expires_unix > 0;
    if (app->offer.tick && !ticked)
        app->tick_ms = app->state.now_ms + 1000;
}

static void set_status(struct app *app, enum status_level level, const char *text)
{
    free(app->status);
    app->status = mem_text(text);
    app->status_level = level;
    app->dirty = true;
}

/* --- effects --- */

static void give(struct app *app, struct screen screen, const struct ui_input *input);

static size_t index_of(const struct app *app, struct screen screen)
{
    for (size_t i = 0; i < app->depth; i++)
        if (app->stack[i].model == screen.model && app->stack[i].class == screen.class)
            return i;
    return app->depth;
}

/* Screens learn their size when they come on top: the first time, and again when what lay over them has gone. */
static void tell_size(struct app *app)
{
    struct ui_input input = { .kind = INPUT_RESIZE, .columns = app->columns };
    app->state.shown = shown_connection(app);
    input.rows = app->rows > FRAME_ROWS ? app->rows - FRAME_ROWS : 0;
    if (app->depth > 0)
        give(app, *top(app), &input);
}

static void perform_push(struct app *app, struct screen from, struct effect *effect)
{
    (void)from;
    if (app->depth == MAX_SCREENS) {
        set_status(app, STATUS_WARNING, "Too many screens are open: go back first.");
        screen_free(&effect->screen);
        return;
    }
    app->stack[app->depth++] = effect->screen;
    effect->screen = (struct screen){ 0 };
    tell_size(app);
}

/* Behind the last screen that lies over this one: the next pile is another connection's. */
static size_t pile_end(const struct app *app, size_t index)
{
    size_t end = index + 1;
    while (end < app->depth && !is_browser(&app->stack[end]) && !app->stack[end].class->apart)
        end++;
    return end;
}

/* The place where it was. A screen may be gone already when a later effect of the same update names it. */
static bool drop_from(struct app *app, struct screen from, size_t *place)
{
    size_t index = index_of(app, from);
    *place = index;
    if (index == app->depth)
        return false;
    size_t end = pile_end(app, index);
    for (size_t i = end; i-- > index;)
        screen_free(&app->stack[i]);
    memmove(app->stack + index, app->stack + end, (app->depth - end) * sizeof app->stack[0]);
    app->depth -= end - index;
    return true;
}

/* What comes up behind another connection's screens stays there until it is asked for. */
static void perform_replace(struct app *app, struct screen from, struct effect *effect)
{
    size_t place;
    if (!drop_from(app, from, &place))
        return;
    memmove(app->stack + place + 1, app->stack + place, (app->depth - place) * sizeof app->stack[0]);
    app->stack[place] = effect->screen;
    app->depth++;
    effect->screen = (struct screen){ 0 };
    if (place + 1 == app->depth)
        tell_size(app);
}

static void perform_pop(struct app *app, struct screen from, struct effect *effect)
{
    size_t place;
    (void)effect;
    if (!drop_from(app, from, &place))
        return;
    app->ended = app->ended || app->depth == 0;
    tell_size(app);
}

/* The state learns of a command before the engine does: a screen made by the next effect finds its job there. */
static void perform_send(struct app *app, struct screen from, struct effect *effect)
{
    (void)from;
    app_state_sent(&app->state, effect->message);
    app->config.send(app->config.context, effect->message);
    effect->message = NULL;
}

static void perform_copy(struct app *app, struct screen from, struct effect *effect)
{
    (void)from;
    free(app->copy);
    app->copy = effect->text;
    effect->text = NULL;
}

static void perform_status(struct app *app, struct screen from, struct effect *effect)
{
    (void)from;
    set_status(app, effect->level, effect->text);
}

static void do_action(struct app *app, enum action action);

/* What is on top has changed since the key was pressed, so what the action means is looked up anew. */
static void perform_action(struct app *app, struct screen from, struct effect *effect)
{
    (void)from;
    refresh_offer(app);
    do_action(app, effect->action);
}

/* A pile comes on top: a browser and what lies over it, up to the next one. */
static void raise_pile(struct app *app, size_t start)
{
    struct screen pile[MAX_SCREENS];
    size_t count = pile_end(app, start) - start, above = app->depth - start - count;
    memcpy(pile, app->stack + start, count * sizeof pile[0]);
    memmove(app->stack + start, app->stack + start + count, above * sizeof app->stack[0]);
    memcpy(app->stack + start + above, pile, count * sizeof pile[0]);
    tell_size(app);
}

static void perform_show(struct app *app, struct screen from, struct effect *effect)
{
    (void)from;
    for (size_t i = 0; i < app->depth; i++) {
        if (is_browser(&app->stack[i]) && app->stack[i].class->connection(app->stack[i].model) == effect->connection) {
            raise_pile(app, i);
            return;
        }
    }
}

static void perform_quit(struct app *app, struct screen from, struct effect *effect)
{
    (void)from;
    (void)effect;
    app->ended = true;
}

static void (*const performers[])(struct app *, struct screen, struct effect *) = {
    [EFFECT_PUSH] = perform_push,     [EFFECT_REPLACE] = perform_replace, [EFFECT_POP] = perform_pop,
    [EFFECT_SEND] = perform_send,     [EFFECT_COPY] = perform_copy,       [EFFECT_STATUS] = perform_status,
    [EFFECT_ACTION] = perform_action, [EFFECT_SHOW] = perform_show,       [EFFECT_QUIT] = perform_quit,
};

static void give(struct app *app, struct screen screen, const struct ui_input *input)
{
    struct effects effects;
    effects_init(&effects, &app->state);
    screen.class->update(screen.model, input, &effects);
    app->state.next_job = effects.next_job;
    app->state.next_connection = effects.next_connection;
    for (size_t i = 0; i < effects.count; i++)
        performers[effects.items[i].kind](app, screen, &effects.items[i]);
    effects_free(&effects);
    app->dirty = true;
}

static void give_top(struct app *app, const struct ui_input *input)
{
    if (app->depth > 0 && !app->ended)
        give(app, *top(app), input);
}

void app_push(struct app *app, struct screen screen)
{
    struct effect effect = { .kind = EFFECT_PUSH, .screen = screen };
    perform_push(app, screen, &effect);
    refresh_offer(app);
}

/* --- actions of the app --- */

static void push_helper(struct app *app, struct screen (*make)(const struct app_state *app_state))
{
    if (!make)
        return;
    struct effect effect = { .kind = EFFECT_PUSH, .screen = make(&app->state) };
    /* Help on help, or the log over the log, would only pile up. */
    if (effect.screen.class == top(app)->class)
        screen_free(&effect.screen);
    else
        perform_push(app, effect.screen, &effect);
}

static void app_help(struct app *app)
{
    /* Asked for on the help screen itself, it stays about the screen below. */
    if (app->state.offer_screen && strcmp(app_screen_name(app), HELP_NAME) == 0)
        return;
    app->help_offer = app->offer;
    app->state.offer = &app->help_offer;
    app->state.offer_screen = app_screen_name(app);
    push_helper(app, app->config.help);
}

static void app_log(struct app *app)
{
    push_helper(app, app->config.log);
}

/* The lowest pile comes on top. */
static void app_switch(struct app *app)
{
    size_t start = 0, browsers = 0;
    for (size_t i = app->depth; i-- > 0;) {
        if (is_browser(&app->stack[i])) {
            start = i;
            browsers++;
        }
    }
    if (browsers < 2) {
        set_status(app, STATUS_INFO, "No other connection is open. Ctrl-O in the list of cmdlets makes one.");
        return;
    }
    raise_pile(app, start);
}

static void app_redraw(struct app *app)
{
    app->redraw = app->dirty = true;
}

static void app_suspend(struct app *app)
{
    app->suspend = true;
}

/* Leaving cancels what runs, and that may be hours of work: ask first. With nothing running there is nothing to lose. */
static void app_quit(struct app *app)
{
    size_t running = app_state_running(&app->state);
    if (running == 0) {
        app->ended = true;
        return;
    }
    char *text = mem_format(running == 1 ? "%zu cmdlet is still running. It is cancelled when you leave."
                                         : "%zu cmdlets are still running. They are cancelled when you leave.", running);
    dialog_confirm(&app->dialog, "Leave purvey?", text, "Leave", "Stay");
    free(text);
}

static const struct { enum action action; void (*run)(struct app *app); } own_actions[] = {
    { ACTION_HELP, app_help },       { ACTION_LOG, app_log },   { ACTION_REDRAW, app_redraw },
    { ACTION_SUSPEND, app_suspend }, { ACTION_QUIT, app_quit }, { ACTION_SWITCH, app_switch },
};

/* A screen that offers one of the app's actions gets it itself. */
static bool own_action(struct app *app, enum action action)
{
    if (offer_has(&app->offer, action))
        return false;
    for (size_t i = 0; i < sizeof own_actions / sizeof own_actions[0]; i++) {
        if (own_actions[i].action == action) {
            own_actions[i].run(app);
            app->dirty = true;
            return true;
        }
    }
    return false;
}

static void give_dialog(struct app *app, const struct ui_input *input)
{
    if (dialog_input(&app->dialog, input) == DIALOG_YES)
        app->ended = true;
    app->dirty = true;
}

static void do_action(struct app *app, enum action action)
{
    struct ui_input input = { .kind = INPUT_ACTION, .action = action };
    if (dialog_open(&app->dialog))
        give_dialog(app, &input);
    else if (!own_action(app, action))
        give_top(app, &input);
}

/* --- inputs --- */

void app_time(struct app *app, int64_t now_ms, int64_t now_unix)
{
    app->state.now_ms = now_ms;
    app->state.now_unix = now_unix;
}

void app_resize(struct app *app, int rows, int columns)
{
    app->rows = rows;
    app->columns = columns;
    tell_size(app);
    refresh_offer(app);
    app->dirty = true;
}

static void clear_status(struct app *app)
{
    app->dirty = app->dirty || app->status;
    free(app->status);
    app->status = NULL;
}

/* Ctrl-C is pressed in the hope of getting out; it must not be silent, and it must not end the program by accident. */
static void no_meaning(struct app *app, struct key key)
{
    bool interrupt = key.ctrl && key.character == 'c';
    if (interrupt)
        set_status(app, STATUS_INFO, "Nothing is running here that could be cancelled. Ctrl-Q leaves purvey.");
}

static void give_text(struct app *app, enum input_kind kind, struct str text)
{
    struct ui_input input = { .kind = kind, .text = text };
    if (dialog_open(&app->dialog))
        give_dialog(app, &input);
    else
        give_top(app, &input);
}

void app_key(struct app *app, struct key key)
{
    char text[5];
    clear_status(app);
    enum action action = keymap_action(key, &app->offer);
    if (action != ACTION_NONE)
        do_action(app, action);
    else if (app->offer.typing && keymap_is_text(key, text))
        give_text(app, INPUT_TEXT, str_of(text));
    else
        no_meaning(app, key);
    refresh_offer(app);
}

void app_paste(struct app *app, struct str text)
{
    clear_status(app);
    if (app->offer.typing)
        give_text(app, INPUT_PASTE, text);
    else
        set_status(app, STATUS_INFO, "Nothing here takes pasted text: go to an entry field first.");
    refresh_offer(app);
}

/* What happens to a connection behind the open screens: its list of steps is seen by nobody any more. A greeting does not
   take the place of a warning that nobody has had time to read. */
static void tell_late_step(struct app *app, const struct message *event)
{
    const struct session_view *session = event->kind == EVENT_STEP ? app_state_session(&app->state, event->connection) : NULL;
    bool warning = event->number == OAUTH_STEP_WARNING;
    if (session && session->state == SESSION_CONNECTED && event->text && (warning || !app->status || app->status_level != STATUS_WARNING))
        set_status(app, warning ? STATUS_WARNING : STATUS_INFO, event->text);
}

/* The list of steps goes when the connection is open, which may be at once: its last warning stays. */
static void tell_warning(struct app *app, const struct message *event)
{
    const struct session_view *session = event->kind == EVENT_CONNECTED ? app_state_session(&app->state, event->connection) : NULL;
    for (size_t i = session ? session->step_count : 0; i-- > 0;)
        if (session->steps[i].state == OAUTH_STEP_WARNING) {
            set_status(app, STATUS_WARNING, session->steps[i].title);
            return;
        }
}

static void tell_signed_out(struct app *app, const struct message *event)
{
    if (event->kind == EVENT_SIGNED_OUT && event->err)
        set_status(app, STATUS_ERROR, event->err->text);
    else if (event->kind == EVENT_SIGNED_OUT)
        set_status(app, STATUS_INFO, event->number ? "Signed out: what was kept of the sign-in is forgotten." : "Disconnected; nothing was kept of the sign-in.");
}

void app_event(struct app *app, struct message *event)
{
    struct ui_input input = { .kind = INPUT_EVENT, .event = event };
    if (app_state_event(&app->state, event)) {
        if (event->kind == EVENT_ENGINE_FAILED && event->err)
            set_status(app, STATUS_ERROR, event->err->text);
        tell_late_step(app, event);
        tell_warning(app, event);
        tell_signed_out(app, event);
        /* One for each object, and the table has them all: what was said before them is more important. */
        bool preview = event->text && str_starts(str_of(event->text), STR("What if: "));
        if (event->kind == EVENT_JOB_INFORMATION && event->text && !preview)
            set_status(app, STATUS_INFO, event->text);
        /* A screen may take others off: those above it are gone then, those below still get the event. */
        for (size_t i = app->depth; i-- > 0;)
            if (i < app->depth)
                give(app, app->stack[i], &input);
    }
    message_free(event);
    refresh_offer(app);
}

void app_tick(struct app *app)
{
    struct ui_input input = { .kind = INPUT_TICK };
    if (!app->offer.tick)
        return;
    app->tick_ms = app->state.now_ms + 1000;
    give_top(app, &input);
    refresh_offer(app);
}

int app_tick_ms(const struct app *app)
{
    if (!app->offer.tick)
        return -1;
    int64_t wait = app->tick_ms - app->state.now_ms;
    return wait < 0 ? 0 : wait > 1000 ? 1000 : (int)wait;
}

/* --- drawing --- */

static void draw_too_small(const struct app *app, struct cells *cells)
{
    cells_format(cells, 0, 0, app->columns, STYLE_WARNING, "Too small: %dx%d", app->columns, app->rows);
    cells_format(cells, 1, 0, app->columns, STYLE_TEXT, "purvey needs %dx%d", MIN_COLUMNS, MIN_ROWS);
}

static void draw_top_line(const struct app *app, struct cells *cells, struct area row)
{
    struct buf title = BUF_INIT(BUF_SMALL);
    const struct screen *screen = top(app);
    if (screen->class && screen->class->title)
        screen->class->title(screen->model, &title);
    else
        buf_text(&title, app_screen_name(app));
    status_bar_top(cells, row, &app->state, buf_cstr(&title));
    buf_free(&title);
}

void app_draw(struct app *app, struct cells *cells)
{
    cells_resize(cells, app->rows, app->columns);
    cells->ascii = !app->config.utf8;
    app->dirty = false;
    if (app->rows < MIN_ROWS || app->columns < MIN_COLUMNS) {
        draw_too_small(app, cells);
        return;
    }
    struct area area = cells_area(cells);
    struct area first = area_cut_top(&area, 1), last = area_cut_bottom(&area, 1);
    draw_top_line(app, cells, first);
    if (app->depth > 0)
        top(app)->class->draw(top(app)->model, cells, area);
    if (dialog_open(&app->dialog))
        dialog_draw(&app->dialog, cells, area);
    if (app->status)
        status_bar_message(cells, last, app->status_level, app->status);
    else
        status_bar_keys(cells, last, &app->offer);
}

/* --- what the loop asks --- */

bool app_dirty(const struct app *app)
{
    return app->dirty;
}

bool app_ended(const struct app *app)
{
    return app->ended;
}

const char *app_screen_name(const struct app *app)
{
    return app->depth > 0 ? top(app)->class->name : "";
}

char *app_take_copy(struct app *app)
{
    char *copy = app->copy;
    app->copy = NULL;
    return copy;
}

bool app_take_suspend(struct app *app)
{
    bool asked = app->suspend;
    app->suspend = false;
    return asked;
}

bool app_take_redraw(struct app *app)
{
    bool asked = app->redraw;
    app->redraw = false;
    return asked;
}
