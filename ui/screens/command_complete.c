/* Completion of a line of PowerShell, at its end only: that is where people type. */
#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "pipeline/local_cmdlets.h"
#include "ui/screens/command_prompt.h"
#include "ui/screens/parameter_text.h"

enum { HINT_MOST = 12 };

/* What the unfinished word may become. `common`: the head that all candidates share. */
struct candidates {
    struct str word, common;
    size_t count;
    struct buf *hint;
};

/* The shared head keeps the spelling of the first one. */
static void offer_name(struct candidates *candidates, const char *name)
{
    struct str text = str_of(name);
    if (!str_starts_nocase(text, candidates->word))
        return;
    if (candidates->count == 0)
        candidates->common = text;
    size_t same = 0;
    while (same < candidates->common.len && same < text.len &&
           tolower((unsigned char)candidates->common.data[same]) == tolower((unsigned char)text.data[same]))
        same++;
    candidates->common = str_take(candidates->common, same);
    if (candidates->count++ < HINT_MOST)
        buf_format(candidates->hint, "%s%s", candidates->hint->len > 0 ? "  " : "", name);
}

/* The word at the end of the line, and the one before it. */
static struct str last_word(struct str line, struct str *before)
{
    size_t start = line.len, end;
    while (start > 0 && line.data[start - 1] != ' ' && line.data[start - 1] != ',')
        start--;
    for (end = start; end > 0 && line.data[end - 1] == ' ';)
        end--;
    size_t from = end;
    while (from > 0 && line.data[from - 1] != ' ')
        from--;
    *before = (struct str){ line.data + from, end - from };
    return str_from(line, start);
}

static void offer_parameters(struct candidates *candidates, const struct cmdlet *cmdlet)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        if (parameter_is_offered(&cmdlet->parameters[i]))
            offer_name(candidates, cmdlet->parameters[i].name);
}

static void offer_values(struct candidates *candidates, const struct cmdlet *cmdlet, struct str before)
{
    struct err ignored;
    bool named = before.len > 1 && before.data[0] == '-';
    const struct parameter *parameter = named ? cmdlet_parameter(cmdlet, str_from(before, 1), &ignored) : NULL;
    for (size_t i = 0; parameter && i < parameter->value_count; i++)
        offer_name(candidates, parameter->values[i]);
}

static void offer_cmdlets(struct candidates *candidates, const struct catalogue *catalogue)
{
    for (size_t i = 0; catalogue && i < catalogue->count; i++)
        offer_name(candidates, catalogue->cmdlets[i].shown);
}

/* Where the last cmdlet of the line begins: behind a bar that stands in no text. */
static struct str last_call(struct str line)
{
    char quote = '\0';
    size_t start = 0;
    for (size_t i = 0; i < line.len; i++) {
        char c = line.data[i];
        if (quote ? c == quote : c == '\'' || c == '"')
            quote = quote ? '\0' : c;
        else if (!quote && (c == '|' || c == ';'))
            start = i + 1;
    }
    return str_from(line, start);
}

static const struct cmdlet *find(const struct language *language, struct str name)
{
    enum local_kind kind;
    const char *local = local_name(name, &kind);
    const struct linked meant = language_meant(language, name);
    return local ? catalogue_find(language->local, str_of(local)) : meant.catalogue ? catalogue_meant(meant.catalogue, name) : NULL;
}

/* First word: cmdlets. A word with a dash: parameters. Any other: the known values of the parameter before it. */
static void gather(struct candidates *candidates, const struct language *language, struct str line, struct str before)
{
    struct str rest = str_trim(line), first;
    if (before.len == 0) {
        offer_cmdlets(candidates, language->catalogue);
        offer_cmdlets(candidates, language->local);
        for (size_t i = 0; i < language->other_count; i++)
            if (language->others[i].catalogue->prefix)
                offer_cmdlets(candidates, language->others[i].catalogue);
        return;
    }
    str_cut(&rest, ' ', &first);
    const struct cmdlet *cmdlet = find(language, first);
    bool parameter = candidates->word.len > 0 && candidates->word.data[0] == '-';
    if (parameter)
        candidates->word = str_from(candidates->word, 1);
    if (cmdlet && parameter)
        offer_parameters(candidates, cmdlet);
    else if (cmdlet)
        offer_values(candidates, cmdlet, before);
}

/* As far as all candidates agree, in their own spelling; a blank behind only when there is no other. */
void command_complete(struct line_edit *edit, const struct language *language, struct buf *hint)
{
    char *line = str_dup(line_edit_text(edit));
    struct str before, call = last_call(str_of(line));
    struct candidates candidates = { .word = last_word(call, &before), .hint = hint };
    gather(&candidates, language, call, before);
    if (candidates.count == 0) {
        buf_text(hint, "Nothing known starts like this.");
    } else {
        struct buf whole = BUF_INIT(BUF_LARGE);
        buf_add(&whole, str_take(str_of(line), (size_t)(candidates.word.data - line)));
        buf_add(&whole, candidates.common);
        if (candidates.count == 1) {
            buf_char(&whole, ' ');
            buf_clear(hint);
        } else if (candidates.count > HINT_MOST) {
            buf_format(hint, "  and %zu more", candidates.count - HINT_MOST);
        }
        line_edit_set(edit, buf_str(&whole));
        buf_free(&whole);
    }
    free(line);
}
