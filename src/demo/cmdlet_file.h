/* A file of cmdlets for --catalogue: one JSON object a line, {"c": cmdlet, "d": default set or null, "p": [{"n": name,
   "t": type, "v": [values], "s": [[set, mandatory, position or null, by value, by property name]]}]}. */
#ifndef PURVEY_DEMO_CMDLET_FILE_H
#define PURVEY_DEMO_CMDLET_FILE_H

#include "base/buf.h"
#include "base/err.h"

#define CMDLET_FILE_MAX ((size_t)32 * 1024 * 1024)

/* The cmdlets as texts in the notation of demo/cmdlets.h, up to a NULL. */
struct cmdlet_file {
    char **texts;
    size_t count, capacity;
};

/* Reads the file at path, of at most CMDLET_FILE_MAX bytes. False with ERR_INPUT, which names the line. */
bool cmdlet_file_read(struct cmdlet_file *file, const char *path, struct err *err) MUST_USE;
/* The same for a text that is here already; name is what the file is called in errors. */
bool cmdlet_file_parse(struct cmdlet_file *file, struct str text, const char *name, struct err *err) MUST_USE;
void cmdlet_file_free(struct cmdlet_file *file);
/* For cmdlet_table_new; the file's. NULL when there is none. */
const char *const *cmdlet_file_texts(const struct cmdlet_file *file);

#endif
