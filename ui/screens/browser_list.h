/* What the browser lists: ranked cmdlets while something is typed; else tables still open, cmdlets used before, and all
   cmdlets by area. */
#ifndef PURVEY_UI_BROWSER_LIST_H
#define PURVEY_UI_BROWSER_LIST_H

#include "ui/app_state.h"

enum entry_kind { ENTRY_HEADING, ENTRY_CMDLET, ENTRY_JOB };

struct entry {
    enum entry_kind kind;
    const struct cmdlet *cmdlet;    /* CMDLET */
    bool missing;                   /* CMDLET: the service has it and did not offer it to this account */
    uint64_t matched;               /* CMDLET: letters of its name that were typed, a bit each */
    uint64_t job;                   /* JOB */
    const char *heading;            /* HEADING: belongs to the catalogue or is static */
};

#define RECENT_MOST 5

struct browser_list {
    struct entry *items; size_t count, capacity;
    size_t found;                                   /* different cmdlets in it that can be run */
    struct catalogue *missing;                      /* names alone: what is known and was not offered */
    const struct cmdlet **by_area; size_t all;      /* every cmdlet, in the order of the areas */
    const struct cmdlet *recent[RECENT_MOST]; size_t recent_count;
};

/* How the cmdlets that cannot be run are headed. */
const char *browser_list_missing_text(const struct catalogue *catalogue);
void browser_list_free(struct browser_list *list);
void browser_list_used(struct browser_list *list, const struct cmdlet *cmdlet);        /* becomes the latest one */
/* Both fill the list anew; indexes into it are good until then. rank: best first. */
void browser_list_rank(struct browser_list *list, const struct catalogue *catalogue, struct str typed);
void browser_list_all(struct browser_list *list, const struct catalogue *catalogue, const struct app_state *app,
                      uint64_t connection);
/* The entry nearest to `row` that can be selected, looking in the direction of `by` first; -1 when there is none. */
int64_t browser_list_selectable(const struct browser_list *list, int64_t row, int by);

#endif
