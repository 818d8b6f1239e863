/* Who somebody is: object ids, names, id_tokens and what MSAL builds its accounts from. */
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/mem.h"
#include "demo/entra_internal.h"

/* The same for the same name in every run, and another for every other: clients keep their accounts apart by it. */
struct guid entra_object_id(const char *name)
{
    unsigned char digest[32] = { 0 };
    struct guid guid;
    char *lower = mem_text(name);
    for (char *c = lower; *c; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    }
    gnutls_hash_fast(GNUTLS_DIG_SHA256, lower, strlen(lower), digest);
    free(lower);
    digest[6] = (unsigned char)((digest[6] & 0x0F) | 0x40);
    digest[8] = (unsigned char)((digest[8] & 0x3F) | 0x80);
    size_t at = 0;
    for (size_t i = 0; i < 16; i++) {
        snprintf(guid.text + at, sizeof guid.text - at, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", digest[i]);
        at = strlen(guid.text);
    }
    return guid;
}

/* michelle.x@... -> Michelle X */
char *entra_display_name(const char *user)
{
    struct str left = str_of(user), local;
    str_cut(&left, '@', &local);
    char *name = str_dup(local);
    bool start = true;
    for (char *c = name; *c; c++) {
        if (*c == '.') {
            *c = ' ';
        }
        if (start && *c >= 'a' && *c <= 'z') {
            *c = (char)(*c - 'a' + 'A');
        }
        start = *c == ' ';
    }
    return name;
}

/* A token of version 2.0, whatever the access token is: the endpoint decides, not the resource (auth.md section 10). */
static char *make_id_token(struct entra *entra, const struct giving *giving)
{
    const char *user = giving->user;
    int64_t now = clock_unix();
    struct json *claims = json_new_object();
    char *name = entra_display_name(user), *pair = mem_format("%s %s", giving->client_id, user);
    struct guid subject = entra_object_id(pair);
    char *issuer = mem_format("https://" DEMO_LOGIN_HOST ":%d/" DEMO_TENANT_ID "/v2.0", entra->config.port);
    json_add_text(claims, "aud", giving->client_id);
    json_add_text(claims, "iss", issuer);
    json_add(claims, "iat", json_new_int(now));
    json_add(claims, "nbf", json_new_int(now));
    json_add(claims, "exp", json_new_int(now + 3600));
    json_add_text(claims, "name", name);
    json_add_text(claims, "oid", entra_object_id(user).text);
    json_add_text(claims, "preferred_username", user);
    json_add_text(claims, "sub", subject.text);
    if (giving->nonce) {
        json_add_text(claims, "nonce", giving->nonce);
    }
    json_add_text(claims, "tid", DEMO_TENANT_ID);
    json_add_text(claims, "ver", "2.0");
    char *token = jwt_sign(entra->signer, claims);
    json_free(claims);
    free(name);
    free(pair);
    free(issuer);
    return token;
}

/* Only with the scope openid (auth.md section 2). The client learns from it who signed in, nothing else. */
void entra_add_id_token(struct entra *entra, struct json *answer, const struct giving *giving)
{
    char *identity = make_id_token(entra, giving);
    json_add_text(answer, "id_token", identity);
    free(identity);
}

/* Only who asks for it gets it, as MSAL does on every request (auth.md sections 4 and 5). */
bool entra_wants_client_info(struct str form)
{
    char *text = form_text(form, "client_info");
    bool wants = text && str_is(str_of(text), "1");
    free(text);
    return wants;
}

/* Who, and of which tenant, as base64url of JSON (auth.md section 10). */
void entra_client_info(const char *user, struct buf *out)
{
    char *json = mem_format("{\"uid\":\"%s\",\"utid\":\"" DEMO_TENANT_ID "\"}", entra_object_id(user).text);
    base64url_encode(str_of(json), out);
    free(json);
}
