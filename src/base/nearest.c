/* Restricted edit distance over the first 64 bytes. Names are ASCII and short, so no cleverness is needed: 1,400 of them
   take a few milliseconds, and it happens once, after a mistake. */
#include "base/nearest.h"

#include <ctype.h>
#include <stdio.h>

#define LONGEST 64

static unsigned smaller(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static int lower_at(struct str text, size_t index)
{
    return tolower((unsigned char)text.data[index]);
}

/* Three rows are enough: the current one, the one above for changes, and the one before that for swaps. */
unsigned edit_distance(struct str a, struct str b)
{
    unsigned rows[3][LONGEST + 1];
    a = str_take(a, LONGEST);
    b = str_take(b, LONGEST);
    unsigned *before = rows[0], *above = rows[1], *current = rows[2];
    memset(rows, 0, sizeof rows);
    for (size_t j = 0; j <= b.len; j++)
        above[j] = (unsigned)j;
    for (size_t i = 1; i <= a.len; i++) {
        current[0] = (unsigned)i;
        for (size_t j = 1; j <= b.len; j++) {
            unsigned differs = lower_at(a, i - 1) != lower_at(b, j - 1);
            unsigned best = smaller(above[j] + 1, current[j - 1] + 1);
            best = smaller(best, above[j - 1] + differs);
            if (i > 1 && j > 1 && lower_at(a, i - 1) == lower_at(b, j - 2) && lower_at(a, i - 2) == lower_at(b, j - 1))
                best = smaller(best, before[j - 2] + 1);
            current[j] = best;
        }
        unsigned *free_row = before;
        before = above;
        above = current;
        current = free_row;
    }
    return above[b.len];
}

struct nearest nearest_to(struct str typed)
{
    return (struct nearest){ .typed = typed };
}

/* A name that contains what was typed is near, however long it is. */
static unsigned distance_to(const struct nearest *nearest, struct str name)
{
    unsigned distance = edit_distance(nearest->typed, name);
    if (nearest->typed.len >= 4 && str_contains_nocase(name, nearest->typed))
        return smaller(distance, 2);
    return distance;
}

/* Short words allow fewer slips, or everything would be near everything. Insertion keeps the best few in order. */
void nearest_offer(struct nearest *nearest, struct str name)
{
    unsigned limit = nearest->typed.len < 4 ? 1 : nearest->typed.len < 9 ? 2 : smaller((unsigned)nearest->typed.len / 4, 6);
    unsigned distance = distance_to(nearest, name);
    if (distance > limit)
        return;
    size_t at = nearest->count;
    while (at > 0 && nearest->distances[at - 1] > distance)
        at--;
    if (at == NEAREST_MAX)
        return;
    if (nearest->count < NEAREST_MAX)
        nearest->count++;
    for (size_t i = nearest->count - 1; i > at; i--) {
        nearest->names[i] = nearest->names[i - 1];
        nearest->distances[i] = nearest->distances[i - 1];
    }
    nearest->names[at] = name;
    nearest->distances[at] = distance;
}

void nearest_advise(const struct nearest *nearest, const char *prefix, const char *otherwise, struct err *err)
{
    struct str a = nearest->names[0], b = nearest->names[1], c = nearest->names[2];
    if (nearest->count == 0)
        err_advise(err, "%s", otherwise);
    else if (nearest->count == 1)
        err_advise(err, "Did you mean %s%.*s?", prefix, STR_ARG(a));
    else if (nearest->count == 2)
        err_advise(err, "Did you mean %s%.*s or %s%.*s?", prefix, STR_ARG(a), prefix, STR_ARG(b));
    else
        err_advise(err, "Did you mean %s%.*s, %s%.*s or %s%.*s?", prefix, STR_ARG(a), prefix, STR_ARG(b), prefix,
                   STR_ARG(c));
}
