#include "connect/credential.h"

#include <stdlib.h>

bool credential_is_user(struct str text)
{
    size_t at = 0;
    for (size_t i = 0; i < text.len; i++) {
        at += text.data[i] == '@';
        if (text.data[i] == '\n' || text.data[i] == ':' || text.data[i] == ' ') {
            return false;
        }
    }
    return at == 1 && text.data[0] != '@' && text.data[text.len - 1] != '@';
}

bool credential_split(const struct secret *text, const char *named, char **user, struct secret **password, struct err *err)
{
    struct str rest = secret_str(text), first;
    bool two = memchr(rest.data, '\n', rest.len) != NULL;
    if (two) {
        str_cut(&rest, '\n', &first);
        first = str_trim(first);
    } else {
        first = str_of(named);
    }
    if (!first.len) {
        err_set(err, ERR_INPUT, "-Credential has a password but no user name.");
        err_advise(err, "Give -UserPrincipalName as well, or two lines: the name, then the password.");
        err_field(err, "Credential");
        return false;
    }
    if (!rest.len) {
        err_set(err, ERR_INPUT, "-Credential has no password in it.");
        err_field(err, "Credential");
        return false;
    }
    if (two || !*user || !**user) {
        free(*user);
        *user = str_dup(first);
    }
    *password = secret_new(rest);
    return true;
}
