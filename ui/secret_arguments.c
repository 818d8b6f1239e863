#include "ui/secret_arguments.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "catalogue/value.h"
#include "connect/secret_source.h"

/* A password and a credential of several cmdlets may be asked for one after the other, so it is said which one is meant. */
static bool ask(const struct invocation *invocation, const struct argument *argument, const char *spec, struct secret **secret, struct err *err)
{
    struct buf what = BUF_INIT(BUF_SMALL), clean = BUF_INIT(BUF_SMALL);
    buf_format(&what, "-%s of %s", argument->name, invocation->shown);
    if (argument->type == TYPE_CREDENTIAL)
        buf_format(&what, ", the password of %.*s", STR_ARG(json_string(json_get_nocase(argument->value, "UserName"))));
    text_clean(&clean, buf_str(&what), false);
    bool good = secret_source_ask(spec, buf_cstr(&clean), false, secret, err);
    buf_free(&what);
    buf_free(&clean);
    return good;
}

static bool refuse_prompt(const struct argument *argument, struct err *err)
{
    err_set(err, ERR_INPUT, "-%s asks for a password, which is typed into the form of the cmdlet", argument->name);
    err_advise(err, "Open the cmdlet's form, or write where it is: file:PATH, env:NAME.");
    return false;
}

static bool fetch(const struct invocation *invocation, const struct argument *argument, struct str source, bool may_prompt, struct secret **secret,
                  struct err *err)
{
    char *spec = str_dup(source);
    bool prompt = str_is_nocase(source, "prompt");
    bool good = prompt && !may_prompt ? refuse_prompt(argument, err) : ask(invocation, argument, spec, secret, err);
    err_field(err, good ? "" : argument->name);
    secret_wipe(spec, strlen(spec));
    free(spec);
    return good;
}

/* (Get-Credential) without a name: as PowerShell, the name is asked for before the password. */
static bool fetch_user(struct invocation *invocation, const struct argument *argument, bool may_prompt, struct err *err)
{
    struct buf what = BUF_INIT(BUF_SMALL);
    char *user = NULL, *name = mem_text(argument->name);
    buf_format(&what, "-%s of %s, the user name", name, invocation->shown);
    bool good = may_prompt ? secret_source_ask_name(buf_cstr(&what), &user, err)
                           : refuse_prompt(argument, err);
    if (good) {
        struct json *both = json_new_object();
        json_add(both, "UserName", json_new_string(str_of(user)));
        json_add(both, "Password", json_copy(json_get_nocase(argument->value, "Password")));
        invocation_set(invocation, name, argument->kind, argument->type, both);
    }
    err_field(err, good ? "" : name);
    buf_free(&what);
    free(user);
    free(name);
    return good;
}

/* A literal is left alone: it is what it is. */
static bool fetch_argument(struct invocation *invocation, const struct argument *argument, bool may_prompt, struct err *err)
{
    bool credential = argument->type == TYPE_CREDENTIAL;
    struct str source = json_string(credential ? json_get_nocase(argument->value, "Password") : argument->value);
    struct secret *secret = NULL;
    if (!secret_source_named(source)) {
        return true;
    }
    if (!fetch(invocation, argument, source, may_prompt, &secret, err)) {
        return false;
    }
    struct json *value = json_new_string(secret_str(secret));
    if (credential) {
        struct json *both = json_new_object();
        json_add(both, "UserName", json_copy(json_get_nocase(argument->value, "UserName")));
        json_add(both, "Password", value);
        value = both;
    }
    char *name = mem_text(argument->name);
    invocation_set(invocation, name, argument->kind, argument->type, value);
    free(name);
    secret_free(secret);
    return true;
}

static bool names_nobody(const struct argument *argument)
{
    return argument->type == TYPE_CREDENTIAL && json_string(json_get_nocase(argument->value, "UserName")).len == 0;
}

bool secret_arguments_fetch(struct pipeline *pipeline, bool may_prompt, struct err *err)
{
    for (size_t i = 0; i < pipeline->count; i++) {
        struct invocation *invocation = pipeline->stages[i].kind == STAGE_CMDLET ? pipeline->stages[i].invocation : NULL;
        for (size_t k = 0; invocation && k < invocation->count; k++) {
            const struct argument *argument = &invocation->arguments[k];
            bool asks = parameter_is_secret(argument->type) && argument->kind != ARG_NULL;
            if (asks && names_nobody(argument) && !fetch_user(invocation, argument, may_prompt, err)) {
                return false;
            }
            argument = &invocation->arguments[k];
            if (asks && !fetch_argument(invocation, argument, may_prompt, err)) {
                return false;
            }
        }
    }
    return true;
}
