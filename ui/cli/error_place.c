#include "ui/cli/error_place.h"

#include "base/text.h"
#include "catalogue/literal.h"

#define INDENT "  "
/* Characters before the mark, and of the whole: it fits into 80 columns. */
#define BEFORE_MOST 50
#define SHOWN_MOST 72

static struct str line_of(struct str source, size_t number)
{
    struct str line = { 0 };
    for (size_t i = 0; i < number; i++) {
        str_cut(&source, '\n', &line);
    }
    return line.len && line.data[line.len - 1] == '\r' ? str_take(line, line.len - 1) : line;
}

/* What stands on standard error ends in cron's mail and in logs. */
static bool may_hold_secret(struct str line)
{
    static const char *const words[] = { "password", "secret", "securestring", "credential", "accesstoken", "token" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_contains_nocase(line, str_of(words[i]))) {
            return true;
        }
    }
    return false;
}

/* The byte where a character begins, counted from 0; the end when there are fewer. */
static size_t byte_of(struct str line, size_t character)
{
    size_t at = 0;
    for (; at < line.len; at++) {
        bool begins = ((unsigned char)line.data[at] & 0xC0) != 0x80;
        if (begins && character-- == 0) {
            return at;
        }
    }
    return at;
}

void error_place_print(struct str source, struct str message, struct buf *out)
{
    size_t number, column;
    if (!reader_place(message, &number, &column)) {
        return;
    }
    struct str line = line_of(source, number);
    if (line.len == 0 || may_hold_secret(line)) {
        return;
    }
    size_t at = column - 1, first = at > BEFORE_MOST ? at - BEFORE_MOST : 0;
    size_t from = byte_of(line, first), mark = byte_of(line, at), to = byte_of(line, first + SHOWN_MOST);
    struct buf shown = BUF_INIT(BUF_SMALL);
    text_clean(&shown, (struct str){ line.data + from, mark - from }, false);
    int width = text_width(buf_str(&shown)) + (first ? 3 : 0);
    text_clean(&shown, (struct str){ line.data + mark, to - mark }, false);
    buf_format(out, INDENT "%s%s%s\n", first ? "..." : "", buf_cstr(&shown), to < line.len ? "..." : "");
    buf_text(out, INDENT);
    buf_repeat(out, ' ', (size_t)width);
    buf_text(out, "^\n");
    buf_free(&shown);
}
