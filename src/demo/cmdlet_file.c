#include "demo/cmdlet_file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "demo/cmdlets.h"

#define NAME_MAX_LENGTH 128
#define POSITION_MAX 99
/* More than twice what the service has; a cap, because each line costs a look at all the others. */
#define MAX_CMDLETS 2000
#define MAX_PARAMETERS 1000

/* What is being read, for errors. */
struct place {
    const char *file;
    size_t line;
    struct err *err;
};

static bool PRINTF_LIKE(2, 3) complain(const struct place *place, const char *format, ...)
{
    va_list args;
    char text[400];
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    err_set(place->err, ERR_INPUT, "%s, line %zu: %s", place->file, place->line, text);
    err_advise(place->err, "Each line is one cmdlet: {\"c\":\"Get-Thing\",\"d\":null,\"p\":[{\"n\":\"Identity\",\"t\":\"string\"}]}");
    return false;
}

/* ---- words: everything ends up in the module file, so nothing may be in them that ends a quote or a word ---- */

static bool is_word(struct str text, const char *others)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && (!c || !strchr(others, c))) {
            return false;
        }
    }
    return text.len > 0 && text.len <= NAME_MAX_LENGTH;
}

static bool is_cmdlet_name(struct str name)
{
    struct str verb;
    return is_word(name, "-_") && str_cut(&name, '-', &verb) && verb.len && name.len && !memchr(name.data, '-', name.len);
}

/* ---- one parameter ---- */

static bool is_flag(const struct json *value)
{
    int64_t number;
    return json_kind(value) == JSON_BOOL || (json_kind(value) == JSON_NUMBER && json_int64(value, &number) && (number == 0 || number == 1));
}

static bool is_set(const struct json *value)
{
    int64_t number;
    return json_bool(value, json_int64(value, &number) && number == 1);
}

/* [name, mandatory, position or null, by value, by property name] */
/* null or a small number; *position stays as it is for null. */
static bool is_place(const struct json *field, int64_t *position)
{
    return json_kind(field) == JSON_NULL ||
           (json_kind(field) == JSON_NUMBER && json_int64(field, position) && *position >= 0 && *position <= POSITION_MAX);
}

static bool add_set(struct buf *out, const struct json *set, bool first)
{
    const struct json *fields[5] = { NULL };
    size_t count = 0;
    for (const struct json *field = json_first(set); field && count < 5; field = json_next(field)) {
        fields[count++] = field;
    }
    int64_t position = -1;
    bool shaped = json_kind(set) == JSON_ARRAY && json_count(set) == 5 && json_kind(fields[0]) == JSON_STRING && is_flag(fields[1]) &&
                  is_place(fields[2], &position) && is_flag(fields[3]) && is_flag(fields[4]) && is_word(json_string(fields[0]), "_-.");
    if (!shaped) {
        return false;
    }
    bool every = str_is(json_string(fields[0]), "__AllParameterSets");
    buf_format(out, "%s%s/", first ? "@" : ",", every ? "*" : json_cstr(fields[0], ""));
    buf_text(out, is_set(fields[1]) ? "!" : "");
    if (position >= 0) {
        buf_format(out, "%d", (int)position);
    }
    buf_text(out, is_set(fields[3]) ? "v" : "");
    buf_text(out, is_set(fields[4]) ? "p" : "");
    return true;
}

static bool add_sets(struct buf *out, const struct json *sets)
{
    for (const struct json *set = json_first(sets); set; set = json_next(set)) {
        if (!add_set(out, set, set == json_first(sets))) {
            return false;
        }
    }
    return json_kind(sets) == JSON_ARRAY || !sets;
}

static bool add_values(struct buf *out, const struct json *values)
{
    for (const struct json *value = json_first(values); value; value = json_next(value)) {
        if (json_kind(value) != JSON_STRING || !is_word(json_string(value), "_-.+#&()*/:!?")) {
            return false;
        }
        buf_text(out, value == json_first(values) ? "==" : "|");
        buf_add(out, json_string(value));
    }
    return json_kind(values) == JSON_ARRAY || json_kind(values) == JSON_NULL;
}

static bool add_parameter(const struct place *place, struct buf *out, const struct json *param)
{
    struct str name = json_string(json_get(param, "n")), type = json_string(json_get(param, "t"));
    type = type.len ? type : STR("System.Object");
    if (json_kind(param) != JSON_OBJECT || !is_word(name, "_")) {
        return complain(place, "a parameter has no name (\"n\") of letters and digits.");
    }
    if (!is_word(type, "_.,[]`+")) {
        return complain(place, "the type (\"t\") of -%.*s is none.", STR_ARG(name));
    }
    char letter = cmdlet_type_letter(type);
    buf_format(out, " %.*s:", STR_ARG(name));
    if (letter == '<') {
        buf_format(out, "<%.*s>", STR_ARG(type));
    } else {
        buf_char(out, letter);
    }
    if (!add_values(out, json_get(param, "v"))) {
        return complain(place, "the values (\"v\") of -%.*s are no list of words.", STR_ARG(name));
    }
    return add_sets(out, json_get(param, "s")) ||
           complain(place, "the sets (\"s\") of -%.*s are no list of [name, mandatory, position, by value, by name].", STR_ARG(name));
}

static bool is_twice(const struct json *params, const struct json *param)
{
    struct str name = json_string(json_get(param, "n"));
    for (const struct json *other = json_first(params); other != param; other = json_next(other)) {
        if (str_eq_nocase(json_string(json_get(other, "n")), name)) {
            return true;
        }
    }
    return false;
}

/* ---- one cmdlet ---- */

/* The file does not say who asks before it acts; verbs that take away are High everywhere, those that read ask nothing. */
static char impact_of(struct str name)
{
    static const struct { const char *verb; char impact; } verbs[] = {
        { "Get", '-' }, { "Test", '-' }, { "Check", '-' }, { "Validate", '-' }, { "Preview", '-' }, { "Export", '-' },
        { "Search", '-' }, { "Remove", 'H' }, { "Delete", 'H' }, { "Disable", 'H' }, { "Stop", 'H' },
    };
    struct str verb;
    str_cut(&name, '-', &verb);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (str_is_nocase(verb, verbs[i].verb)) {
            return verbs[i].impact;
        }
    }
    return 'M';
}

static bool write_cmdlet(const struct place *place, struct buf *out, const struct json *line)
{
    struct str name = json_string(json_get(line, "c")), set = json_string(json_get(line, "d"));
    const struct json *params = json_get(line, "p");
    if (json_kind(line) != JSON_OBJECT || json_kind(json_get(line, "c")) != JSON_STRING || !is_cmdlet_name(name)) {
        return complain(place, "there is no cmdlet (\"c\") of the form Verb-Noun.");
    }
    if (set.len && !is_word(set, "_-.")) {
        return complain(place, "the default set (\"d\") of %.*s is no name.", STR_ARG(name));
    }
    if (params && (json_kind(params) != JSON_ARRAY || json_count(params) > MAX_PARAMETERS)) {
        return complain(place, "the parameters (\"p\") of %.*s are no list of at most %d.", STR_ARG(name), MAX_PARAMETERS);
    }
    buf_format(out, "%.*s ", STR_ARG(name));
    buf_add(out, set.len ? set : STR("-"));
    buf_format(out, " %c", impact_of(name));
    for (const struct json *param = json_first(params); param; param = json_next(param)) {
        if (!add_parameter(place, out, param)) {
            return false;
        }
        if (is_twice(params, param)) {
            return complain(place, "%.*s has the parameter -%.*s twice.", STR_ARG(name), STR_ARG(json_string(json_get(param, "n"))));
        }
    }
    return true;
}

static struct str name_of(const char *text)
{
    struct str rest = str_of(text), name;
    str_cut(&rest, ' ', &name);
    return name;
}

/* Takes text. */
static bool keep(const struct place *place, struct cmdlet_file *file, char *text)
{
    for (size_t i = 0; i < file->count; i++) {
        if (str_eq_nocase(name_of(file->texts[i]), name_of(text))) {
            complain(place, "%.*s is there already.", STR_ARG(name_of(text)));
            free(text);
            return false;
        }
    }
    file->texts = mem_grow(file->texts, file->count + 2, sizeof *file->texts);
    file->texts[file->count++] = text;
    file->texts[file->count] = NULL;
    return file->count <= MAX_CMDLETS || complain(place, "these are more than %d cmdlets.", MAX_CMDLETS);
}

static bool read_line(const struct place *place, struct cmdlet_file *file, struct str text)
{
    struct err why = { 0 };
    struct json *line = json_parse(text, &why);
    struct buf out = BUF_INIT(CMDLET_FILE_MAX);
    bool good = line ? write_cmdlet(place, &out, line) : complain(place, "%s", why.text);
    good = good && keep(place, file, buf_take(&out));
    buf_free(&out);
    json_free(line);
    return good;
}

/* Blank lines are passed over and still counted, so that the number is the editor's. */
bool cmdlet_file_parse(struct cmdlet_file *file, struct str text, const char *name, struct err *err)
{
    struct place place = { .file = name, .err = err };
    struct str line;
    *file = (struct cmdlet_file){ 0 };
    for (bool more = true; more;) {
        more = str_cut(&text, '\n', &line);
        place.line++;
        line = str_trim(line);
        if (line.len && !read_line(&place, file, line)) {
            cmdlet_file_free(file);
            return false;
        }
    }
    return file->count > 0 || err_set(err, ERR_INPUT, "%s has no cmdlets.", name);
}

/* A directory opens and does not read, so the end is asked for its reason. */
static bool read_all(const char *path, struct buf *text, struct err *err)
{
    char piece[16384];
    size_t length;
    FILE *stream = fopen(path, "re");
    if (!stream) {
        return err_set(err, ERR_INPUT, "Cannot open %s: %s", path, strerror(errno));
    }
    while ((length = fread(piece, 1, sizeof piece, stream)) > 0 && buf_add(text, (struct str){ piece, length })) {
    }
    bool failed = ferror(stream);
    int reason = errno;
    fclose(stream);
    if (failed) {
        return err_set(err, ERR_INPUT, "Cannot read %s: %s", path, strerror(reason));
    }
    return !text->overflowed || err_set(err, ERR_INPUT, "%s is larger than %d MB.", path, (int)(CMDLET_FILE_MAX / 1024 / 1024));
}

bool cmdlet_file_read(struct cmdlet_file *file, const char *path, struct err *err)
{
    struct buf text = BUF_INIT(CMDLET_FILE_MAX);
    *file = (struct cmdlet_file){ 0 };
    bool good = read_all(path, &text, err) && cmdlet_file_parse(file, buf_str(&text), path, err);
    buf_free(&text);
    return good;
}

void cmdlet_file_free(struct cmdlet_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        free(file->texts[i]);
    }
    free(file->texts);
    *file = (struct cmdlet_file){ 0 };
}

const char *const *cmdlet_file_texts(const struct cmdlet_file *file)
{
    return (const char *const *)file->texts;
}
