/* A parameter in words: for the browser's pane and for the fields of a form. Pure. */
#ifndef PURVEY_UI_PARAMETER_TEXT_H
#define PURVEY_UI_PARAMETER_TEXT_H

#include "base/buf.h"
#include "catalogue/known_cmdlets.h"

const char *parameter_type_text(const struct parameter *parameter);     /* "date", "list"; belongs to the parameter */
const char *parameter_example(const struct parameter *parameter);       /* what to write; "" = needs no example */
bool parameter_is_list(const struct parameter *parameter);
/* Belongs to every cmdlet, its own or PowerShell's, or to Microsoft's own use: folded away in a form. */
bool parameter_is_common(const struct parameter *parameter);
/* May be offered at all: -WhatIf may not, because the service carries the cmdlet out for real (pains 4). */
bool parameter_is_offered(const struct parameter *parameter);

/* Appends one line: what it takes, its limits, position and other names. */
void parameter_describe(const struct parameter *parameter, const struct parameter_use *use, struct buf *out);
/* Appends the known values with commas between. */
void parameter_values(const struct parameter *parameter, struct buf *out);

/* Appends one that is known and was not offered: its name, type, values and the role that it needs. */
void parameter_known_text(const struct known_parameter *known, struct buf *out);

/* Appends a set's name as people read it. */
const char *parameter_set_text(const char *set);

#endif
