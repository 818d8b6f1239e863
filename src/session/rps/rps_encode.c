#include "session/rps/rps_encode.h"

#include <stdlib.h>

#include "base/mem.h"
#include "catalogue/common_parameters.h"
#include "catalogue/value.h"
#include "session/rps/psrp_messages.h"

#define PAYLOAD_MOST ((size_t)50 * 1024 * 1024)     /* what the engine's server takes for one command (section 5) */

bool rps_needs_key(const struct invocation *invocation)
{
    for (size_t i = 0; i < invocation->count; i++) {
        if (parameter_is_secret(invocation->arguments[i].type) && invocation->arguments[i].kind != ARG_NULL) {
            return true;
        }
    }
    return false;
}

static struct clixml_value *sealed(struct arena *arena, const struct session_key *key, struct str clear, struct err *err)
{
    struct buf text = BUF_INIT(BUF_LARGE);
    bool good = key ? session_key_seal(key, clear, &text, err) : err_set(err, ERR_SYSTEM, "There is no key for secure values");
    struct clixml_value *value = good ? clixml_new(arena, CLIXML_SECURE_STRING, buf_str(&text)) : NULL;
    buf_free(&text);
    return value;
}

static struct clixml_value *credential(struct arena *arena, const struct session_key *key, const struct json *from, struct err *err)
{
    static const char *const types[] = { "System.Management.Automation.PSCredential", "System.Object" };
    struct clixml_value *value = clixml_new_object(arena, types, 2);
    struct clixml_value *password = sealed(arena, key, json_string(json_get_nocase(from, "Password")), err);
    if (!password) {
        return NULL;
    }
    clixml_put_adapted(arena, value, "UserName", clixml_new(arena, CLIXML_STRING, json_string(json_get_nocase(from, "UserName"))));
    clixml_put_adapted(arena, value, "Password", password);
    return value;
}

/* Dates were given in UTC and say so here; a date alone, or a text that is none, goes as text for the server to read. */
static struct clixml_value *date(struct arena *arena, struct str text)
{
    bool full = text.len >= 19 && text.data[10] == 'T';
    bool zoned = full && (text.data[text.len - 1] == 'Z' || memchr(text.data + 19, '+', text.len - 19) || memchr(text.data + 19, '-', text.len - 19));
    struct buf out = BUF_INIT(128);
    buf_add(&out, text);
    buf_text(&out, full && !zoned ? "Z" : "");
    struct clixml_value *value = clixml_new(arena, full ? CLIXML_DATE_TIME : CLIXML_STRING, buf_str(&out));
    buf_free(&out);
    return value;
}

static struct clixml_value *item_of(struct arena *arena, enum parameter_type type, const struct json *value)
{
    struct str text = json_string(value);
    bool whole = json_kind(value) == JSON_NUMBER && str_to_int64(text, INT64_MIN, INT64_MAX, &(int64_t){ 0 });
    if (json_kind(value) == JSON_STRING && type == TYPE_DATETIME) {
        return date(arena, text);
    }
    if (json_kind(value) == JSON_STRING && type == TYPE_GUID && guid_valid(text)) {
        return clixml_new(arena, CLIXML_GUID, text);
    }
    return whole && type == TYPE_LONG ? clixml_new(arena, CLIXML_INT64, text) : psrp_value_of_json(arena, value);
}

static struct clixml_value *list_of(struct arena *arena, const struct argument *argument)
{
    struct clixml_value *list = clixml_new_container(arena, CLIXML_LIST);
    for (const struct json *item = json_first(argument->value); item; item = json_next(item)) {
        bool bytes = argument->kind == ARG_BYTES_LIST;
        clixml_append(list, bytes ? clixml_new(arena, CLIXML_BYTES, json_string(item)) : item_of(arena, argument->type, item));
    }
    return list;
}

/* What the parameter was declared as decides. PowerShell's own client has no declaration at hand (its proxies take any object), sends
   a literal as what it looks like, and the server converts it: that is how all goes here for which no type is declared, and as text
   what only looks like text there too (time spans, addresses, versions, enums). A number with a point is a double in PowerShell; no
   cmdlet of the service takes a decimal. */
static struct clixml_value *value_of(struct arena *arena, const struct argument *argument, const struct session_key *key, struct err *err)
{
    if (argument->kind == ARG_NULL) {
        return clixml_new(arena, CLIXML_NIL, (struct str){ 0 });
    }
    if (argument->type == TYPE_CREDENTIAL) {
        return credential(arena, key, argument->value, err);
    }
    if (parameter_is_secret(argument->type)) {
        return sealed(arena, key, json_string(argument->value), err);
    }
    if (argument->kind == ARG_BYTES) {
        return clixml_new(arena, CLIXML_BYTES, json_string(argument->value));
    }
    if (argument->kind == ARG_LIST || argument->kind == ARG_BYTES_LIST) {
        return list_of(arena, argument);
    }
    return item_of(arena, argument->type, argument->value);
}

bool rps_encode(const struct invocation *invocation, const struct session_key *key, int minor, struct buf *out, struct err *err)
{
    struct arena arena = { 0 };
    struct psrp_argument *arguments = mem_array(invocation->count, sizeof *arguments);
    size_t count = 0;
    bool good = !invocation->what_if || refuse_what_if(err);
    for (size_t i = 0; good && i < invocation->count; i++) {
        const struct argument *argument = &invocation->arguments[i];
        good = !str_is_nocase(str_of(argument->name), "WhatIf") || refuse_what_if(err);
        if (good && common_parameter_stays_here(str_of(argument->name))) {
            continue;
        }
        struct clixml_value *value = good ? value_of(&arena, argument, key, err) : NULL;
        arguments[count++] = (struct psrp_argument){ str_of(argument->name), value };
        good = value != NULL;
        if (!good) {
            err_field(err, argument->name);
        }
    }
    if (good) {
        const struct psrp_command command = { str_of(invocation->cmdlet), arguments, count };
        psrp_create_pipeline(&arena, &command, 1, true, minor, out);
        good = (!out->overflowed && out->len <= PAYLOAD_MOST) ||
               err_set(err, ERR_INPUT, "The values of %s are too large to send", invocation->cmdlet);
    }
    free(arguments);
    arena_free(&arena);
    return good;
}
