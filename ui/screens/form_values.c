/* A few dozen values at most: looked up by walking. */
#include "ui/screens/form_values.h"

#include <stdlib.h>

#include "base/mem.h"

static struct form_value *find(const struct form_values *values, const char *name)
{
    for (size_t i = 0; i < values->count; i++)
        if (strcmp(values->items[i].name, name) == 0)
            return &values->items[i];
    return NULL;
}

void form_values_free(struct form_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        free(values->items[i].name);
        free(values->items[i].text);
    }
    free(values->items);
    *values = (struct form_values){ 0 };
}

/* By name, not by position: another parameter set has other fields in other places. */
void form_values_set(struct form_values *values, const char *name, struct str text, bool touched)
{
    struct form_value *value = find(values, name);
    if (!value) {
        MEM_ROOM(values->items, values->count, values->capacity);
        value = &values->items[values->count++];
        *value = (struct form_value){ .name = mem_text(name) };
    }
    free(value->text);
    value->text = str_dup(text);
    value->touched = touched;
}

const struct form_value *form_values_get(const struct form_values *values, const char *name)
{
    return find(values, name);
}

static void draft_clear(struct draft *draft)
{
    form_values_free(&draft->values);
    invocation_free(draft->given);
    *draft = (struct draft){ 0 };
}

void drafts_free(struct drafts *drafts)
{
    for (size_t i = 0; i < drafts->count; i++)
        draft_clear(&drafts->items[i]);
    free(drafts->items);
    *drafts = (struct drafts){ 0 };
}

struct draft *drafts_find(const struct drafts *drafts, const struct cmdlet *cmdlet)
{
    for (size_t i = 0; i < drafts->count; i++)
        if (drafts->items[i].cmdlet == cmdlet)
            return &drafts->items[i];
    return NULL;
}

void drafts_drop(struct drafts *drafts, const struct cmdlet *cmdlet)
{
    struct draft *draft = drafts_find(drafts, cmdlet);
    if (!draft)
        return;
    draft_clear(draft);
    *draft = drafts->items[--drafts->count];
}

void drafts_keep(struct drafts *drafts, struct draft draft)
{
    drafts_drop(drafts, draft.cmdlet);
    MEM_ROOM(drafts->items, drafts->count, drafts->capacity);
    drafts->items[drafts->count++] = draft;
}
