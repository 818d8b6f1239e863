/* The order of the browser's list. Ranking is the catalogue's work; here is what stands there before anything was
   typed. */
#include "ui/screens/browser_list.h"

#include <stdlib.h>

#include "base/mem.h"
#include "catalogue/known_cmdlets.h"

void browser_list_free(struct browser_list *list)
{
    free(list->items);
    free(list->by_area);
    catalogue_free(list->missing);
    *list = (struct browser_list){ 0 };
}

/* The latest goes to the front; the one that fell off the end makes room. */
void browser_list_used(struct browser_list *list, const struct cmdlet *cmdlet)
{
    size_t at = 0;
    while (at < list->recent_count && list->recent[at] != cmdlet)
        at++;
    if (at == list->recent_count && list->recent_count < RECENT_MOST)
        list->recent_count++;
    if (at == RECENT_MOST)
        at--;
    memmove(list->recent + 1, list->recent, at * sizeof list->recent[0]);
    list->recent[0] = cmdlet;
}

static void add(struct browser_list *list, struct entry entry)
{
    MEM_ROOM(list->items, list->count, list->capacity);
    list->items[list->count++] = entry;
}

/* ---- what was not offered ---- */

/* Once for the life of the browser. A catalogue of names, so that it is sorted and ranked as the other one. */
static const struct catalogue *missing_of(struct browser_list *list, const struct catalogue *catalogue)
{
    if (list->missing)
        return list->missing;
    struct str *names = mem_array(known_cmdlet_count() + 1, sizeof *names);
    size_t count = known_cmdlets_not_offered(catalogue, names);
    list->missing = catalogue_new();
    for (size_t i = 0; i < count; i++)
        catalogue_add(list->missing, names[i]);
    catalogue_seal(list->missing);
    catalogue_set_prefix(list->missing, catalogue->prefix);
    free(names);
    return list->missing;
}

const char *browser_list_missing_text(const struct catalogue *catalogue)
{
    return catalogue->chosen ? "Not among those of -CommandName" : "Not offered to this account";
}

static size_t add_ranked(struct browser_list *list, const struct catalogue *catalogue, struct str typed, bool missing, const char *heading)
{
    struct ranked *ranked = mem_array(catalogue->count + 1, sizeof *ranked);
    size_t count = catalogue_rank(catalogue, typed, ranked);
    if (count > 0 && heading)
        add(list, (struct entry){ ENTRY_HEADING, .heading = heading });
    for (size_t i = 0; i < count; i++)
        add(list, (struct entry){ ENTRY_CMDLET, .cmdlet = ranked[i].cmdlet, .matched = ranked[i].matched, .missing = missing });
    free(ranked);
    return count;
}

/* Who looks for a name and lacks the role must find it all the same, below what can be run (pains 3). */
void browser_list_rank(struct browser_list *list, const struct catalogue *catalogue, struct str typed)
{
    list->count = 0;
    list->found = add_ranked(list, catalogue, typed, false, NULL);
    add_ranked(list, missing_of(list, catalogue), typed, true, browser_list_missing_text(catalogue));
}

/* ---- all of them ---- */

#define OTHER "Other"

static const char *area_of(const struct cmdlet *cmdlet)
{
    return cmdlet->area[0] ? cmdlet->area : OTHER;
}

/* What most people come for stands first: the list is long and the screen is not. */
static size_t area_rank(const struct cmdlet *cmdlet)
{
    static const char *const first[] = { "eDiscovery", "Labels", "DLP", "Retention", "Alerts", "Audit", "Quarantine" };
    size_t count = sizeof first / sizeof first[0], rank = 0;
    if (strcmp(area_of(cmdlet), OTHER) == 0)
        return count + 1;
    while (rank < count && strcmp(first[rank], cmdlet->area) != 0)
        rank++;
    return rank;
}

/* By area; within it what belongs to one noun stands together, reading before changing. */
static int compare(const void *a, const void *b)
{
    const struct cmdlet *left = *(const struct cmdlet *const *)a, *right = *(const struct cmdlet *const *)b;
    if (area_rank(left) != area_rank(right))
        return area_rank(left) < area_rank(right) ? -1 : 1;
    int order = str_compare_nocase(str_of(left->area), str_of(right->area));
    if (order == 0)
        order = str_compare_nocase(left->noun, right->noun);
    if (order == 0 && cmdlet_is_read(left) != cmdlet_is_read(right))
        return cmdlet_is_read(left) ? -1 : 1;
    return order != 0 ? order : str_compare_nocase(left->verb, right->verb);
}

/* Once for the life of the browser: a catalogue does not change. */
static void sort_by_area(struct browser_list *list, const struct catalogue *catalogue)
{
    if (list->by_area)
        return;
    list->all = catalogue->count;
    list->by_area = mem_array(list->all + 1, sizeof *list->by_area);
    for (size_t i = 0; i < list->all; i++)
        list->by_area[i] = &catalogue->cmdlets[i];
    if (list->all > 1)
        qsort(list->by_area, list->all, sizeof *list->by_area, compare);
}

/* The latest first. A finished table is here only when it was left while it ran. */
static void add_jobs(struct browser_list *list, const struct app_state *app, uint64_t connection)
{
    bool headed = false;
    for (size_t i = app->job_count; i-- > 0;) {
        if (app->jobs[i]->connection != connection)
            continue;
        if (!headed)
            add(list, (struct entry){ ENTRY_HEADING, .heading = "Open results" });
        headed = true;
        add(list, (struct entry){ ENTRY_JOB, .job = app->jobs[i]->job });
    }
}

static void add_recent(struct browser_list *list)
{
    if (list->recent_count > 0)
        add(list, (struct entry){ ENTRY_HEADING, .heading = "Used before" });
    for (size_t i = 0; i < list->recent_count; i++)
        add(list, (struct entry){ ENTRY_CMDLET, .cmdlet = list->recent[i] });
}

/* What runs comes first, then what was used lately, then everything by area: the order in which a person is likely
   to want it. */
void browser_list_all(struct browser_list *list, const struct catalogue *catalogue, const struct app_state *app,
                      uint64_t connection)
{
    const char *area = "";
    sort_by_area(list, catalogue);
    list->count = 0;
    list->found = list->all;
    add_jobs(list, app, connection);
    add_recent(list);
    for (size_t i = 0; i < list->all; i++) {
        const struct cmdlet *cmdlet = list->by_area[i];
        const char *own = area_of(cmdlet);
        if (strcmp(own, area) != 0)
            add(list, (struct entry){ ENTRY_HEADING, .heading = own });
        area = own;
        add(list, (struct entry){ ENTRY_CMDLET, .cmdlet = cmdlet });
    }
    const struct catalogue *missing = missing_of(list, catalogue);
    if (missing->count > 0)
        add(list, (struct entry){ ENTRY_HEADING, .heading = browser_list_missing_text(catalogue) });
    for (size_t i = 0; i < missing->count; i++)
        add(list, (struct entry){ ENTRY_CMDLET, .cmdlet = &missing->cmdlets[i], .missing = true });
}

/* From row on in one direction; -1 when only headings are left there. */
static int64_t look(const struct browser_list *list, int64_t row, int by)
{
    for (; row >= 0 && row < (int64_t)list->count; row += by)
        if (list->items[row].kind != ENTRY_HEADING)
            return row;
    return -1;
}

int64_t browser_list_selectable(const struct browser_list *list, int64_t row, int by)
{
    int64_t found = look(list, row, by);
    return found >= 0 ? found : look(list, row, -by);
}
