/* The ':' line. Its text stays in `edit` until the line runs: an error, Esc or a "no" to the question leave it
   there. */
#include "ui/screens/command_prompt.h"

#include <stdlib.h>

#include "base/mem.h"
#include "ui/screens/line_error.h"
#include "ui/widgets/pages.h"

enum { MAX_MESSAGE_ROWS = 5, MAX_HISTORY = 200, LINE_MOST = 1024 * 1024 };

void command_prompt_init(struct command_prompt *prompt)
{
    *prompt = (struct command_prompt){ 0 };
    line_edit_init(&prompt->edit, LINE_MOST);
    /* The lines of a pasted here-string or of one that goes on behind a backtick stay lines. */
    prompt->edit.keep_lines = true;
}

void command_prompt_free(struct command_prompt *prompt)
{
    for (size_t i = 0; i < prompt->count; i++)
        free(prompt->history[i]);
    free(prompt->history);
    free(prompt->hint);
    free(prompt->unfinished);
    line_edit_free(&prompt->edit);
    *prompt = (struct command_prompt){ 0 };
}

/* What was said about the line is about the line as it was. */
static void say_nothing(struct command_prompt *prompt)
{
    prompt->err = (struct err){ 0 };
    free(prompt->hint);
    prompt->hint = NULL;
    prompt->page = 0;
}

void command_prompt_open(struct command_prompt *prompt)
{
    prompt->open = true;
    prompt->at = prompt->count;
    say_nothing(prompt);
}

/* The same line twice in a row is kept once, as shells do. */
void command_prompt_remember(struct command_prompt *prompt, const char *line)
{
    if (prompt->count > 0 && strcmp(prompt->history[prompt->count - 1], line) == 0)
        return;
    if (prompt->count == MAX_HISTORY) {
        free(prompt->history[0]);
        memmove(prompt->history, prompt->history + 1, --prompt->count * sizeof *prompt->history);
    }
    MEM_ROOM(prompt->history, prompt->count, prompt->capacity);
    prompt->history[prompt->count++] = mem_text(line);
    prompt->at = prompt->count;
}

/* ---- input ---- */

/* The line at hand is put aside and comes back at the end of the history. */
static void walk_history(struct command_prompt *prompt, bool older)
{
    if (older ? prompt->at == 0 : prompt->at == prompt->count)
        return;
    if (prompt->at == prompt->count) {
        free(prompt->unfinished);
        prompt->unfinished = str_dup(line_edit_text(&prompt->edit));
    }
    prompt->at = older ? prompt->at - 1 : prompt->at + 1;
    const char *line = prompt->at < prompt->count ? prompt->history[prompt->at] : prompt->unfinished;
    line_edit_set(&prompt->edit, str_of(line));
    say_nothing(prompt);
}

static void complete(struct command_prompt *prompt, const struct language *language)
{
    struct buf hint = BUF_INIT(BUF_SMALL);
    say_nothing(prompt);
    command_complete(&prompt->edit, language, &hint);
    if (hint.len > 0)
        prompt->hint = mem_text(buf_cstr(&hint));
    buf_free(&hint);
}

/* A line that cannot be read stays on the prompt, with what is wrong beside it. */
static struct statement *accept(struct command_prompt *prompt, const struct language *language)
{
    struct str line = str_trim(line_edit_text(&prompt->edit));
    say_nothing(prompt);
    if (line.len == 0) {
        prompt->open = false;
        return NULL;
    }
    struct statement *statement = statement_of_line(line, language, &prompt->err);
    if (statement)
        prompt->open = false;
    else
        line_error_approach(&prompt->edit, &prompt->err);
    return statement;
}

void command_prompt_done(struct command_prompt *prompt)
{
    line_edit_set(&prompt->edit, STR(""));
}

struct statement *command_prompt_input(struct command_prompt *prompt, const struct language *language, const struct ui_input *input)
{
    switch (input->kind == INPUT_ACTION ? input->action : ACTION_NONE) {
    case ACTION_ENTER: return accept(prompt, language);
    case ACTION_BACK: prompt->open = false; return NULL;
    case ACTION_UP: walk_history(prompt, true); return NULL;
    case ACTION_DOWN: walk_history(prompt, false); return NULL;
    case ACTION_NEXT_FIELD: complete(prompt, language); return NULL;
    default: break;
    }
    if (pages_turn(&prompt->page, input))
        return NULL;
    struct ui_input given = *input;
    /* A line that was copied whole brings its end along. */
    if (given.kind == INPUT_PASTE)
        given.text = str_trim(given.text);
    /* Erasing what is not there leads out, as people know it from other ':' lines. */
    bool nothing_left = input->kind == INPUT_ACTION && input->action == ACTION_ERASE_BACK && prompt->edit.length == 0;
    if (nothing_left)
        prompt->open = false;
    else if (line_edit_input(&prompt->edit, &given) == LINE_EDIT_CHANGED)
        say_nothing(prompt);
    return NULL;
}

/* ---- draw ---- */

static char *message(const struct command_prompt *prompt)
{
    if (prompt->err.kind != ERR_NONE)
        return mem_format("%s%s%s", prompt->err.text, prompt->err.advice[0] ? ". " : "", prompt->err.advice);
    return mem_text(prompt->hint ? prompt->hint : "");
}

/* The message may be long: it gets rows of its own, up to a limit, and never covers the line. */
int command_prompt_rows(const struct command_prompt *prompt, int columns)
{
    if (!prompt->open)
        return 0;
    char *text = message(prompt);
    int rows = pages_rows(text, columns);
    free(text);
    return 1 + (rows < MAX_MESSAGE_ROWS ? rows : MAX_MESSAGE_ROWS) + line_error_placed(&prompt->edit, &prompt->err);
}

/* Right above the character that the error is about. */
static void draw_place(const struct command_prompt *prompt, struct cells *cells, struct area *area, int columns)
{
    if (!line_error_placed(&prompt->edit, &prompt->err))
        return;
    struct area row = area_cut_bottom(area, 1);
    if (row.rows > 0)
        line_error_mark(&prompt->edit, &prompt->err, cells, (struct area){ row.row, row.column + 1, 1, columns }, GLYPH_CHOICE);
}

void command_prompt_draw(const struct command_prompt *prompt, struct cells *cells, struct area area)
{
    if (!prompt->open)
        return;
    char *text = message(prompt);
    struct area last = area_cut_bottom(&area, 1);
    cells_fill(cells, area, STYLE_TEXT);
    cells_fill(cells, last, STYLE_TEXT);
    draw_place(prompt, cells, &area, last.columns - 1);
    pages_draw(cells, area, prompt->err.kind ? STYLE_ERROR : STYLE_DIM, text, prompt->page);
    cells_put_text(cells, last.row, last.column, 1, STYLE_KEY, ":");
    line_edit_draw(&prompt->edit, cells, last.row, last.column + 1, last.columns - 1, true,
                   "Get-Something -Parameter value");
    free(text);
}
