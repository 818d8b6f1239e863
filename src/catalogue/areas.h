/* The area of the product that a cmdlet belongs to, by its noun: the grouping of the browser. */
#ifndef PURVEY_CATALOGUE_AREAS_H
#define PURVEY_CATALOGUE_AREAS_H

#include "base/str.h"

const char *area_of_noun(struct str noun);      /* static text; "Other" when nothing fits */

#endif
