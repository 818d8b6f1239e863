#include "catalogue/literal_bytes.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/mem.h"
#include "base/text.h"

/* Strict, without line breaks: the text is compared and printed again as it is. */
static bool is_base64(struct str text)
{
    size_t padding = 0;
    if (text.len % 4 != 0)
        return false;
    while (padding < 2 && text.len > padding && text.data[text.len - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; i + padding < text.len; i++)
        if (!isalnum((unsigned char)text.data[i]) && text.data[i] != '+' && text.data[i] != '/')
            return false;
    return true;
}

/* A device or a pipe could give bytes for ever, so only plain files are read. */
static bool read_whole(int fd, const char *path, unsigned char **bytes, size_t *count, struct err *err)
{
    struct stat status;
    /* On the open file and not on the path: what is checked is what is read. */
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return err_set(err, ERR_INPUT, "%s is not a file", path);
    if (status.st_size < 0 || (size_t)status.st_size > FILE_BYTES_MAX)
        return err_set(err, ERR_INPUT, "%s is larger than %zu MiB", path, FILE_BYTES_MAX / 1024 / 1024);
    size_t size = (size_t)status.st_size, done = 0;
    *bytes = mem_new(size + 1);
    while (done < size) {
        ssize_t got = read(fd, *bytes + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        /* A file that shrank meanwhile ends early; it is refused below and never sent in part. */
        if (got <= 0)
            break;
        done += (size_t)got;
    }
    *count = done;
    return done == size || err_set(err, ERR_INPUT, "%s could not be read to its end", path);
}

/* O_NONBLOCK, so that a named pipe does not hold the program up before it is refused. *bytes is the caller's. */
static bool read_file(struct str path, unsigned char **bytes, size_t *count, struct err *err)
{
    char *name = str_dup(path);
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool good = fd >= 0;
    *bytes = NULL;
    if (!good) {
        err_errno(err, "cannot open the file %s", name);
        if (err != NULL)
            err->kind = ERR_INPUT;
    }
    good = good && read_whole(fd, name, bytes, count, err);
    if (fd >= 0)
        close(fd);
    free(name);
    return good;
}

struct json *file_as_base64(struct str path, struct err *err)
{
    struct json *json = NULL;
    unsigned char *bytes = NULL;
    size_t count = 0;
    if (read_file(path, &bytes, &count, err)) {
        /* The wire wants a list of numbers (rest.md section 4); base64 is how the bytes are kept on the way there. */
        struct buf text = BUF_INIT(2 * FILE_BYTES_MAX);
        base64_encode((struct str){ (const char *)bytes, count }, &text);
        json = json_new_string(buf_str(&text));
        buf_free(&text);
    }
    free(bytes);
    return json;
}

/* Without their line ends; one alone is no list, as in PowerShell. */
static struct json *lines_of(struct str text)
{
    struct json *list = json_new_array();
    struct str line;
    while (text.len > 0) {
        str_cut(&text, '\n', &line);
        line = line.len > 0 && line.data[line.len - 1] == '\r' ? str_take(line, line.len - 1) : line;
        json_add(list, NULL, json_new_string(line));
    }
    struct json *single = json_count(list) == 1 ? json_copy(json_first(list)) : NULL;
    if (single == NULL)
        return list;
    json_free(list);
    return single;
}

struct json *file_as_text(struct str path, bool whole, struct err *err)
{
    struct json *json = NULL;
    unsigned char *bytes = NULL;
    size_t count = 0;
    if (read_file(path, &bytes, &count, err)) {
        struct str text = { (const char *)bytes, count };
        text = str_starts(text, STR("\xef\xbb\xbf")) ? str_from(text, 3) : text;
        if (str_trim(text).len == 0)
            err_set(err, ERR_INPUT, "the file %.*s is empty", STR_ARG(str_take(path, 200)));
        else if (memchr(text.data, '\0', text.len) != NULL || !text_is_utf8(text))
            err_set(err, ERR_INPUT, "the file %.*s is not UTF-8 text", STR_ARG(str_take(path, 200)));
        else
            json = whole ? json_new_string(text) : lines_of(text);
    }
    free(bytes);
    return json;
}

static bool take_call(struct reader *reader, const char *name)
{
    struct str rest = str_from(reader->text, reader->at);
    if (!str_starts_nocase(rest, str_of(name)))
        return false;
    reader->at += strlen(name);
    return true;
}

/* Depth is counted, so that a line of a million brackets ends in an error and not in the stack's. */
static bool take_argument(struct reader *reader, struct literal *argument, struct err *err)
{
    reader_skip(reader, true);
    /* Brackets make an expression: without quotes a path in them would be a command. */
    reader->depth++;
    bool good = literal_read(reader, argument, err);
    reader->depth--;
    if (!good)
        return false;
    reader_skip(reader, true);
    if (json_kind(argument->json) == JSON_STRING && reader_peek(reader, 0) == ')') {
        reader->at++;
        return true;
    }
    json_free(argument->json);
    argument->json = NULL;
    return reader_fail(reader, reader->at, err, "expected one text in quotes and ')'");
}

bool literal_at_bytes(const struct reader *reader)
{
    struct str rest = str_from(reader->text, reader->at), type;
    return str_starts(rest, STR("[")) && str_cut(&rest, ']', &type) && str_starts(rest, STR("::"));
}

/* PowerShell has many ways to make bytes; these are the two that the documented examples use. */
bool literal_read_bytes(struct reader *reader, struct literal *literal, struct err *err)
{
    size_t start = reader->at;
    /* The reference writes both; PowerShell adds System. by itself. */
    bool from_file = take_call(reader, "[System.IO.File]::ReadAllBytes(") || take_call(reader, "[IO.File]::ReadAllBytes(");
    bool from_text = !from_file && (take_call(reader, "[System.Convert]::FromBase64String(")
                                    || take_call(reader, "[Convert]::FromBase64String("));
    if (!from_file && !from_text) {
        reader_fail(reader, start, err, "of .NET's methods only ReadAllBytes and FromBase64String are known here");
        err_advise(err, "Write ([System.IO.File]::ReadAllBytes('PATH')), or just the path of the file.");
        return false;
    }
    struct literal argument = { 0 };
    if (!take_argument(reader, &argument, err))
        return false;
    if (from_text && !is_base64(json_string(argument.json))) {
        json_free(argument.json);
        return reader_fail(reader, start, err, "the text is not base64");
    }
    literal->json = argument.json;
    literal->bytes = true;
    if (from_file) {
        literal->json = file_as_base64(json_string(argument.json), err);
        json_free(argument.json);
    }
    return literal->json != NULL;
}
