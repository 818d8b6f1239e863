/* Tells a list that goes in circles from one that goes on, so that no row is given twice. A service may name one address for
   every page and keep the place on its side (rest.md section 5: the cursor is bound to a backend); so the address alone proves
   nothing, and the rows of such a page are held back until one differs from the page before. */
#ifndef PURVEY_SESSION_REST_CIRCLE_H
#define PURVEY_SESSION_REST_CIRCLE_H

#include "base/buf.h"
#include "base/err.h"

/* Rows of a page that are remembered, and addresses: more than the service gives in a page, and more pages than anyone reads. */
#define CIRCLE_ROWS 10000
#define CIRCLE_ADDRESSES 4096

/* Zeroed, it is ready. */
struct rest_circle {
    uint64_t *addresses, *page, *before;        /* hashes; of a page: up to and with each row */
    size_t address_count, page_count, before_count;
    bool suspect;                               /* this page may be the one before, and so far it is */
    struct buf held;                            /* its rows, a NUL behind each */
};

/* This page was at `from`, the next one is at `to`. False: an earlier page than this one was there. */
bool rest_circle_next(struct rest_circle *circle, struct str from, struct str to) MUST_USE;
/* The page is read again from its start. */
void rest_circle_again(struct rest_circle *circle);
/* Row `at` of the page, counted from 1; hash: of the page up to it. True: it is held back. False: give what was held
   (rest_circle_held), then this one. */
bool rest_circle_holds(struct rest_circle *circle, size_t at, uint64_t hash, struct str row) MUST_USE;
/* The next of the rows that were held and are to be given after all; false when there is none left. */
bool rest_circle_held(struct rest_circle *circle, struct str *rest, struct str *row) MUST_USE;
/* At the end of a page: true when it has nothing but rows of the page before. */
bool rest_circle_closed(const struct rest_circle *circle);
void rest_circle_free(struct rest_circle *circle);

#endif
