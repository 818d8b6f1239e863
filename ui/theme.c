#include "ui/theme.h"

#include <stdlib.h>

enum { OWN = -1, BLACK = 0, RED = 1, GREEN = 2, YELLOW = 3, MAGENTA = 5, CYAN = 6, WHITE = 7 };

/* Only colours that can be read on dark and on light backgrounds, and only where colour carries a meaning; the rest is
   bold, dim, reverse and underline on the terminal's own colours. Each entry also works without its colour. */
static const struct { char letter; struct look look; } styles[STYLE_COUNT] = {
#define STYLE_LETTER(name, character) [STYLE_##name].letter = (character),
    STYLES(STYLE_LETTER)
#undef STYLE_LETTER
    [STYLE_TEXT].look = { OWN, OWN, .bold = false },
    [STYLE_DIM].look = { OWN, OWN, .dim = true },
    [STYLE_TITLE].look = { OWN, OWN, .bold = true },
    [STYLE_TITLE_DIM].look = { OWN, OWN, .dim = true },
    [STYLE_HEADER].look = { OWN, OWN, .bold = true },
    [STYLE_HEADER_CURRENT].look = { OWN, OWN, .bold = true, .underline = true },
    [STYLE_LABEL].look = { OWN, OWN, .bold = false },
    [STYLE_KEY].look = { OWN, OWN, .bold = true },
    [STYLE_KEY_LABEL].look = { OWN, OWN, .bold = false },
    [STYLE_SELECTED].look = { OWN, OWN, .reverse = true },
    [STYLE_SELECTED_DIM].look = { OWN, OWN, .dim = true, .reverse = true },
    [STYLE_MARKED].look = { MAGENTA, OWN, .bold = true },
    [STYLE_INPUT].look = { OWN, OWN, .underline = true },
    [STYLE_INPUT_FOCUS].look = { OWN, OWN, .bold = true, .underline = true },
    [STYLE_PLACEHOLDER].look = { OWN, OWN, .dim = true, .underline = true },
    [STYLE_MATCH].look = { BLACK, YELLOW, .bold = false },
    [STYLE_ERROR].look = { RED, OWN, .bold = true },
    [STYLE_WARNING].look = { YELLOW, OWN, .bold = false },
    [STYLE_GOOD].look = { GREEN, OWN, .bold = false },
    [STYLE_LINK].look = { CYAN, OWN, .underline = true },
    [STYLE_NUMBER].look = { OWN, OWN, .bold = false },
    [STYLE_CODE].look = { CYAN, OWN, .bold = false },
    [STYLE_QR].look = { BLACK, WHITE, .bold = false },
    [STYLE_BORDER].look = { OWN, OWN, .dim = true },
    [STYLE_STATUS].look = { OWN, OWN, .bold = true },
    [STYLE_STATUS_ERROR].look = { WHITE, RED, .bold = true },
    [STYLE_DANGER].look = { RED, OWN, .bold = true, .reverse = true },
};

char style_letter(enum style style)
{
    return (unsigned)style < STYLE_COUNT ? styles[style].letter : '?';
}

struct look theme_look(enum style style, int colours)
{
    struct look look = styles[(unsigned)style < STYLE_COUNT ? style : STYLE_TEXT].look;
    if (colours >= 8)
        return look;
    /* Where a background carried the meaning, reverse and bold stand in; a warning must not look like plain text. */
    if (look.background != OWN)
        look.reverse = look.bold = true;
    if (look.foreground == YELLOW)
        look.bold = true;
    look.foreground = look.background = OWN;
    return look;
}

bool theme_no_colour(void)
{
    const char *value = getenv("NO_COLOR");
    return value && *value;
}
