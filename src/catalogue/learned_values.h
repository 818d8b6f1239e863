/* Values that the service itself names when it refuses one: the text of a 400 lists what it would have taken (rest.md
   section 6). They stand above the reference's, and are kept for this user's next connections. */
#ifndef PURVEY_CATALOGUE_LEARNED_VALUES_H
#define PURVEY_CATALOGUE_LEARNED_VALUES_H

#include "catalogue/catalogue.h"

#define LEARNED_NAMES_MAX 256

/* Slices point into the text. */
struct learned_text {
    struct str names[LEARNED_NAMES_MAX];
    size_t count;
    bool whole;             /* these and no others; false when the text was cut or names some only */
};

/* Finds the list of names in the text of a refusal: several wordings, in English; other languages by its shape at the end
   of the text. False when there is none. Any bytes are fine. */
bool learned_text_read(struct str text, struct learned_text *learned);

/* Takes the names of a refusal into the catalogue and, when it has a place, into the file. parameter: the one that was
   refused, or "" to take it from the text. True when the catalogue has changed: forms made before are to be made anew;
   pointers to cmdlets and parameters stay good. Only on the thread that owns the catalogue. */
bool known_values_learn(struct catalogue *catalogue, struct str cmdlet, struct str parameter, struct str text);

/* $XDG_STATE_HOME/purvey/learned-TENANT or ~/.local/state/purvey/learned-TENANT, the caller's to free; NULL without a home
   or for a tenant whose name is none for a file. */
char *learned_values_place(const char *tenant);
/* Reads the file into the catalogue, which keeps later lessons there. NULL: nothing is read or kept (the demo tenant). A
   file that is missing, damaged, too large or not this user's own counts as empty. */
void learned_values_use(struct catalogue *catalogue, const char *path);
/* The lines of such a file, any bytes: lines that are none are passed over. */
void learned_values_read(struct catalogue *catalogue, struct str text);

#endif
