/* Get-User: people are computed while they are sent, so a million of them costs no memory. */
#include <stdlib.h>

#include "demo/rest_call.h"
#include "demo/users.h"

struct listing {
    struct users users;
    unsigned mask;
    int64_t first, rows, end;
};

/* Kinds that nobody here has give an empty mask, and an empty list. */
static unsigned kinds(const struct call *call)
{
    const struct json *types = call_value(call, "RecipientTypeDetails");
    unsigned mask = 0;
    if (!types) {
        return USER_ANY;
    }
    if (json_kind(types) != JSON_ARRAY) {
        return users_kind_by_name(json_string(types));
    }
    for (const struct json *type = json_first(types); type; type = json_next(type)) {
        mask |= users_kind_by_name(json_string(type));
    }
    return mask;
}

/* The envelope is small and whole; the people behind it are written by the stream, without the lock. */
static bool answer(struct call *call, const struct listing *listing, const char *link)
{
    struct buf prefix = BUF_INIT(BUF_LARGE);
    rest_envelope(call, link, &prefix);
    rest_content_type(call->reply);
    call->reply->status = 200;
    call->reply->stream = users_stream(&listing->users, listing->mask, listing->first, listing->rows, buf_str(&prefix),
                                       STR("]}"));
    buf_free(&prefix);
    return true;
}

/* A person is computed back from the name: no list is searched, however many people there are. */
static bool one(struct call *call, struct listing *listing, const char *identity)
{
    listing->first = users_find(&listing->users, str_of(identity));
    if (listing->first < 0) {
        return rest_fail(call->reply, FAIL_NOT_FOUND, identity,
                         "The operation could not be performed because the User '%s' is not there.", identity);
    }
    listing->mask = USER_ANY;
    listing->rows = 1;
    return answer(call, listing, NULL);
}

/* ResultSize counts over all pages, so the cursor carries how many came before. */
bool rest_users(struct call *call)
{
    struct listing listing = { .users = { call->demo->config.seed, call->demo->config.users }, .mask = kinds(call) };
    struct page page;
    int64_t wanted = call_result_size(call);
    if (*call_text(call, "Filter")) {
        return rest_fail(call->reply, FAIL_VALUE, "",
                         "The demo tenant cannot filter people: use Identity or RecipientTypeDetails.");
    }
    if (*call_text(call, "Identity")) {
        return one(call, &listing, call_text(call, "Identity"));
    }
    if (!page_of_request(call, &page)) {
        return false;
    }
    wanted = (wanted ? wanted : REST_DEFAULT_ROWS) - page.delivered;
    listing.first = page.first;
    listing.rows = users_page(&listing.users, listing.mask, page.first, wanted < page.rows ? wanted : page.rows,
                              &listing.end);
    bool more = users_next(&listing.users, listing.mask, listing.end) < listing.users.population;
    char *link = more && listing.rows < wanted ? page_link(call, listing.end, page.delivered + listing.rows) : NULL;
    if (more) {
        rest_warn(call, "%s", rest_more_warning);
    }
    answer(call, &listing, link);
    free(link);
    return true;
}
