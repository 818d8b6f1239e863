/* Parameters of a call: known, of the right type, of one set, none missing (rest.md sections 4 and 6). */
#include <stdlib.h>

#include "base/clock.h"
#include "base/guid.h"
#include "base/mem.h"
#include "base/text.h"
#include "demo/public_key.h"
#include "demo/rest_call.h"

static const char *const common_parameters[] = {
    "Confirm",
    "WhatIf",
    "Debug",
    "Verbose",
    "ErrorAction",
    "ErrorVariable",
    "WarningAction",
    "WarningVariable",
    "InformationAction",
    "InformationVariable",
    "OutBuffer",
    "OutVariable",
    "PipelineVariable",
};

/* They stay among the parameters on the wire (rest.md section 4). WhatIf too, and it has no effect there. */
static bool is_common(struct str name)
{
    for (size_t i = 0; i < sizeof common_parameters / sizeof *common_parameters; i++) {
        if (str_is_nocase(name, common_parameters[i])) {
            return true;
        }
    }
    return false;
}

static bool is_annotation(const struct json *member)
{
    return strchr(json_name(member), '@') != NULL;
}

/* Null is how a client says "not given" for a parameter that it lists anyway. */
const struct json *call_value(const struct call *call, const char *name)
{
    const struct json *value = json_get_nocase(call->parameters, name);
    return json_kind(value) == JSON_NULL ? NULL : value;
}

/* Numbers and booleans are no texts here: a name that is 5 has come as "5". */
const char *call_text(const struct call *call, const char *name)
{
    return json_cstr(call_value(call, name), "");
}

static bool is_true(const struct json *value)
{
    struct str text = json_string(value);
    return json_bool(value, false) || str_is_nocase(text, "true") || str_is_nocase(text, "$true");
}

bool call_switch(const struct call *call, const char *name)
{
    return is_true(call_value(call, name));
}

/* rest_bind has refused everything that is neither a number above 0 nor Unlimited. */
int64_t call_result_size(const struct call *call)
{
    const struct json *value = call_value(call, "ResultSize");
    int64_t size = 0;
    if (str_is_nocase(json_string(value), "Unlimited")) {
        return REST_UNLIMITED;
    }
    return json_int64(value, &size) ? size : 0;
}

/* ---- types ---- */

static bool is_scalar(const struct json *value)
{
    return json_kind(value) != JSON_ARRAY && json_kind(value) != JSON_OBJECT;
}

/* A single value stands for a list of one. */
static bool all(const struct json *value, bool (*fits)(const struct json *value))
{
    if (json_kind(value) != JSON_ARRAY) {
        return fits(value);
    }
    for (const struct json *item = json_first(value); item; item = json_next(item)) {
        if (!fits(item)) {
            return false;
        }
    }
    return true;
}

/* string[] takes anything that PowerShell can print; only objects inside it mean that the client encoded wrongly. */
static bool fits_texts(const struct json *value)
{
    return all(value, is_scalar);
}

/* A boolean may come as a text from who builds the body by hand; PowerShell's own names count, "yes" does not. */
static bool fits_bool(const struct json *value)
{
    struct str text = json_string(value);
    return json_kind(value) == JSON_BOOL || is_true(value) || str_is_nocase(text, "false") ||
           str_is_nocase(text, "$false");
}

/* 32 bits, as .NET has it: a client that sends more shows its own check is missing. */
static bool fits_int(const struct json *value)
{
    int64_t number;
    return json_int64(value, &number) && number >= INT32_MIN && number <= INT32_MAX;
}

/* Dates are sent as text; a culture's own order (2/28/2026) is taken on trust, as long as it begins like a date. */
static bool fits_date(const struct json *value)
{
    struct str text = json_string(value);
    int64_t when;
    size_t digits = 0;
    while (digits < text.len && text.data[digits] >= '0' && text.data[digits] <= '9') {
        digits++;
    }
    bool slashed = digits >= 1 && digits <= 4 && digits < text.len &&
                   (text.data[digits] == '/' || text.data[digits] == '.');
    return clock_parse_iso(text, &when) || slashed;
}

/* A client checks it before it sends (rest.md section 4): what is neither comes from one that has no such check. */
static bool fits_size(const struct json *value)
{
    int64_t number;
    return str_is_nocase(json_string(value), "Unlimited") || (json_int64(value, &number) && number > 0);
}

/* An untagged object is no PswsHashtable for the real service either (rest.md section 4). */
static bool fits_hashtable(const struct json *value)
{
    return json_kind(value) == JSON_OBJECT &&
           str_is(json_string(json_get(value, "@odata.type")), "#Exchange.GenericHashTable");
}

static bool is_object(const struct json *value)
{
    return json_kind(value) == JSON_OBJECT;
}

/* Elements of a list go untagged (rest.md section 4), so the tag is not asked for here. */
static bool fits_objects(const struct json *value)
{
    return json_kind(value) == JSON_ARRAY && all(value, is_object);
}

/* Lists of dictionaries: one bare object in place of a list is refused, a tagged one edits (rest.md section 4). */
static bool fits_list(const struct json *value)
{
    return json_kind(value) != JSON_OBJECT || fits_hashtable(value);
}

static bool is_guid(const struct json *value)
{
    return guid_valid(json_string(value));
}

static bool fits_guids(const struct json *value)
{
    return all(value, is_guid);
}

static bool fits_uint(const struct json *value)
{
    int64_t number;
    return json_int64(value, &number) && number >= 0 && number <= UINT32_MAX;
}

static bool fits_number(const struct json *value)
{
    return json_kind(value) == JSON_NUMBER;
}

static bool is_byte(const struct json *value)
{
    int64_t number;
    return json_kind(value) == JSON_NUMBER && json_int64(value, &number) && number >= 0 && number <= UINT8_MAX;
}

/* Microsoft's client sends the object, another the bare numbers, and both work; base64 does not (rest.md sections 4, 8). */
static bool fits_bytes(const struct json *value)
{
    const struct json *numbers = json_kind(value) == JSON_OBJECT ? json_get(value, "Data") : value;
    bool tagged = json_kind(value) != JSON_OBJECT ||
                  str_is(json_string(json_get(value, "@odata.type")), "#Exchange.ByteArrayType");
    return tagged && json_kind(numbers) == JSON_ARRAY && all(numbers, is_byte);
}

/* Only what was sealed with the module's key; the password itself must not come over the wire (rest.md section 4). */
static bool fits_sealed(const struct json *value)
{
    struct buf clear = BUF_INIT(BUF_SMALL);
    bool good = json_kind(value) == JSON_STRING && demo_unseal(json_string(value), &clear) && text_is_utf8(buf_str(&clear));
    buf_free(&clear);
    return good;
}

static const struct {
    char letter;
    const char *type;
    bool (*fits)(const struct json *value);
} types[] = {
    { 's', "System.String", is_scalar },
    { 'S', "System.String[]", fits_texts },
    { 'w', "System.Management.Automation.SwitchParameter", fits_bool },
    { 'b', "System.Boolean", fits_bool },
    { 'B', "System.Nullable`1[System.Boolean]", fits_bool },
    { 'i', "System.Int32", fits_int },
    { 'I', "System.Int32", fits_int },
    { 'u', "System.Globalization.CultureInfo", is_scalar },
    { 'D', "System.DateTime", fits_date },
    { 'd', "System.DateTime", fits_date },
    { 't', "System.DateTimeOffset", fits_date },
    { 'g', "System.Guid", is_guid },
    { 'G', "System.Guid[]", fits_guids },
    { 'y', "System.Byte[]", fits_bytes },
    { 'n', "System.UInt32", fits_uint },
    { 'f', "System.Double", fits_number },
    { 'c', "System.Security.SecureString", fits_sealed },
    { 'R', "Microsoft.Exchange.Data.Unlimited`1[System.UInt32]", fits_size },
    { 'O', "System.Object[]", fits_list },
    { 'H', "Microsoft.Exchange.Configuration.Tasks.PswsHashtable", fits_hashtable },
    { 'L', "Microsoft.Exchange.Configuration.Tasks.PswsHashtable[]", fits_objects },
};

/* Users see this text, so it says what came in their words, also when that has no text of its own. */
static char *name_value(const struct json *value)
{
    struct str type = json_string(json_get(value, "@odata.type"));
    struct buf text = BUF_INIT(DEMO_MAX_BODY);
    if (json_kind(value) == JSON_ARRAY) {
        size_t count = json_count(value);
        return mem_format("a list of %zu value%s", count, count == 1 ? "" : "s");
    }
    if (json_kind(value) == JSON_OBJECT) {
        return type.len ? mem_format("an object of the type '%.*s'", STR_ARG(str_take(type, 100)))
                        : mem_text("an object without \"@odata.type\":\"#Exchange.GenericHashTable\"");
    }
    if (json_kind(value) == JSON_STRING) {
        struct str words = json_string(value);
        return words.len ? mem_format("the value '%.*s'", STR_ARG(str_take(words, 200))) : mem_text("an empty text");
    }
    json_print(value, false, &text);
    char *named = mem_format("the value '%.*s'", STR_ARG(str_take(buf_str(&text), 200)));
    buf_free(&text);
    return named;
}

/* A letter without a row is a server type that takes any text: identities and the like. */
static bool check_type(struct call *call, const struct cmdlet_param *param, const struct json *value)
{
    if (param->type == 'o' && str_is_nocase(param->name, "Identity") && !is_scalar(value)) {
        return rest_fail(call->reply, FAIL_VALUE, "", "Parameter 'Identity' takes one value; it cannot be made of a list.");
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (types[i].letter == param->type && !types[i].fits(value)) {
            char *came = name_value(value);
            rest_fail(call->reply, FAIL_VALUE, "", "Parameter '%.*s' does not take %s: it cannot be made a %s.",
                      STR_ARG(param->name), came, types[i].type);
            free(came);
            return false;
        }
    }
    return true;
}

/* ---- closed lists of values ---- */

/* PowerShell takes the beginning of a name for the name when only one begins so. */
static bool is_one_of(struct str values, struct str word)
{
    struct str value;
    int beginnings = 0;
    while (values.len) {
        str_cut(&values, '|', &value);
        if (str_eq_nocase(value, word)) {
            return true;
        }
        beginnings += word.len && str_starts_nocase(value, word);
    }
    return beginnings == 1;
}

/* The service answers with the names that it does take, and users rely on that list. */
static bool refuse_word(struct call *call, const struct cmdlet_param *param, struct str word)
{
    struct buf names = BUF_INIT(1024);
    for (size_t i = 0; i < param->values.len; i++) {
        bool between = param->values.data[i] == '|';
        buf_add(&names, between ? STR(", ") : (struct str){ param->values.data + i, 1 });
    }
    rest_fail(call->reply, FAIL_VALUE, "", "Parameter '%.*s' does not take the value \"%.*s\". Valid names are: %s.",
              STR_ARG(param->name), STR_ARG(str_take(word, 200)), buf_cstr(&names));
    buf_free(&names);
    return false;
}

/* Enums with flags are written with commas in one text; each word has to be a name. */
static bool check_word(struct call *call, const struct cmdlet_param *param, struct str words)
{
    struct str word;
    for (bool more = true; more;) {
        more = str_cut(&words, ',', &word);
        word = str_trim(word);
        if (!is_one_of(param->values, word)) {
            return refuse_word(call, param, word);
        }
    }
    return true;
}

/* One bad word refuses the whole parameter, and nothing has been changed yet. */
static bool check_values(struct call *call, const struct cmdlet_param *param, const struct json *value)
{
    if (!param->values.len) {
        return true;
    }
    /* A switch with a closed list: PowerShell compares its name. */
    if (json_kind(value) == JSON_BOOL) {
        return check_word(call, param, json_bool(value, false) ? STR("True") : STR("False"));
    }
    if (json_kind(value) != JSON_ARRAY) {
        return check_word(call, param, json_string(value));
    }
    for (const struct json *item = json_first(value); item; item = json_next(item)) {
        if (!check_word(call, param, json_string(item))) {
            return false;
        }
    }
    return true;
}

/* $null is a value of its own only for a nullable boolean. */
static bool check_parameter(struct call *call, const struct json *member)
{
    struct str name = str_of(json_name(member));
    const struct cmdlet_param *param = cmdlet_param(call->cmdlet, name);
    if (!param) {
        return is_common(name) || rest_fail(call->reply, FAIL_UNKNOWN_PARAMETER, "",
                                            "The cmdlet '%.*s' has no parameter with the name '%.*s'.",
                                            STR_ARG(call->cmdlet->name), STR_ARG(str_take(name, 200)));
    }
    bool is_null = json_kind(member) == JSON_NULL;
    return is_null || (check_type(call, param, member) && (param->type == 'B' || check_values(call, param, member)));
}

/* ---- parameter sets ---- */

/* The set's place for that parameter; a parameter without sets is optional in all. False: it is not in the set. */
static bool place_in_set(const struct cmdlet_param *param, struct str name, struct cmdlet_set *place)
{
    struct str sets = param->sets;
    *place = (struct cmdlet_set){ .position = -1 };
    while (cmdlet_next_set(&sets, place)) {
        if (str_is(place->name, "*") || str_eq_nocase(place->name, name)) {
            return true;
        }
    }
    return !param->sets.len;
}

/* Goes over the members, because a parameter may be given in any letter case. */
static bool is_bound(const struct call *call, const struct cmdlet_param *param)
{
    for (const struct json *member = json_first(call->parameters); member; member = json_next(member)) {
        if (str_eq_nocase(param->name, str_of(json_name(member)))) {
            return json_kind(member) != JSON_NULL || param->type == 'B';
        }
    }
    return false;
}

enum set_fit { SET_NO, SET_INCOMPLETE, SET_FITS };

/* Bound parameters rule a set out; a missing mandatory one only makes it incomplete, for a better error. */
static enum set_fit fit(const struct call *call, struct str set, const struct cmdlet_param **missing)
{
    enum set_fit result = SET_FITS;
    struct cmdlet_set place;
    for (size_t i = 0; i < call->cmdlet->count; i++) {
        const struct cmdlet_param *param = &call->cmdlet->params[i];
        bool in_set = place_in_set(param, set, &place), bound = is_bound(call, param);
        if (bound && !in_set) {
            return SET_NO;
        }
        if (in_set && place.mandatory && !bound && result == SET_FITS) {
            result = SET_INCOMPLETE;
            *missing = param;
        }
    }
    return result;
}

struct choice {
    struct str set;
    enum set_fit fit;
    const struct cmdlet_param *missing;
};

/* Only a better fit replaces the one before: with two equal ones the earlier in the table wins, and the error names
   its parameter. */
static void consider(const struct call *call, struct str set, struct choice *best)
{
    const struct cmdlet_param *missing = NULL;
    enum set_fit result = fit(call, set, &missing);
    if (result > best->fit) {
        *best = (struct choice){ set, result, missing };
    }
}

/* The default set wins when it fits; otherwise the first that fits. */
static bool choose_set(struct call *call)
{
    struct choice best = { .fit = SET_NO };
    bool named = call->cmdlet->default_set.len > 0;
    if (named) {
        consider(call, call->cmdlet->default_set, &best);
    }
    for (size_t i = 0; i < call->cmdlet->count; i++) {
        struct str sets = call->cmdlet->params[i].sets;
        struct cmdlet_set set;
        while (cmdlet_next_set(&sets, &set)) {
            if (!str_is(set.name, "*")) {
                consider(call, set.name, &best);
                named = true;
            }
        }
    }
    /* "Every set" is a set of its own only where there is no other: else it would let mandatory parameters through. */
    if (!named) {
        consider(call, STR("*"), &best);
    }
    if (best.fit == SET_NO) {
        return rest_fail(call->reply, FAIL_AMBIGUOUS, "",
                         "No parameter set of '%.*s' has all the given parameters together.",
                         STR_ARG(call->cmdlet->name));
    }
    if (best.fit == SET_INCOMPLETE) {
        return rest_fail(call->reply, FAIL_MISSING, "",
                         REST_MISSING_TEXT "%.*s.",
                         STR_ARG(best.missing->name));
    }
    call->set = best.set;
    return true;
}

/* Values before sets: the more useful complaint comes first. */
bool rest_bind(struct call *call)
{
    for (const struct json *member = json_first(call->parameters); member; member = json_next(member)) {
        if (!is_annotation(member) && !check_parameter(call, member)) {
            return false;
        }
    }
    return choose_set(call);
}
