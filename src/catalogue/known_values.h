/* What is publicly known of a parameter beyond the service's own definition (enum names, lists, dates). */
#ifndef PURVEY_CATALOGUE_KNOWN_VALUES_H
#define PURVEY_CATALOGUE_KNOWN_VALUES_H

#include "catalogue/catalogue.h"

/* Adds values, list and date knowledge to the cmdlet's parameters; what the service said is left as it is. */
void known_values_apply(struct cmdlet *cmdlet);

#endif
