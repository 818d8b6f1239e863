/* The part of PowerShell's expressions that script blocks of Where-Object and its kin need: $_.Property, comparisons, -and,
   -or, -not, brackets, texts, numbers, dates ((Get-Date).AddDays(-7), [datetime]'2026-01-31'). Nothing else is evaluated:
   what is not known is refused with its place. */
#ifndef PURVEY_PIPELINE_EXPRESSION_H
#define PURVEY_PIPELINE_EXPRESSION_H

#include "base/object.h"

struct expression;

/* block: as catalogue/literal.h keeps it. NULL with ERR_INPUT; the text names line and column. */
struct expression *expression_new(const struct json *block, struct err *err) MUST_USE;
/* A property by its name, or a path of names parted by dots. */
struct expression *expression_of_property(struct str path);
void expression_free(struct expression *expression);

bool expression_is_true(struct expression *expression, const struct object *object);
/* The value for this object, without a name; absent properties give null. Slices are good until the next call for this
   expression, or as long as the object. */
struct property expression_value(struct expression *expression, const struct object *object);

/* Tells of each property that was asked for and that no object had, with the nearest name; a slice for the time of the call. */
typedef void expression_teller(void *context, struct str text);
void expression_unmatched(const struct expression *expression, expression_teller *tell, void *context);

/* What stands for an object as a whole ($_): the value of a primitive, else the object as JSON in room. */
struct property object_as_value(const struct object *object, struct buf *room);
bool object_is_primitive(const struct object *object);

#endif
