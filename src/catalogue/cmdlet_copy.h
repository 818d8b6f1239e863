/* One cmdlet's definition on its own, so that it can cross threads: catalogues stay with the one that looks things up. */
#ifndef PURVEY_CATALOGUE_CMDLET_COPY_H
#define PURVEY_CATALOGUE_CMDLET_COPY_H

#include "catalogue/catalogue.h"

/* A sealed catalogue that holds a copy of this cmdlet and nothing else; the caller frees it with catalogue_free. */
struct catalogue *catalogue_of_one(const struct cmdlet *cmdlet) MUST_USE;

#endif
