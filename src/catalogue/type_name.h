/* .NET and PowerShell type names to the few types that matter to a form and to the wire. */
#ifndef PURVEY_CATALOGUE_TYPE_NAME_H
#define PURVEY_CATALOGUE_TYPE_NAME_H

#include "catalogue/catalogue.h"

/* Sets type_name, type and, for unsigned and short numbers without a range of their own, the range. */
void parameter_set_type(struct parameter *parameter, struct str type_name);

/* The items of a list whose type wants more than text (guid[], datetime[], int[]), as a parameter of their own, which borrows
   from the list. False for everything else. */
bool parameter_item(const struct parameter *list, struct parameter *item);

#endif
