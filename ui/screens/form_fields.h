/* The fields of a cmdlet's form for one parameter set, and the invocation that they make. */
#ifndef PURVEY_UI_FORM_FIELDS_H
#define PURVEY_UI_FORM_FIELDS_H

#include "ui/screens/form_values.h"
#include "ui/widgets/form.h"

struct cmdlet_fields {
    const struct cmdlet *cmdlet;
    size_t set;                     /* index in cmdlet->sets */
    struct form form;
    struct form_values values;      /* of all sets, as they stood when the fields were last made */
    struct invocation *given;       /* from a typed line: its arguments are used as they are while their field is left
                                       alone, because not every value survives as text. Never NULL */
    bool common_shown;
};

/* Must not move in memory afterwards: the form's check points back to it. */
void cmdlet_fields_init(struct cmdlet_fields *fields, const struct cmdlet *cmdlet);
void cmdlet_fields_free(struct cmdlet_fields *fields);

/* Values of an invocation in place of all that was there, in a set that has them all; NULL empties the form. */
void cmdlet_fields_fill(struct cmdlet_fields *fields, const struct invocation *given);
void cmdlet_fields_use_set(struct cmdlet_fields *fields, size_t set);           /* values stay */
void cmdlet_fields_show_common(struct cmdlet_fields *fields, bool shown);

/* NULL with err (field set) when a field cannot be read. The second leaves such fields out. */
struct invocation *cmdlet_fields_invocation(const struct cmdlet_fields *fields, struct err *err) MUST_USE;
struct invocation *cmdlet_fields_preview(const struct cmdlet_fields *fields);

/* What stands below the field that err is about. The caller frees it. */
char *cmdlet_fields_error(const struct form_field *field, const struct err *err);

bool cmdlet_fields_touched(const struct cmdlet_fields *fields);                 /* a person changed something */
/* For a form that is left and opened again. Secrets are not in it. */
struct draft cmdlet_fields_draft(struct cmdlet_fields *fields);
void cmdlet_fields_restore(struct cmdlet_fields *fields, const struct draft *draft);

#endif
