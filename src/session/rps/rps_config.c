#include "session/rps/rps_config.h"

#include <stdlib.h>

#include "base/mem.h"

/* New-PSSessionOption's defaults (section 12); 60 s, because a dead connection is found sooner (section 4). */
static const struct remote_options usual_options = {
    .maximum_redirection = 5, .max_object_bytes = 209715200, .open_timeout_ms = 180000, .operation_timeout_ms = 60000,
    .cancel_timeout_ms = 60000, .max_connection_retries = 5,
};

static void free_text(const char *text)
{
    union { const char *read; char *write; } both = { text };
    free(both.write);
}

static const char **owned_texts(struct session_config *config, struct remote_options *options, size_t index)
{
    const char **const texts[] = {
        &config->connection_uri, &config->tenant_id, &config->organization, &config->upn, &config->command_names, &config->locale,
        &config->format_types, &options->culture, &options->ui_culture, &options->proxy_login.user,
    };
    return index < sizeof texts / sizeof *texts ? texts[index] : NULL;
}

void rps_config_own(const struct session_config *given, struct session_config *config, struct remote_options *options)
{
    *config = *given;
    *options = given->remote ? *given->remote : usual_options;
    for (size_t i = 0; owned_texts(config, options, i); i++) {
        const char **text = owned_texts(config, options, i);
        *text = mem_text(*text ? *text : "");
    }
    options->application_arguments = options->application_arguments ? json_copy(options->application_arguments) : NULL;
    options->proxy_login.password = secret_copy(options->proxy_login.password);
    config->remote = options;
    if (!*config->locale) {
        free_text(config->locale);
        config->locale = mem_text("en-US");
    }
}

void rps_config_free(struct session_config *config, struct remote_options *options)
{
    for (size_t i = 0; owned_texts(config, options, i); i++) {
        free_text(*owned_texts(config, options, i));
    }
    union { const struct json *read; struct json *write; } arguments = { options->application_arguments };
    union { const struct secret *read; struct secret *write; } password = { options->proxy_login.password };
    json_free(arguments.write);
    secret_free(password.write);
}
