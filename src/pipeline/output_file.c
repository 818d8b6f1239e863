/* A result into a file of the person's own. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "pipeline/output.h"

void output_format(const struct pipeline_output *output, enum export_format otherwise, struct result_format *format)
{
    static const enum export_format forms[] = {
        [OUTPUT_TABLE] = EXPORT_TABLE, [OUTPUT_LIST] = EXPORT_LIST, [OUTPUT_JSON] = EXPORT_JSON, [OUTPUT_CSV] = EXPORT_CSV,
    };
    bool said = output->form != OUTPUT_AS_ASKED && output->form != OUTPUT_NOTHING;
    *format = (struct result_format){
        .format = said ? forms[output->form] : otherwise,
        .columns = (const char *const *)output->columns,
        .column_count = output->column_count,
        .no_header = output->no_header,
        .separator = output->form == OUTPUT_CSV ? output->separator : '\0',
        .one_as_object = output->form == OUTPUT_JSON && !output->as_array,
        .compact = output->compact,
        .utf8 = true,
    };
}

struct target { int fd; };

static bool write_all(void *context, struct buf *text, bool *gone, struct err *err)
{
    const struct target *target = context;
    (void)gone;
    for (size_t at = 0; at < text->len;) {
        ssize_t sent = write(target->fd, text->data + at, text->len - at);
        if (sent < 0 && errno != EINTR) {
            return err_errno(err, "cannot write the file");
        }
        at += sent > 0 ? (size_t)sent : 0;
    }
    buf_clear(text);
    return true;
}

static bool write_rows(int fd, const struct result_format *format, const char *store_path, struct err *err)
{
    struct target target = { fd };
    struct rowset *rowset = rowset_open(store_path, err);
    struct result_text *text = result_text_new(format, write_all, &target);
    bool good = rowset && rowset_refresh(rowset, err) && result_text_rows(text, rowset, true, err);
    result_text_free(text);
    rowset_close(rowset);
    return good && (fsync(fd) == 0 || errno == EINVAL || errno == EROFS || err_errno(err, "cannot write the file"));
}

/* Behind what is there. An earlier header is not repeated. */
static bool append(const struct result_format *format, const char *path, const char *store_path, struct err *err)
{
    struct result_format rest = *format;
    struct stat before;
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || fstat(fd, &before) != 0) {
        return err_errno(err, "cannot open %s", path);
    }
    rest.no_header = rest.no_header || before.st_size > 0;
    bool good = write_rows(fd, &rest, store_path, err);
    /* Half an answer behind a whole file would be found by nobody. */
    if (!good && S_ISREG(before.st_mode) && ftruncate(fd, before.st_size) != 0) {
        err_advise(err, "The file now ends with a part of the result.");
    }
    return (close(fd) == 0 || !good || err_errno(err, "cannot write %s", path)) && good;
}

/* /dev/null, a pipe, a terminal: nothing that could be replaced. */
static bool is_special(const char *path)
{
    struct stat there;
    return stat(path, &there) == 0 && !S_ISREG(there.st_mode);
}

static bool write_special(const struct result_format *format, const char *path, const char *store_path, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return err_errno(err, "cannot open %s", path);
    }
    bool good = write_rows(fd, format, store_path, err);
    close(fd);
    return good;
}

/* A link is made in one step and fails when the name is taken, whoever took it meanwhile. */
static bool put_in_place(const char *temporary, const char *path, bool no_clobber, struct err *err)
{
    if (no_clobber ? link(temporary, path) == 0 : rename(temporary, path) == 0) {
        return true;
    }
    if (no_clobber && errno == EEXIST) {
        return err_set(err, ERR_INPUT, "%s is there already, and -NoClobber keeps it", path);
    }
    return err_errno(err, "cannot write %s", path);
}

/* A link to a file stays a link: what it leads to is replaced. */
static bool replace(const struct pipeline_output *output, const struct result_format *format, const char *path, const char *store_path, struct err *err)
{
    char *real = realpath(path, NULL);
    const char *target = real ? real : path;
    char *temporary = mem_format("%s.XXXXXX", target);
    int fd = mkostemp(temporary, O_CLOEXEC);
    bool good = fd >= 0 || err_errno(err, "cannot write %s", path);
    if (good) {
        good = write_rows(fd, format, store_path, err);
        good = (close(fd) == 0 || !good || err_errno(err, "cannot write %s", path)) && good;
        good = good && put_in_place(temporary, target, output->no_clobber, err);
        if (!good || output->no_clobber) {
            unlink(temporary);
        }
    }
    free(temporary);
    free(real);
    return good;
}

bool output_can_write(const struct pipeline_output *output, struct err *err)
{
    char *copy = mem_text(output->path);
    bool there = access(output->path, F_OK) == 0;
    bool good = true;
    if (there && output->no_clobber && !output->append) {
        good = err_set(err, ERR_INPUT, "%s is there already, and -NoClobber keeps it", output->path);
    } else if (there && access(output->path, W_OK) != 0) {
        good = err_errno(err, "cannot write %s", output->path);
    } else if (!there && access(dirname(copy), W_OK | X_OK) != 0) {
        good = err_errno(err, "cannot write %s", output->path);
    }
    if (!good) {
        err_advise(err, "Nothing was sent.");
        err_field(err, "Path");
    }
    free(copy);
    return good;
}

bool output_write_file(const struct pipeline_output *output, const char *store_path, bool partial, char **written, struct err *err)
{
    struct result_format format;
    output_format(output, EXPORT_TABLE, &format);
    char *path = partial ? mem_format("%s.partial", output->path) : mem_text(output->path);
    bool good = output->append && !partial ? append(&format, path, store_path, err)
                : is_special(path)         ? write_special(&format, path, store_path, err)
                                           : replace(output, &format, path, store_path, err);
    if (good) {
        *written = path;
        return true;
    }
    err_field(err, "Path");
    free(path);
    return false;
}
