/* Finding the names in a refusal. The wordings differ between the layers of the service (PowerShell's enum converter in two
   generations, its ValidateSet, the cmdlets' own) and with the language; common to all is a run of names with commas
   between, led in by a few words and closed by a quote, a full stop or the end. */
#include <ctype.h>

#include "catalogue/learned_values.h"

enum {
    NAME_LONGEST = 64,
    LEAD_LONGEST = 200,         /* bytes before a run that are looked at for words which lead it in */
    TEXT_CUT = 760,             /* an error's text is cut a little behind this (base/err.h) */
    TEXT_LONGEST = 16384,
};

struct run {
    struct str names[LEARNED_NAMES_MAX];
    size_t count;
    size_t start, end;          /* in the text; end is behind the last name */
};

/* ---- letters ---- */

static bool is_name_letter(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.' || c == '$';
}

/* Quotes of all kinds are more than ASCII; every byte of theirs counts as one. */
static bool is_quote(char c)
{
    return c == '\'' || c == '"' || c == '`' || c == '\\' || (unsigned char)c >= 0x80;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip_blanks(struct str text, size_t at)
{
    while (at < text.len && (is_blank(text.data[at]) || is_quote(text.data[at])))
        at++;
    return at;
}

/* A name at this place, without the full stop that ends the sentence. Empty: there is none. */
static struct str name_at(struct str text, size_t at)
{
    size_t length = 0;
    while (at + length < text.len && is_name_letter(text.data[at + length]))
        length++;
    while (length > 0 && (text.data[at + length - 1] == '.' || text.data[at + length - 1] == '-'))
        length--;
    bool good = length > 0 && length <= NAME_LONGEST && text.data[at] != '-' && text.data[at] != '.';
    return good ? (struct str){ text.data + at, length } : (struct str){ text.data + at, 0 };
}

/* ---- runs of names ---- */

static bool is_and(struct str word)
{
    static const char *const words[] = { "and", "or", "und", "oder", "et", "ou", "y", "o", "e", "och", "og", "en", "of" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is_nocase(word, words[i]))
            return true;
    return false;
}

/* Past what stands between two names: a comma or its like, "and", or both. 0: nothing of the kind. */
static size_t skip_separator(struct str text, size_t at)
{
    size_t here = skip_blanks(text, at);
    bool comma = here < text.len && strchr(",;|/", text.data[here]) != NULL;
    if (comma)
        here = skip_blanks(text, here + 1);
    struct str word = name_at(text, here);
    size_t behind = here + word.len;
    bool and = is_and(word) && behind < text.len && is_blank(text.data[behind]);
    if (and)
        here = skip_blanks(text, behind);
    return comma || and ? here : 0;
}

static void add_name(struct run *run, struct str name)
{
    for (size_t i = 0; i < run->count; i++)
        if (str_eq_nocase(run->names[i], name))
            return;
    if (run->count < LEARNED_NAMES_MAX)
        run->names[run->count++] = name;
}

static void read_run(struct str text, size_t start, struct run *run)
{
    struct str name = name_at(text, start);
    run->count = 0;
    run->start = run->end = start;
    while (name.len > 0) {
        add_name(run, name);
        run->end = (size_t)(name.data - text.data) + name.len;
        size_t next = skip_separator(text, run->end);
        name = next > 0 ? name_at(text, next) : (struct str){ NULL, 0 };
    }
}

/* ---- what stands around it ---- */

/* Words of a sentence that is about to name values. */
static bool leads_in(struct str sentence)
{
    static const char *const phrases[] = {
        "one of", "enumerator name", "enumeration value", "valid value", "valid name", "valid option", "valid choice",
        "possible value", "allowed value", "permitted value", "accepted value", "acceptable value", "supported value",
        "following value", "following name", "available value", "available option", "to the set", "values are", "names are",
        "options are", "values include", "choose from", "select from", "legal value",
    };
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (str_contains_nocase(sentence, str_of(phrases[i])))
            return true;
    return false;
}

/* The sentence in front of the run, at most LEAD_LONGEST of it. */
static struct str lead_of(struct str text, size_t start)
{
    size_t from = start;
    while (from > 0 && start - from < LEAD_LONGEST) {
        if (from + 1 < start && text.data[from - 1] == '.' && is_blank(text.data[from]))
            break;
        from--;
    }
    return (struct str){ text.data + from, start - from };
}

/* The last character before the run that is no blank; NUL at the beginning. */
static char last_mark(struct str lead, size_t *end)
{
    size_t here = lead.len;
    while (here > 0 && is_blank(lead.data[here - 1]))
        here--;
    *end = here;
    return here > 0 ? lead.data[here - 1] : '\0';
}

/* A run begins behind a colon, a quote or a bracket, or a word that values may follow; else it is prose with commas. */
static bool begins_well(struct str lead)
{
    static const char *const words[] = { "are", "is", "of", "set", "include", "includes", "from", "values", "names", "value" };
    size_t end;
    char before = last_mark(lead, &end);
    if (before == '\0')
        return false;
    if (strchr(":([{=", before) != NULL || is_quote(before))
        return true;
    size_t from = end;
    while (from > 0 && isalpha((unsigned char)lead.data[from - 1]))
        from--;
    struct str word = { lead.data + from, end - from };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is_nocase(word, words[i]))
            return true;
    return false;
}

/* Closed by a quote, a bracket, a full stop or the end; else the last name is the first word of something. */
static bool ends_well(struct str text, size_t end)
{
    size_t here = end;
    while (here < text.len && is_blank(text.data[here]))
        here++;
    return here == text.len || strchr(".)]}!", text.data[here]) != NULL || is_quote(text.data[here]);
}

static bool ends_text(struct str text, size_t end)
{
    for (size_t i = end; i < text.len; i++)
        if (isalnum((unsigned char)text.data[i]))
            return false;
    return true;
}

/* Words of the language do not matter: names behind a colon or a quote at the very end. */
static bool looks_like_list(struct str text, const struct run *run)
{
    size_t end;
    char before = last_mark(lead_of(text, run->start), &end);
    return run->count >= 3 && (before == ':' || is_quote(before)) && ends_text(text, run->end);
}

/* One name alone is a list only where a colon says so. */
static bool is_list(struct str text, const struct run *run)
{
    size_t end;
    struct str lead = lead_of(text, run->start);
    if (run->count == 0 || !ends_well(text, run->end))
        return false;
    if (leads_in(lead) && begins_well(lead))
        return run->count >= 2 || last_mark(lead, &end) == ':';
    return looks_like_list(text, run);
}

/* ---- the whole text ---- */

static bool starts_name(struct str text, size_t at)
{
    return is_name_letter(text.data[at]) && (at == 0 || !is_name_letter(text.data[at - 1]));
}

/* Cut texts lose the end of their last name; "too similar" names a few of many. */
static void settle(struct str text, const struct run *run, struct learned_text *learned)
{
    bool cut = text.len >= TEXT_CUT && ends_text(text, run->end) && run->end + 1 >= text.len;
    bool dots = run->end + 3 <= text.len && memcmp(text.data + run->end, "...", 3) == 0;
    memcpy(learned->names, run->names, run->count * sizeof *run->names);
    learned->count = run->count - (cut && run->count > 0 ? 1 : 0);
    learned->whole = !cut && !dots && run->count < LEARNED_NAMES_MAX && !str_contains_nocase(text, STR("too similar"));
}

/* The longest list wins: a shorter one is an example or the value that was refused. */
bool learned_text_read(struct str text, struct learned_text *learned)
{
    struct run run;
    learned->count = 0;
    text = str_take(text, TEXT_LONGEST);
    for (size_t at = 0; at < text.len; at++) {
        if (!starts_name(text, at))
            continue;
        read_run(text, at, &run);
        if (run.count > learned->count && is_list(text, &run))
            settle(text, &run, learned);
        /* What is inside a run is no beginning of another. */
        if (run.end > at)
            at = run.end - 1;
    }
    return learned->count > 0;
}
