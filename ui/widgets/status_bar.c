#include "ui/widgets/status_bar.h"

#include "base/clock.h"
#include "base/text.h"
#include "ui/keymap.h"

enum { MAX_PARTS = 4 };

/* A time of day and not a countdown, where the token is renewed: the screen need not be drawn again only because time
   passes. One that was handed in ends for good, so what is left of it is said. */
static void say_time(const struct account *account, int64_t now_unix, struct buf *out)
{
    char until[9];
    int64_t left_s = account->expires_unix - now_unix;
    clock_hms(account->expires_unix, until);
    if (left_s <= 0)
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

/* The right side of the top line, in order of importance. */
static size_t right_parts(const struct app_state *app, struct buf parts[MAX_PARTS])
{
    const struct session_view *session = app_state_current(app);
    size_t count = 0, running = app_state_running(app);
    for (size_t i = 0; i < MAX_PARTS; i++)
        parts[i] = (struct buf)BUF_INIT(BUF_SMALL);
    if (running > 0)
        buf_format(&parts[count++], "%zu running", running);
    if (!session || session->state != SESSION_CONNECTED)
        return count;
    const struct account *account = &session->account;
    bool ends = account->given_token && account->expires_unix > 0;
    if (ends)
        say_time(account, app->now_unix, &parts[count++]);
    if (account->tenant[0])
        buf_text(&parts[count++], account->tenant);
    if (account->upn[0])
        buf_text(&parts[count++], account->upn);
    if (!ends && account->expires_unix > 0)
        say_time(account, app->now_unix, &parts[count++]);
    return count;
}

void status_bar_top(struct cells *cells, struct area row, const struct app_state *app, const char *title)
{
    struct buf parts[MAX_PARTS], right = BUF_INIT(BUF_SMALL);
    const char *separator = cells_glyph(cells, GLYPH_SEPARATOR);
    size_t count = right_parts(app, parts);
    int room = row.columns - text_width(str_of(title)) - 4, used = 0;
    cells_fill(cells, row, STYLE_TITLE_DIM);
    for (size_t i = 0; i < count; i++) {
        int width = text_width(buf_str(&parts[i])) + (used > 0 ? 3 : 0);
        if (used + width > room)
            break;
        if (used > 0)
            buf_format(&right, " %s ", separator);
        buf_add(&right, buf_str(&parts[i]));
        used += width;
    }
    cells_put_text(cells, row.row, row.column + 1, row.columns - 1, STYLE_TITLE, title);
    cells_put_right(cells, row.row, row.column, row.columns - 1, STYLE_TITLE_DIM, buf_str(&right));
    for (size_t i = 0; i < MAX_PARTS; i++)
        buf_free(&parts[i]);
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

void status_bar_keys(struct cells *cells, struct area row, const struct offer *offer)
{
    struct buf key = BUF_INIT(BUF_SMALL);
    cells_fill(cells, row, STYLE_KEY_LABEL);
    keymap_label(ACTION_HELP, offer->typing, cells->ascii, &key);
    int help = key_width(buf_str(&key), action_row(ACTION_HELP)->label), room = row.columns - 2 - help;
    int column = row.column + 1;
    put_key(cells, row.row, row.column + row.columns - 1 - help, help, buf_str(&key), action_row(ACTION_HELP)->label);
    for (size_t i = 0; i < offer->count; i++) {
        const char *label = offer->actions[i].label ? offer->actions[i].label : action_row(offer->actions[i].action)->label;
        buf_clear(&key);
        keymap_label(offer->actions[i].action, offer->typing, cells->ascii, &key);
        int width = key_width(buf_str(&key), label);
        if (key.len == 0 || width + 2 > room)
            continue;
        put_key(cells, row.row, column, width, buf_str(&key), label);
        column += width + 2;
        room -= width + 2;
    }
    buf_free(&key);
}

void status_bar_message(struct cells *cells, struct area row, enum status_level level, const char *text)
{
    static const enum style level_styles[] = {
        [STATUS_INFO] = STYLE_STATUS, [STATUS_GOOD] = STYLE_GOOD,
        [STATUS_WARNING] = STYLE_WARNING, [STATUS_ERROR] = STYLE_STATUS_ERROR,
    };
    cells_fill(cells, row, level == STATUS_ERROR ? STYLE_STATUS_ERROR : STYLE_TEXT);
    cells_put_text(cells, row.row, row.column + 1, row.columns - 2, level_styles[level], text);
}
