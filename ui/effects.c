/* Building effects: what an update wants done, in order. Nothing is done here. */
#include "ui/screen.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

void offer_add(struct offer *offer, enum action action, const char *label)
{
    if (offer->count < OFFER_MAX && !offer_has(offer, action))
        offer->actions[offer->count++] = (struct offered_action){ action, label };
}

bool offer_has(const struct offer *offer, enum action action)
{
    for (size_t i = 0; i < offer->count; i++)
        if (offer->actions[i].action == action)
            return true;
    return false;
}

void screen_free(struct screen *screen)
{
    if (screen->class && screen->class->free)
        screen->class->free(screen->model);
    *screen = (struct screen){ 0 };
}

void effects_init(struct effects *effects, const struct app_state *app)
{
    *effects = (struct effects){ .next_job = app->next_job, .next_connection = app->next_connection };
}

void effects_free(struct effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        screen_free(&effects->items[i].screen);
        message_free(effects->items[i].message);
        free(effects->items[i].text);
    }
    free(effects->items);
    effects->items = NULL;
    effects->count = effects->capacity = 0;
}

static void add(struct effects *effects, struct effect effect)
{
    MEM_ROOM(effects->items, effects->count, effects->capacity);
    effects->items[effects->count++] = effect;
}

void effect_push(struct effects *effects, struct screen screen)
{
    add(effects, (struct effect){ .kind = EFFECT_PUSH, .screen = screen });
}

void effect_replace(struct effects *effects, struct screen screen)
{
    add(effects, (struct effect){ .kind = EFFECT_REPLACE, .screen = screen });
}

void effect_pop(struct effects *effects)
{
    add(effects, (struct effect){ .kind = EFFECT_POP });
}

void effect_quit(struct effects *effects)
{
    add(effects, (struct effect){ .kind = EFFECT_QUIT });
}

void effect_action(struct effects *effects, enum action action)
{
    add(effects, (struct effect){ .kind = EFFECT_ACTION, .action = action });
}

void effect_to_prompt(struct effects *effects)
{
    effect_pop(effects);
    effect_action(effects, ACTION_COMMAND_PROMPT);
}

void effect_copy(struct effects *effects, struct str text, const char *what)
{
    add(effects, (struct effect){ .kind = EFFECT_COPY, .text = str_dup(text) });
    effect_status(effects, STATUS_GOOD, "Copied %s", what);
}

void effect_status(struct effects *effects, enum status_level level, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add(effects, (struct effect){ .kind = EFFECT_STATUS, .level = level, .text = mem_text(text) });
}

void effect_show(struct effects *effects, uint64_t connection)
{
    add(effects, (struct effect){ .kind = EFFECT_SHOW, .connection = connection });
}

void effect_send(struct effects *effects, struct message *message)
{
    add(effects, (struct effect){ .kind = EFFECT_SEND, .message = message });
}

static struct message *with_options(enum message_kind kind, const struct options *options)
{
    struct message *message = message_new(kind);
    message->options = MEM_NEW(struct options);
    options_init(message->options);
    options_copy(message->options, options);
    return message;
}

uint64_t effect_connect(struct effects *effects, const struct options *options)
{
    struct message *message = with_options(COMMAND_CONNECT, options);
    message->connection = effects->next_connection++;
    uint64_t connection = message->connection;
    effect_send(effects, message);
    return connection;
}

void effect_sign_out(struct effects *effects, const struct options *options, const char *user)
{
    struct message *message = with_options(COMMAND_SIGN_OUT, options);
    options_set(message->options, OPT_USER_PRINCIPAL_NAME, str_of(user));
    effect_send(effects, message);
}

void effect_connection(struct effects *effects, enum message_kind kind, uint64_t connection)
{
    struct message *message = message_new(kind);
    message->connection = connection;
    effect_send(effects, message);
}

uint64_t effect_run(struct effects *effects, uint64_t connection, struct pipeline *pipeline)
{
    struct message *message = message_new(COMMAND_RUN);
    message->connection = connection;
    message->job = effects->next_job++;
    message->pipeline = pipeline;
    uint64_t job = message->job;
    effect_send(effects, message);
    return job;
}

static struct message *job_message(enum message_kind kind, uint64_t job, uint32_t view)
{
    struct message *message = message_new(kind);
    message->job = job;
    message->view = view;
    return message;
}

void effect_cancel(struct effects *effects, uint64_t job)
{
    effect_send(effects, job_message(COMMAND_CANCEL, job, 0));
}

void effect_continue(struct effects *effects, uint64_t connection, uint64_t job)
{
    struct message *message = job_message(COMMAND_CONTINUE, job, 0);
    message->connection = connection;
    effect_send(effects, message);
}

void effect_answer(struct effects *effects, uint64_t job, enum flow_answer answer)
{
    struct message *message = job_message(COMMAND_ANSWER, job, 0);
    message->number = answer;
    effect_send(effects, message);
}

void effect_pause(struct effects *effects, uint64_t job, bool pause)
{
    struct message *message = job_message(COMMAND_PAUSE, job, 0);
    message->flag = pause;
    effect_send(effects, message);
}

void effect_discard(struct effects *effects, uint64_t job)
{
    effect_send(effects, job_message(COMMAND_DISCARD, job, 0));
}

void effect_arrange(struct effects *effects, uint64_t job, uint32_t view, const struct arrangement *arrangement)
{
    struct message *message = job_message(COMMAND_ARRANGE, job, view);
    message->arrangement = MEM_NEW(struct arrangement);
    *message->arrangement = *arrangement;
    effect_send(effects, message);
}

void effect_find(struct effects *effects, uint64_t job, uint32_t view, struct str text, int64_t from, bool backwards)
{
    struct message *message = job_message(COMMAND_FIND, job, view);
    message->text = str_dup(text);
    message->position = from;
    message->flag = backwards;
    effect_send(effects, message);
}
