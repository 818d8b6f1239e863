/* Any bytes, cut anywhere: the cutter must hand over the same pieces whether the body comes at once or in parts, and
   every piece it hands over from a body that is good must be a slice of that body. */
#include "base/json.h"
#include "session/rest/rest_page.h"

#include <stdlib.h>

struct tally {
    uint64_t hash;
    size_t pieces;
};

static void count(struct tally *tally, unsigned kind, struct str json)
{
    tally->pieces++;
    tally->hash = tally->hash * 31 + kind;
    for (size_t i = 0; i < json.len; i++)
        tally->hash = (tally->hash ^ (unsigned char)json.data[i]) * UINT64_C(0x100000001B3);
}

static bool on_element(void *context, struct str json)
{
    count(context, 99, json);
    json_free(json_parse(json, NULL));
    return true;
}

static bool on_member(void *context, enum rest_member member, struct str json)
{
    count(context, (unsigned)member, json);
    return true;
}

static bool read_parts(struct str body, size_t step, struct tally *tally, enum rest_page_kind *kind)
{
    const struct rest_page_listener listener = { on_element, on_member, tally };
    struct rest_page *page = rest_page_new(&listener);
    bool fine = true;
    for (size_t at = 0; fine && at < body.len; at += step)
        fine = rest_page_push(page, str_take(str_from(body, at), step), NULL);
    fine = fine && rest_page_finish(page, kind, NULL);
    rest_page_free(page);
    return fine;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 65536)
        return 0;
    struct str body = { (const char *)data + 1, size - 1 };
    struct tally whole = { 0 }, parts = { 0 };
    enum rest_page_kind whole_kind = REST_PAGE_EMPTY, parts_kind = REST_PAGE_EMPTY;
    bool whole_fine = read_parts(body, body.len ? body.len : 1, &whole, &whole_kind);
    bool parts_fine = read_parts(body, (size_t)data[0] % 61 + 1, &parts, &parts_kind);
    if (whole_fine != parts_fine || whole_kind != parts_kind || whole.hash != parts.hash || whole.pieces != parts.pieces)
        abort();
    return 0;
}
