/* Where a secret comes from: prompt, file:PATH, fd:N, env:NAME, cmd:COMMAND, or the secret itself, with text: before it when
   it would read like one of these (product.md, "Command line"). */
#ifndef PURVEY_CONNECT_SECRET_SOURCE_H
#define PURVEY_CONNECT_SECRET_SOURCE_H

#include "base/err.h"
#include "base/secret.h"

#define SECRET_SOURCE_MAX ((size_t)64 * 1024)
#define SECRET_COMMAND_TIMEOUT_MS 30000

/* True when spec names a source, false when it is the secret itself. */
bool secret_source_named(struct str spec);

/* Reads the secret; one line end behind it is dropped. *secret is the caller's. prompt asks on /dev/tty without echo;
   cmd: runs the command with /bin/sh, at most 30 s. At most 64 KiB. False with ERR_INPUT or ERR_SYSTEM; the text never
   holds the secret. A literal is refused unless allow_literal. Blocks: for the command line, not for the engine thread. */
bool secret_source_read(const char *spec, bool allow_literal, struct secret **secret, struct err *err) MUST_USE;

/* The same for the password of a certificate's file, which may be empty (auth.md section 7); what is not there is an error. */
bool secret_source_read_password(const char *spec, struct secret **secret, struct err *err) MUST_USE;

/* The same, asking for `what` ("-Password of New-Mailbox"): one run may ask for several. */
bool secret_source_ask(const char *spec, const char *what, bool may_be_empty, struct secret **secret, struct err *err) MUST_USE;

/* What secret_source_read makes this secret of, whatever it reads like: what a file held is never run as a command. The
   caller's to free. */
struct secret *secret_source_literal(const struct secret *secret) MUST_USE;

/* Asks the terminal for the user name that belongs to a secret, which is shown while it is typed. *name is the caller's and
   not empty. ERR_INPUT without a terminal, ERR_CANCELLED after Ctrl-C. */
bool secret_source_ask_name(const char *what, char **name, struct err *err) MUST_USE;

#endif
