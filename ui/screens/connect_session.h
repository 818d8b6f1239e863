/* The page of -PSSessionOption in the connect form: a field a member, shown when a remote session is wanted. */
#ifndef PURVEY_UI_CONNECT_SESSION_H
#define PURVEY_UI_CONNECT_SESSION_H

#include "connect/ps_session_option.h"
#include "ui/widgets/form.h"

void connect_session_add(struct form *form);                                    /* hidden at first */
void connect_session_show(struct form *form, bool shown);
void connect_session_fill(struct form *form, const char *table);
/* Appends the table as it would be typed; nothing when every field is as it was without it. */
void connect_session_collect(const struct form *form, struct buf *table);
const struct ps_session_member *connect_session_member(const struct form_field *field);    /* NULL: another field */

#endif
