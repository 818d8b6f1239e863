/* Secrets that came in the environment. A variable stands where a core dump has it, and every child inherits it: so it is
   moved into locked memory and wiped where it stood. getenv finds it as before, and there is no other state. */
#ifndef PURVEY_BASE_SECRET_ENVIRONMENT_H
#define PURVEY_BASE_SECRET_ENVIRONMENT_H

/* Moves the variable; nothing happens when it is not set, or was moved already. Not while another thread asks for the same. */
void secret_environment_take(const char *name);

/* What a child may have: the environment without what was taken. An array to free; its texts are the environment's own. */
char **secret_environment_for_child(void);

#endif
