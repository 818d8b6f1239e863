/* What the reading of an expression (expression.c) and its walk over objects (expression_walk.c) share. */
#ifndef PURVEY_PIPELINE_EXPRESSION_PARTS_H
#define PURVEY_PIPELINE_EXPRESSION_PARTS_H

#include "base/object.h"
#include "pipeline/expression.h"

#define PATH_MOST 8

enum node_kind { NODE_VALUE, NODE_PROPERTY, NODE_OBJECT, NODE_NOT, NODE_AND, NODE_OR, NODE_XOR, NODE_COMPARISON };

struct node {
    enum node_kind kind;
    struct property value;          /* VALUE */
    char *own;                      /* what value.text points to */
    char *path[PATH_MOST];          /* PROPERTY */
    size_t path_length;
    struct comparison *comparison;
    struct node *left, *right;
    struct buf room;                /* for values that are made of nested ones */
    bool matched, missed;           /* PROPERTY: some object had it; some had not */
    char *meant;                    /* what the first that had not does have, "Did you mean Name?"; "" = nothing near */
};

struct expression { struct node *root; };

/* A value as it is; the caller's. */
struct node *expression_node_of_json(const struct json *json);
void expression_node_free(struct node *node);     /* NULL is fine */

#endif
