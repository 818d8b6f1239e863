/* Sign-in: what is being done, step by step, and the code to type on another device. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/screens.h"

struct sign_in_model {
    const struct app_state *app;
    uint64_t connection;
};

static const struct session_view *session_of(const struct sign_in_model *model)
{
    return app_state_session(model->app, model->connection);
}

static bool has_failed(const struct session_view *session)
{
    return session && (session->state == SESSION_FAILED || session->state == SESSION_CLOSED);
}

static const struct oauth_device_prompt *prompt_of(const struct session_view *session)
{
    return session && session->state == SESSION_CONNECTING ? session->prompt : NULL;
}

/* ---- update ---- */

static void try_again(struct sign_in_model *model, struct effects *effects)
{
    const struct session_view *session = session_of(model);
    if (session) {
        model->connection = effect_connect(effects, &session->options);
    }
}

static void leave(struct sign_in_model *model, struct effects *effects)
{
    const struct session_view *session = session_of(model);
    if (session && session->state == SESSION_CONNECTING) {
        effect_connection(effects, COMMAND_CONNECT_CANCEL, model->connection);
        effect_status(effects, STATUS_INFO, "Sign-in cancelled. The form is as you left it.");
    }
    effect_pop(effects);
}

static void copy_error(const struct session_view *session, struct effects *effects)
{
    char *text = mem_format("%s\n%s\n%s", session->err.text, session->err.code, session->err.correlation);
    effect_copy(effects, str_of(text), "the error");
    free(text);
}

static void update_action(struct sign_in_model *model, enum action action, struct effects *effects)
{
    const struct session_view *session = session_of(model);
    const struct oauth_device_prompt *prompt = prompt_of(session);
    if (action == ACTION_BACK || action == ACTION_CANCEL) {
        leave(model, effects);
    } else if (has_failed(session) && (action == ACTION_ENTER || action == ACTION_REFRESH)) {
        try_again(model, effects);
    } else if (has_failed(session) && action == ACTION_COPY) {
        copy_error(session, effects);
    } else if (prompt && action == ACTION_COPY) {
        effect_copy(effects, str_of(prompt->user_code), "the code");
    } else if (prompt && action == ACTION_COPY_LINK) {
        effect_copy(effects, str_of(prompt->verification_uri), "the address");
    } else if (prompt && action == ACTION_APPROVE_DEMO && model->app->demo) {
        effect_connection(effects, COMMAND_DEMO_APPROVE, model->connection);
        effect_status(effects, STATUS_INFO, "Approved in the name of the demo tenant's user.");
    }
}

static void sign_in_update(void *context, const struct ui_input *input, struct effects *effects)
{
    struct sign_in_model *model = context;
    if (input->kind == INPUT_EVENT && input->event->connection == model->connection && input->event->kind == EVENT_CONNECTED) {
        effect_replace(effects, browser_screen(model->app, model->connection));
    } else if (input->kind == INPUT_ACTION) {
        update_action(model, input->action, effects);
    }
}

/* ---- draw ---- */

static void next_row(struct area *area, int rows)
{
    area_cut_top(area, rows);
}

static void draw_steps(const struct session_view *session, struct cells *cells, struct area *area, int most)
{
    static const struct { enum glyph glyph; enum style style; } looks[] = {
        [OAUTH_STEP_RUNNING] = { GLYPH_RUNNING, STYLE_TEXT },
        [OAUTH_STEP_DONE] = { GLYPH_DONE, STYLE_GOOD },
        [OAUTH_STEP_FAILED] = { GLYPH_FAILED, STYLE_ERROR },
    };
    size_t first = session->step_count > (size_t)most ? session->step_count - (size_t)most : 0;
    for (size_t i = first; i < session->step_count && area->rows > 0; i++) {
        const struct session_step *step = &session->steps[i];
        cells_put_glyph(cells, area->row, area->column, looks[step->state].style, looks[step->state].glyph);
        int used = cells_put_text(cells, area->row, area->column + 2, area->columns - 12, STYLE_TEXT, step->title);
        if (step->state != OAUTH_STEP_RUNNING) {
            cells_format(cells, area->row, area->column + 3 + used, 9, STYLE_DIM, "%lld ms", (long long)step->elapsed_ms);
        }
        next_row(area, 1);
    }
}

static void draw_wrapped(struct cells *cells, struct area *area, enum style style, const char *text)
{
    struct str rest = str_of(text), line;
    while (area->rows > 0 && text_wrap(&rest, area->columns, &line)) {
        cells_put(cells, area->row, area->column, area->columns, style, line);
        next_row(area, 1);
    }
}

static void draw_prompt(const struct sign_in_model *model, const struct session_view *session, struct cells *cells, struct area *area)
{
    const struct oauth_device_prompt *prompt = session->prompt;
    bool roomy = area->rows >= 10;
    int64_t left = (session->prompt_ends_ms - model->app->now_ms) / 1000;
    left = left < 0 ? 0 : left;
    next_row(area, roomy ? 1 : 0);
    cells_put_text(cells, area->row, area->column, 5, STYLE_LABEL, "Open");
    cells_put_text(cells, area->row, area->column + 6, area->columns - 6, STYLE_LINK, prompt->verification_uri);
    next_row(area, roomy ? 2 : 1);
    cells_put_text(cells, area->row, area->column, 5, STYLE_LABEL, "Code");
    cells_put_text(cells, area->row, area->column + 6, area->columns - 6, STYLE_CODE, prompt->user_code);
    next_row(area, roomy ? 2 : 1);
    cells_format(cells, area->row, area->column, area->columns, left < 60 ? STYLE_WARNING : STYLE_DIM,
                 "The code is good for %lld:%02lld.", (long long)(left / 60), (long long)(left % 60));
    next_row(area, 1);
    char *who = mem_format("Signing in to %s with %s. Only enter a code that you asked for yourself.",
                           *prompt->tenant ? prompt->tenant : "your organization",
                           *prompt->client_name ? prompt->client_name : "purvey");
    draw_wrapped(cells, area, STYLE_DIM, who);
    free(who);
    next_row(area, roomy ? 1 : 0);
    if (model->app->demo) {
        draw_wrapped(cells, area, STYLE_GOOD, "Demo: press a to approve it as the demo tenant's user would.");
    }
}

static void draw_failure(const struct session_view *session, struct cells *cells, struct area *area)
{
    const struct err *err = &session->err;
    next_row(area, area->rows >= 8 ? 1 : 0);
    draw_wrapped(cells, area, STYLE_ERROR, *err->text ? err->text : "The connection was closed.");
    draw_wrapped(cells, area, STYLE_TEXT, err->advice);
    next_row(area, area->rows >= 6 ? 1 : 0);
    draw_wrapped(cells, area, STYLE_DIM, err->code);
    draw_wrapped(cells, area, STYLE_DIM, err->correlation);
}

static void sign_in_draw(const void *context, struct cells *cells, struct area area)
{
    const struct sign_in_model *model = context;
    const struct session_view *session = session_of(model);
    if (!session) {
        return;
    }
    struct area inside = area_inset(area, area.rows >= 14 ? 1 : 0, 1);
    bool more_below = session->prompt || has_failed(session);
    draw_steps(session, cells, &inside, more_below && inside.rows < 12 ? 2 : inside.rows);
    if (prompt_of(session)) {
        draw_prompt(model, session, cells, &inside);
    } else if (has_failed(session)) {
        draw_failure(session, cells, &inside);
    }
}

static void sign_in_offer(const void *context, struct offer *offer)
{
    const struct sign_in_model *model = context;
    const struct session_view *session = session_of(model);
    if (prompt_of(session)) {
        if (model->app->demo) {
            offer_add(offer, ACTION_APPROVE_DEMO, NULL);
        }
        offer_add(offer, ACTION_COPY, "Copy code");
        offer_add(offer, ACTION_COPY_LINK, NULL);
        offer->tick = true;
    } else if (has_failed(session)) {
        offer_add(offer, ACTION_ENTER, "Try again");
        offer_add(offer, ACTION_REFRESH, "Try again");
        offer_add(offer, ACTION_COPY, "Copy error");
    }
    offer_add(offer, ACTION_CANCEL, NULL);
    offer_add(offer, ACTION_BACK, has_failed(session) ? "Back to the form" : "Cancel");
}

struct screen sign_in_screen(const struct app_state *app, uint64_t connection)
{
    static const struct screen_class class = {
        .name = "Sign in",
        .free = free,
        .update = sign_in_update,
        .draw = sign_in_draw,
        .offer = sign_in_offer,
    };
    struct sign_in_model *model = MEM_NEW(struct sign_in_model);
    model->app = app;
    model->connection = connection;
    return (struct screen){ &class, model };
}
