/* Connect: a short form, every parameter of the table behind one key, and the equivalent Connect-IPPSSession line. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/screens.h"
#include "ui/screens/connect_session.h"
#include "ui/screens/connect_ways.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/form.h"

#define FIELD_METHOD "method"
#define FIELD_CONNECT "connect"
#define AUTOMATIC "automatic"

enum { ASK_LEAVE = 1 };

struct connect_model {
    const struct app_state *app;
    struct form form;
    struct dialog dialog;
    struct options initial;     /* what has no field keeps its value from here */
    bool expert, at_once;
    bool over;                  /* lies over a connection's screens: the way back leads there and not out */
    uint64_t asked;             /* the connection that was made from here last; 0 = none */
    int rows, columns;
};

/* ---- fields and options ---- */

static bool is_usual(enum option_id id)
{
    return id == OPT_USER_PRINCIPAL_NAME || id == OPT_CLOUD || connect_way_owns(id);
}

/* The CA file and the proxy belong to the whole program, and its demo tenant has its own. */
static bool is_form_option(const struct option_row *row)
{
    return !row->hidden && row->id != OPT_CA_FILE && row->id != OPT_PROXY && row->id != OPT_WHAT_IF && row->id != OPT_CONFIRM;
}

/* -PSSessionOption has a field for each of its members. */
static bool is_offered(const struct option_row *row)
{
    return !is_usual(row->id) && is_form_option(row) && row->id != OPT_PS_SESSION_OPTION;
}

/* Hash tables are typed as text: the options' own check reads them. */
static enum field_kind field_kind(const struct option_row *row)
{
    switch (row->kind) {
    case OPTION_SWITCH:
    case OPTION_BOOL:
        return FIELD_SWITCH;
    case OPTION_SECRET:
        return FIELD_SECRET;
    case OPTION_NUMBER:
        return FIELD_NUMBER;
    case OPTION_LIST:
        return FIELD_LIST;
    case OPTION_TEXT:
    case OPTION_HASHTABLE:
        return FIELD_TEXT;
    }
    return FIELD_TEXT;
}

/* Here nobody asks for a secret, it is typed: the words for the command line do not fit, nor into the line. */
static const char *secret_help(enum option_id id)
{
    return id == OPT_CERTIFICATE_PASSWORD ? "The file's password or the token's PIN, or where it is: file:PATH, env:NAME."
                                          : "Type it here, or say where it is: file:PATH, env:NAME, cmd:COMMAND.";
}

static struct form_field *add_option(struct form *form, enum option_id id, enum field_kind kind, const char *label)
{
    const struct option_row *row = option_row(id);
    struct form_field *field = form_add(form, kind, row->name, label ? label : row->name);
    struct str values = str_of(kind == FIELD_TEXT ? option_values(id) : ""), value;
    form_field_help(field, kind == FIELD_SECRET ? secret_help(id) : row->help, row->placeholder ? row->placeholder : "");
    while (values.len) {
        str_cut(&values, '|', &value);
        char *text = str_dup(value);
        form_field_choice(field, text);
        free(text);
    }
    field->owner = mem_new(sizeof id);
    *(enum option_id *)field->owner = id;
    return field;
}

/* Each option once, however many ways have it; in the order of the first one. */
static void add_way_fields(struct form *form, const struct connect_way *way)
{
    for (size_t i = 0; way->options[i] != OPTION_COUNT; i++) {
        const struct option_row *row = option_row(way->options[i]);
        if (!form_find(form, row->name)) {
            add_option(form, row->id, field_kind(row), row->id == OPT_CREDENTIAL ? "Password" : NULL)->hidden = true;
        }
    }
}

/* Three fields connect nearly everybody; a way to sign in adds its own; the others come from the options' table and wait
   behind ^E, so that a new option is in the form without a line here. */
static void add_fields(struct connect_model *model)
{
    struct form *form = &model->form;
    form_field_help(add_option(form, OPT_USER_PRINCIPAL_NAME, FIELD_TEXT, "User name"),
                    "Who signs in. May be left empty: then you say it on the sign-in page.", "you@contoso.onmicrosoft.com");
    struct form_field *cloud = add_option(form, OPT_CLOUD, FIELD_CHOICE, "Environment");
    form_field_choice(cloud, AUTOMATIC);
    for (size_t i = 0; i < cloud_count(); i++) {
        if (model->app->demo || !str_is(str_of(cloud_at(i)->name), "demo")) {
            form_field_choice(cloud, cloud_at(i)->name);
        }
    }
    struct form_field *method = form_add(form, FIELD_CHOICE, FIELD_METHOD, "Sign in with");
    for (size_t i = 0; i < connect_way_count(); i++) {
        form_field_choice(method, connect_way_at(i)->label);
    }
    for (size_t i = 0; i < connect_way_count(); i++) {
        add_way_fields(form, connect_way_at(i));
    }
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = option_row((enum option_id)i);
        if (is_offered(row)) {
            add_option(form, row->id, field_kind(row), NULL)->hidden = true;
        }
        if (row->id == OPT_USE_RPS_SESSION) {
            connect_session_add(form);
        }
    }
    form_add(form, FIELD_BUTTON, FIELD_CONNECT, "Connect");
}

static const struct connect_way *chosen_way(const struct connect_model *model)
{
    return connect_way_by_label(form_value(form_find(&model->form, FIELD_METHOD)));
}

/* An application has no user name; leaving the field there would ask for one. */
static bool is_hidden(const struct connect_model *model, enum option_id id)
{
    const struct connect_way *way = chosen_way(model);
    bool application = connect_way_needs(way, OPT_APP_ID) || way->managed;
    if (connect_way_owns(id)) {
        return !connect_way_needs(way, id);
    }
    return id == OPT_USER_PRINCIPAL_NAME ? application : id != OPT_CLOUD && !model->expert;
}

static bool wants_remote(const struct connect_model *model)
{
    return form_find(&model->form, option_row(OPT_USE_RPS_SESSION)->name)->on;
}

static void show_fields(struct connect_model *model)
{
    for (size_t i = 0; i < model->form.count; i++) {
        struct form_field *field = model->form.fields[i];
        if (field->owner) {
            field->hidden = is_hidden(model, *(enum option_id *)field->owner);
        }
    }
    connect_session_show(&model->form, model->expert && wants_remote(model));
    form_field_help(form_find(&model->form, FIELD_METHOD), chosen_way(model)->help, "");
    form_show_focused(&model->form);
}

/* What was given on the command line says how to sign in: nobody should have to choose again. The demo tenant's page is on
   this machine, behind a certificate that no browser knows: there the code is the way. */
static void fill_fields(struct connect_model *model)
{
    for (size_t i = 0; i < model->form.count; i++) {
        struct form_field *field = model->form.fields[i];
        const char *value = field->owner ? options_get(&model->initial, *(enum option_id *)field->owner) : "";
        if (*value) {
            form_set(field, str_of(value));
        }
    }
    /* The one switch that is on where nothing is said. */
    if (!*options_get(&model->initial, OPT_SHOW_BANNER)) {
        form_set(form_find(&model->form, option_row(OPT_SHOW_BANNER)->name), STR("true"));
    }
    connect_session_fill(&model->form, options_get(&model->initial, OPT_PS_SESSION_OPTION));
    const struct connect_way *way = connect_way_of(&model->initial);
    bool code = model->app->demo && way == connect_way_at(0);
    form_set(form_find(&model->form, FIELD_METHOD), code ? STR("device code") : str_of(way->label));
}

/* The options as the form stands. */
static void collect(const struct connect_model *model, struct options *options)
{
    options_copy(options, &model->initial);
    for (size_t i = 0; i < model->form.count; i++) {
        const struct form_field *field = model->form.fields[i];
        if (!field->owner) {
            continue;
        }
        enum option_id id = *(enum option_id *)field->owner;
        struct str value = str_trim(form_value(field));
        /* What another way would need stays in the form, in case that one comes back to it, and is not sent. */
        bool other_way = field->hidden && (connect_way_owns(id) || id == OPT_USER_PRINCIPAL_NAME);
        bool absent = (id == OPT_CLOUD && str_is(value, AUTOMATIC)) || other_way ||
                      (field->kind == FIELD_SWITCH && !field->touched && !*options_get(&model->initial, id));
        options_set(options, id, absent ? STR("") : value);
    }
    if (wants_remote(model)) {
        struct buf table = BUF_INIT(BUF_SMALL);
        connect_session_collect(&model->form, &table);
        options_set(options, OPT_PS_SESSION_OPTION, buf_str(&table));
        buf_free(&table);
    }
    const struct connect_way *way = chosen_way(model);
    options_set(options, OPT_MANAGED_IDENTITY, way->managed ? STR("true") : STR(""));
    options_set(options, OPT_SIGN_IN, str_of(way->sign_in));
}

/* ---- errors ---- */

static void add_sentence(struct buf *out, const char *text)
{
    if (*text) {
        buf_text(out, out->len ? " " : "");
        buf_char(out, *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text);
        buf_text(out, text + 1);
        buf_text(out, text[strlen(text) - 1] == '.' ? "" : ".");
    }
}

static bool fits_field(const struct connect_model *model, struct str text)
{
    enum { LABELS_MOST = 30, EDGES = 3, ROWS_MOST = 3 };
    int labels = model->columns * 2 / 5 < LABELS_MOST ? model->columns * 2 / 5 : LABELS_MOST, rows = 0;
    struct str line;
    while (rows < ROWS_MOST && text_wrap(&text, model->columns - EDGES - labels, &line)) {
        rows++;
    }
    return text.len == 0;
}

/* The service's own words, which follow in brackets, stand on the screen of the sign-in. */
static void add_text(struct buf *out, const struct err *err)
{
    struct str text = str_of(err->text);
    const char *own = str_starts(str_of(err->code), STR("AADSTS")) ? strstr(err->text, " (AADSTS") : NULL;
    char *plain = str_dup(own ? str_take(text, (size_t)(own - err->text)) : text);
    add_sentence(out, plain);
    free(plain);
}

/* The error, and the advice behind it where both fit under a field; the status line has the advice else. */
static void error_text(const struct connect_model *model, const struct err *err, bool all, struct buf *out)
{
    add_text(out, err);
    struct buf both = BUF_INIT(BUF_SMALL);
    buf_add(&both, buf_str(out));
    add_sentence(&both, err->advice);
    if (all || fits_field(model, buf_str(&both))) {
        buf_clear(out);
        buf_add(out, buf_str(&both));
    }
    buf_free(&both);
}

static void say(const struct connect_model *model, const struct err *err, struct effects *effects)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    error_text(model, err, true, &text);
    effect_status(effects, STATUS_ERROR, "%s", buf_cstr(&text));
    buf_free(&text);
}

static bool value_good(const struct form_field *field, struct err *err)
{
    const struct ps_session_member *member = connect_session_member(field);
    if (member) {
        return field->kind == FIELD_CHOICE || ps_session_member_check(member, str_trim(form_value(field)), err);
    }
    return !field->owner || field->kind == FIELD_CHOICE ||
           options_check_value(*(enum option_id *)field->owner, str_trim(form_value(field)), err);
}

static void check_field(void *context, const struct form_field *field, char *error, size_t size)
{
    struct err err = { 0 };
    if (!value_good(field, &err)) {
        struct buf text = BUF_INIT(BUF_SMALL);
        error_text(context, &err, false, &text);
        str_copy(error, size, buf_cstr(&text));
        buf_free(&text);
    }
}

/* ---- update ---- */

/* Under the field stands what is wrong; the status line says what to do about it where there was no room for that. */
static void advise(const struct form_field *field, const struct err *err, struct effects *effects)
{
    if (*err->advice && !strstr(field->error, err->advice)) {
        effect_status(effects, STATUS_ERROR, "%s", err->advice);
    }
}

/* An error goes beside its field when it names one that is in the form. */
static bool mark_field(struct connect_model *model, const struct err *err)
{
    struct form_field *field = *err->field ? form_find(&model->form, err->field) : NULL;
    if (!field || !field->owner) {
        return false;
    }
    model->expert |= field->hidden && !is_usual(*(enum option_id *)field->owner);
    show_fields(model);
    /* First the focus: a field that is left is checked by itself, which takes a word about the whole form away. */
    form_focus(&model->form, err->field);
    struct buf text = BUF_INIT(BUF_SMALL);
    error_text(model, err, false, &text);
    form_set_error(field, buf_cstr(&text));
    buf_free(&text);
    return true;
}

static void show_error(struct connect_model *model, const struct err *err, struct effects *effects)
{
    if (mark_field(model, err)) {
        advise(form_find(&model->form, err->field), err, effects);
    } else {
        say(model, err, effects);
    }
}

/* Field by field first, since that puts the cursor where the trouble is; contradictions between fields come after. */
static void submit(struct connect_model *model, struct effects *effects)
{
    struct options options;
    struct err err = { 0 };
    options_init(&options);
    collect(model, &options);
    if (!form_check(&model->form)) {
        effect_status(effects, STATUS_ERROR, "Something in the form is not right yet.");
    } else if (!connect_way_filled(chosen_way(model), &options, &err) || !options_check(&options, &err)) {
        show_error(model, &err, effects);
    } else {
        model->asked = effect_connect(effects, &options);
        effect_push(effects, sign_in_screen(model->app, model->asked));
    }
    options_free(&options);
}

static void toggle_expert(struct connect_model *model)
{
    model->expert = !model->expert;
    show_fields(model);
    if (model->form.focus < model->form.count && model->form.fields[model->form.focus]->hidden) {
        form_focus(&model->form, option_row(OPT_USER_PRINCIPAL_NAME)->name);
    }
    /* What was asked for is there and not above the button. */
    if (model->expert && form_focused(&model->form) == form_find(&model->form, FIELD_CONNECT)) {
        form_focus(&model->form, option_row(OPT_DELEGATED_ORGANIZATION)->name);
    }
}

static const struct session_view *open_session(const struct connect_model *model)
{
    const struct session_view *session = app_state_current(model->app);
    return session && session->state == SESSION_CONNECTED ? session : NULL;
}

/* Its connection was made and left again. Over another one's screens the form is only in the way then. */
static bool has_served(const struct connect_model *model)
{
    const struct session_view *session = model->over ? app_state_session(model->app, model->asked) : NULL;
    return session && (session->state == SESSION_CONNECTED || session->state == SESSION_CLOSED);
}

/* Leaving asks only where something would be lost. */
static void leave(struct connect_model *model, struct effects *effects)
{
    if (model->over) {
        effect_pop(effects);
        return;
    }
    bool touched = open_session(model) != NULL;
    for (size_t i = 0; i < model->form.count; i++) {
        touched |= model->form.fields[i]->touched;
    }
    if (touched) {
        dialog_confirm(&model->dialog, "Leave purvey?", "Connections are closed and what is in the form is forgotten.", "Leave", "Stay");
        model->dialog.tag = ASK_LEAVE;
    } else {
        effect_quit(effects);
    }
}

static void advise_left(const struct form_field *left, struct effects *effects)
{
    struct err err = { 0 };
    if (left && left->error[0] && !value_good(left, &err)) {
        advise(left, &err, effects);
    }
}

/* Enter goes on to the next field and connects from the last one, as forms do everywhere. */
static void update_form(struct connect_model *model, const struct ui_input *input, struct effects *effects)
{
    const struct form_field *before = form_focused(&model->form);
    switch (form_input(&model->form, input)) {
    case FORM_ENTER:
        if (form_focused(&model->form)->kind == FIELD_BUTTON || !form_next(&model->form)) {
            submit(model, effects);
        } else {
            advise_left(before, effects);
        }
        return;
    case FORM_CHANGED:
        show_fields(model);
        return;
    case FORM_USED:
        if (form_focused(&model->form) != before) {
            advise_left(before, effects);
        }
        return;
    case FORM_IGNORED:
        if (input->kind == INPUT_ACTION && input->action == ACTION_BACK) {
            leave(model, effects);
        }
        return;
    }
}

static void update_action(struct connect_model *model, const struct ui_input *input, struct effects *effects)
{
    const struct session_view *session = open_session(model);
    if (input->action == ACTION_EXPERT) {
        toggle_expert(model);
    } else if (input->action == ACTION_CONNECT || input->action == ACTION_RUN) {
        submit(model, effects);
    } else if (input->action == ACTION_OPEN && model->over) {
        effect_pop(effects);
    } else if (input->action == ACTION_OPEN && session) {
        effect_push(effects, browser_screen(model->app, session->connection));
    } else {
        update_form(model, input, effects);
    }
}

/* Made from the same values that connecting will use: what is shown is what is done. The caller frees it. */
static char *preview_text(const struct connect_model *model)
{
    struct options options;
    struct buf line = BUF_INIT(BUF_SMALL);
    options_init(&options);
    collect(model, &options);
    options_command_line(&options, &line);
    options_free(&options);
    return buf_take(&line);
}

/* Rows of the equivalent line: all that it needs, but never the greater part of the screen. */
static int preview_rows(const struct connect_model *model, int rows, int columns)
{
    enum { ROOMY = 14, USUAL = 3 };
    if (rows < ROOMY) {
        return 1;
    }
    char *text = preview_text(model);
    struct str rest = str_of(text), line;
    int needed = 0, most = rows / 3 > USUAL ? rows / 3 : USUAL;
    while (needed < most && text_wrap(&rest, columns, &line)) {
        needed++;
    }
    free(text);
    return needed > USUAL ? needed : USUAL;
}

static int form_rows(const struct connect_model *model)
{
    int preview = preview_rows(model, model->rows, model->columns - 2);
    return model->rows - preview - (model->rows >= 14 ? 5 : 0);
}

/* The line grows with what is filled in, and the form gives it the room. */
static void fit(struct connect_model *model)
{
    int rows = form_rows(model);
    if (rows != model->form.rows || model->columns - 2 != model->form.columns) {
        form_resize(&model->form, rows, model->columns - 2);
    }
}

/* A failed connection comes back as an event; when it names a field, the form shows it there, with all that was
   typed still in it. The screen above says it all; the form says where. */
static void connect_update(void *context, const struct ui_input *input, struct effects *effects)
{
    struct connect_model *model = context;
    if (input->kind == INPUT_RESIZE) {
        model->rows = input->rows;
        model->columns = input->columns;
        model->over = model->over || model->app->shown;
        if (has_served(model)) {
            effect_pop(effects);
        } else if (model->at_once) {
            model->at_once = false;
            submit(model, effects);
        }
    } else if (input->kind == INPUT_EVENT) {
        if (input->event->kind == EVENT_CONNECT_FAILED && input->event->err && !mark_field(model, input->event->err) &&
            *input->event->err->field) {
            say(model, input->event->err, effects);
        }
    } else if (dialog_open(&model->dialog)) {
        if (dialog_input(&model->dialog, input) == DIALOG_YES && model->dialog.tag == ASK_LEAVE) {
            effect_quit(effects);
        }
    } else if (input->kind == INPUT_ACTION) {
        update_action(model, input, effects);
    } else {
        update_form(model, input, effects);
    }
    fit(model);
}

/* ---- draw ---- */

static bool is_filled(const struct connect_model *model)
{
    struct options options;
    options_init(&options);
    collect(model, &options);
    bool filled = connect_way_filled(chosen_way(model), &options, NULL);
    options_free(&options);
    return filled;
}

/* One line that says what to do now, in the words of where the person is. */
static void draw_intro(const struct connect_model *model, struct cells *cells, struct area area)
{
    const struct session_view *session = open_session(model);
    cells_put_text(cells, area.row, area.column, area.columns, STYLE_HEADER, "Connect to Security & Compliance");
    if (session) {
        const struct account *account = &session->account;
        cells_format(cells, area.row + 1, area.column, area.columns, STYLE_GOOD, "%s stays connected; %s goes back to it.",
                     account->tenant, model->over ? "Esc" : "Alt-o");
        cells_format(cells, area.row + 2, area.column, area.columns, STYLE_DIM, "%s%s",
                     *account->certificate ? "With the certificate " : account->given_token ? "The token is kept " : "The sign-in is kept ",
                     *account->certificate ? account->certificate : account->cache);
        return;
    }
    const struct form_field *field = form_focused(&model->form);
    bool enter = field && field->kind == FIELD_BUTTON;
    const char *missing = is_filled(model) ? "All is filled in." : "Something is missing above.";
    const char *give = is_hidden(model, OPT_USER_PRINCIPAL_NAME) ? "Give the application and what proves it."
                                                                 : "Give your user name; the rest is found out for you.";
    const char *next = enter ? missing : chosen_way(model)->managed ? "Give the organization; the machine proves itself." : give;
    cells_format(cells, area.row + 1, area.column, area.columns, STYLE_DIM, "%s %s to connect.",
                 model->app->demo ? "This is the demo tenant: nothing here is real." : next, enter ? "Press Enter" : "Press Ctrl-O");
}

static void connect_draw(const void *context, struct cells *cells, struct area area)
{
    const struct connect_model *model = context;
    struct area inside = area_inset(area, 0, 1);
    bool roomy = area.rows >= 14;
    if (roomy) {
        draw_intro(model, cells, area_cut_top(&inside, 3));
    }
    char *line = preview_text(model);
    struct area preview = area_cut_bottom(&inside, preview_rows(model, area.rows, inside.columns) + (roomy ? 2 : 0));
    if (roomy) {
        struct area heading = area_cut_top(&preview, 2);
        cells_line(cells, heading.row, heading.column, heading.columns, STYLE_BORDER);
        cells_put_text(cells, heading.row + 1, heading.column, heading.columns, STYLE_DIM, "The same in PowerShell:");
    }
    form_draw(&model->form, cells, inside, !dialog_open(&model->dialog));
    cells_wrap(cells, preview, STYLE_CODE, line);
    free(line);
    dialog_draw(&model->dialog, cells, area);
}

static void connect_offer(const void *context, struct offer *offer)
{
    const struct connect_model *model = context;
    if (dialog_open(&model->dialog)) {
        dialog_offer(&model->dialog, offer);
        offer->typing = dialog_typing(&model->dialog);
        return;
    }
    if (model->form.list_open) {
        form_offer(&model->form, offer);
        return;
    }
    const struct form_field *field = form_focused(&model->form);
    bool button = field && field->kind == FIELD_BUTTON;
    if (!button) {
        offer_add(offer, ACTION_CONNECT, "Connect");
    }
    offer_add(offer, ACTION_ENTER, button ? "Connect" : "Next");
    if (open_session(model) && !model->over) {
        offer_add(offer, ACTION_OPEN, "Cmdlets");
    }
    offer_add(offer, ACTION_EXPERT, model->expert ? "Usual options" : "All options");
    if (field && field->kind == FIELD_CHOICE) {
        offer_add(offer, ACTION_TOGGLE, "Change");
        offer_add(offer, ACTION_SUGGEST, NULL);
    }
    offer_add(offer, ACTION_BACK, model->over ? "Back" : "Leave");
    /* Other keys for the same, named by the help screen; the bottom line has no room for them. */
    if (button) {
        offer_add(offer, ACTION_CONNECT, "Connect");
    }
    offer_add(offer, ACTION_RUN, "Connect");
    offer->typing = form_typing(&model->form);
}

static void connect_free(void *context)
{
    struct connect_model *model = context;
    for (size_t i = 0; i < model->form.count; i++) {
        free(model->form.fields[i]->owner);
    }
    form_free(&model->form);
    dialog_free(&model->dialog);
    options_free(&model->initial);
    free(model);
}

/* Beside the demo tenant there is nothing that could be connected to. */
static void take_demo(struct connect_model *model)
{
    static const enum option_id ids[] = { OPT_CONNECTION_URI, OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI, OPT_USER_PRINCIPAL_NAME };
    for (size_t i = 0; model->app->demo_options && i < sizeof ids / sizeof *ids; i++) {
        if (!*options_get(&model->initial, ids[i])) {
            options_set(&model->initial, ids[i], str_of(options_get(model->app->demo_options, ids[i])));
        }
    }
}

struct screen connect_screen(const struct app_state *app, const struct options *initial, bool at_once)
{
    static const struct screen_class class = {
        .name = "Connect",
        .free = connect_free,
        .update = connect_update,
        .draw = connect_draw,
        .offer = connect_offer,
        .apart = true,
    };
    struct connect_model *model = MEM_NEW(struct connect_model);
    model->app = app;
    model->at_once = at_once;
    options_init(&model->initial);
    if (initial) {
        options_copy(&model->initial, initial);
    }
    take_demo(model);
    form_init(&model->form);
    model->form.check = check_field;
    model->form.context = model;
    add_fields(model);
    fill_fields(model);
    show_fields(model);
    bool filled = app->demo || *options_get(&model->initial, OPT_USER_PRINCIPAL_NAME) || connect_way_of(&model->initial) != connect_way_at(0);
    form_focus(&model->form, filled ? FIELD_CONNECT : option_row(OPT_USER_PRINCIPAL_NAME)->name);
    return (struct screen){ &class, model };
}
