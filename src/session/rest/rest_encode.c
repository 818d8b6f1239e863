/* Microsoft's client decides by the .NET type of a value; here the argument's kind stands for it, and one table of
   functions for the order of its tests (rest.md section 4). */
#include "session/rest/rest_encode.h"

#include "auth/public_key.h"
#include "base/base64.h"
#include "base/secret.h"
#include "catalogue/common_parameters.h"
#include "catalogue/value.h"

/* The tag that tells the service's OData reader to build a hash table. */
static const char hashtable_tag[] = "\"@odata.type\":\"#Exchange.GenericHashTable\"";

/* PowerShell's common parameters travel as text, whatever they hold. */
static const char *const common_parameters[] = {
    "ErrorAction", "ErrorVariable", "OutBuffer", "OutVariable", "WarningAction", "WarningVariable",
    "InformationAction", "InformationVariable", "PipelineVariable",
};

static const char *const filter_parameters[] = { "Filter", "RecipientFilter", "RecipientPreviewFilter" };

static bool listed(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_is_nocase(str_of(name), names[i]))
            return true;
    return false;
}

static bool is_common(const char *name)
{
    return listed(name, common_parameters, sizeof common_parameters / sizeof common_parameters[0]);
}

/* Case-blind: parameters may be typed in any case. */
static bool is_filter(const char *name)
{
    return listed(name, filter_parameters, sizeof filter_parameters / sizeof filter_parameters[0]);
}

static bool word_goes_on(struct str s)
{
    char c = s.len ? s.data[0] : ' ';
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '\'';
}

/* The service's filter reader knows 'True' and 'False', not PowerShell's variables. */
static void rewrite_filter(struct str text, struct buf *out)
{
    static const struct { struct str from, to; } words[] = {
        { { "$true", 5 }, { "'True'", 6 } }, { { "$false", 6 }, { "'False'", 7 } },
    };
    while (text.len) {
        size_t i = 0;
        while (i < 2 && !(str_starts_nocase(text, words[i].from) && !word_goes_on(str_from(text, words[i].from.len))))
            i++;
        if (i < 2)
            buf_add(out, words[i].to);
        else
            buf_char(out, text.data[0]);
        text = str_from(text, i < 2 ? words[i].from.len : 1);
    }
}

/* ---- one function a kind of argument; each appends the value ---- */

static bool put_plain(const struct argument *argument, struct buf *out)
{
    json_print(argument->value, false, out);
    return true;
}

static bool put_null(const struct argument *argument, struct buf *out)
{
    (void)argument;
    return buf_text(out, "null");
}

/* Dates stay as they were given: the service reads ISO 8601, and untyped parameters are text to it anyway. */
static bool put_text(const struct argument *argument, struct buf *out)
{
    struct str text = json_string(argument->value);
    if (!is_filter(argument->name)) {
        json_print_string(text, out);
        return true;
    }
    struct buf rewritten = BUF_INIT(REST_ENCODE_MAX);
    rewrite_filter(text, &rewritten);
    json_print_string(buf_str(&rewritten), out);
    buf_free(&rewritten);
    return true;
}

/* Members, each table among the values tagged too when `nested`; deeper ones are left as they are (section 4). */
static void put_table(const struct json *table, bool nested, struct buf *out)
{
    buf_char(out, '{');
    buf_text(out, hashtable_tag);
    for (const struct json *member = json_first(table); member; member = json_next(member)) {
        if (str_is(str_of(json_name(member)), "@odata.type"))
            continue;
        buf_char(out, ',');
        json_print_string(str_of(json_name(member)), out);
        buf_char(out, ':');
        if (nested && json_kind(member) == JSON_OBJECT)
            put_table(member, false, out);
        else
            json_print(member, false, out);
    }
    buf_char(out, '}');
}

static bool put_hashtable(const struct argument *argument, struct buf *out)
{
    put_table(argument->value, true, out);
    return true;
}

/* Base64 in, an array of numbers out: that is how Microsoft's client sends bytes. */
static bool put_data(struct str base64, struct buf *out)
{
    struct buf bytes = BUF_INIT(REST_ENCODE_MAX);
    bool good = base64_decode(base64, &bytes);
    buf_text(out, "\"Data\":[");
    for (size_t i = 0; good && i < bytes.len; i++)
        buf_format(out, i ? ",%u" : "%u", (unsigned)(unsigned char)bytes.data[i]);
    buf_text(out, "]}");
    buf_free(&bytes);
    return good;
}

static bool put_bytes(const struct argument *argument, struct buf *out)
{
    buf_text(out, "{\"@odata.type\":\"#Exchange.ByteArrayType\",");
    return put_data(json_string(argument->value), out);
}

/* The tag stands beside the list, its items have none (section 4). */
static bool put_bytes_list(const struct argument *argument, struct buf *out)
{
    bool good = true;
    buf_char(out, '[');
    for (const struct json *item = json_first(argument->value); good && item; item = json_next(item)) {
        buf_text(out, item == json_first(argument->value) ? "{" : ",{");
        good = put_data(json_string(item), out);
    }
    buf_char(out, ']');
    return good;
}

static bool (*const putters[])(const struct argument *argument, struct buf *out) = {
    [ARG_NULL] = put_null,
    [ARG_SWITCH] = put_plain,
    [ARG_BOOL] = put_plain,
    [ARG_NUMBER] = put_plain,
    [ARG_TEXT] = put_text,
    [ARG_LIST] = put_plain,
    [ARG_HASHTABLE] = put_hashtable,
    [ARG_HASHTABLE_LIST] = put_plain,
    [ARG_BYTES] = put_bytes,
    [ARG_BYTES_LIST] = put_bytes_list,
};

/* ---- arguments ---- */

static bool refuse(const struct argument *argument, struct err *err)
{
    err_field(err, argument->name);
    return false;
}

/* What would do harm, or travel in the clear, is stopped here whatever the front end let through. */
static bool sendable(const struct argument *argument, struct err *err)
{
    if (str_is_nocase(str_of(argument->name), "WhatIf")) {
        err_set(err, ERR_INPUT, "-WhatIf is not sent: most Security & Compliance cmdlets ignore it and run");
        err_advise(err, "Leave it out, or look with the matching Get- cmdlet first.");
        return refuse(argument, err);
    }
    return true;
}

static void put_name(const struct argument *argument, const char *suffix, struct buf *out)
{
    struct buf name = BUF_INIT(BUF_SMALL);
    buf_text(&name, argument->name);
    buf_text(&name, suffix);
    json_print_string(buf_str(&name), out);
    buf_char(out, ':');
    buf_free(&name);
}

/* Room taken at once: a buffer that grows leaves its beginning behind in freed memory. An escape takes six bytes at most. */
static void reserve_clear(struct buf *clear, size_t length)
{
    clear->cap = 6 * length + sizeof "{'UserName':'','Password':''}";
    buf_repeat(clear, ' ', clear->cap);
    buf_clear(clear);
}

static void put_credential(const struct json *credential, struct buf *clear)
{
    struct str user = json_string(json_get_nocase(credential, "UserName"));
    struct str password = json_string(json_get_nocase(credential, "Password"));
    reserve_clear(clear, user.len + password.len);
    buf_text(clear, "{\"UserName\":");
    json_print_string(user, clear);
    buf_text(clear, ",\"Password\":");
    json_print_string(password, clear);
    buf_char(clear, '}');
}

/* A credential is sealed as compact JSON of both its parts (section 4). */
static bool put_secret(const struct argument *argument, const char *public_key, struct buf *out, struct err *err)
{
    struct buf clear = { 0 }, sealed = BUF_INIT(BUF_SMALL);
    if (argument->type == TYPE_CREDENTIAL) {
        put_credential(argument->value, &clear);
    } else {
        reserve_clear(&clear, json_string(argument->value).len);
        buf_add(&clear, json_string(argument->value));
    }
    bool good = public_key_seal(public_key, buf_str(&clear), &sealed, err);
    secret_wipe(clear.data, clear.len);
    if (good)
        json_print_string(buf_str(&sealed), out);
    buf_free(&clear);
    buf_free(&sealed);
    return good || refuse(argument, err);
}

static bool put_argument(const struct argument *argument, const char *public_key, struct buf *out, struct err *err)
{
    if (!sendable(argument, err))
        return false;
    if (parameter_is_secret(argument->type) && argument->kind != ARG_NULL) {
        put_name(argument, "", out);
        return put_secret(argument, public_key, out, err);
    }
    /* Only a parameter declared as hashtable[] gets the tag: the rules of DLP are accepted untagged (section 4). */
    bool list = argument->kind == ARG_HASHTABLE_LIST || argument->kind == ARG_LIST;      /* an empty one is a plain list */
    if (list && argument->type == TYPE_HASHTABLE_LIST) {
        put_name(argument, "@odata.type", out);
        buf_text(out, "\"#Collection(Exchange.GenericHashTable)\",");
    }
    if (argument->kind == ARG_BYTES_LIST) {
        put_name(argument, "@odata.type", out);
        buf_text(out, "\"#Collection(Exchange.ByteArrayType)\",");
    }
    put_name(argument, "", out);
    /* -OutBuffer 5 and its like: Microsoft's client sends the common parameters as text. */
    bool as_text = is_common(argument->name) && argument->kind == ARG_NUMBER;
    if (as_text ? put_text(argument, out) : putters[argument->kind](argument, out))
        return true;
    err_set(err, ERR_INPUT, "The bytes of -%s are not valid base64", argument->name);
    return refuse(argument, err);
}

/* In the order in which the parameters were given: Microsoft's client keeps it as well. */
bool rest_encode(const struct invocation *invocation, const char *public_key, struct buf *out, struct err *err)
{
    if (invocation->what_if)
        return refuse_what_if(err);
    buf_text(out, "{\"CmdletInput\":{\"CmdletName\":");
    json_print_string(str_of(invocation->cmdlet), out);
    buf_text(out, ",\"Parameters\":{");
    const char *comma = "";
    for (size_t i = 0; i < invocation->count; i++) {
        if (common_parameter_stays_here(str_of(invocation->arguments[i].name)))
            continue;
        buf_text(out, comma);
        comma = ",";
        if (!put_argument(&invocation->arguments[i], public_key, out, err))
            return false;
    }
    buf_text(out, "}}}");
    if (out->overflowed)
        return err_set(err, ERR_INPUT, "The values of %s are too large to send", invocation->cmdlet);
    return true;
}
