/* What the browser says about one cmdlet: its parameter sets and parameters. */
#ifndef PURVEY_UI_BROWSER_PANE_H
#define PURVEY_UI_BROWSER_PANE_H

#include "ui/app_state.h"
#include "ui/widgets/text_pane.h"

/* Both replace the pane's text; text_pane_resize is the caller's. */
void browser_pane_cmdlet(struct text_pane *pane, const struct cmdlet *cmdlet);
/* One that the account was not offered: why, what would bring it, what is known of it. */
void browser_pane_missing(struct text_pane *pane, const struct catalogue *catalogue, const struct cmdlet *cmdlet);
void browser_pane_job(struct text_pane *pane, const struct job_view *job);     /* NULL: it is gone */

/* Appended: "1,204 so far", and with more words "running, 1,204 rows so far". */
void browser_job_count(const struct job_view *job, struct buf *out);
void browser_job_state(const struct job_view *job, struct buf *out);

#endif
