/* -Credential: a user name and a password in one. */
#ifndef PURVEY_CONNECT_CREDENTIAL_H
#define PURVEY_CONNECT_CREDENTIAL_H

#include "base/err.h"
#include "base/secret.h"

/* The text of a credential: the password alone when the user is named otherwise, else two lines, the name and the password.
   *user (allocated; replaced) and *password are the caller's. ERR_INPUT, field Credential. */
bool credential_split(const struct secret *text, const char *named, char **user, struct secret **password, struct err *err) MUST_USE;

/* A literal that is a user name and nothing else, as in `-Credential admin@contoso.com`: PowerShell asks for the password
   then, and so does the front end. */
bool credential_is_user(struct str text);

#endif
