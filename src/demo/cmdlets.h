/* The cmdlets that the demo tenant knows: a part of the real service's, each with all the parameters that the service
   itself lists for it.

   Notation of the cmdlets_*.c tables, one text per cmdlet:
       Verb-Noun default-set impact { " " parameter }
   default-set is "-" when there is none; impact is "-" (no ShouldProcess), "M" (Medium) or "H" (High).
       parameter = Name ":" type [ "=" value { "|" value } | "==" value { "|" value } ] [ "@" set { "," set } ]
       set       = name [ "/" [ "!" ] [ position ] [ "v" ] [ "p" ] ]
   type is the type line of the module file: s string, S string[], w switch, b bool, i int, u cultureinfo, O Object[],
   g guid, G guid[], y byte[], n uint32, f double, d datetime, t DateTimeOffset, c securestring, or <a type's name>;
   without a type line, by what the service accepts: o anything, B bool, I int, D date, R number or Unlimited,
   H one hashtable, L list of hashtables. "==" values stand in the module file as ValidateSet, "=" values are known to
   the service only. "!" mandatory, v and p from the pipeline by value and by property name; set "*" is every set, and no
   "@" means optional in every set. A text that begins with a blank goes on with the cmdlet before it. */
#ifndef PURVEY_DEMO_CMDLETS_H
#define PURVEY_DEMO_CMDLETS_H

#include "base/str.h"

extern const char *const cmdlets_dlp[], *const cmdlets_ediscovery[], *const cmdlets_labels[], *const cmdlets_other[];

struct cmdlet_param {
    struct str name, values, sets;      /* values: "a|b"; sets: the text behind "@" */
    struct str type_line;               /* empty: the module file says no type */
    char type;                          /* '<' = one that only has a name */
    bool in_module;                     /* the values are a ValidateSet */
};

struct cmdlet {
    struct str name, default_set;       /* default_set empty = none */
    char impact;
    struct cmdlet_param *params;
    size_t count;
};

struct cmdlet_table { struct cmdlet *items; size_t count; };

/* Sorted by name, case-blind. more: further texts up to a NULL, which have to outlive the table; or NULL. Of two cmdlets of
   one name the tenant's own stays. */
struct cmdlet_table *cmdlet_table_new(const char *const *more);
void cmdlet_table_free(struct cmdlet_table *table);
const struct cmdlet *cmdlet_find(const struct cmdlet_table *table, struct str name);            /* case-blind; NULL */
const struct cmdlet_param *cmdlet_param(const struct cmdlet *cmdlet, struct str name);          /* case-blind; NULL */

/* The letter of a type line's text, '<' for one that has none. */
char cmdlet_type_letter(struct str line);

struct cmdlet_set { struct str name; bool mandatory, by_value, by_name; int position; };        /* position -1 = none */
/* Cuts the next set off *sets. False at the end. */
bool cmdlet_next_set(struct str *sets, struct cmdlet_set *set);

#endif
