#include "pipeline/chain.h"

#include <stdlib.h>

#include "base/mem.h"

/* One running cmdlet; its own sink leads to the next, the last one's to the chain's owner. */
struct link {
    struct local local;
    struct local_sink out, next;            /* next: where out leads to when it keeps what passes */
    const struct invocation *invocation;
    struct variables *variables;
};

struct chain {
    struct link *links;
    size_t count;
    struct local_sink out;
};

static bool into_link(void *context, const struct object *object, struct err *err)
{
    struct link *link = context;
    return link->local.class->object(link->local.state, object, &link->out, err);
}

static bool keep_and_hand_on(void *context, const struct object *object, struct err *err)
{
    struct link *link = context;
    variables_keep(link->variables, link->invocation, "OutVariable", object);
    return link->next.object(link->next.context, object, err);
}

static void keep_what_passes(struct link *link, const struct invocation *invocation, struct variables *variables)
{
    if (variables && invocation_get(invocation, "OutVariable")) {
        link->invocation = invocation;
        link->variables = variables;
        link->next = link->out;
        link->out = (struct local_sink){ keep_and_hand_on, link };
    }
}

struct chain *chain_new(const struct pipeline *pipeline, size_t first, size_t end, const struct local_sink *out, struct variables *variables,
                        struct err *err)
{
    struct chain *chain = MEM_NEW(struct chain);
    chain->links = mem_array(end - first + 1, sizeof *chain->links);
    chain->out = *out;
    for (size_t i = first; i < end; i++) {
        struct link *link = &chain->links[chain->count];
        /* The array is whole already, so a link may point at its neighbour before that is filled. */
        link->out = i + 1 < end ? (struct local_sink){ into_link, link + 1 } : *out;
        if (!local_open(&link->local, pipeline->stages[i].invocation, err)) {
            chain_free(chain);
            return NULL;
        }
        keep_what_passes(link, pipeline->stages[i].invocation, variables);
        chain->count++;
    }
    return chain;
}

bool chain_object(struct chain *chain, const struct object *object, struct err *err)
{
    return chain->count ? into_link(chain->links, object, err) : chain->out.object(chain->out.context, object, err);
}

bool chain_end(struct chain *chain, struct err *err)
{
    for (size_t i = 0; i < chain->count; i++) {
        struct link *link = &chain->links[i];
        if (link->local.class->end && !link->local.class->end(link->local.state, &link->out, err)) {
            return false;
        }
    }
    return true;
}

/* Local cmdlets change nothing, so once one of them has had enough, what stands before it works for nobody. */
bool chain_full(const struct chain *chain)
{
    for (size_t i = 0; i < chain->count; i++) {
        const struct local *local = &chain->links[i].local;
        if (local->class->full && local->class->full(local->state)) {
            return true;
        }
    }
    return false;
}

struct once { expression_teller *tell; void *context; struct buf told; };

static void tell_once(void *context, struct str text)
{
    struct once *once = context;
    struct buf line = BUF_INIT(BUF_SMALL);
    buf_format(&line, "%.*s\n", STR_ARG(text));
    if (!str_contains_nocase(buf_str(&once->told), buf_str(&line))) {
        buf_add(&once->told, buf_str(&line));
        once->tell(once->context, text);
    }
    buf_free(&line);
}

/* The same name may stand twice in a block, and behind another bar. */
void chain_unmatched(const struct chain *chain, expression_teller *tell, void *context)
{
    struct once once = { tell, context, BUF_INIT(BUF_LARGE) };
    for (size_t i = 0; i < chain->count; i++) {
        const struct local *local = &chain->links[i].local;
        if (local->class->unmatched) {
            local->class->unmatched(local->state, tell_once, &once);
        }
    }
    buf_free(&once.told);
}

void chain_free(struct chain *chain)
{
    if (!chain) {
        return;
    }
    for (size_t i = 0; i < chain->count; i++) {
        local_close(&chain->links[i].local);
    }
    free(chain->links);
    free(chain);
}
