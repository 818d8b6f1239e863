/* Export-ActivityExplorerData and Export-ContentExplorerData: exports that page by a cookie of their own (rest.md section 8),
   with what makes them hard: a cookie that ends, a range of time that is too long, records that come twice at the border of
   two pages. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "demo/rest_call.h"

#define EVERY_S 1800                        /* one activity each half hour */
#define KEPT_S (30 * 24 * 3600)             /* data of 30 days */
#define LONGEST_RANGE_S (20 * 24 * 3600)    /* more does not come in time (the demo's own limit) */
#define COOKIE_LIFE_S 120
#define CONTENT_RECORDS 777

struct explorer_page { int64_t first, size; };

/* offset:issued:checksum, so that a made-up cookie is one. */
static void print_cookie(const struct call *call, int64_t offset, char out[80])
{
    char text[40];
    snprintf(text, sizeof text, "%lld.%lld", (long long)offset, (long long)call->now);
    snprintf(out, 80, "%s.%llx", text, (unsigned long long)seeded_number(call->demo->config.seed, text) & 0xffffff);
}

static bool read_page(struct call *call, int64_t most, struct explorer_page *page)
{
    const char *cookie = call_text(call, "PageCookie");
    long long offset = 0, issued = 0;
    char again[80] = "", text[40];
    const struct json *size = call_value(call, "PageSize");
    *page = (struct explorer_page){ 0, 100 };
    if (size && (!json_int64(size, &page->size) || page->size < 1 || page->size > most)) {
        return rest_fail(call->reply, FAIL_VALUE, "PageSize", "PageSize has to be between 1 and %lld.", (long long)most);
    }
    if (!*cookie) {
        return true;
    }
    struct str rest = str_of(cookie), first, second;
    int64_t numbers[2] = { -1, 0 };
    bool shaped = str_cut(&rest, '.', &first) && str_cut(&rest, '.', &second) && str_to_int64(first, 0, 1000000000, &numbers[0]) &&
                  str_to_int64(second, 0, INT64_MAX, &numbers[1]);
    offset = numbers[0];
    issued = numbers[1];
    snprintf(text, sizeof text, "%lld.%lld", offset, issued);
    snprintf(again, sizeof again, "%s.%llx", text, (unsigned long long)seeded_number(call->demo->config.seed, text) & 0xffffff);
    if (!shaped || !str_is(str_of(cookie), again)) {
        return rest_fail(call->reply, FAIL_VALUE, "PageCookie", "The page cookie is not valid.");
    }
    if (call->now - issued > COOKIE_LIFE_S) {
        return rest_fail(call->reply, FAIL_VALUE, "PageCookie", "The page cookie has expired.");
    }
    page->first = offset;
    return true;
}

static void answer(struct call *call, const struct json *rows)
{
    struct buf text = BUF_INIT(DEMO_MAX_BODY);
    buf_clear(&call->reply->body);
    rest_envelope(call, NULL, &call->reply->body);
    for (const struct json *row = json_first(rows); row; row = json_next(row)) {
        buf_text(&text, row == json_first(rows) ? "" : ",");
        json_print(row, false, &text);
    }
    rest_escape(&call->reply->body, buf_str(&text));
    buf_text(&call->reply->body, "]}");
    call->reply->status = 200;
    rest_content_type(call->reply);
    buf_free(&text);
}

/* ---- activity ---- */

static struct json *activity(const struct call *call, int64_t number)
{
    static const char *const names[] = { "FileRead", "FileCopiedToRemovableMedia", "LabelApplied", "DLPRuleMatch", "FilePrinted" };
    static const char *const places[] = { "Exchange", "SharePoint", "Endpoint", "OneDrive" };
    struct json *record = json_new_object();
    char text[48], when[21];
    snprintf(text, sizeof text, "activity %lld", (long long)number);
    uint64_t random = seeded_number(call->demo->config.seed, text);
    clock_iso(number * EVERY_S, when);
    snprintf(text, sizeof text, "%08llx-0000-4000-8000-%012llx", (unsigned long long)(random & 0xffffffff), (unsigned long long)number);
    json_add_text(record, "RecordIdentity", text);
    json_add_text(record, "Happened", when);
    json_add_text(record, "Activity", names[random % 5]);
    json_add_text(record, "Workload", places[(random >> 8) % 4]);
    json_add_text(record, "User", DEMO_USER);
    return record;
}

static bool read_range(struct call *call, int64_t *first, int64_t *count)
{
    int64_t start, end;
    if (!clock_parse_iso(str_of(call_text(call, "StartTime")), &start) || !clock_parse_iso(str_of(call_text(call, "EndTime")), &end)) {
        return rest_fail(call->reply, FAIL_VALUE, "StartTime", "StartTime and EndTime are no dates.");
    }
    if (end - start > LONGEST_RANGE_S) {
        return rest_fail(call->reply, FAIL_STATE, "", "The request timed out. Choose a shorter range of time.");
    }
    start = start < call->now - KEPT_S ? call->now - KEPT_S : start;
    end = end > call->now ? call->now : end;
    *first = (start + EVERY_S - 1) / EVERY_S;
    *count = end > start ? (end - 1) / EVERY_S - *first + 1 : 0;
    *count = *count < 0 ? 0 : *count;
    return true;
}

static bool export_activity(struct call *call)
{
    struct explorer_page page;
    int64_t first = 0, count = 0;
    if (!read_page(call, 5000, &page) || !read_range(call, &first, &count)) {
        return false;
    }
    struct json *rows = json_new_array(), *result = json_new_object(), *records = json_new_array();
    struct buf data = BUF_INIT(DEMO_MAX_BODY);
    char cookie[80];
    /* The last record of the page before stands here once more. */
    int64_t from = page.first > 0 ? page.first - 1 : 0, to = page.first + page.size < count ? page.first + page.size : count;
    for (int64_t i = from; i < to; i++) {
        json_add(records, NULL, activity(call, first + i));
    }
    json_print(records, false, &data);
    print_cookie(call, to, cookie);
    json_add(result, "ResultData", json_new_string(buf_str(&data)));
    json_add(result, "TotalResultCount", json_new_int(count));
    json_add(result, "RecordCount", json_new_int(to - from));
    json_add(result, "LastPage", json_new_bool(to >= count));
    json_add_text(result, "WaterMark", cookie);
    json_add(rows, NULL, result);
    answer(call, rows);
    json_free(rows);
    json_free(records);
    buf_free(&data);
    return true;
}

/* ---- content ---- */

static bool export_content(struct call *call)
{
    struct explorer_page page;
    if (!read_page(call, 10000, &page)) {
        return false;
    }
    struct json *rows = json_new_array(), *head = json_new_object();
    char cookie[80];
    int64_t to = page.first + page.size < CONTENT_RECORDS ? page.first + page.size : CONTENT_RECORDS;
    print_cookie(call, to, cookie);
    json_add(head, "TotalCount", json_new_int(CONTENT_RECORDS));
    json_add(head, "MorePagesAvailable", json_new_bool(to < CONTENT_RECORDS));
    json_add(head, "RecordsReturned", json_new_int(to - page.first));
    json_add_text(head, "PageCookie", cookie);
    json_add(rows, NULL, head);
    for (int64_t i = page.first; i < to; i++) {
        struct json *record = json_new_object();
        char *name = mem_format("Document %lld.docx", (long long)i + 1);
        json_add_text(record, "FileName", name);
        json_add_text(record, "Workload", *call_text(call, "Workload") ? call_text(call, "Workload") : "SharePoint");
        json_add_text(record, "TagName", call_text(call, "TagName"));
        json_add(rows, NULL, record);
        free(name);
    }
    answer(call, rows);
    json_free(rows);
    return true;
}

bool rest_explorer(struct call *call)
{
    return str_is(call->cmdlet->name, "Export-ActivityExplorerData") ? export_activity(call) : export_content(call);
}
