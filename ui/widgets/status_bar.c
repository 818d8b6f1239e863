#include "ui/widgets/status_bar.h"

#include "base/clock.h"
#include "base/text.h"
#include "ui/keymap.h"

/* The right side of the top line, from the fullest form to the shortest: the first that fits is shown. The tenant and how long the
   token lives must be seen wherever they can; the user's name is what can be missed most. */
static const struct { bool whole_tenant, user, token, token_given; } forms[] = {
    { true, true, true, true }, { true, false, true, true }, { false, false, true, true },
    { true, false, false, true }, { false, false, false, true }, { false, false, false, false },
};
enum { FORM_COUNT = sizeof forms / sizeof forms[0] };

static void add_part(struct buf *out, const char *separator)
{
    if (out->len > 0)
        buf_format(out, " %s ", separator);
}

/* A time of day and not a countdown, where the token is renewed: the screen need not be drawn again only because time
   passes. One that was handed in ends for good, so what is left of it is said. */
static void say_time(const struct account *account, int64_t now_unix, struct buf *out)
{
    char until[9];
    int64_t left_s = account->expires_unix - now_unix;
    clock_hms(account->expires_unix, until);
    if (account->refused)
        buf_text(out, "sign-in refused");
    else if (left_s <= 0)
        buf_format(out, "token expired %.5s", until);
    else if (!account->given_token)
        buf_format(out, "token until %.5s", until);
    else if (left_s < 120)
        buf_format(out, "token: %lld s left", (long long)left_s);
    else if (left_s < 100 * 60)
        buf_format(out, "token: %lld min left", (long long)(left_s / 60));
    else
        buf_format(out, "token: %lld h left", (long long)(left_s / 3600));
}

static void right_side(const struct app_state *app, size_t form, const char *separator, struct buf *out)
{
    const struct session_view *session = app_state_current(app);
    size_t running = app_state_running(app), place, connected = app_state_connected(app, &place);
    if (running > 0)
        buf_format(out, "%zu running", running);
    if (!session || session->state != SESSION_CONNECTED)
        return;
    struct str tenant = str_of(session->account.tenant), first;
    str_cut(&tenant, '.', &first);
    if (first.len > 0) {
        add_part(out, separator);
        buf_add(out, forms[form].whole_tenant ? str_of(session->account.tenant) : first);
        /* Two connections to one tenant are told apart by it. */
        const char *prefix = options_get(&session->options, OPT_PREFIX);
        if (*prefix)
            buf_format(out, " (%s)", prefix);
    }
    if (connected > 1) {
        add_part(out, separator);
        buf_format(out, "%zu of %zu (F6)", place, connected);
    }
    if (forms[form].user && session->account.upn[0]) {
        add_part(out, separator);
        buf_text(out, session->account.upn);
    }
    if (session->account.expires_unix > 0 && (session->account.given_token ? forms[form].token_given : forms[form].token)) {
        add_part(out, separator);
        say_time(&session->account, app->now_unix, out);
    }
}

void status_bar_top(struct cells *cells, struct area row, const struct app_state *app, const char *title)
{
    struct buf right = BUF_INIT(BUF_SMALL);
    int room = row.columns - text_width(str_of(title)) - 4;
    for (size_t form = 0; form < FORM_COUNT; form++) {
        buf_clear(&right);
        right_side(app, form, cells_glyph(cells, GLYPH_SEPARATOR), &right);
        if (text_width(buf_str(&right)) <= room)
            break;
    }
    cells_fill(cells, row, STYLE_TITLE_DIM);
    cells_put_text(cells, row.row, row.column + 1, row.columns - 1, STYLE_TITLE, title);
    if (text_width(buf_str(&right)) <= room)
        cells_put_right(cells, row.row, row.column, row.columns - 1, STYLE_TITLE_DIM, buf_str(&right));
    buf_free(&right);
}

static int key_width(struct str key, const char *label)
{
    return text_width(key) + 1 + text_width(str_of(label));
}

static int put_key(struct cells *cells, int row, int column, int columns, struct str key, const char *label)
{
    int used = cells_put(cells, row, column, columns, STYLE_KEY, key);
    return used + 1 + cells_put_text(cells, row, column + used + 1, columns - used - 1, STYLE_KEY_LABEL, label);
}

static const char *label_of(const struct offered_action *offered)
{
    return offered->label ? offered->label : action_row(offered->action)->label;
}

static int action_width(const struct offered_action *offered, bool typing, bool ascii)
{
    struct buf key = BUF_INIT(BUF_SMALL);
    keymap_label(offered->action, typing, ascii, &key);
    int width = key.len > 0 ? key_width(buf_str(&key), label_of(offered)) + 2 : 0;
    buf_free(&key);
    return width;
}

/* The room that the way out needs: it is named on every screen, however small. */
static int back_width(const struct offer *offer, bool ascii)
{
    for (size_t i = 0; i < offer->count; i++)
        if (offer->actions[i].action == ACTION_BACK)
            return action_width(&offer->actions[i], offer->typing, ascii);
    return 0;
}

/* One key for one thing: where Enter on a button does what Ctrl-O does everywhere, one of them is named. */
static bool is_named(const struct offer *offer, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (str_eq(str_of(label_of(&offer->actions[i])), str_of(label_of(&offer->actions[index]))))
            return true;
    return false;
}

void status_bar_keys(struct cells *cells, struct area row, const struct offer *offer)
{
    struct buf key = BUF_INIT(BUF_SMALL);
    cells_fill(cells, row, STYLE_KEY_LABEL);
    keymap_label(ACTION_HELP, offer->typing, cells->ascii, &key);
    int help = key_width(buf_str(&key), action_row(ACTION_HELP)->label), room = row.columns - 2 - help;
    int column = row.column + 1, kept = back_width(offer, cells->ascii);
    put_key(cells, row.row, row.column + row.columns - 1 - help, help, buf_str(&key), action_row(ACTION_HELP)->label);
    for (size_t i = 0; i < offer->count; i++) {
        const struct offered_action *offered = &offer->actions[i];
        int width = action_width(offered, offer->typing, cells->ascii);
        kept = offered->action == ACTION_BACK ? 0 : kept;
        if (width == 0 || width + kept > room || is_named(offer, i))
            continue;
        buf_clear(&key);
        keymap_label(offered->action, offer->typing, cells->ascii, &key);
        put_key(cells, row.row, column, width - 2, buf_str(&key), label_of(offered));
        column += width;
        room -= width;
    }
    buf_free(&key);
}

void status_bar_message(struct cells *cells, struct area row, enum status_level level, const char *text)
{
    static const enum style level_styles[] = {
        [STATUS_INFO] = STYLE_STATUS, [STATUS_GOOD] = STYLE_GOOD,
        [STATUS_WARNING] = STYLE_WARNING, [STATUS_ERROR] = STYLE_STATUS_ERROR,
    };
    /* What does not fit in the last row lies over the rows above it: half a message says nothing. */
    struct str rest = str_of(text), line;
    int rows = 0, columns = row.columns - 2, most = row.row;    /* all but the title */
    while (rows < most && text_wrap(&rest, columns, &line))
        rows++;
    rows = rows > 1 ? rows : 1;
    struct area area = { row.row - rows + 1, row.column, rows, row.columns };
    cells_fill(cells, area, level == STATUS_ERROR ? STYLE_STATUS_ERROR : STYLE_TEXT);
    cells_wrap(cells, (struct area){ area.row, area.column + 1, rows, columns }, level_styles[level], text);
}
