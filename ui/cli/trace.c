#include "ui/cli/trace.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

struct trace {
    FILE *file;
    struct buf clean;
};

struct trace *trace_open(const char *path, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    struct stat there;
    if (!file) {
        err_errno(err, "cannot write the trace %s", path);
        err_field(err, "trace");
        if (fd >= 0) {
            close(fd);
        }
        return NULL;
    }
    /* One that was there before may have been open to others. */
    if (fstat(fd, &there) == 0 && S_ISREG(there.st_mode) && fchmod(fd, 0600) != 0) {
        err_errno(err, "cannot keep the trace %s to yourself", path);
        fclose(file);
        return NULL;
    }
    struct trace *trace = MEM_NEW(struct trace);
    trace->file = file;
    trace->clean = (struct buf)BUF_INIT(BUF_LARGE);
    return trace;
}

static void put_lines(struct trace *trace, const char *mark, const char *text)
{
    struct str left = str_of(text ? text : ""), line;
    for (bool more = left.len > 0; more;) {
        more = str_cut(&left, '\n', &line);
        line = str_trim(line);
        if (line.len) {
            buf_clear(&trace->clean);
            text_clean(&trace->clean, line, false);
            fprintf(trace->file, "%s%s\n", mark, buf_cstr(&trace->clean));
        }
    }
}

void trace_write(struct trace *trace, const struct exchange_record *exchange)
{
    char when[21];
    clock_iso(exchange->started_unix, when);
    fprintf(trace->file, "%s %s %d in %lld ms, %lld bytes sent, %lld received\n", when, exchange->method, exchange->status, (long long)exchange->elapsed_ms,
            (long long)exchange->sent_bytes, (long long)exchange->received_bytes);
    put_lines(trace, "  for ", exchange->purpose);
    put_lines(trace, "  ", exchange->url);
    put_lines(trace, "> ", exchange->request_headers);
    put_lines(trace, ">> ", exchange->request_body);
    put_lines(trace, "< ", exchange->response_headers);
    put_lines(trace, "! ", exchange->error);
    fputs("\n", trace->file);
}

bool trace_close(struct trace *trace)
{
    bool good = !ferror(trace->file);
    good = fclose(trace->file) == 0 && good;
    buf_free(&trace->clean);
    free(trace);
    return good;
}
