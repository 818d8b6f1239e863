#include "ui/screens/connect_ways.h"

#include <string.h>

static const struct connect_way ways[] = {
    { "automatic", "The browser where this machine has one, a code for any browser else.", "", false, OPTION_COUNT, { OPTION_COUNT } },
    { "device code", "Open a page in any browser and type a short code. Works over SSH and with several factors.", "device", false,
      OPTION_COUNT, { OPTION_COUNT } },
    { "browser", "Sign in in a browser that can reach this machine; over SSH one port has to be forwarded.", "browser", false,
      OPTION_COUNT, { OPT_REDIRECT_PORT, OPTION_COUNT } },
    { "password", "Name and password. Does not work where a second factor is wanted.", "", false, OPT_CREDENTIAL,
      { OPT_CREDENTIAL, OPTION_COUNT } },
    { "certificate", "An application signs in with a certificate: for jobs without a person.", "", false, OPT_CERTIFICATE_FILE_PATH,
      { OPT_APP_ID, OPT_ORGANIZATION, OPT_CERTIFICATE_FILE_PATH, OPT_CERTIFICATE_PASSWORD, OPT_CERTIFICATE_THUMBPRINT, OPT_CERTIFICATE, OPTION_COUNT } },
    { "client secret", "An application of your own signs in with a secret; a certificate is the better way.", "", false,
      OPT_CLIENT_SECRET, { OPT_APP_ID, OPT_ORGANIZATION, OPT_CLIENT_SECRET, OPTION_COUNT } },
    { "federated token", "An application signs in with a token of another issuer, as in Kubernetes or a pipeline.", "", false,
      OPT_FEDERATED_TOKEN_FILE, { OPT_APP_ID, OPT_ORGANIZATION, OPT_FEDERATED_TOKEN_FILE, OPTION_COUNT } },
    { "managed identity", "The Azure machine that purvey runs on signs in.", "", true, OPTION_COUNT,
      { OPT_ORGANIZATION, OPT_MANAGED_IDENTITY_ACCOUNT_ID, OPTION_COUNT } },
    { "access token", "A token that was made elsewhere. Nothing can renew it.", "", false, OPT_ACCESS_TOKEN,
      { OPT_ACCESS_TOKEN, OPT_ORGANIZATION, OPTION_COUNT } },
};

size_t connect_way_count(void)
{
    return sizeof ways / sizeof *ways;
}

const struct connect_way *connect_way_at(size_t index)
{
    return &ways[index];
}

const struct connect_way *connect_way_by_label(struct str label)
{
    for (size_t i = 0; i < connect_way_count(); i++) {
        if (str_is(label, ways[i].label)) {
            return &ways[i];
        }
    }
    return &ways[0];
}

/* By the option that no other way has; in the order in which the engine decides as well. */
const struct connect_way *connect_way_of(const struct options *options)
{
    static const struct { enum option_id id; const char *label; } signs[] = {
        { OPT_ACCESS_TOKEN, "access token" }, { OPT_MANAGED_IDENTITY, "managed identity" }, { OPT_CERTIFICATE, "certificate" },
        { OPT_CERTIFICATE_FILE_PATH, "certificate" }, { OPT_CERTIFICATE_THUMBPRINT, "certificate" }, { OPT_CLIENT_SECRET, "client secret" },
        { OPT_FEDERATED_TOKEN_FILE, "federated token" }, { OPT_APP_ID, "certificate" }, { OPT_CREDENTIAL, "password" },
    };
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (*options_get(options, signs[i].id)) {
            return connect_way_by_label(str_of(signs[i].label));
        }
    }
    for (size_t i = 0; i < connect_way_count(); i++) {
        if (*ways[i].sign_in && str_is_nocase(str_of(ways[i].sign_in), options_get(options, OPT_SIGN_IN))) {
            return &ways[i];
        }
    }
    return &ways[0];
}

bool connect_way_filled(const struct connect_way *way, const struct options *options, struct err *err)
{
    if (way->proof == OPTION_COUNT || connect_way_of(options) == way) {
        return true;
    }
    enum option_id missing = *options_get(options, way->options[0]) ? way->proof : way->options[0];
    err_set(err, ERR_INPUT, "Nothing is given here");
    err_advise(err, "Signing in with %s %s needs it; another way can be chosen above.", strchr("aeiou", way->label[0]) ? "an" : "a", way->label);
    err_field(err, option_row(missing)->name);
    return false;
}

bool connect_way_needs(const struct connect_way *way, enum option_id id)
{
    for (size_t i = 0; way->options[i] != OPTION_COUNT; i++) {
        if (way->options[i] == id) {
            return true;
        }
    }
    return false;
}

bool connect_way_owns(enum option_id id)
{
    for (size_t i = 0; i < connect_way_count(); i++) {
        if (connect_way_needs(&ways[i], id)) {
            return true;
        }
    }
    return id == OPT_SIGN_IN || id == OPT_MANAGED_IDENTITY;
}
