/* Sign-in: what is being done, step by step, and the code to type on another device. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/screens.h"
#include "ui/widgets/qr.h"

enum { LABEL_COLUMNS = 6 };

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

static const struct browser_prompt *browser_of(const struct session_view *session)
{
    return session && session->state == SESSION_CONNECTING ? session->browser : NULL;
}

/* ---- the other way ---- */

/* Only for people: an application has no second way, and falls back to none. */
static bool has_other_way(const struct session_view *session)
{
    static const enum option_id fixed[] = {
        OPT_ACCESS_TOKEN, OPT_APP_ID, OPT_MANAGED_IDENTITY, OPT_CLIENT_SECRET, OPT_FEDERATED_TOKEN_FILE,
    };
    for (size_t i = 0; session && i < sizeof fixed / sizeof *fixed; i++) {
        if (*options_get(&session->options, fixed[i])) {
            return false;
        }
    }
    return prompt_of(session) || browser_of(session) || has_failed(session);
}

static bool used_browser(const struct session_view *session)
{
    for (size_t i = 0; i < session->step_count; i++) {
        if (str_is(str_of(session->steps[i].title), "Waiting for the browser")) {
            return true;
        }
    }
    return false;
}

/* Some tenants forbid codes, others browsers on unknown machines: the same sign-in, the other way, with one key. */
static void go_other_way(struct sign_in_model *model, struct effects *effects)
{
    const struct session_view *session = session_of(model);
    struct options options;
    options_init(&options);
    options_copy(&options, &session->options);
    options_set(&options, OPT_SIGN_IN, used_browser(session) ? STR("device") : STR("browser"));
    options_set(&options, OPT_CREDENTIAL, STR(""));
    if (session->state == SESSION_CONNECTING) {
        effect_connection(effects, COMMAND_CONNECT_CANCEL, model->connection);
    }
    model->connection = effect_connect(effects, &options);
    options_free(&options);
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

/* What there is to copy: why it failed, the code or its page, the browser's address. */
static void copy(const struct session_view *session, bool link, struct effects *effects)
{
    const struct oauth_device_prompt *prompt = prompt_of(session);
    const struct browser_prompt *browser = browser_of(session);
    if (has_failed(session) && !link) {
        copy_error(session, effects);
    } else if (prompt) {
        effect_copy(effects, str_of(link ? prompt->verification_uri : prompt->user_code), link ? "the address" : "the code");
    } else if (browser) {
        effect_copy(effects, str_of(link ? browser->url : browser->short_url), "the address");
    }
}

static void approve(const struct sign_in_model *model, struct effects *effects)
{
    if (model->app->demo && prompt_of(session_of(model))) {
        effect_connection(effects, COMMAND_DEMO_APPROVE, model->connection);
        effect_status(effects, STATUS_INFO, "Approved in the name of the demo tenant's user.");
    }
}

static void update_action(struct sign_in_model *model, enum action action, struct effects *effects)
{
    const struct session_view *session = session_of(model);
    switch (action) {
    case ACTION_BACK:
    case ACTION_CANCEL:
        leave(model, effects);
        break;
    case ACTION_ENTER:
    case ACTION_REFRESH:
        if (has_failed(session)) {
            try_again(model, effects);
        }
        break;
    case ACTION_COPY:
    case ACTION_COPY_LINK:
        copy(session, action == ACTION_COPY_LINK, effects);
        break;
    case ACTION_OTHER_WAY:
        if (has_other_way(session)) {
            go_other_way(model, effects);
        }
        break;
    case ACTION_APPROVE_DEMO:
        approve(model, effects);
        break;
    default:
        break;
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

static void draw_wrapped(struct cells *cells, struct area *area, enum style style, const char *text)
{
    struct str rest = str_of(text), line;
    while (area->rows > 0 && text_wrap(&rest, area->columns, &line)) {
        cells_put(cells, area->row, area->column, area->columns, style, line);
        next_row(area, 1);
    }
}

static void draw_steps(const struct session_view *session, struct cells *cells, struct area *area, int most)
{
    static const struct { enum glyph glyph; enum style style; } looks[] = {
        [OAUTH_STEP_RUNNING] = { GLYPH_RUNNING, STYLE_TEXT },
        [OAUTH_STEP_DONE] = { GLYPH_DONE, STYLE_GOOD },
        [OAUTH_STEP_FAILED] = { GLYPH_FAILED, STYLE_ERROR },
        [OAUTH_STEP_WARNING] = { GLYPH_WARNING, STYLE_WARNING },
    };
    size_t first = session->step_count > (size_t)most ? session->step_count - (size_t)most : 0;
    for (size_t i = first; i < session->step_count && area->rows > 0; i++) {
        const struct session_step *step = &session->steps[i];
        cells_put_glyph(cells, area->row, area->column, looks[step->state].style, looks[step->state].glyph);
        /* What is only told, and took no time, is read and not glanced at: all of it. */
        if (step->state == OAUTH_STEP_WARNING || (step->state == OAUTH_STEP_DONE && step->elapsed_ms == 0)) {
            struct area text = { area->row, area->column + 2, area->rows, area->columns - 2 };
            draw_wrapped(cells, &text, STYLE_TEXT, step->title);
            next_row(area, text.row - area->row);
            continue;
        }
        int used = cells_put_text(cells, area->row, area->column + 2, area->columns - 12, STYLE_TEXT, step->title);
        if (step->state != OAUTH_STEP_RUNNING) {
            cells_format(cells, area->row, area->column + 3 + used, 9, STYLE_DIM, "%lld ms", (long long)step->elapsed_ms);
        }
        next_row(area, 1);
    }
}

/* Beside the text where there is room for both; the address in words is always there. */
static void draw_qr(const char *text, struct cells *cells, struct area *area)
{
    enum { TEXT_LEAST = 36, GAP = 2 };
    int rows, columns;
    if (!cells->ascii && qr_size(text, &rows, &columns) && area->rows >= rows && area->columns >= columns + GAP + TEXT_LEAST) {
        struct area place = area_cut_right(area, columns);
        qr_draw(text, cells, place);
        area_cut_right(area, GAP);
    }
}

static int64_t seconds_left(const struct sign_in_model *model, const struct session_view *session)
{
    int64_t left = (session->prompt_ends_ms - model->app->now_ms) / 1000;
    return left < 0 ? 0 : left;
}

/* How the browser's answer comes home through SSH: the line that a person types on the machine where the browser is. */
static void draw_forwarding(const struct browser_prompt *browser, struct cells *cells, struct area *area)
{
    draw_wrapped(cells, area, STYLE_DIM, "On the machine where your browser is, first open a way back to here:");
    draw_wrapped(cells, area, STYLE_CODE, browser->ssh_line);
}

static void draw_browser(const struct sign_in_model *model, const struct session_view *session, struct cells *cells, struct area *area)
{
    const struct browser_prompt *browser = session->browser;
    bool roomy = area->rows >= 12;
    int64_t left = seconds_left(model, session);
    next_row(area, roomy ? 1 : 0);
    if (browser->started) {
        draw_wrapped(cells, area, STYLE_TEXT, "Your browser has been started. Sign in there; purvey goes on by itself.");
        draw_wrapped(cells, area, STYLE_DIM, "If it did not come up, open:");
    } else if (browser->over_ssh) {
        draw_forwarding(browser, cells, area);
        draw_wrapped(cells, area, STYLE_DIM, "Then open in the browser there:");
    } else {
        draw_wrapped(cells, area, STYLE_DIM, "Open in a browser on this machine:");
    }
    draw_wrapped(cells, area, STYLE_LINK, browser->short_url);
    next_row(area, roomy ? 1 : 0);
    cells_format(cells, area->row, area->column, area->columns, left < 60 ? STYLE_WARNING : STYLE_DIM, "Time left: %lld:%02lld.",
                 (long long)(left / 60), (long long)(left % 60));
    next_row(area, roomy ? 2 : 1);
    draw_wrapped(cells, area, STYLE_DIM, "It leads to the sign-in page of your organization (u copies that long address). "
                                         "b signs in with a code instead.");
}

static void draw_prompt(const struct sign_in_model *model, const struct session_view *session, struct cells *cells, struct area *area)
{
    const struct oauth_device_prompt *prompt = session->prompt;
    bool roomy = area->rows >= 10;
    int64_t left = seconds_left(model, session);
    draw_qr(prompt->verification_uri, cells, area);
    next_row(area, roomy ? 1 : 0);
    /* On a narrow screen without its label, and on two rows: an address that is cut leads nowhere. */
    int label = text_width(str_of(prompt->verification_uri)) + LABEL_COLUMNS <= area->columns ? LABEL_COLUMNS : 0;
    cells_put_text(cells, area->row, area->column, label, STYLE_LABEL, "Open");
    struct area link = { area->row, area->column + label, area->rows, area->columns - label };
    draw_wrapped(cells, &link, STYLE_LINK, prompt->verification_uri);
    next_row(area, link.row - area->row + (roomy ? 1 : 0));
    cells_put_text(cells, area->row, area->column, 5, STYLE_LABEL, "Code");
    cells_put_text(cells, area->row, area->column + LABEL_COLUMNS, area->columns - LABEL_COLUMNS, STYLE_CODE, prompt->user_code);
    next_row(area, roomy ? 2 : 1);
    cells_format(cells, area->row, area->column, area->columns, left < 60 ? STYLE_WARNING : STYLE_DIM,
                 "The code is good for %lld:%02lld.", (long long)(left / 60), (long long)(left % 60));
    next_row(area, 1);
    char *who = mem_format("Signing in %s %s with %s. Only enter a code that you asked for yourself.",
                           strchr(prompt->tenant, '@') ? "as" : "to", *prompt->tenant ? prompt->tenant : "your organization",
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
    /* No margin below: a QR code needs every row of a terminal of 24. */
    struct area inside = area_inset(area, 0, 1);
    area_cut_top(&inside, area.rows >= 14 ? 1 : 0);
    bool more_below = session->prompt || session->browser || has_failed(session);
    draw_steps(session, cells, &inside, more_below && inside.rows < 12 ? 2 : inside.rows);
    if (prompt_of(session)) {
        draw_prompt(model, session, cells, &inside);
    } else if (browser_of(session)) {
        draw_browser(model, session, cells, &inside);
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
    } else if (browser_of(session)) {
        offer_add(offer, ACTION_COPY, "Copy address");
        offer_add(offer, ACTION_COPY_LINK, "Copy the long one");
        offer->tick = true;
    } else if (has_failed(session)) {
        offer_add(offer, ACTION_ENTER, "Try again");
        offer_add(offer, ACTION_REFRESH, "Try again");
        offer_add(offer, ACTION_COPY, "Copy error");
    }
    if (has_other_way(session)) {
        offer_add(offer, ACTION_OTHER_WAY, used_browser(session) ? "Use a code" : "Use the browser");
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
