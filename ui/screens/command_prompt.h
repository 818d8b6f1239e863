/* The ':' line: one line of PowerShell typed at the bottom of the browser, with completion and history. Its text is
   never lost: not by an error, not by Esc. */
#ifndef PURVEY_UI_COMMAND_PROMPT_H
#define PURVEY_UI_COMMAND_PROMPT_H

#include "pipeline/statement.h"
#include "ui/widgets/line_edit.h"

struct command_prompt {
    bool open;
    struct line_edit edit;
    struct err err;                     /* what is wrong with the line */
    char *hint;                         /* what completion could not choose between; NULL = none */
    int page;                           /* of what is said, where it is longer than its room */
    char **history; size_t count, capacity, at;     /* oldest first; at == count: the line itself */
    char *unfinished;                   /* the line while history is walked */
};

void command_prompt_init(struct command_prompt *prompt);
void command_prompt_free(struct command_prompt *prompt);
void command_prompt_open(struct command_prompt *prompt);
void command_prompt_remember(struct command_prompt *prompt, const char *line);     /* ran: goes into the history */

/* Give it every action, text and paste while it is open. The statement (the caller's) when a good line was entered:
   the prompt has closed then, and keeps the line until command_prompt_done says that it runs. */
struct statement *command_prompt_input(struct command_prompt *prompt, const struct language *language, const struct ui_input *input);
void command_prompt_done(struct command_prompt *prompt);
int command_prompt_rows(const struct command_prompt *prompt, int columns);  /* how many it draws in; 0 while closed */
void command_prompt_draw(const struct command_prompt *prompt, struct cells *cells, struct area area);

/* Completes the word at the end of the line (cmdlet, parameter, known value) as far as it is certain; what it could be
   goes to hint. */
void command_complete(struct line_edit *edit, const struct language *language, struct buf *hint);

#endif
