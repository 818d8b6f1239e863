/* Certificates for tests, made by the openssl program in a directory of their own, so that what is read was never written
   by the library that reads it. */
#ifndef PURVEY_TESTS_CERTIFICATE_TOOLS_H
#define PURVEY_TESTS_CERTIFICATE_TOOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Makes the directory, once per program, and forgets HOME, XDG_CONFIG_HOME and SOFTHSM2_CONF in favour of places in it. */
const char *tools_begin(void);
void tools_end(void);

/* Runs a shell command in the directory; its output is shown when it fails. */
bool tool(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The first line that it prints; static, until the next call. */
const char *tool_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

const char *tools_path(const char *name);           /* static, until the fourth next call */
void tools_write(const char *name, struct str bytes);

/* NAME.key and NAME.crt, self-signed, RSA; the dates are seconds from now. */
void tools_make_dated(const char *name, int64_t from_s, int64_t to_s);

#endif
