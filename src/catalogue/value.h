/* What a person gave, turned into what a parameter takes. */
#ifndef PURVEY_CATALOGUE_VALUE_H
#define PURVEY_CATALOGUE_VALUE_H

#include "catalogue/invocation.h"
#include "catalogue/literal.h"

struct value {
    enum argument_kind kind;
    struct json *json;          /* the caller's */
    enum parameter_type type;   /* of the parameter; of a list whose items want more than text, that of the items */
};

/* From a form field: lists cut at commas and line ends. False with ERR_INPUT, err->field set. */
bool value_from_text(const struct parameter *parameter, struct str text, struct value *value, struct err *err) MUST_USE;

/* From a typed line; takes the literal's json in every case. False with ERR_INPUT, err->field set. */
bool value_from_literal(const struct parameter *parameter, struct literal *literal, struct value *value,
                        struct err *err) MUST_USE;

/* Range, length, emptiness and closed lists of a value that is set already. */
bool value_check(const struct parameter *parameter, enum argument_kind kind, const struct json *json, struct err *err) MUST_USE;

bool parameter_is_identity(const struct parameter *parameter);
bool parameter_is_secret(enum parameter_type type);       /* a password, or a name with one */

#endif
