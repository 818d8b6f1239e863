#include "session/rest/rest_circle.h"

#include <stdlib.h>

#include "base/mem.h"
#include "session/rest/rest_page.h"

static void remember(struct rest_circle *circle, struct str address)
{
    if (!circle->addresses)
        circle->addresses = mem_array(CIRCLE_ADDRESSES, sizeof *circle->addresses);
    circle->addresses[circle->address_count++ % CIRCLE_ADDRESSES] = str_hash(HASH_START, address);
}

static bool is_known(const struct rest_circle *circle, struct str address)
{
    uint64_t hash = str_hash(HASH_START, address);
    for (size_t i = 0; i < circle->address_count && i < CIRCLE_ADDRESSES; i++)
        if (circle->addresses[i] == hash)
            return true;
    return false;
}

bool rest_circle_next(struct rest_circle *circle, struct str from, struct str to)
{
    bool same = str_eq(from, to);
    if (!circle->address_count)
        remember(circle, from);
    if (!same && is_known(circle, to))
        return false;
    if (!same)
        remember(circle, to);
    uint64_t *room = circle->before;
    circle->before = circle->page;
    circle->before_count = circle->page_count;
    circle->page = room;
    circle->suspect = same;
    rest_circle_again(circle);
    return true;
}

void rest_circle_again(struct rest_circle *circle)
{
    circle->held.cap = REST_PAGE_MAX_PIECE;
    buf_clear(&circle->held);
    circle->page_count = 0;
}

bool rest_circle_holds(struct rest_circle *circle, size_t at, uint64_t hash, struct str row)
{
    if (at <= CIRCLE_ROWS) {
        if (!circle->page)
            circle->page = mem_array(CIRCLE_ROWS, sizeof *circle->page);
        circle->page[at - 1] = hash;
        circle->page_count = at;
    }
    circle->suspect = circle->suspect && at <= circle->before_count && circle->before[at - 1] == hash;
    if (circle->suspect) {
        buf_add(&circle->held, row);
        buf_char(&circle->held, '\0');
    }
    return circle->suspect;
}

bool rest_circle_held(struct rest_circle *circle, struct str *rest, struct str *row)
{
    if (!rest->data)
        *rest = buf_str(&circle->held);
    bool more = rest->len > 0;
    if (more)
        str_cut(rest, '\0', row);
    else
        buf_clear(&circle->held);
    return more;
}

bool rest_circle_closed(const struct rest_circle *circle)
{
    return circle->suspect && circle->page_count > 0;
}

void rest_circle_free(struct rest_circle *circle)
{
    free(circle->addresses);
    free(circle->page);
    free(circle->before);
    buf_free(&circle->held);
}
