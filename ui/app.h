/* The stack of screens and the routing between terminal, screens and engine. The core needs no terminal: tests call
   app_key, app_event and app_draw; app_run is the loop around them. */
#ifndef PURVEY_UI_APP_H
#define PURVEY_UI_APP_H

#include "ui/keymap.h"
#include "ui/screen.h"

struct app;
struct mailbox;
struct terminal;

struct app_config {
    struct screen (*help)(const struct app_state *app);     /* help_screen; NULL = none */
    struct screen (*log)(const struct app_state *app);      /* log_screen; NULL = none */
    void (*send)(void *context, struct message *message);   /* takes the message (mailbox_post); never NULL */
    void *context;
    bool demo;
    const struct options *demo_options;     /* how the demo tenant is reached; kept, not copied; NULL = it is not there */
    bool utf8;
};

struct app *app_new(const struct app_config *config);
void app_free(struct app *app);
const struct app_state *app_state(const struct app *app);
struct app_state *app_state_for_tests(struct app *app);     /* the harness plays the part of a screen with it */

/* Puts a screen on top; the first one before anything else. Takes it. */
void app_push(struct app *app, struct screen screen);

/* --- Core: no terminal, no clock. Give the time first, then what happened. --- */
void app_time(struct app *app, int64_t now_ms, int64_t now_unix);
void app_resize(struct app *app, int rows, int columns);
void app_key(struct app *app, struct key key);
void app_paste(struct app *app, struct str text);
void app_event(struct app *app, struct message *event);     /* takes it */
void app_tick(struct app *app);
void app_draw(struct app *app, struct cells *cells);        /* cells are resized to fit; clears the dirty mark */

bool app_dirty(const struct app *app);
bool app_ended(const struct app *app);
int app_tick_ms(const struct app *app);                     /* milliseconds until app_tick is due, -1 = none wanted */
const char *app_screen_name(const struct app *app);         /* of the top screen; "" when there is none */
char *app_take_copy(struct app *app);                       /* text for the clipboard since last asked; NULL = none */
bool app_take_suspend(struct app *app);                     /* was SUSPEND asked for since last asked */
bool app_take_redraw(struct app *app);                      /* was REDRAW */

/* The loop: until the last screen is popped, QUIT, or a signal to end. Sleeps without any wake-up when nothing happens;
   draws at most 60 times a second. Returns the exit code: 0, or 128 + the signal that ended it. */
int app_run(struct app *app, struct terminal *terminal, struct mailbox *events);

#endif
