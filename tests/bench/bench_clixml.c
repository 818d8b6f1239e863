/* CLIXML to objects: 20,000 messages of 40 properties each, as mailboxes have them; decode alone, then into rows. */
#include <stdio.h>
#include <time.h>

#include "session/rps/clixml.h"
#include "session/rps/rps_object.h"

enum { MESSAGES = 20000 };

static double now_s(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void make_message(int number, struct buf *out)
{
    buf_format(out, "<Obj RefId=\"0\"><TN RefId=\"0\"><T>Microsoft.Exchange.Data.Directory.Management.User</T><T>System.Object</T></TN>"
               "<ToString>user%d</ToString><Props>", number);
    for (int i = 0; i < 20; i++) {
        buf_format(out, "<S N=\"TextProperty%02d\">the value number %d of user_%d, with some words</S>", i, i, number);
    }
    for (int i = 0; i < 8; i++) {
        buf_format(out, "<B N=\"Flag%d\">%s</B><I32 N=\"Number%d\">%d</I32>", i, i & 1 ? "true" : "false", i, number * i);
    }
    buf_format(out, "<G N=\"Guid\">6f1dd1a5-6d3c-4c1e-9a53-%012d</G><DT N=\"WhenCreated\">2026-11-23T20:55:47.1234567Z</DT>", number);
    buf_text(out, "<Obj N=\"Addresses\" RefId=\"1\"><TN RefId=\"1\"><T>System.Collections.ArrayList</T><T>System.Object</T></TN><LST>"
             "<S>SMTP:somebody@contoso.example</S><S>smtp:another@contoso.example</S></LST></Obj>"
             "<Obj N=\"Kind\" RefId=\"2\"><TN RefId=\"2\"><T>RecipientType</T><T>System.Enum</T></TN><ToString>UserMailbox</ToString><I32>1</I32></Obj>"
             "<Nil N=\"Nothing\" /></Props></Obj>");
}

static int run(const struct buf *texts, const size_t *ends, bool rows)
{
    struct clixml_reader *reader = clixml_reader_new(0);
    struct object object;
    struct err err = { 0 };
    double start = now_s();
    size_t at = 0, cells = 0;
    object_init(&object);
    for (int i = 0; i < MESSAGES; i++) {
        clixml_reader_reset(reader);
        struct str message = { texts->data + at, ends[i] - at };
        at = ends[i];
        const struct clixml_value *value = clixml_reader_feed(reader, message, &err) ? clixml_reader_finish(reader, &err) : NULL;
        if (!value || (rows && !rps_object_fill(&object, value, &err))) {
            fprintf(stderr, "%s\n", err.text);
            return 1;
        }
        cells += object.count;
    }
    double took = now_s() - start;
    printf("%s: %.1f MB/s, %.0f objects/s (%zu bytes each, %zu cells)\n", rows ? "decoded into rows" : "decoded", (double)texts->len / 1e6 / took,
           MESSAGES / took, texts->len / MESSAGES, cells);
    object_free(&object);
    clixml_reader_free(reader);
    return 0;
}

/* For what others make of them: a message a line. */
static void keep(const char *path, const struct buf *texts, const size_t *ends)
{
    FILE *file = fopen(path, "w");
    for (int i = 0; file && i < MESSAGES; i++) {
        size_t start = i ? ends[i - 1] : 0;
        fprintf(file, "%.*s\n", (int)(ends[i] - start), texts->data + start);
    }
    if (file) {
        fclose(file);
    }
}

int main(int argc, char **argv)
{
    static size_t ends[MESSAGES];
    struct buf texts = BUF_INIT(SIZE_MAX);
    for (int i = 0; i < MESSAGES; i++) {
        make_message(i, &texts);
        ends[i] = texts.len;
    }
    if (argc > 1) {
        keep(argv[1], &texts, ends);
    }
    int status = run(&texts, ends, false) || run(&texts, ends, true);
    buf_free(&texts);
    return status;
}
