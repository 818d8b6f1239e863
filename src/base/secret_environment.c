#include "base/secret_environment.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/secret.h"

void secret_environment_take(const char *name)
{
    size_t length = strlen(name);
    for (char **entry = environ; *entry; entry++) {
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=' && !secret_is_at(*entry)) {
            char *stood = *entry;
            /* The environment owns it from here on, for as long as the program runs. */
            union { const char *constant; char *text; } moved = { .constant = secret_str(secret_new(str_of(stood))).data };
            *entry = moved.text;
            secret_wipe(stood + length + 1, strlen(stood + length + 1));
        }
    }
}

char **secret_environment_for_child(void)
{
    size_t count = 0;
    for (char **entry = environ; *entry; entry++) {
        count++;
    }
    char **variables = mem_array(count + 1, sizeof *variables);
    count = 0;
    for (char **entry = environ; *entry; entry++) {
        if (!secret_is_at(*entry)) {
            variables[count++] = *entry;
        }
    }
    return variables;
}
