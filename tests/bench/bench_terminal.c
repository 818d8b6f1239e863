/* What a person at the terminal feels: start, keys, bytes, memory, idling; less beside it where it applies. Prints
   figures, asserts nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "tests/end_to_end/terminal.h"

#define KEYS 200
#define QUIET_MS 25
#define STARTS 20
#define MOST_KEYS 1000

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(double *values, size_t count, double p)
{
    qsort(values, count, sizeof *values, by_size);
    size_t at = (size_t)((double)count * p);
    return values[at < count ? at : count - 1];
}

static long long status_number(pid_t pid, const char *thread, const char *name)
{
    char *path = thread ? mem_format("/proc/%d/task/%s/status", (int)pid, thread) : mem_format("/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "re");
    char line[256];
    long long value = 0;
    free(path);
    while (file && fgets(line, sizeof line, file)) {
        if (str_starts(str_of(line), str_of(name))) {
            value = strtoll(line + str_of(name).len + 1, NULL, 10);
        }
    }
    if (file) {
        fclose(file);
    }
    return value;
}

/* Voluntary context switches of all threads: how often it was woken. */
static long long wake_ups(pid_t pid)
{
    char *path = mem_format("/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    long long total = 0;
    free(path);
    for (struct dirent *task; tasks && (task = readdir(tasks));) {
        if (task->d_name[0] != '.') {
            total += status_number(pid, task->d_name, "voluntary_ctxt_switches");
        }
    }
    if (tasks) {
        closedir(tasks);
    }
    return total;
}

static void time_keys(struct terminal_program *program, const char *who, const char *what, const char *key)
{
    double times[KEYS];
    size_t total = 0, bytes;
    for (int i = 0; i < KEYS; i++) {
        times[i] = program_time_key(program, key, QUIET_MS, &bytes);
        total += bytes;
    }
    printf("%-8s %-28s p50 %6.2f ms  p99 %6.2f ms  %6zu bytes a key\n", who, what, percentile(times, KEYS, 0.5),
           percentile(times, KEYS, 0.99), total / KEYS);
    fflush(stdout);
}

static void time_start(const char *who, const char *const *argv, const char *text)
{
    double times[STARTS];
    for (int i = 0; i < STARTS; i++) {
        double start = (double)clock_ms();
        struct terminal_program *program = program_start(24, 80, argv, NULL);
        program_expect(program, text);
        times[i] = (double)clock_ms() - start;
        program_free(program);
    }
    printf("%-8s start to full first screen      p50 %6.0f ms  p99 %6.0f ms\n", who, percentile(times, STARTS, 0.5),
           percentile(times, STARTS, 0.99));
}

/* From the : prompt to the last row. Meanwhile keys are pressed; a key's time ends when the row counter has moved. */
static void load_rows(struct terminal_program *purvey, const char *count, const char *shown)
{
    char *command = mem_format(":Get-User -ResultSize %s\r", count);
    double times[MOST_KEYS];
    size_t pressed = 0;
    program_type(purvey, command);
    free(command);
    int64_t start = clock_ms();
    program_expect(purvey, "row 1 of");
    while (!strstr(program_picture(purvey), shown) && pressed < MOST_KEYS) {
        size_t row = pressed + 2;
        char *next = row < 1000 ? mem_format("row %zu of", row) : mem_format("row %zu,%03zu of", row / 1000, row % 1000);
        times[pressed++] = program_time_until(purvey, "\033[B", next);
        free(next);
    }
    program_expect(purvey, shown);
    int64_t elapsed = clock_ms() - start;
    printf("purvey   %s rows from the demo tenant to the table: %lld ms, %lld rows/s\n", count, (long long)elapsed,
           elapsed ? strtoll(count, NULL, 10) * 1000 / elapsed : 0);
    if (pressed) {
        printf("purvey   key to its effect, while loading: p50 %6.2f ms  p99 %6.2f ms  (%zu keys)\n",
               percentile(times, pressed, 0.5), percentile(times, pressed, 0.99), pressed);
    }
    fflush(stdout);
}

static void bench_purvey(const char *users, const char *load, const char *shown)
{
    const char *const argv[] = { purvey_path(), "--demo", "--users", users, NULL };
    struct terminal_program *purvey = program_start(24, 80, argv, NULL);
    program_expect(purvey, "Connect to Security");
    program_type(purvey, "\017");
    program_expect(purvey, "Code");
    program_type(purvey, "a");
    program_expect(purvey, "Type a few letters");
    load_rows(purvey, load, shown);
    program_settle(purvey);
    time_keys(purvey, "purvey", "cursor down and scroll", "\033[B");
    time_keys(purvey, "purvey", "page down", "\033[6~");
    printf("purvey   resident now %lld MiB anonymous, peak of all %lld MiB, with %s rows\n",
           status_number(program_pid(purvey), NULL, "RssAnon:") / 1024, status_number(program_pid(purvey), NULL, "VmHWM:") / 1024, load);
    program_settle(purvey);
    long long before = wake_ups(program_pid(purvey));
    size_t bytes = program_bytes(purvey);
    sleep(10);
    program_settle(purvey);
    printf("purvey   idle for 10 s: %lld wake-ups, %zu bytes\n", wake_ups(program_pid(purvey)) - before, program_bytes(purvey) - bytes);
    program_free(purvey);
}

static void bench_less(void)
{
    char path[] = "/tmp/purvey-bench-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    for (int i = 0; file && i < 100000; i++) {
        fprintf(file, "%7d Some Person  some.person%d@contoso.com  Member  2026-11-23T08:00:00Z  true\n", i, i);
    }
    if (!file) {
        return;
    }
    fclose(file);
    const char *const argv[] = { "less", path, NULL };
    time_start("less", argv, "Some Person");
    struct terminal_program *less = program_start(24, 80, argv, NULL);
    program_expect(less, "Some Person");
    time_keys(less, "less", "line down", "\033[B");
    time_keys(less, "less", "page down", " ");
    program_free(less);
    unlink(path);
}

int main(void)
{
    const char *const start[] = { purvey_path(), NULL };
    time_start("purvey", start, "Connect to Security");
    bench_less();
    bench_purvey("100000", "100000", "100,000");
    bench_purvey("1000000", "1000000", "1,000,000");
    return 0;
}
