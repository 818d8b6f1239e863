/* UTF-8 as a terminal sees it. Width by wcwidth (so that it agrees with ncurses), clusters by utf8proc. */
#ifndef PURVEY_BASE_TEXT_H
#define PURVEY_BASE_TEXT_H

#include "base/buf.h"

/* The next grapheme cluster of s: its bytes in *cluster, its width in columns (0, 1 or 2), s moved on. Invalid UTF-8
   gives U+FFFD one byte at a time; what text_clean would replace is one column wide. A cluster holds one spacing
   character, or one emoji with all its parts, so that it fits in a cell of curses. False at the end. */
bool text_next(struct str *s, struct str *cluster, int *width);

/* Columns that the cleaned text takes on a line. */
int text_width(struct str s);

/* Appends s made safe for a terminal, log or CSV: C0/C1 controls, DEL, bidi controls (U+061C, U+200E/F, U+202A..E,
   U+2066..9), U+FEFF, line and paragraph separators, noncharacters and private tags are replaced: CR LF, LF and TAB by
   one blank (or kept when keep_lines), everything else by U+FFFD. Invalid UTF-8 gives U+FFFD. */
void text_clean(struct buf *out, struct str s, bool keep_lines);

/* True when text_clean (without keep_lines) would change nothing: the fast path of tables. */
bool text_is_clean(struct str s);

/* The longest head of s that fits in `columns`, never cutting a cluster; *width is what it takes. */
struct str text_fit(struct str s, int columns, int *width);

/* Case-folded substring search for any script (utf8proc casefold); ASCII is fast. An empty needle is found. */
bool text_contains(struct str haystack, struct str needle);

/* Wraps on blanks: the next line of at most `columns`, *s moved past it and its blank. False at the end. */
bool text_wrap(struct str *s, int columns, struct str *line);

/* True when the bytes are well-formed UTF-8. */
bool text_is_utf8(struct str s);

#endif
