/* The ways to sign in as the connect form offers them: which fields each one needs, and what it sets by itself. */
#ifndef PURVEY_UI_CONNECT_WAYS_H
#define PURVEY_UI_CONNECT_WAYS_H

#include "connect/options.h"

struct connect_way {
    const char *label, *help;
    const char *sign_in;                /* value of --sign-in; "" = left alone */
    bool managed;                       /* sets -ManagedIdentity */
    enum option_id proof;               /* without it the engine would take another way; OPTION_COUNT = none is needed */
    enum option_id options[7];          /* its fields, in order; OPTION_COUNT ends them */
};

size_t connect_way_count(void);
const struct connect_way *connect_way_at(size_t index);
const struct connect_way *connect_way_by_label(struct str label);       /* the first one when there is none of that name */
/* The way that these options mean. */
const struct connect_way *connect_way_of(const struct options *options);
/* What is chosen is what happens: false with ERR_INPUT and the field, where these options lack what the way needs. */
bool connect_way_filled(const struct connect_way *way, const struct options *options, struct err *err);
bool connect_way_needs(const struct connect_way *way, enum option_id id);
bool connect_way_owns(enum option_id id);                               /* some way has a field for it */

#endif
