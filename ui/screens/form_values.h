/* What stands in the fields of a cmdlet's form, by the parameter's name: kept while the form changes its parameter set,
   and by the browser for forms that were left. */
#ifndef PURVEY_UI_FORM_VALUES_H
#define PURVEY_UI_FORM_VALUES_H

#include "catalogue/invocation.h"

struct form_value { char *name, *text; bool touched; };

struct form_values {
    struct form_value *items; size_t count, capacity;
};

void form_values_free(struct form_values *values);                                  /* back to empty */
void form_values_set(struct form_values *values, const char *name, struct str text, bool touched);
const struct form_value *form_values_get(const struct form_values *values, const char *name);      /* NULL: none */

/* A form as it was left. given: see struct cmdlet_fields. */
struct draft {
    const struct cmdlet *cmdlet;
    size_t set;
    struct form_values values;
    struct invocation *given;
};

/* The drafts of one browser, the latest of each cmdlet. Forms above it on the stack hold a pointer to it. */
struct drafts { struct draft *items; size_t count, capacity; };

/* Cmdlets are told apart by address: they belong to a catalogue that does not change. */
void drafts_free(struct drafts *drafts);
struct draft *drafts_find(const struct drafts *drafts, const struct cmdlet *cmdlet);                /* NULL: none */
void drafts_keep(struct drafts *drafts, struct draft draft);                        /* takes it, replaces */
void drafts_drop(struct drafts *drafts, const struct cmdlet *cmdlet);

#endif
