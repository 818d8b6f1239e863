#include "pipeline/variables.h"

#include <stdlib.h>

#include "base/mem.h"

static const char *const parameters[] = { "OutVariable", "ErrorVariable", "WarningVariable", "InformationVariable" };
enum { PARAMETERS = sizeof parameters / sizeof *parameters };

struct variable {
    char *name;
    struct buf lines;
};

struct variables {
    struct variable *items;
    size_t count, capacity;
};

struct variables *variables_new(void)
{
    return MEM_NEW(struct variables);
}

void variables_free(struct variables *variables)
{
    for (size_t i = 0; variables && i < variables->count; i++) {
        free(variables->items[i].name);
        buf_free(&variables->items[i].lines);
    }
    free(variables ? variables->items : NULL);
    free(variables);
}

/* ---- names ---- */

/* +NAME adds to what is there. Empty: the cmdlet names none. */
static struct str name_in(const struct invocation *invocation, const char *parameter, bool *adds)
{
    const struct argument *argument = invocation ? invocation_get(invocation, parameter) : NULL;
    struct str name = argument ? json_string(argument->value) : STR("");
    *adds = name.len > 0 && name.data[0] == '+';
    return str_from(name, *adds ? 1 : 0);
}

/* Names are the same in any case, as in PowerShell. */
static struct variable *find(const struct variables *variables, struct str name)
{
    for (size_t i = 0; i < variables->count; i++) {
        if (str_is_nocase(name, variables->items[i].name)) {
            return &variables->items[i];
        }
    }
    return NULL;
}

bool variable_is_kept_by(const struct pipeline *pipeline, const char *name)
{
    bool adds;
    for (size_t i = 0; i < pipeline->count; i++) {
        for (size_t k = 0; k < PARAMETERS; k++) {
            if (str_is_nocase(name_in(pipeline->stages[i].invocation, parameters[k], &adds), name)) {
                return true;
            }
        }
    }
    return false;
}

bool variable_refuse(const char *name, struct err *err)
{
    err_set(err, ERR_INPUT, "no cmdlet before this keeps anything as $%.60s", name);
    err_advise(err, "-OutVariable %.60s keeps what a cmdlet gives, -ErrorVariable its errors; nothing else makes a variable here.", name);
    return false;
}

/* ---- writing ---- */

void variables_begin(struct variables *variables, const struct invocation *invocation)
{
    for (size_t k = 0; k < PARAMETERS; k++) {
        bool adds;
        struct str name = name_in(invocation, parameters[k], &adds);
        struct variable *variable = find(variables, name);
        if (name.len && !variable) {
            MEM_ROOM(variables->items, variables->count, variables->capacity);
            variable = &variables->items[variables->count++];
            *variable = (struct variable){ .name = str_dup(name), .lines = BUF_INIT(VARIABLE_MOST) };
        } else if (name.len && !adds) {
            buf_free(&variable->lines);
        }
    }
}

static struct buf *lines_of(const struct variables *variables, const struct invocation *invocation, const char *parameter)
{
    bool adds;
    struct str name = name_in(invocation, parameter, &adds);
    struct variable *variable = name.len ? find(variables, name) : NULL;
    return variable ? &variable->lines : NULL;
}

/* With its annotations where it has them, so that a date stays one. A line end can only stand between two of its parts. */
void variables_keep(struct variables *variables, const struct invocation *invocation, const char *parameter, const struct object *object)
{
    struct buf *lines = lines_of(variables, invocation, parameter);
    if (!lines) {
        return;
    }
    size_t start = lines->len;
    if (object->raw.len) {
        buf_add(lines, object->raw);
    } else {
        object_print_json(object, false, lines);
    }
    for (size_t i = start; i < lines->len; i++) {
        lines->data[i] = lines->data[i] == '\n' || lines->data[i] == '\r' ? ' ' : lines->data[i];
    }
    buf_char(lines, '\n');
}

static void keep_json(struct buf *lines, struct json *json)
{
    json_print(json, false, lines);
    buf_char(lines, '\n');
    json_free(json);
}

void variables_keep_text(struct variables *variables, const struct invocation *invocation, const char *parameter, struct str text)
{
    struct buf *lines = lines_of(variables, invocation, parameter);
    if (lines) {
        keep_json(lines, json_new_string(text));
    }
}

void variables_keep_error(struct variables *variables, const struct invocation *invocation, const struct err *err)
{
    struct buf *lines = lines_of(variables, invocation, "ErrorVariable");
    if (!lines) {
        return;
    }
    struct json *record = json_new_object(), *exception = json_new_object();
    json_add(exception, "Message", json_new_string(str_of(err->text)));
    json_add(record, "Exception", exception);
    json_add(record, "FullyQualifiedErrorId", json_new_string(str_of(err->code)));
    json_add(record, "Advice", json_new_string(str_of(err->advice)));
    keep_json(lines, record);
}

/* ---- reading ---- */

bool variables_read(const struct variables *variables, const char *name, struct buf *lines, struct err *err)
{
    const struct variable *variable = find(variables, str_of(name));
    if (!variable) {
        return variable_refuse(name, err);
    }
    if (variable->lines.overflowed) {
        err_set(err, ERR_INPUT, "$%.60s is larger than %zu MiB, which is all that a variable may keep", name, VARIABLE_MOST >> 20);
        err_advise(err, "Pipe the cmdlet into the next one, or export it to a file.");
        return false;
    }
    buf_add(lines, buf_str(&variable->lines));
    return true;
}
