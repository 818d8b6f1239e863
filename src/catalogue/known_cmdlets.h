/* The cmdlets and parameters that the service is known to have, whether or not this account is offered them. Slices point
   into static text. */
#ifndef PURVEY_CATALOGUE_KNOWN_CMDLETS_H
#define PURVEY_CATALOGUE_KNOWN_CMDLETS_H

#include "catalogue/catalogue.h"

struct known_cmdlet {
    struct str name, noun;
    struct str traits;          /* letters, see known_table.h */
    struct str parameters;      /* for known_parameter_next */
};

struct known_parameter {
    struct str name;
    enum parameter_form form;
    unsigned facts;             /* bits of enum parameter_fact */
    const char *role;           /* the role that it needs; "" = not known */
    struct str fallback;        /* what the service takes when it is not given; empty = not known */
    int min, max, max_length;   /* -1 = not known */
    struct str values;          /* with | between; empty = not known */
    bool values_closed;
};

size_t known_cmdlet_count(void);
struct known_cmdlet known_cmdlet_at(size_t index);                          /* sorted by name, case-blind */
bool known_cmdlet_has_noun(size_t index, struct str noun);
bool known_cmdlet_find(struct str name, struct known_cmdlet *known);        /* case-blind, the whole name */
/* The same with or without the -Prefix of a connection (NULL = none), as a line takes it. */
bool known_cmdlet_find_prefixed(const char *prefix, struct str name, struct known_cmdlet *known);
bool known_cmdlet_needs_search_session(struct str name);                    /* -EnableSearchOnlySession */
const char *known_cmdlet_role(struct str name);                             /* "" = not known */

/* Takes the next parameter off the text; false at its end. */
bool known_parameter_next(struct str *parameters, struct known_parameter *parameter);
bool known_parameter_find(const struct known_cmdlet *known, struct str name, struct known_parameter *parameter);

/* Names that the service has and this catalogue has not, sorted. names: room for known_cmdlet_count(); the number of
   names comes back. */
size_t known_cmdlets_not_offered(const struct catalogue *catalogue, struct str *names);
/* The same for a cmdlet's parameters; at most `room` are given. */
size_t known_parameters_not_offered(const struct cmdlet *cmdlet, struct known_parameter *parameters, size_t room);

/* The reason why a known name is not there: ERR_AUTH_DENIED with the role where it is known. False, and err left as it
   is, when the name is not known either. */
bool known_cmdlet_refused(const struct catalogue *catalogue, struct str name, struct err *err);
bool known_parameter_refused(const struct cmdlet *cmdlet, struct str name, struct err *err);

#endif
