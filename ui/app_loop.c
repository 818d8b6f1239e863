/* The loop around the core: waits for the terminal, the engine and signals, and draws. Sleeps when nothing happens. */
#include "ui/app.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#include "base/clock.h"
#include "engine/mailbox.h"
#include "ui/terminal.h"

enum { FRAME_MS = 16, EVENTS_A_TURN = 64 };

struct loop {
    struct app *app;
    struct terminal *terminal;
    struct mailbox *events;
    struct cells *cells;
    int64_t drawn_ms;
    bool typed;                 /* a key shows its effect at once, whatever the frame rate */
    int exit_code;
    bool ended;
};

static void set_time(struct loop *loop)
{
    app_time(loop->app, clock_ms(), clock_unix());
}

static void end(struct loop *loop, int number)
{
    loop->ended = true;
    loop->exit_code = 128 + number;
}

static void take_size(struct loop *loop)
{
    int rows, columns;
    terminal_size(loop->terminal, &rows, &columns);
    app_resize(loop->app, rows, columns);
}

static void take_signal(struct loop *loop, int number)
{
    switch (number) {
    case SIGWINCH:
        terminal_resized(loop->terminal);
        take_size(loop);
        break;
    case SIGTSTP:
        terminal_suspend(loop->terminal);
        take_size(loop);
        break;
    case SIGCONT:
        terminal_resized(loop->terminal);
        take_size(loop);
        break;
    default:
        end(loop, number);
        break;
    }
}

static void take_signals(struct loop *loop)
{
    int number;
    while (!loop->ended && (number = terminal_signal(loop->terminal)) != 0)
        take_signal(loop, number);
}

/* What a key asked for that only the loop can do. */
static void serve(struct loop *loop)
{
    char *copy = app_take_copy(loop->app);
    if (copy)
        terminal_copy(loop->terminal, str_of(copy));
    free(copy);
    if (app_take_redraw(loop->app))
        terminal_redraw(loop->terminal);
    if (app_take_suspend(loop->app)) {
        terminal_suspend(loop->terminal);
        take_size(loop);
    }
}

static void take_keys(struct loop *loop)
{
    struct key key;
    struct str paste;
    while (!app_ended(loop->app)) {
        switch (terminal_read(loop->terminal, &key, &paste)) {
        case TERMINAL_KEY: app_key(loop->app, key); break;
        case TERMINAL_PASTE: app_paste(loop->app, paste); break;
        case TERMINAL_GONE: end(loop, SIGHUP); return;
        case TERMINAL_NOTHING: return;
        }
        loop->typed = true;
        serve(loop);
    }
}

/* Only so many at once: keys must not wait behind a flood. The descriptor stays readable for the rest. */
static void take_events(struct loop *loop)
{
    struct message *event;
    for (int i = 0; i < EVENTS_A_TURN && (event = mailbox_take(loop->events)) != NULL; i++)
        app_event(loop->app, event);
}

static void draw(struct loop *loop)
{
    app_draw(loop->app, loop->cells);
    terminal_show(loop->terminal, loop->cells);
    loop->drawn_ms = clock_ms();
    loop->typed = false;
}

/* Milliseconds until the next frame may be drawn; -1 = nothing to draw. */
static int frame_wait(const struct loop *loop)
{
    if (!app_dirty(loop->app))
        return -1;
    int64_t wait = loop->typed ? 0 : loop->drawn_ms + FRAME_MS - clock_ms();
    return wait < 0 ? 0 : (int)wait;
}

static int sooner(int a, int b)
{
    return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

static void wait_and_take(struct loop *loop)
{
    struct pollfd ready[] = {
        { .fd = terminal_fd(loop->terminal), .events = POLLIN },
        { .fd = terminal_signal_fd(loop->terminal), .events = POLLIN },
        { .fd = loop->events ? mailbox_fd(loop->events) : -1, .events = POLLIN },
    };
    set_time(loop);
    int wait = sooner(sooner(frame_wait(loop), app_tick_ms(loop->app)), terminal_pending_ms(loop->terminal));
    if (poll(ready, sizeof ready / sizeof ready[0], wait) < 0)
        return;
    set_time(loop);
    if (ready[1].revents)
        take_signals(loop);
    if (ready[0].revents || terminal_pending_ms(loop->terminal) >= 0)
        take_keys(loop);
    if (ready[2].revents)
        take_events(loop);
    serve(loop);
    if (app_tick_ms(loop->app) == 0)
        app_tick(loop->app);
}

int app_run(struct app *app, struct terminal *terminal, struct mailbox *events)
{
    struct loop loop = { .app = app, .terminal = terminal, .events = events };
    loop.cells = cells_new(0, 0);
    set_time(&loop);
    take_size(&loop);
    while (!loop.ended && !app_ended(app)) {
        if (frame_wait(&loop) == 0)
            draw(&loop);
        wait_and_take(&loop);
    }
    cells_free(loop.cells);
    return loop.exit_code;
}
