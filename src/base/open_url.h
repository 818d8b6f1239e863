/* Starting the person's browser: no shell, no terminal of ours, no environment but what a desktop program needs. */
#ifndef PURVEY_BASE_OPEN_URL_H
#define PURVEY_BASE_OPEN_URL_H

#include "base/err.h"

/* Whether a browser on this machine would show itself to the person: $BROWSER is set, or there is a desktop or Windows,
   and this is no SSH session. *why is a static half sentence for the screen, either way: "this is an SSH session". */
bool open_url_usable(const char **why);

/* True inside SSH: then `ssh -L` brings a browser's answer home. */
bool open_url_over_ssh(void);

/* Starts it with the address and does not wait for its end. $BROWSER (a list divided by colons, %s = the address), else
   wslview (WSL) or xdg-open. ERR_SYSTEM when none of them is there. */
bool open_url(const char *url, struct err *err) MUST_USE;

#endif
