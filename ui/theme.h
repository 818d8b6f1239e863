/* What styles mean and what they look like. Widgets name a meaning; the theme knows colours; terminal.c maps both to
   curses. Nothing assumes a dark or a light background: the terminal's own colours stay wherever nothing is meant. */
#ifndef PURVEY_UI_THEME_H
#define PURVEY_UI_THEME_H

#include <stdbool.h>

/* name, letter in the style picture */
#define STYLES(STYLE)                                                          \
    STYLE(TEXT, ' ')            /* ordinary text */                            \
    STYLE(DIM, 'd')             /* secondary: hints, units, absent values */   \
    STYLE(TITLE, 'T')           /* top line, titles of boxes */                \
    STYLE(TITLE_DIM, 't')       /* secondary text on the top line */           \
    STYLE(HEADER, 'H')          /* column heads of tables, headings */         \
    STYLE(HEADER_CURRENT, 'C')  /* head of the current column */               \
    STYLE(LABEL, 'l')           /* labels of fields, names of properties */    \
    STYLE(KEY, 'k')             /* a key's name on the bottom line */          \
    STYLE(KEY_LABEL, 'K')       /* what the key does */                        \
    STYLE(SELECTED, 's')        /* the current row, with focus */              \
    STYLE(SELECTED_DIM, 'u')    /* the current row, focus elsewhere */         \
    STYLE(MARKED, 'm')          /* rows marked for an action */                \
    STYLE(INPUT, 'i')           /* an entry field */                           \
    STYLE(INPUT_FOCUS, 'I')     /* the entry field with the cursor */          \
    STYLE(PLACEHOLDER, 'p')     /* grey text in an empty field */              \
    STYLE(MATCH, 'M')           /* what a search found */                      \
    STYLE(ERROR, 'E')                                                          \
    STYLE(WARNING, 'W')                                                        \
    STYLE(GOOD, 'G')                                                           \
    STYLE(LINK, 'L')            /* addresses */                                \
    STYLE(NUMBER, 'n')                                                         \
    STYLE(CODE, 'c')            /* the device code, PowerShell text */         \
    STYLE(QR, 'q')              /* black on white, whatever the terminal is */    \
    STYLE(BORDER, 'b')                                                         \
    STYLE(STATUS, 'S')          /* transient line above the keys */            \
    STYLE(STATUS_ERROR, 'X')    /* the same for errors */                      \
    STYLE(DANGER, 'D')          /* what changes or destroys */

#define STYLE_ENUM(name, letter) STYLE_##name,
enum style { STYLES(STYLE_ENUM) STYLE_COUNT };
#undef STYLE_ENUM

char style_letter(enum style style);

/* A look in the terms every terminal shares. Colours are the 16 ANSI ones, -1 = the terminal's own. */
struct look { short foreground, background; bool bold, dim, reverse, underline; };

/* colours: what the terminal has (0 or 1 = monochrome, or NO_COLOR is set). */
struct look theme_look(enum style style, int colours);

/* True when the environment asks for no colour (NO_COLOR set and not empty). */
bool theme_no_colour(void);

#endif
