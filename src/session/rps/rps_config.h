/* What a remote session was opened with, kept for as long as it lives: it may open a shell again. */
#ifndef PURVEY_SESSION_RPS_RPS_CONFIG_H
#define PURVEY_SESSION_RPS_RPS_CONFIG_H

#include "session/session.h"

/* Copies with texts of their own; config->remote is options, the defaults when nothing was given. */
void rps_config_own(const struct session_config *given, struct session_config *config, struct remote_options *options);
void rps_config_free(struct session_config *config, struct remote_options *options);

#endif
