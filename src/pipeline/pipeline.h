/* One statement of PowerShell, read: cmdlets of the service, local cmdlets and values, parted by |, and what becomes of the
   result. A plain value that owns what it carries, independent of any catalogue, so that it can cross threads. */
#ifndef PURVEY_PIPELINE_PIPELINE_H
#define PURVEY_PIPELINE_PIPELINE_H

#include "catalogue/invocation.h"

enum stage_kind {
    STAGE_CMDLET,               /* the service's; behind another stage it runs once for each object */
    STAGE_LOCAL,                /* local.h */
    STAGE_VALUES,               /* the first: objects that are there already */
};

struct stage {
    enum stage_kind kind;
    struct invocation *invocation;      /* CMDLET, LOCAL */
    struct catalogue *definition;       /* CMDLET that takes objects: its definition, for binding; else NULL */
    uint64_t connection;                /* CMDLET: whose it is; 0 = the one that the line was given to */
    bool each;                          /* CMDLET in the block of ForEach-Object: nothing is bound but what it names with $_ */
    bool should_process;                /* CMDLET: may be asked to confirm... */
    int impact;                         /* ...and does so by itself from 3 on (rest.md section 4) */
    char *getter;                       /* CMDLET with -WhatIf: the cmdlet that reads what it would change; NULL = none */
    struct json *values;                /* VALUES: an array; NULL: those of a variable... */
    char *variable;                     /* ...by its name, without the $ (variables.h) */
};

enum output_form { OUTPUT_AS_ASKED, OUTPUT_TABLE, OUTPUT_LIST, OUTPUT_JSON, OUTPUT_CSV, OUTPUT_NOTHING };

struct pipeline_output {
    enum output_form form;
    char **columns; size_t column_count;        /* -Property; wildcards allowed; none = all */
    char *path;                                 /* Export-Csv, Out-File, >; NULL = the caller's output */
    bool append, no_clobber, no_header, as_array, compact;
    bool raw;                                   /* what the service answered, as it came */
    char separator;                             /* of OUTPUT_CSV: ',' ';' or tab */
};

struct pipeline {
    struct stage *stages; size_t count, capacity;
    struct pipeline_output output;
    char *tenant;                               /* whose places in exports are kept (cursor.h); NULL = none are */
    bool resume;                                /* an export that broke goes on */
    char *text;                                 /* as it was typed; of a single invocation, as PowerShell */
};

struct pipeline *pipeline_new(void);
struct pipeline *pipeline_of(struct invocation *invocation, const struct cmdlet *cmdlet);   /* takes the invocation; cmdlet may be NULL */
struct pipeline *pipeline_copy(const struct pipeline *pipeline);
void pipeline_free(struct pipeline *pipeline);                                  /* NULL is fine */
struct stage *pipeline_add(struct pipeline *pipeline, enum stage_kind kind);    /* the pointer is good until the next one */

/* The cmdlet of the service that a person means when they speak of it: the last that changes something, else the first.
   NULL when there is none. */
const struct stage *pipeline_main(const struct pipeline *pipeline);
/* The connection that the line is about: its main cmdlet's, or `otherwise`. */
uint64_t pipeline_connection(const struct pipeline *pipeline, uint64_t otherwise);
bool pipeline_read_only(const struct pipeline *pipeline);       /* no cmdlet in it changes anything */

bool stage_changes(const struct stage *stage);                  /* it is sent, and it is no reading cmdlet */

/* The objects of the result have the properties, and the order of them, that the pipeline gave them. */
bool pipeline_shapes(const struct pipeline *pipeline);

/* Whether the service is asked first (rest.md section 4): -Confirm, or an impact of High, unless -Confirm:$false. */
bool stage_asks(const struct stage *stage);
void pipeline_output_clear(struct pipeline_output *output);

#endif
