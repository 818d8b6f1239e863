/* The form of a cmdlet as the browser opens it: what is left in it is kept in the browser's drafts. */
#ifndef PURVEY_UI_CMDLET_FORM_H
#define PURVEY_UI_CMDLET_FORM_H

#include "ui/screens.h"
#include "ui/screens/form_values.h"

/* drafts must outlive the screen: the browser lies below it on the stack. NULL = nothing is kept, and leaving a form
   with values in it asks first. */
struct screen cmdlet_form_with_drafts(const struct app_state *app, uint64_t connection, const struct cmdlet *cmdlet,
                                      const struct invocation *initial, struct drafts *drafts);

#endif
