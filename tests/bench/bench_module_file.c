/* How long the list of cmdlets takes to be read: bench_module_file FILE, the answer of EXOModuleFile as it came. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "catalogue/module_file.h"

enum { TIMES = 50 };

static double now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
    struct buf answer = BUF_INIT(BUF_LARGE);
    char chunk[65536];
    FILE *file = argc == 2 ? fopen(argv[1], "re") : NULL;
    if (!file) {
        fprintf(stderr, "usage: bench_module_file FILE\n");
        return 2;
    }
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;) {
        buf_add(&answer, (struct str){ chunk, got });
    }
    fclose(file);
    double best = 1e9, sum = 0;
    size_t cmdlets = 0;
    for (int i = 0; i < TIMES; i++) {
        struct err err = { 0 };
        double start = now_ms();
        struct catalogue *catalogue = module_file_parse_answer(buf_str(&answer), &err);
        double took = now_ms() - start;
        if (!catalogue) {
            fprintf(stderr, "%s\n", err.text);
            return 1;
        }
        cmdlets = catalogue->count;
        best = took < best ? took : best;
        sum += took;
        catalogue_free(catalogue);
    }
    printf("%zu cmdlets, %zu KiB: best %.2f ms, mean %.2f ms of %d\n", cmdlets, answer.len / 1024, best, sum / TIMES, TIMES);
    buf_free(&answer);
    return 0;
}
