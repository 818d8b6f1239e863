/* A cmdlet with typed values: what a form, a typed line or a script makes, and what a session runs. Independent of the
   catalogue once made, so that it can cross threads and be kept. */
#ifndef PURVEY_CATALOGUE_INVOCATION_H
#define PURVEY_CATALOGUE_INVOCATION_H

#include "base/json.h"
#include "catalogue/catalogue.h"

enum argument_kind {
    ARG_NULL, ARG_SWITCH, ARG_BOOL, ARG_NUMBER, ARG_TEXT, ARG_LIST, ARG_HASHTABLE, ARG_HASHTABLE_LIST, ARG_BYTES,
    ARG_BYTES_LIST,
};

/* The value is JSON in its plain form (no @odata tags: the session adds its own, rest.md section 4): true/false, raw
   number, string, array of strings or numbers, object, array of objects; ARG_BYTES: base64 string, ARG_BYTES_LIST: array of
   them. */
struct argument {
    char *name;                 /* the parameter's canonical name */
    enum argument_kind kind;
    enum parameter_type type;   /* as in struct value */
    struct json *value;
    bool from_object;           /* value is a block (catalogue/literal.h), to be worked out for each object of a pipeline */
    size_t place;               /* of the value in the text it was typed in, counted from 1; 0 = not known */
};

struct invocation {
    char *cmdlet;               /* canonical name */
    char *shown;                /* the name for people (struct cmdlet); never sent */
    struct argument *arguments; size_t count, capacity;
    bool read_only;             /* cmdlet_is_read: network failures may be retried */
    char *resume_at;            /* where a read of this call broke: made and read by a session (run_summary); NULL = the start */
    bool impatient;             /* a time-out is answered by a smaller call, not by the same one again */
    bool what_if;               /* -WhatIf: only to be shown, never to be sent (pains 4) */
};

struct invocation *invocation_new(const char *cmdlet);
struct invocation *invocation_of(const struct cmdlet *cmdlet);      /* the same, shown as the cmdlet is */
void invocation_free(struct invocation *invocation);
struct invocation *invocation_copy(const struct invocation *invocation);
void invocation_set(struct invocation *invocation, const char *name, enum argument_kind kind, enum parameter_type type,
                    struct json *value);                    /* replaces; takes value */
/* Where the value of an argument that is set was typed: byte `at` of the text. */
void invocation_place(struct invocation *invocation, const char *name, size_t at);
/* The value is for each object what the block gives for it; takes block. Only a stage that is bound (pipeline/bind.h) may
   have such an argument, and what bind_object makes of it has none. */
void invocation_set_block(struct invocation *invocation, const char *name, enum parameter_type type, struct json *block);
void invocation_unset(struct invocation *invocation, const char *name);
const struct argument *invocation_get(const struct invocation *invocation, const char *name);
bool invocation_is_on(const struct invocation *invocation, const char *name);       /* a switch that was given, and not as $false */

/* Turns what a person typed into a form field into a value of the parameter's type and sets it. Lists: comma or newline
   separated. An empty text unsets it, except that an identity is refused when empty and given on purpose (pains 5).
   False with ERR_INPUT, err->field = parameter name, and what is expected. */
bool invocation_set_text(struct invocation *invocation, const struct parameter *parameter, struct str text,
                         struct err *err) MUST_USE;

/* Everything mandatory given, one parameter set fits, values in range. set: the chosen set or NULL to find one. False
   with ERR_INPUT and err->field = the first offending parameter. */
bool invocation_validate(const struct invocation *invocation, const struct cmdlet *cmdlet, const char *set,
                         struct err *err) MUST_USE;
/* Same, for a call that gets objects from a pipeline: what they may bring is not missing yet. */
bool invocation_validate_piped(const struct invocation *invocation, const struct cmdlet *cmdlet, struct err *err) MUST_USE;

#endif
