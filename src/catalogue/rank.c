/* Fuzzy ranking: for each part of the pattern the best-scoring way to find its letters in order in the name. Words start
   after '-' and at humps, which is how people abbreviate: gcc, getlab, dlprule. */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>

#include "catalogue/catalogue.h"

/* Tuned by hand on the service's own names until what people type came first (tests/unit/test_catalogue.c holds the cases): a
   word start is worth nearly a letter, a run a little less, and a gap costs less than either gives. */
enum {
    NAME_LONGEST = 96, PART_LONGEST = 32, PARTS_MOST = 8,
    SCORE_LETTER = 16, SCORE_NAME_START = 12, SCORE_NOUN_START = 14, SCORE_HUMP = 11, SCORE_RUN = 10,
    COST_GAP = 3, COST_SKIPPED = 1, COST_LEAD_MOST = 6, SCORE_WHOLE_NOUN = 30, SCORE_WHOLE_NAME = 60, SCORE_GET = 4,
    COST_PREFIX = 100000,     /* below whatever needs no letter of it */
    IMPOSSIBLE = INT_MIN / 4,
};

struct part {
    char letters[PART_LONGEST];     /* lower case */
    size_t length;
};

struct name {
    char lower[NAME_LONGEST];
    signed char bonus[NAME_LONGEST];
    size_t length;
};

/* A capital starts a hump after a small letter, or as the last of several capitals (the C of DLPCompliance). */
static signed char start_bonus(struct str text, size_t at)
{
    if (at == 0)
        return SCORE_NAME_START;
    unsigned char before = (unsigned char)text.data[at - 1], here = (unsigned char)text.data[at];
    if (before == '-')
        return SCORE_NOUN_START;
    if (isupper(here) && islower(before))
        return SCORE_HUMP;
    bool next_is_lower = at + 1 < text.len && islower((unsigned char)text.data[at + 1]);
    return isupper(here) && next_is_lower ? SCORE_HUMP : 0;
}

static void prepare_name(struct name *name, struct str text)
{
    name->length = text.len < NAME_LONGEST ? text.len : NAME_LONGEST;
    for (size_t i = 0; i < name->length; i++) {
        name->lower[i] = (char)tolower((unsigned char)text.data[i]);
        name->bonus[i] = start_bonus(text, i);
    }
}

/* Cheap, and true for few names: only those are worth the grid. */
static bool is_subsequence(const struct part *part, const struct name *name)
{
    size_t found = 0;
    for (size_t i = 0; i < name->length && found < part->length; i++)
        found += name->lower[i] == part->letters[found];
    return found == part->length;
}

struct grid {
    int score[PART_LONGEST][NAME_LONGEST];              /* best with letter i of the part at place j of the name */
    unsigned char from[PART_LONGEST][NAME_LONGEST];     /* where the letter before it stood */
};

/* A first letter far from the start costs a little, up to a limit. */
static void fill_first_row(struct grid *grid, const struct part *part, const struct name *name)
{
    for (size_t j = 0; j < name->length; j++) {
        int lead = j < COST_LEAD_MOST ? (int)j : COST_LEAD_MOST;
        grid->score[0][j] = name->lower[j] == part->letters[0] ? SCORE_LETTER + name->bonus[j] - lead : IMPOSSIBLE;
    }
}

/* `gapped` carries the best earlier place along, a point poorer with every letter skipped, so that the row takes
   one pass. */
static void fill_row(struct grid *grid, const struct part *part, const struct name *name, size_t i)
{
    int gapped = IMPOSSIBLE;
    size_t gapped_from = 0;
    for (size_t j = 0; j < name->length; j++) {
        grid->score[i][j] = IMPOSSIBLE;
        if (j >= 2) {
            int opened = grid->score[i - 1][j - 2] - COST_GAP;
            gapped = gapped - COST_SKIPPED;
            if (opened > gapped) {
                gapped = opened;
                gapped_from = j - 2;
            }
        }
        if (j == 0 || name->lower[j] != part->letters[i])
            continue;
        int run = grid->score[i - 1][j - 1] + SCORE_RUN;
        int best = run >= gapped ? run : gapped;
        /* Half of it, because a bonus on top of IMPOSSIBLE must not make it possible. */
        if (best <= IMPOSSIBLE / 2)
            continue;
        grid->score[i][j] = best + SCORE_LETTER + name->bonus[j];
        grid->from[i][j] = (unsigned char)(run >= gapped ? j - 1 : gapped_from);
    }
}

/* The way back through the grid gives the letters to underline. */
static int match_part(const struct part *part, const struct name *name, uint64_t *matched)
{
    if (!is_subsequence(part, name))
        return IMPOSSIBLE;
    struct grid grid;
    fill_first_row(&grid, part, name);
    for (size_t i = 1; i < part->length; i++)
        fill_row(&grid, part, name, i);
    size_t last = part->length - 1, at = 0;
    for (size_t j = 1; j < name->length; j++)
        if (grid.score[last][j] > grid.score[last][at])
            at = j;
    int score = grid.score[last][at];
    for (size_t i = last + 1; i-- > 0;) {
        /* The mask has 64 places; letters behind them stay without a line. */
        if (at < 64)
            *matched |= (uint64_t)1 << at;
        if (i > 0)
            at = grid.from[i][at];
    }
    return score;
}

/* Whoever types a whole noun means that cmdlet, not one of the longer ones that contain it. */
static int whole_word_bonus(const struct part *part, const struct cmdlet *cmdlet)
{
    struct str letters = { part->letters, part->length };
    if (str_is_nocase(letters, cmdlet->name) || str_is_nocase(letters, cmdlet->shown))
        return SCORE_WHOLE_NAME;
    return str_eq_nocase(letters, cmdlet->noun) ? SCORE_WHOLE_NOUN : 0;
}

/* Shorter names win over longer ones that match as well. */
static int score_name(const struct cmdlet *cmdlet, const char *text, const struct part *parts, size_t count, uint64_t *matched)
{
    struct name name;
    prepare_name(&name, str_of(text));
    int total = str_is_nocase(cmdlet->verb, "Get") ? SCORE_GET : 0;
    for (size_t i = 0; i < count; i++) {
        int score = match_part(&parts[i], &name, matched);
        if (score == IMPOSSIBLE)
            return IMPOSSIBLE;
        total += score + whole_word_bonus(&parts[i], cmdlet);
    }
    return total - (int)name.length / 2;
}

/* The letters of a prefix are in every name and would drown what is looked for, so they count only for who types them. */
static int score_cmdlet(const struct cmdlet *cmdlet, const struct part *parts, size_t count, uint64_t *matched)
{
    bool same = strcmp(cmdlet->name, cmdlet->shown) == 0;
    int score = score_name(cmdlet, cmdlet->name, parts, count, matched);
    if (same)
        return score;
    if (score != IMPOSSIBLE) {
        /* The verb and its dash stand where they stood; the rest moved behind the prefix. */
        size_t head = cmdlet->verb.len + 1, moved = strlen(cmdlet->shown) - strlen(cmdlet->name);
        uint64_t low = head < 64 ? ((uint64_t)1 << head) - 1 : UINT64_MAX;
        *matched = (*matched & low) | (moved < 64 ? (*matched & ~low) << moved : 0);
        return score;
    }
    *matched = 0;
    score = score_name(cmdlet, cmdlet->shown, parts, count, matched);
    return score == IMPOSSIBLE ? IMPOSSIBLE : score - COST_PREFIX;
}

/* What is longer than any name, or more parts than make sense, is left out: it only narrows less. */
static size_t cut_pattern(struct str pattern, struct part *parts)
{
    size_t count = 0;
    struct str word;
    pattern = str_trim(pattern);
    while (pattern.len > 0 && count < PARTS_MOST) {
        str_cut(&pattern, ' ', &word);
        pattern = str_trim(pattern);
        struct part *part = &parts[count++];
        part->length = word.len < PART_LONGEST ? word.len : PART_LONGEST;
        for (size_t i = 0; i < part->length; i++)
            part->letters[i] = (char)tolower((unsigned char)word.data[i]);
    }
    return count;
}

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;
    if (left->score != right->score)
        return left->score > right->score ? -1 : 1;
    return str_compare_nocase(str_of(left->cmdlet->name), str_of(right->cmdlet->name));
}

/* Without a pattern the catalogue's own order is kept, and nothing is scored. */
size_t catalogue_rank(const struct catalogue *catalogue, struct str pattern, struct ranked *ranked)
{
    struct part parts[PARTS_MOST];
    size_t part_count = cut_pattern(pattern, parts), count = 0;
    for (size_t i = 0; i < catalogue->count; i++) {
        struct ranked entry = { .cmdlet = &catalogue->cmdlets[i] };
        if (part_count > 0)
            entry.score = score_cmdlet(entry.cmdlet, parts, part_count, &entry.matched);
        if (entry.score != IMPOSSIBLE)
            ranked[count++] = entry;
    }
    if (part_count > 0 && count > 1)
        qsort(ranked, count, sizeof *ranked, compare_ranked);
    return count;
}
