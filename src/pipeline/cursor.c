#include "pipeline/cursor.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/private_file.h"
#include "catalogue/command_line.h"
#include "pipeline/seen.h"

/* The service's own 100 would be ten times the requests; with its most (5000, 10000) a cookie ends before the next call. */
#define PAGE_SIZE 1000
#define SHORTEST_RANGE_S 120
#define RANGES_MOST 64
/* Pages in a row that bring nothing new: after a range was halved there are some, of what came before. */
#define STALE_PAGES_MOST 2000
#define STATE_MOST ((size_t)64 * 1024)
#define KEYS_MOST ((size_t)64 * 1024 * 1024)

enum kind { ACTIVITY, CONTENT };

struct range { int64_t start, end; };

struct cursor {
    enum kind kind;
    struct invocation *asked, *page;
    char *place;                    /* NULL = nothing is kept */
    char *cookie;                   /* of the next page; NULL = the first */
    char *next_cookie;              /* what this page says */
    bool more, ended, broken;       /* this page says that there are more; nothing is left; something is missing */
    bool timed;                     /* the ranges are known as times */
    bool halved;                    /* ...and are no longer the ones that were asked for */
    struct range ranges[RANGES_MOST];
    size_t range_count;             /* the last is under way */
    struct seen seen;
    struct object room;
    int64_t records, repeated, announced, page_records;
    int64_t records_before;         /* how many there were when this page was asked for */
    int stale_pages;                /* in a row without a new record */
    int64_t skip;                   /* of the first page: what came of it before it broke */
    struct buf fresh;               /* keys of the records since the place was kept, a line each */
    bool keys_begun;                /* the file of keys is this export's */
    struct buf pending, pending_keys;       /* the newest place, not yet on disk (keep) */
    char *note;
};

/* ---- what was asked ---- */

static bool time_of(const struct invocation *asked, const char *name, int64_t *unix_s)
{
    const struct argument *argument = invocation_get(asked, name);
    return argument && argument->kind == ARG_TEXT && clock_parse_iso(json_string(argument->value), unix_s);
}

char *cursor_place(const struct invocation *asked, const char *tenant)
{
    struct buf key = BUF_INIT(BUF_LARGE);
    buf_format(&key, "%s\n", tenant);
    command_line_print(asked, &key);
    char *name = mem_format("export-%016llx", (unsigned long long)str_hash(HASH_START, buf_str(&key)));
    char *place = private_file_place(name);
    buf_free(&key);
    free(name);
    return place;
}

static void say(struct cursor *cursor, char *text)
{
    free(cursor->note);
    cursor->note = text;
}

/* Beside the place, the keys of all records that came: the service repeats some from page to page, also over a break. */
static char *keys_place(const struct cursor *cursor)
{
    return mem_format("%s.keys", cursor->place);
}

static void use_kept_keys(struct cursor *cursor)
{
    struct buf text = BUF_INIT(KEYS_MOST);
    char *path = keys_place(cursor);
    bool first;
    if (private_file_read(path, &text, NULL)) {
        struct str rest = buf_str(&text), key;
        while (str_cut(&rest, '\n', &key)) {
            seen_number(&cursor->seen, key, true, &first);
        }
        cursor->keys_begun = true;
    }
    buf_free(&text);
    free(path);
}

/* The keys before the place: a record that comes twice is told from a record that is missing by nobody. */
static void write_pending(struct cursor *cursor)
{
    char *path = keys_place(cursor);
    if (cursor->pending.len) {
        struct str keys = buf_str(&cursor->pending_keys);
        cursor->keys_begun = cursor->keys_begun ? private_file_append(path, keys) : private_file_write(path, keys);
        private_file_write(cursor->place, buf_str(&cursor->pending));
    }
    buf_clear(&cursor->pending);
    buf_clear(&cursor->pending_keys);
    free(path);
}

static void forget(const struct cursor *cursor)
{
    char *path = keys_place(cursor);
    unlink(path);
    unlink(cursor->place);
    free(path);
}

/* The state of an export that broke: JSON, so that a later version can still read it. */
static void use_kept(struct cursor *cursor)
{
    struct buf text = BUF_INIT(STATE_MOST);
    int64_t age_s = 0;
    struct json *state = cursor->place && private_file_read(cursor->place, &text, &age_s) ? json_parse(buf_str(&text), NULL) : NULL;
    const char *cookie = json_cstr(json_get(state, "cookie"), "");
    if (*cookie || json_first(json_get(state, "ranges"))) {
        cursor->cookie = *cookie ? mem_text(cookie) : NULL;
        (void)json_int64(json_get(state, "records"), &cursor->records);
        (void)json_int64(json_get(state, "repeated"), &cursor->repeated);
        (void)json_int64(json_get(state, "skip"), &cursor->skip);
        use_kept_keys(cursor);
        cursor->range_count = 0;
        for (const struct json *range = json_first(json_get(state, "ranges")); range && cursor->range_count < RANGES_MOST; range = json_next(range)) {
            struct range *to = &cursor->ranges[cursor->range_count++];
            cursor->timed = json_int64(json_get(range, "start"), &to->start) && json_int64(json_get(range, "end"), &to->end);
        }
        /* Without times there is one range, of which nothing is known. */
        cursor->range_count = cursor->range_count > 0 ? cursor->range_count : 1;
        cursor->halved = json_bool(json_get(state, "halved"), false);
        long long minutes = age_s < 60 ? 1 : age_s / 60;
        say(cursor, mem_format("Going on behind the %lld records that came %lld minute%s ago; those do not come again.", (long long)cursor->records,
                               minutes, minutes > 1 ? "s" : ""));
    } else {
        say(cursor, mem_text("No broken export of this very line is known here: it begins at the start. A time that moves, as now or 7d, makes "
                             "another line of it."));
    }
    json_free(state);
    buf_free(&text);
}

/* One page late, unless the export ends in order: the rows of the newest page are still on their way to the output, where a
   program that is killed would lose them, while a place behind them were on disk already. */
static void keep(struct cursor *cursor)
{
    if (!cursor->keys_begun) {
        forget(cursor);             /* that of an older run */
    }
    write_pending(cursor);
    struct json *state = json_new_object(), *ranges = json_new_array();
    struct buf emptied = cursor->pending_keys;
    cursor->pending_keys = cursor->fresh;
    cursor->fresh = emptied;
    for (size_t i = 0; i < cursor->range_count && cursor->timed; i++) {
        struct json *range = json_new_object();
        json_add(range, "start", json_new_int(cursor->ranges[i].start));
        json_add(range, "end", json_new_int(cursor->ranges[i].end));
        json_add(ranges, NULL, range);
    }
    json_add(state, "cookie", json_new_string(str_of(cursor->cookie ? cursor->cookie : "")));
    json_add(state, "records", json_new_int(cursor->records));
    json_add(state, "repeated", json_new_int(cursor->repeated));
    json_add(state, "skip", json_new_int(cursor->kind == CONTENT ? cursor->page_records : 0));
    json_add(state, "halved", json_new_bool(cursor->halved));
    json_add(state, "ranges", ranges);
    json_print(state, false, &cursor->pending);
    json_free(state);
}

struct cursor *cursor_new(const struct invocation *asked, const char *place, bool resume)
{
    bool activity = str_is_nocase(str_of(asked->cmdlet), "Export-ActivityExplorerData");
    bool content = str_is_nocase(str_of(asked->cmdlet), "Export-ContentExplorerData");
    if ((!activity && !content) || invocation_get(asked, "PageCookie")) {
        return NULL;
    }
    struct cursor *cursor = MEM_NEW(struct cursor);
    cursor->kind = activity ? ACTIVITY : CONTENT;
    cursor->asked = invocation_copy(asked);
    cursor->place = mem_text(place);
    cursor->announced = -1;
    cursor->fresh.cap = cursor->pending_keys.cap = KEYS_MOST;
    cursor->pending.cap = STATE_MOST;
    object_init(&cursor->room);
    cursor->range_count = 1;
    cursor->timed = activity && time_of(asked, "StartTime", &cursor->ranges[0].start) && time_of(asked, "EndTime", &cursor->ranges[0].end);
    if (resume) {
        use_kept(cursor);
    }
    return cursor;
}

/* ---- the next call ---- */

static void set_text(struct invocation *invocation, const char *name, const char *text)
{
    const struct argument *before = invocation_get(invocation, name);
    invocation_set(invocation, name, ARG_TEXT, before ? before->type : TYPE_STRING, json_new_string(str_of(text)));
}

/* rest.md section 4: UTC without Z. */
static void set_time(struct invocation *invocation, const char *name, int64_t unix_s)
{
    char iso[21];
    clock_iso(unix_s, iso);
    iso[19] = '\0';
    set_text(invocation, name, iso);
}

static bool can_halve(const struct cursor *cursor)
{
    const struct range *range = &cursor->ranges[cursor->range_count - 1];
    return cursor->timed && range->end - range->start >= 2 * SHORTEST_RANGE_S && cursor->range_count < RANGES_MOST;
}

const struct invocation *cursor_page(struct cursor *cursor)
{
    if (cursor->ended) {
        return NULL;
    }
    invocation_free(cursor->page);
    cursor->page = invocation_copy(cursor->asked);
    cursor->page->impatient = can_halve(cursor);
    cursor->more = false;
    cursor->page_records = 0;
    cursor->records_before = cursor->records;
    if (!invocation_get(cursor->page, "PageSize")) {
        invocation_set(cursor->page, "PageSize", ARG_NUMBER, TYPE_INT, json_new_int(PAGE_SIZE));
    }
    /* Rows are made here, so the service gives them in the form that parts without doubt. */
    if (cursor->kind == ACTIVITY) {
        set_text(cursor->page, "OutputFormat", "Json");
    }
    if (cursor->halved) {
        set_time(cursor->page, "StartTime", cursor->ranges[cursor->range_count - 1].start);
        set_time(cursor->page, "EndTime", cursor->ranges[cursor->range_count - 1].end);
    }
    if (cursor->cookie) {
        set_text(cursor->page, "PageCookie", cursor->cookie);
    }
    return cursor->page;
}

/* ---- what comes back ---- */

static struct str text_of(const struct object *object, const char *name)
{
    const struct property *property = object_find(object, str_of(name));
    return property && property->kind != VALUE_NULL ? property->text : STR("");
}

/* true, "True", 1: whatever the service makes of a boolean inside an object. */
static bool is_true(const struct object *object, const char *name)
{
    const struct property *property = object_find(object, str_of(name));
    return property && (property->kind == VALUE_TRUE || str_is_nocase(property->text, "true") || str_is(property->text, "1"));
}

static void take_total(struct cursor *cursor, const struct object *object, const char *name)
{
    int64_t total;
    if (cursor->announced < 0 && str_to_int64(text_of(object, name), 0, INT64_MAX, &total)) {
        cursor->announced = total;
    }
}

/* A key of eight bytes in place of the text: half a million records are remembered, in memory and on disk. */
static bool is_new_text(struct cursor *cursor, struct str text)
{
    char key[17];
    bool first;
    snprintf(key, sizeof key, "%016llx", (unsigned long long)str_hash(HASH_START, text));
    seen_number(&cursor->seen, str_of(key), true, &first);
    if (first && cursor->place) {
        buf_format(&cursor->fresh, "%s\n", key);
    }
    return first;
}

/* By what records are called one by one; without such a name by all that is in it. */
static bool is_new(struct cursor *cursor, const struct object *record)
{
    static const char *const names[] = { "RecordIdentity", "RecordId", "Id", "ActivityId" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str id = text_of(record, names[i]);
        if (id.len) {
            return is_new_text(cursor, id);
        }
    }
    /* Records of content explorer are files, and two of them may look alike. */
    if (cursor->kind == CONTENT) {
        return true;
    }
    struct buf text = BUF_INIT(OBJECT_MAX_BYTES);
    object_print_json(record, false, &text);
    bool first = is_new_text(cursor, buf_str(&text));
    buf_free(&text);
    return first;
}

static bool give(struct cursor *cursor, const struct object *record, const struct local_sink *out, struct err *err)
{
    cursor->page_records++;
    if (cursor->skip > 0) {
        cursor->skip--;
        return true;
    }
    if (!is_new(cursor, record)) {
        cursor->repeated++;
        return true;
    }
    cursor->records++;
    return out->object(out->context, record, err);
}

/* An array of records in a text, or a single one. */
static bool give_all(struct cursor *cursor, struct str text, const struct local_sink *out, struct err *err)
{
    struct err inner;
    if (str_trim(text).len == 0) {
        return true;
    }
    struct json *tree = json_parse(text, &inner);
    if (!tree) {
        return err_set(err, ERR_PROTOCOL, "The records of this page cannot be read: %s", inner.text);
    }
    bool good = true, list = json_kind(tree) == JSON_ARRAY;
    for (const struct json *item = list ? json_first(tree) : tree; good && item; item = list ? json_next(item) : NULL) {
        object_clear(&cursor->room);
        object_from_json(&cursor->room, item);
        good = give(cursor, &cursor->room, out, err);
    }
    json_free(tree);
    return good;
}

static void take_cookie(struct cursor *cursor, struct str cookie, bool more)
{
    free(cursor->next_cookie);
    cursor->next_cookie = cookie.len ? str_dup(cookie) : NULL;
    cursor->more = more && cursor->next_cookie;
    cursor->broken |= more && !cursor->next_cookie;
}

static bool take_activity(struct cursor *cursor, const struct object *object, const struct local_sink *out, struct err *err)
{
    take_total(cursor, object, "TotalResultCount");
    take_cookie(cursor, text_of(object, "WaterMark"), !is_true(object, "LastPage"));
    return give_all(cursor, text_of(object, "ResultData"), out, err);
}

bool cursor_object(struct cursor *cursor, const struct object *object, const struct local_sink *out, struct err *err)
{
    if (cursor->kind == ACTIVITY) {
        bool page = object_find(object, STR("ResultData")) || object_find(object, STR("LastPage"));
        return page ? take_activity(cursor, object, out, err) : give(cursor, object, out, err);
    }
    if (object_find(object, STR("MorePagesAvailable"))) {
        take_total(cursor, object, "TotalCount");
        take_cookie(cursor, text_of(object, "PageCookie"), is_true(object, "MorePagesAvailable"));
        return true;
    }
    return give(cursor, object, out, err);
}

/* ---- from page to page ---- */

static void end(struct cursor *cursor)
{
    cursor->ended = true;
    if (cursor->place) {
        forget(cursor);
    }
    int64_t came = cursor->records + cursor->repeated;
    if (!cursor->halved && cursor->announced > came) {
        cursor->broken = true;
        say(cursor, mem_format("The service announced %lld records and gave %lld.", (long long)cursor->announced, (long long)came));
    }
}

/* The next call would be this one again. A place of activity explorer may stay as long as records come; in content explorer
   nothing else tells a page from its repetition. */
static bool goes_in_circles(struct cursor *cursor)
{
    bool stale = cursor->records == cursor->records_before;
    cursor->stale_pages = stale ? cursor->stale_pages + 1 : 0;
    bool same = cursor->cookie && cursor->next_cookie && str_is(str_of(cursor->cookie), cursor->next_cookie);
    return cursor->more && ((same && (stale || cursor->kind == CONTENT)) || cursor->stale_pages > STALE_PAGES_MOST);
}

void cursor_page_done(struct cursor *cursor)
{
    bool circle = goes_in_circles(cursor);
    if (circle) {
        cursor->broken = true;
        say(cursor, mem_text("The service names the same place again and again; the export ends here and may be incomplete."));
    }
    free(cursor->cookie);
    cursor->cookie = NULL;
    if (cursor->more && !circle) {
        cursor->cookie = cursor->next_cookie;
        cursor->next_cookie = NULL;
    } else if (--cursor->range_count == 0) {
        end(cursor);
        return;
    }
    cursor->page_records = 0;
    cursor->skip = 0;
    if (cursor->place && (cursor->cookie || cursor->timed)) {
        keep(cursor);
    }
}

/* More than the service can do at once, or longer ago than it remembers where it was (pains.md 9). */
static bool is_too_much(const struct err *err)
{
    static const char *const signs[] = { "timed out", "timeout", "time-out", "took too long", "cookie", "watermark", "504" };
    if (err->kind != ERR_SERVER && err->kind != ERR_NETWORK && err->kind != ERR_INPUT) {
        return false;
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (str_contains_nocase(str_of(err->text), str_of(signs[i])) || str_contains_nocase(str_of(err->code), str_of(signs[i]))) {
            return true;
        }
    }
    return str_is(str_of(err->code), "curl 28");
}

/* Going on would be refused again. */
static bool is_lost_place(const struct err *err)
{
    return err->kind == ERR_SERVER && (str_contains_nocase(str_of(err->text), STR("cookie")) || str_contains_nocase(str_of(err->code), STR("cookie")));
}

bool cursor_page_failed(struct cursor *cursor, struct err *err)
{
    struct range *range = &cursor->ranges[cursor->range_count - 1];
    if (can_halve(cursor) && is_too_much(err)) {
        int64_t middle = range->start + (range->end - range->start) / 2;
        /* The earlier half is done first; what came of this range already comes again and is known by its ids. */
        cursor->ranges[cursor->range_count] = (struct range){ range->start, middle };
        range->start = middle;
        cursor->range_count++;
        cursor->halved = true;
        free(cursor->cookie);
        cursor->cookie = NULL;
        char from[21], to[21];
        clock_iso(cursor->ranges[cursor->range_count - 1].start, from);
        clock_iso(middle, to);
        size_t length = strlen(err->text);
        const char *stop = length && strchr(".!?", err->text[length - 1]) ? "" : ".";
        say(cursor, mem_format("%.200s%s Going on with a part of it: %s to %s.", err->text, stop, from, to));
        return true;
    }
    if (cursor->cookie && is_lost_place(err)) {
        err_advise(err, "%lld records came. The service no longer knows the place behind them: run the line without --resume, which begins at the start.",
                   (long long)cursor->records);
    } else if (cursor->place && (cursor->cookie || cursor->keys_begun || cursor->pending.len)) {
        err_advise(err, "%lld records came. Run the same line with --resume to go on behind them; the service keeps the place for some minutes only.",
                   (long long)cursor->records);
    }
    return false;
}

/* ---- the rest ---- */

char *cursor_take_note(struct cursor *cursor)
{
    char *note = cursor->note;
    cursor->note = NULL;
    return note;
}

bool cursor_complete(const struct cursor *cursor)
{
    return cursor->ended && !cursor->broken;
}

int64_t cursor_records(const struct cursor *cursor)
{
    return cursor->records;
}

void cursor_lose(struct cursor *cursor)
{
    if (cursor) {
        buf_clear(&cursor->fresh);
        cursor->page_records = 0;
    }
}

void cursor_free(struct cursor *cursor)
{
    if (!cursor) {
        return;
    }
    /* A page that broke in its midst: what came of it is not to come again. */
    if (cursor->place && !cursor->ended) {
        if (cursor->cookie && cursor->page_records > 0) {
            keep(cursor);
        }
        write_pending(cursor);
    }
    invocation_free(cursor->asked);
    invocation_free(cursor->page);
    buf_free(&cursor->fresh);
    buf_free(&cursor->pending);
    buf_free(&cursor->pending_keys);
    free(cursor->place);
    free(cursor->cookie);
    free(cursor->next_cookie);
    free(cursor->note);
    seen_free(&cursor->seen);
    object_free(&cursor->room);
    free(cursor);
}
