/* Speed and memory of the result store: ROWS rows (default 1,000,000) of 12 columns and about 450 bytes, a writer and a
   reader in one process. Usage: bench_store [ROWS] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "results/export.h"
#include "results/rowset.h"

#define COLUMNS 12
#define BATCH 1000

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void stop_on(bool good, const struct err *err)
{
    if (good)
        return;
    fprintf(stderr, "bench_store: %s\n", err->text);
    exit(1);
}

/* Sum of the fields of a file in /proc whose names begin with `field`, in KiB. */
static long kib_of(const char *path, const char *field)
{
    char line[256];
    long total = 0, value;
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, field, strlen(field)) == 0 && (value = strtol(strchr(line, ':') + 1, NULL, 10)) > 0)
            total += value;
    if (file)
        fclose(file);
    return total;
}

static long peak_private;

static void note_memory(void)
{
    long kib = kib_of("/proc/self/smaps_rollup", "Private_");
    if (kib > peak_private)
        peak_private = kib;
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static char texts[COLUMNS][256];

static void set_text(struct object *object, int column, const char *name, const char *type, enum value_kind kind)
{
    object_add(object, (struct property){ .name = str_of(name), .type = str_of(type), .kind = kind,
                                          .text = str_of(kind == VALUE_TRUE ? "" : texts[column]) });
}

/* One user as the service describes it; no formatted printing of the long constant parts, so that the store is
   measured and not this. */
static void make_object(struct object *object, uint64_t *state, int64_t number)
{
    uint64_t a = next_random(state), b = next_random(state);
    object_clear(object);
    snprintf(texts[0], sizeof texts[0], "User %" PRIu64 " of the Fabrikam Department", a % 1000000);
    snprintf(texts[1], sizeof texts[1], "user%" PRId64 "@fabrikam.onmicrosoft.com", number);
    snprintf(texts[2], sizeof texts[2], "%08x-%04x-4%03x-a%03x-%012" PRIx64, (unsigned)a, (unsigned)(b & 0xffff),
             (unsigned)(b >> 20 & 0xfff), (unsigned)(b >> 36 & 0xfff), a & 0xffffffffffff);
    snprintf(texts[3], sizeof texts[3], "20%02d-%02d-%02dT%02d:30:00.0000000Z", (int)(a % 25), (int)(b % 12) + 1,
             (int)(a % 28) + 1, (int)(b % 24));
    snprintf(texts[4], sizeof texts[4], "%" PRIu64, b % 100000000);
    snprintf(texts[5], sizeof texts[5],
             "[\"SMTP:user%" PRId64 "@fabrikam.com\",\"smtp:u%" PRIu64 "@fabrikam.com\"]", number, a % 99999);
    set_text(object, 0, "DisplayName", "", VALUE_STRING);
    set_text(object, 1, "UserPrincipalName", "", VALUE_STRING);
    set_text(object, 2, "Guid", "System.Guid", VALUE_STRING);
    set_text(object, 3, "WhenCreated", "System.DateTime", VALUE_STRING);
    set_text(object, 4, "Size", "System.Int64", VALUE_NUMBER);
    set_text(object, 5, "EmailAddresses", "", VALUE_NESTED);
    set_text(object, 6, "Department", "", VALUE_STRING);
    set_text(object, 7, "IsValid", "System.Boolean", VALUE_TRUE);
    set_text(object, 8, "DistinguishedName", "", VALUE_STRING);
    set_text(object, 9, "RecipientType", "", VALUE_STRING);
    set_text(object, 10, "Notes", "", VALUE_STRING);
    set_text(object, 11, "Manager", "", VALUE_STRING);
}

static void fixed_texts(void)
{
    snprintf(texts[6], sizeof texts[6], "Research and Development");
    snprintf(texts[8], sizeof texts[8], "CN=User,OU=fabrikam.onmicrosoft.com,OU=Microsoft Exchange Hosted Organizations,"
             "DC=EURPR01A001,DC=PROD,DC=OUTLOOK,DC=COM");
    snprintf(texts[9], sizeof texts[9], "UserMailbox");
    snprintf(texts[10], sizeof texts[10], "Hired for the project; see the file.");
    snprintf(texts[11], sizeof texts[11], "Michelle of Contoso");
}

static void say(const char *what, double started)
{
    note_memory();
    printf("%-44s %8.3f s\n", what, now() - started);
    fflush(stdout);
}

static double fill(struct store *store, struct rowset *rowset, int64_t rows)
{
    struct err err;
    struct object object;
    uint64_t state = 88172645463325252u;
    double spent = 0;
    object_init(&object);
    for (int64_t i = 0; i < rows; i++) {
        make_object(&object, &state, i);
        double started = now();
        stop_on(store_add(store, &object, &err), &err);
        if (i % BATCH == BATCH - 1)
            stop_on(store_commit(store, &err), &err);
        spent += now() - started;
        if (i % (BATCH * 50) == 0) {
            stop_on(rowset_refresh(rowset, &err) && rowset_load(rowset, 0, 60, &err), &err);
            note_memory();
        }
    }
    stop_on(store_commit(store, &err), &err);
    object_free(&object);
    return spent;
}

static uint32_t view_number;

static uint32_t arrange(struct store *store, const char *what, const char *filter, int column, bool descending)
{
    struct err err;
    struct arrangement arrangement = { .key_count = column >= 0 };
    arrangement.keys[0].column = column;
    arrangement.keys[0].descending = descending;
    snprintf(arrangement.filter, sizeof arrangement.filter, "%s", filter);
    double started = now();
    int64_t count = store_arrange(store, &arrangement, ++view_number, &err);
    stop_on(count >= 0, &err);
    say(what, started);
    printf("%-44s %8" PRId64 "\n", "    rows", count);
    return view_number;
}

static void find(struct store *store, const char *what, uint32_t view, const char *text)
{
    struct err err;
    double started = now();
    int64_t position = store_find(store, view, str_of(text), 0, false, &err);
    say(what, started);
    printf("%-44s %8" PRId64 "\n", "    at", position);
}

static void windows(struct rowset *rowset, const char *what, uint32_t view, int64_t rows)
{
    struct err err;
    uint64_t state = 4711;
    rowset_use_view(rowset, view);
    stop_on(rowset_refresh(rowset, &err), &err);
    double started = now();
    for (int i = 0; i < 1000; i++)
        stop_on(rowset_load(rowset, (int64_t)(next_random(&state) % (uint64_t)rows), 60, &err), &err);
    say(what, started);
}

static void export(struct rowset *rowset, const char *what, enum export_format format)
{
    struct err err;
    struct object object;
    struct buf out = BUF_INIT(BUF_LARGE);
    const struct column *columns[COLUMNS];
    rowset_use_view(rowset, 0);
    stop_on(rowset_refresh(rowset, &err), &err);
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = rowset_column(rowset, i);
    struct export_options options = { .format = format, .columns = columns, .column_count = COLUMNS, .utf8 = true };
    double started = now();
    object_init(&object);
    struct export *writer = export_new(&options, &out);
    for (int64_t first = 0; first < rowset_count(rowset); first += 256) {
        stop_on(rowset_load(rowset, first, 256, &err), &err);
        for (size_t row = 0; row < rowset_loaded(rowset); row++) {
            rowset_object(rowset, row, &object);
            export_object(writer, &object);
        }
        buf_clear(&out);
    }
    export_end(writer);
    object_free(&object);
    buf_free(&out);
    say(what, started);
}

int main(int argc, char **argv)
{
    struct err err;
    int64_t rows = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;
    char text[64];
    struct stat status;
    char *directory = store_directory(&err);
    stop_on(directory != NULL, &err);
    struct store *store = store_create(directory, 1, &err);
    stop_on(store != NULL, &err);
    struct rowset *rowset = rowset_open(store_path(store), &err);
    stop_on(rowset != NULL, &err);

    fixed_texts();
    double spent = fill(store, rowset, rows);
    printf("%-44s %8.3f s   %.0f rows/s\n", "insert", spent, (double)rows / spent);
    if (stat(store_path(store), &status) == 0)
        printf("%-44s %8.0f bytes\n", "    a row takes", (double)status.st_size / (double)rows);
    printf("%-44s %8.1f MiB\n", "    private memory so far, at most", (double)peak_private / 1024);
    uint32_t by_text = arrange(store, "sort by DisplayName", "", 0, false);
    arrange(store, "sort by Size, descending", "", 4, true);
    arrange(store, "sort by WhenCreated", "", 3, false);
    arrange(store, "sort by Guid", "", 2, false);
    arrange(store, "sort by UserPrincipalName", "", 1, false);
    arrange(store, "filter: a word anywhere", "user77", -1, false);
    arrange(store, "filter: Size>99000000", "Size>99000000", -1, false);
    arrange(store, "filter: WhenCreated>=2024-01-01", "WhenCreated>=2024-01-01", -1, false);
    arrange(store, "filter and sort", "DisplayName:77 Size<50000000", 4, false);
    snprintf(text, sizeof text, "user%" PRId64 "@", rows / 10 * 9);
    find(store, "find at 90 % in order of arrival", 0, text);
    find(store, "find in a sorted view", by_text, text);
    find(store, "find what is not there, in a sorted view", by_text, "nobody has this");
    windows(rowset, "1000 windows of 60 rows, order of arrival", 0, rows);
    windows(rowset, "1000 windows of 60 rows, sorted view", by_text, rows);
    export(rowset, "export as jsonl", EXPORT_JSONL);
    export(rowset, "export as csv", EXPORT_CSV);
    export(rowset, "export as table", EXPORT_TABLE);
    printf("%-44s %8.1f MiB\n", "private memory between steps, at most", (double)peak_private / 1024);
    printf("%-44s %8.1f MiB\n", "resident memory at any time, at most",
           (double)kib_of("/proc/self/status", "VmHWM") / 1024);
    rowset_close(rowset);
    store_close(store);
    store_directory_remove(directory);
    free(directory);
    return 0;
}
