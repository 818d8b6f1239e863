/* The results screen, shared between its own files only: results.c (update, offer), results_rows.c (the window of rows
   and the columns), results_arrange.c (sort, filter, find), results_notes.c (all that is said in sentences),
   results_draw.c. */
#ifndef PURVEY_UI_RESULTS_MODEL_H
#define PURVEY_UI_RESULTS_MODEL_H

#include "results/rowset.h"
#include "ui/screens/run_question.h"
#include "ui/widgets/table.h"
#include "ui/widgets/text_pane.h"

enum results_prompt { PROMPT_FILTER = 1, PROMPT_SEARCH };       /* the dialog's tag */
enum results_copy { COPY_CELL, COPY_ROW_JSON, COPY_ROW_TSV, COPY_COUNT };

/* How the table was arranged before its cmdlet ran again. By name: columns may come in another order this time. */
struct results_wish {
    char filter[sizeof ((struct arrangement *)0)->filter];
    char *keys[ARRANGE_MAX_KEYS]; bool descending[ARRANGE_MAX_KEYS]; int key_count;
};

struct results_model {
    const struct app_state *app;
    uint64_t job;
    struct rowset *rowset;                  /* NULL until the job has a file */
    struct table table;
    struct column_seen { int width; enum value_kind kind; } *seen; size_t seen_count, seen_capacity;
    int64_t loaded_first; size_t loaded;    /* what the rowset holds at the moment; loaded 0 = nothing */
    struct err err;                         /* the file cannot be read */

    uint32_t view, asked_view, last_view;   /* shown; on its way (0 = none); highest number used */
    struct arrangement shown, asked;        /* of view; what the person wants now */
    struct results_wish wish;               /* to be asked for when there are rows */
    char *find;                             /* NULL = nothing searched for yet */
    bool finding;
    int64_t hit_row, hit, hits;             /* the row found last, and its place among all hits; hits 0 = not counted */

    struct dialog prompt;
    struct err prompt_err;                  /* what is wrong with the filter line */
    struct run_question question;           /* before a changing cmdlet runs again */
    struct dialog confirm;                  /* what the service asks before it acts */
    struct text_pane notes;
    bool details;                           /* the notes cover the table */
    char *banner;                           /* what must not be overlooked; NULL = nothing */
    enum results_copy next_copy;
    int rows, columns;
};

struct results_layout { struct area body, banner, prompt_err, counter; };
struct results_layout results_lay_out(const struct results_model *model, struct area area);
char *results_prompt_err(const struct results_model *model);               /* the caller's; "" = all is well */
void results_resize(struct results_model *model);
const struct job_view *results_job(const struct results_model *model);     /* NULL: gone */
bool results_shows_table(const struct results_model *model);               /* not the notes */

/* --- results_rows.c --- */
void results_sync(struct results_model *model);             /* after any news: rows, columns, window, notes */
void results_load(struct results_model *model);             /* after any move */
void results_use_view(struct results_model *model, uint32_t view);
table_cell results_cell;
bool results_current_value(const struct results_model *model, struct property *value);
size_t results_current_row(const struct results_model *model);     /* among the loaded ones; loaded = none */

/* --- results_arrange.c --- */
void results_sort(struct results_model *model, bool add, struct effects *effects);
void results_wish_like(struct results_wish *wish, const struct results_model *model);
void results_wish_free(struct results_wish *wish);
void results_take_wish(struct results_model *model, struct effects *effects);
void results_open_filter(struct results_model *model);
void results_open_search(struct results_model *model);
void results_find(struct results_model *model, bool backwards, struct effects *effects);
void results_prompt_input(struct results_model *model, const struct ui_input *input, struct effects *effects);
void results_arranged(struct results_model *model, const struct message *event, struct effects *effects);
void results_found(struct results_model *model, const struct message *event, struct effects *effects);

/* --- results_notes.c --- */
void results_fill_notes(struct results_model *model);
void results_notes_text(const struct results_model *model, struct buf *out);
bool results_previews(const struct job_view *job);          /* -WhatIf, and nothing beside it that changes anything */
void results_update_banner(struct results_model *model);

/* --- results_draw.c --- */
void results_draw(const void *context, struct cells *cells, struct area area);

#endif
