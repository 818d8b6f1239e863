/* The table views of a remote session: what Get-FormatData says of a type, as an order of columns (rps.md section 8). */
#ifndef PURVEY_SESSION_RPS_RPS_FORMAT_H
#define PURVEY_SESSION_RPS_RPS_FORMAT_H

#include "base/json.h"
#include "session/rps/clixml.h"

struct rps_views;
struct rps_views *rps_views_new(void);
void rps_views_free(struct rps_views *views);               /* NULL is fine */
/* Takes an ExtendedTypeDefinition: the first table view of its types. Columns that are scripts stand for the property of their label.
   What has no table view, or is something else, is passed over. */
void rps_views_add(struct rps_views *views, const struct clixml_value *definition);
/* The names of the properties that a table of the object's class shows, up to a NULL; NULL = not known. Good until rps_views_free. */
const char *const *rps_views_of(const struct rps_views *views, const struct clixml_value *object);
/* Appends the payload of the pipeline that asks for them; types: patterns, comma list. */
void rps_views_request(struct str types, const char *version, int minor, struct buf *out);

#endif
