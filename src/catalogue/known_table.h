/* The table of facts about the service's cmdlets, taken from the public reference and from answers of the service. One
   text for each cmdlet, sorted by name over all three arrays; blanks between its words:

     NAME TRAITS PARAMETER...

   TRAITS: what it does (r reads, a adds, c creates, g changes, d deletes, x does something else), then + (changes what
   is there) or ! (deletes or purges), s (needs a search-only session), w (goes on working behind the answer), u (not in
   the reference: nothing is known of its parameters).
   PARAMETER: NAME:FORM, then as far as known its facts (letters), @ROLE, >DEFAULT, [MIN,MAX or [,LENGTHc, and =VALUES
   (nothing else is accepted) or ~VALUES (other text as well), with | between them. The letters stand in
   known_cmdlets.c. -Confirm and -WhatIf are left out: they belong to every changing cmdlet. */
#ifndef PURVEY_CATALOGUE_KNOWN_TABLE_H
#define PURVEY_CATALOGUE_KNOWN_TABLE_H

#include <stddef.h>

extern const char *const known_table_read[], *const known_table_new[], *const known_table_set[];
extern const size_t known_table_read_count, known_table_new_count, known_table_set_count;

#endif
