/* Sign-in: what is being done, step by step, and the code to type on another device. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/screens.h"
#include "ui/screens/number_text.h"
#include "ui/widgets/qr.h"

enum { LABEL_COLUMNS = 6, PAGE_ROWS = 80, PAGE_STEP = 4 };

struct sign_in_model {
    const struct app_state *app;
    uint64_t connection;
    int rows, columns;
    int top;                    /* rows of the text that are scrolled off: on a small screen not all of it fits */
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

static bool had_step(const struct session_view *session, const char *begin)
{
    for (size_t i = 0; i < session->step_count; i++) {
        if (str_starts(str_of(session->steps[i].title), str_of(begin))) {
            return true;
        }
    }
    return false;
}

/* The sign-in went well, and what the service did not like was something else. */
static bool failed_behind_it(const struct session_view *session)
{
    enum err_kind kind = session->err.kind;
    return had_step(session, "Signed in as ") && kind != ERR_AUTH_REQUIRED && kind != ERR_AUTH_DENIED;
}

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
    return prompt_of(session) || browser_of(session) || (has_failed(session) && !failed_behind_it(session));
}

static bool used_browser(const struct session_view *session)
{
    return had_step(session, "Waiting for the browser");
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

/* The same password once more would only bring the account nearer to being locked. */
static bool must_be_typed_anew(const struct session_view *session)
{
    static const char *const codes[] = { "AADSTS50126", "AADSTS50053", "AADSTS50055", "AADSTS50034", "AADSTS50056" };
    if (!has_failed(session) || !*options_get(&session->options, OPT_CREDENTIAL)) {
        return false;
    }
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (str_is(str_of(session->err.code), codes[i])) {
            return true;
        }
    }
    return false;
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
        if (must_be_typed_anew(session)) {
            leave(model, effects);
        } else if (has_failed(session)) {
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

/* ---- draw ---- */

static void next_row(struct area *area, int rows)
{
    area_cut_top(area, rows);
}

static void draw_wrapped(struct cells *cells, struct area *area, enum style style, const char *text)
{
    next_row(area, cells_wrap(cells, *area, style, text));
}

/* What runs for more than a moment counts, so that it does not look dead. */
static void put_time(const struct session_step *step, int64_t now_ms, struct cells *cells, int row, int column)
{
    enum { MOMENT_MS = 2000, COLUMNS = 9 };
    int64_t running_ms = now_ms - step->started_ms;
    if (step->state != OAUTH_STEP_RUNNING && step->elapsed_ms < MOMENT_MS) {
        cells_format(cells, row, column, COLUMNS, STYLE_DIM, "%lld ms", (long long)step->elapsed_ms);
    } else if (step->state != OAUTH_STEP_RUNNING) {
        struct buf text = BUF_INIT(BUF_SMALL);
        number_duration(step->elapsed_ms, &text);
        cells_put(cells, row, column, COLUMNS, STYLE_DIM, buf_str(&text));
        buf_free(&text);
    } else if (running_ms >= MOMENT_MS) {
        cells_format(cells, row, column, COLUMNS, STYLE_DIM, "%lld s", (long long)(running_ms / 1000));
    }
}

static void draw_steps(const struct session_view *session, int64_t now_ms, struct cells *cells, struct area *area, int most)
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
        /* Beside a code or an address their own time counts down. */
        put_time(step, session->prompt || session->browser ? 0 : now_ms, cells, area->row, area->column + 3 + used);
        next_row(area, 1);
    }
}

/* Beside the text where there is room for both; the address in words is always there. */
static void draw_qr(const char *text, struct cells *cells, struct area *area)
{
    enum { TEXT_LEAST = 36, GAP = 2, WIDEST = 100 };
    int rows, columns;
    if (!cells->ascii && qr_size(text, &rows, &columns) && area->rows >= rows && area->columns >= columns + GAP + TEXT_LEAST) {
        area->columns = area->columns < WIDEST ? area->columns : WIDEST;
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

static void draw_browser(const struct sign_in_model *model, const struct session_view *session, bool roomy, struct cells *cells,
                         struct area *area)
{
    const struct browser_prompt *browser = session->browser;
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

static void draw_prompt(const struct sign_in_model *model, const struct session_view *session, bool roomy, struct cells *cells,
                        struct area *area)
{
    const struct oauth_device_prompt *prompt = session->prompt;
    int64_t left = seconds_left(model, session);
    next_row(area, roomy ? 1 : 0);
    /* On a narrow screen without its label and in two rows: an address that is cut leads nowhere. */
    int label = text_width(str_of(prompt->verification_uri)) + LABEL_COLUMNS <= area->columns ? LABEL_COLUMNS : 0;
    struct area address = *area;
    cells_put_text(cells, area->row, area->column, label, STYLE_LABEL, "Open");
    area_cut_left(&address, label);
    next_row(area, cells_wrap(cells, address, STYLE_LINK, prompt->verification_uri) + (roomy ? 1 : 0));
    cells_put_text(cells, area->row, area->column, 5, STYLE_LABEL, "Code");
    cells_put_text(cells, area->row, area->column + LABEL_COLUMNS, area->columns - LABEL_COLUMNS, STYLE_CODE, prompt->user_code);
    next_row(area, roomy ? 2 : 1);
    cells_format(cells, area->row, area->column, area->columns, left < 60 ? STYLE_WARNING : STYLE_DIM,
                 "The code is good for %lld:%02lld.", (long long)(left / 60), (long long)(left % 60));
    next_row(area, 1);
    char *who = message_device_words(prompt);
    draw_wrapped(cells, area, STYLE_DIM, who);
    free(who);
    next_row(area, roomy ? 1 : 0);
    if (model->app->demo) {
        draw_wrapped(cells, area, STYLE_GOOD, "Demo: press a to approve it as the demo tenant's user would.");
    }
}

static void draw_failure(const struct session_view *session, bool roomy, struct cells *cells, struct area *area)
{
    const struct err *err = &session->err;
    next_row(area, roomy ? 1 : 0);
    draw_wrapped(cells, area, STYLE_ERROR, *err->text ? err->text : "The connection was closed.");
    draw_wrapped(cells, area, STYLE_TEXT, err->advice);
    next_row(area, roomy ? 1 : 0);
    draw_wrapped(cells, area, STYLE_DIM, err->code);
    draw_wrapped(cells, area, STYLE_DIM, err->correlation);
}

/* The text of the moment; its height comes back. */
static int draw_page(const struct sign_in_model *model, const struct session_view *session, int rows, struct cells *page)
{
    struct area rest = cells_area(page);
    if (prompt_of(session)) {
        draw_prompt(model, session, rows >= 10, page, &rest);
    } else if (browser_of(session)) {
        draw_browser(model, session, rows >= 12, page, &rest);
    } else if (has_failed(session)) {
        draw_failure(session, rows >= 8, page, &rest);
    }
    return page->rows - rest.rows;
}

/* Text of the page that no row was left for, on a page that is drawn whole and shown from model->top on. */
static int draw_all(const struct sign_in_model *model, struct cells *cells, struct area area)
{
    const struct session_view *session = session_of(model);
    if (!session) {
        return 0;
    }
    /* No margin below: a QR code needs every row of a terminal of 24. */
    struct area inside = area_inset(area, 0, 1);
    area_cut_top(&inside, area.rows >= 14 ? 1 : 0);
    bool more_below = session->prompt || session->browser || has_failed(session);
    draw_steps(session, model->app->now_ms, cells, &inside, more_below && inside.rows < 12 ? 2 : inside.rows);
    int rows = inside.rows;
    if (prompt_of(session)) {
        draw_qr(session->prompt->verification_uri, cells, &inside);
    }
    struct cells *page = cells_new(PAGE_ROWS, inside.columns);
    page->ascii = cells->ascii;
    int over = draw_page(model, session, rows, page) - rows, top = model->top < over ? model->top : over > 0 ? over : 0;
    cells_copy(cells, inside, page, top);
    cells_free(page);
    int edge = area.column + area.columns - 1;
    if (top > 0) {
        cells_put_glyph(cells, inside.row, edge, STYLE_DIM, GLYPH_MORE_UP);
    }
    if (top < over) {
        cells_put_glyph(cells, inside.row + inside.rows - 1, edge, STYLE_DIM, GLYPH_MORE_DOWN);
    }
    return over > 0 ? over : 0;
}

static void sign_in_draw(const void *context, struct cells *cells, struct area area)
{
    draw_all(context, cells, area);
}

static void scroll(struct sign_in_model *model, int by)
{
    struct cells *cells = cells_new(model->rows, model->columns);
    int over = draw_all(model, cells, cells_area(cells)), top = model->top + by;
    cells_free(cells);
    model->top = top < 0 ? 0 : top > over ? over : top;
}

static void sign_in_update(void *context, const struct ui_input *input, struct effects *effects)
{
    struct sign_in_model *model = context;
    if (input->kind == INPUT_EVENT && input->event->connection == model->connection && input->event->kind == EVENT_CONNECTED) {
        effect_replace(effects, browser_screen(model->app, model->connection));
    } else if (input->kind == INPUT_RESIZE) {
        model->rows = input->rows;
        model->columns = input->columns;
        scroll(model, 0);
    } else if (input->kind == INPUT_ACTION && action_row(input->action)->group == ACTION_GROUP_MOTION && input->action != ACTION_ENTER &&
               input->action != ACTION_BACK) {
        scroll(model, input->action == ACTION_UP ? -1 : input->action == ACTION_DOWN ? 1 : input->action == ACTION_PAGE_UP ? -PAGE_STEP :
                      input->action == ACTION_PAGE_DOWN ? PAGE_STEP : 0);
    } else if (input->kind == INPUT_ACTION) {
        update_action(model, input->action, effects);
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
        offer_add(offer, ACTION_BACK, "Cancel");
        offer_add(offer, ACTION_COPY_LINK, NULL);
    } else if (browser_of(session)) {
        offer_add(offer, ACTION_COPY, "Copy address");
        offer_add(offer, ACTION_BACK, "Cancel");
        offer_add(offer, ACTION_COPY_LINK, "Copy the long one");
    } else if (has_failed(session)) {
        offer_add(offer, ACTION_ENTER, must_be_typed_anew(session) ? "Type it anew" : "Try again");
        offer_add(offer, ACTION_BACK, "Back");
    }
    offer->tick = session && session->state == SESSION_CONNECTING;
    if (has_other_way(session)) {
        offer_add(offer, ACTION_OTHER_WAY, used_browser(session) ? "Use a code" : "Use the browser");
    }
    offer_add(offer, ACTION_BACK, "Cancel");
    if (has_failed(session)) {
        offer_add(offer, ACTION_COPY, "Copy error");
        if (!must_be_typed_anew(session)) {
            offer_add(offer, ACTION_REFRESH, "Try again");
        }
    }
    if (!has_failed(session)) {
        offer_add(offer, ACTION_CANCEL, NULL);
    }
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
