/* The cmdlets of one connection: what the service offered to this account. Immutable once built; owned by one thread at
   a time (the engine builds it and gives it to the front end). */
#ifndef PURVEY_CATALOGUE_CATALOGUE_H
#define PURVEY_CATALOGUE_CATALOGUE_H

#include "base/err.h"
#include "base/nearest.h"
#include "base/str.h"

enum parameter_type {
    TYPE_UNTYPED,           /* no type line: enum, identity, multi-valued property, server type (rest.md 7.2) */
    TYPE_STRING, TYPE_STRING_LIST, TYPE_BOOL, TYPE_SWITCH, TYPE_INT, TYPE_LONG, TYPE_DOUBLE, TYPE_GUID,
    TYPE_DATETIME, TYPE_TIMESPAN, TYPE_URI, TYPE_CULTURE, TYPE_BYTES, TYPE_SECURE_STRING, TYPE_CREDENTIAL,
    TYPE_HASHTABLE, TYPE_HASHTABLE_LIST, TYPE_OBJECT_LIST, TYPE_BYTES_LIST, TYPE_VERSION, TYPE_OTHER,
};

#define ALL_PARAMETER_SETS "__AllParameterSets"

/* What a value looks like, as the reference has it; the module file leaves four parameters of ten without a type. */
enum parameter_form {
    FORM_UNKNOWN, FORM_TEXT, FORM_SWITCH, FORM_BOOL, FORM_BOOL_OR_NULL, FORM_INT, FORM_INT_OR_UNLIMITED, FORM_CHOICE,
    FORM_CHOICE_LIST, FORM_LIST, FORM_IDENTITY, FORM_IDENTITY_LIST, FORM_DATETIME, FORM_TIMESPAN, FORM_GUID, FORM_SIZE,
    FORM_CULTURE, FORM_EMAIL, FORM_EMAIL_LIST, FORM_FILE, FORM_SECRET, FORM_HASHTABLE, FORM_HASHTABLE_LIST, FORM_OBJECT,
    FORM_UNLISTED_ENUM,
};

/* Facts of the reference, as bits. */
enum parameter_fact {
    FACT_RESERVED = 1,          /* for Microsoft's own use: folded away */
    FACT_DEPRECATED = 2,
    FACT_PREVIEW = 4,
    FACT_KQL = 8,               /* text in the Keyword Query Language */
    FACT_NULL_MEANS_ALL = 16,   /* left out or $null: every object (pains 5) */
    FACT_IRREVERSIBLE = 32,
    FACT_REPLACES_LIST = 64,    /* what is given takes the place of the whole list */
    FACT_MANY = 128,            /* takes several */
};

/* Who says which values a parameter takes, the strongest first. */
enum values_source { VALUES_OF_MODULE, VALUES_LEARNED, VALUES_OF_REFERENCE };

/* Membership of a parameter in one set. */
struct parameter_use {
    char *set;              /* ALL_PARAMETER_SETS for every set */
    bool mandatory;
    int position;           /* -1 = named only */
    bool from_pipeline;
    bool from_pipeline_by_name;
};

struct parameter {
    char *name;
    char *type_name;        /* as written: System.Object[], string; "" = no type line */
    enum parameter_type type;
    char **aliases;         size_t alias_count;
    char **values;          size_t value_count;     /* ValidateSet, or known names of an enum */
    bool values_closed;                             /* only these values are accepted */
    enum values_source values_from;                 /* meaningless without values */
    bool many;                                      /* untyped, and known to take a list (MultiValuedProperty) */
    bool not_null_or_empty;
    bool has_range;         int64_t min, max;       /* ValidateRange; lengths: ValidateLength in min_length/max_length */
    int min_length, max_length;                     /* -1 = not said */
    char *help;             /* HelpMessage, or "" */
    /* From the reference (catalogue/known_cmdlets.h); static texts. For help only: nothing is refused because of them. */
    enum parameter_form form;
    unsigned facts;                                 /* bits of enum parameter_fact */
    struct str fallback;                            /* what the service takes when it is not given; empty = not known */
    int known_min, known_max, known_max_length;     /* -1 = not said */
    struct parameter_use *uses; size_t use_count;   /* at least one */
};

struct cmdlet {
    char *name;             /* Get-ComplianceCase: for the wire, the tables of facts, and as a key */
    char *shown;            /* what people see and type: Get-CCComplianceCase with -Prefix CC, else the same */
    struct str verb, noun;  /* slices of name */
    char *default_set;      /* "" = none */
    bool default_unknown;   /* the list does not say which: the service chooses (rps.md section 8) */
    char *area;             /* grouping of the browser (eDiscovery, Labels, ...); "" = other */
    bool should_process;
    int impact;             /* 2 medium, 3 high; 0 = not said */
    bool local;             /* runs here, not in the service: no role brings it further parameters */
    struct parameter *parameters; size_t parameter_count;
    char **sets; size_t set_count;                  /* names of its sets, default first; at least one */
};

struct catalogue {
    struct cmdlet *cmdlets; size_t count;           /* sorted by name, case-blind */
    size_t capacity;
    char *prefix;           /* -Prefix: Get-CCLabel means Get-Label; NULL = none */
    char *chosen;           /* -CommandName: only these were asked for; NULL = all */
    bool kept;              /* it is a list of an earlier connection: something new may be missing */
    char *learned_path;     /* where learned values are kept (catalogue/learned_values.h); NULL = nowhere */
    char *public_key;       /* RSAKeyValue XML of the module file; "" = none */
};

struct catalogue *catalogue_new(void);
/* Gives every cmdlet its shown name, with the prefix before the noun (rest.md section 7.3: only names change, the wire keeps
   the real one). "" = none. */
void catalogue_set_prefix(struct catalogue *catalogue, const char *prefix);
/* Get-Label to Get-CCLabel and back. prefix: NULL or "" = none. The caller's; NULL when the name has no such prefix. */
char *cmdlet_name_with_prefix(const char *prefix, struct str name);
char *cmdlet_name_without_prefix(const char *prefix, struct str name);
/* What -CommandName chose: the others go, should the service have sent them all the same, and a missing cmdlet is not laid on
   the account's roles. "" or "*" = nothing was. */
void catalogue_set_chosen(struct catalogue *catalogue, const char *names);
void catalogue_free(struct catalogue *catalogue);
struct cmdlet *catalogue_add(struct catalogue *catalogue, struct str name);     /* fills name, verb, noun, defaults */
struct parameter *cmdlet_add_parameter(struct cmdlet *cmdlet, struct str name);
void parameter_add_alias(struct parameter *parameter, struct str alias);
void parameter_add_use(struct parameter *parameter, struct parameter_use use);  /* set is copied */
/* Take back what was added last: the text that describes it turned out not to be whole. */
void catalogue_drop_last(struct catalogue *catalogue);
void cmdlet_drop_last_parameter(struct cmdlet *cmdlet);
/* Sorts, collects set names, gives areas, gives every parameter a use. Call once after the last add. */
void catalogue_seal(struct catalogue *catalogue);

/* The same for lists with the same cmdlets and parameters. */
uint64_t catalogue_signature(const struct catalogue *catalogue);
const struct cmdlet *catalogue_find(const struct catalogue *catalogue, struct str name);     /* real name, case-blind */
/* The name's noun begins with the connection's prefix, whether or not there is such a cmdlet. */
bool catalogue_prefixes(const struct catalogue *catalogue, struct str name);
/* By what a person typed: the shown name, or the real one where that is no other's shown name. */
const struct cmdlet *catalogue_meant(const struct catalogue *catalogue, struct str name);
/* Its names, for what was typed: with the prefix when that has it. */
void catalogue_offer(const struct catalogue *catalogue, struct nearest *nearest);
/* Same as catalogue_meant; when it is not there: ERR_AUTH_DENIED for a cmdlet that the service is known to have and that this account was not
   offered, else ERR_INPUT with the nearest names as advice. */
const struct cmdlet *catalogue_require(const struct catalogue *catalogue, struct str name, struct err *err) MUST_USE;
/* By name, alias, or unambiguous prefix; NULL with ERR_INPUT (candidates or nearest name), or ERR_AUTH_DENIED for a
   parameter that the service has and this account was not offered. */
const struct parameter *cmdlet_parameter(const struct cmdlet *cmdlet, struct str name, struct err *err) MUST_USE;
const struct parameter_use *parameter_use_in(const struct parameter *parameter, const char *set);  /* NULL: not in it */
bool cmdlet_is_read(const struct cmdlet *cmdlet);       /* Get-, Test-, Search-, Export-... : changes nothing */

/* Ranks cmdlets for what was typed (fuzzy, case-blind subsequence; word starts, runs and prefixes first; blanks cut
   the pattern into parts that all must match). Fills `ranked` (room for catalogue->count) best first; returns how
   many. matched, when not NULL, gets for each a bit mask of the first 64 bytes of the name that matched. */
struct ranked { const struct cmdlet *cmdlet; int score; uint64_t matched; };
size_t catalogue_rank(const struct catalogue *catalogue, struct str pattern, struct ranked *ranked);

#endif
