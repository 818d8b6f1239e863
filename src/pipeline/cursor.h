/* The exports that page by a cursor of their own (rest.md section 8): Export-ActivityExplorerData and
   Export-ContentExplorerData. A person gets the first hundred records of them and no word that there are more; here they are
   followed to their end. Decides and unpacks; sends nothing. */
#ifndef PURVEY_PIPELINE_CURSOR_H
#define PURVEY_PIPELINE_CURSOR_H

#include "pipeline/local.h"

struct cursor;

/* For a call of one of these cmdlets. NULL: it is another one, or the person gave -PageCookie and pages by hand. place: a file
   (base/private_file.h) that keeps where a broken export stopped; NULL = none. resume: go on where that file says. */
struct cursor *cursor_new(const struct invocation *asked, const char *place, bool resume);
/* The file for this call in this tenant, the caller's to free; NULL without a home. */
char *cursor_place(const struct invocation *asked, const char *tenant);

/* The call for the next page; good until the next call. NULL: it has come to its end. */
const struct invocation *cursor_page(struct cursor *cursor);
/* What the service answered to it: its records come out, each once (by their ids), the rest is taken note of. */
bool cursor_object(struct cursor *cursor, const struct object *object, const struct local_sink *out, struct err *err) MUST_USE;
/* The page has come whole; where it stopped is kept, on disk when the next one has come too or the cursor is freed. */
void cursor_page_done(struct cursor *cursor);
/* A page failed. True: there is another way, by a shorter range of time; false: the export ends here, and err has been given
   advice on how to go on. */
bool cursor_page_failed(struct cursor *cursor, struct err *err);

/* What came of the page under way could not be kept, and so shall come again in a later run. NULL is fine. */
void cursor_lose(struct cursor *cursor);

/* What should be said, once; the caller's to free. NULL = nothing (more). */
char *cursor_take_note(struct cursor *cursor);
bool cursor_complete(const struct cursor *cursor);      /* the service said that this is all, and all of it came */
int64_t cursor_records(const struct cursor *cursor);
void cursor_free(struct cursor *cursor);                /* NULL is fine */

#endif
