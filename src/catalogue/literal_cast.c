#include "catalogue/literal_cast.h"

#include <ctype.h>

#include "catalogue/literal_bytes.h"

static struct str take_type(struct reader *reader)
{
    size_t start = ++reader->at;
    while (isalnum((unsigned char)reader_peek(reader, 0)) || reader_peek(reader, 0) == '.')
        reader->at++;
    if (reader_peek(reader, 0) == '[' && reader_peek(reader, 1) == ']')
        reader->at += 2;
    struct str type = { reader->text.data + start, reader->at - start };
    if (reader_peek(reader, 0) != ']')
        return (struct str){ 0 };
    reader->at++;
    return type;
}

static bool is_known(struct str type)
{
    static const char *const types[] = { "string", "char", "int", "int32", "int64", "long", "double", "decimal", "bool", "switch", "datetime",
                                         "timespan", "guid", "uri", "byte", "object", "array", "hashtable", "ordered", "psobject", "pscustomobject" };
    if (str_starts_nocase(type, STR("System.")))
        type = str_from(type, 7);
    if (str_ends_nocase(type, STR("[]")))
        type = str_take(type, type.len - 2);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_is_nocase(type, types[i]))
            return true;
    return false;
}

bool literal_read_cast(struct reader *reader, struct literal *literal, struct err *err)
{
    size_t start = reader->at;
    if (literal_at_bytes(reader))
        return literal_read_bytes(reader, literal, err);
    struct str type = take_type(reader);
    if (!is_known(type)) {
        reader_fail(reader, start, err, "types of .NET cannot be used here");
        err_advise(err, "Possible: [string], [int], [bool], [datetime], [guid], [hashtable], [byte[]] and lists of them before a value.");
        return false;
    }
    bool bytes = str_starts_nocase(type, STR("byte")) || str_starts_nocase(type, STR("System.Byte"));
    reader_skip(reader, true);
    /* $( ) is a bracket with nothing more to it here. */
    reader->at += reader_peek(reader, 0) == '$' && reader_peek(reader, 1) == '(';
    if (!literal_read(reader, literal, err))
        return false;
    if (!bytes || literal->bytes)
        return true;
    json_free(literal->json);
    literal->json = NULL;
    reader_fail(reader, start, err, "[byte[]] wants the bytes of a file");
    err_advise(err, "Write ([System.IO.File]::ReadAllBytes('PATH')), or just the path of the file.");
    return false;
}

bool literal_refuse_operator(const struct reader *reader, struct err *err)
{
    char c = reader_peek(reader, 0);
    bool word = reader_dash(reader) > 0 && isalpha((unsigned char)reader_peek(reader, reader_dash(reader)));
    if (!word && (c == '\0' || strchr("+-*/%", c) == NULL))
        return false;
    reader_fail(reader, reader->at, err, "nothing can be calculated or joined here");
    err_advise(err, "Write the value out, a text in one pair of quotes.");
    return true;
}
