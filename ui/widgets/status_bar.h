/* The lines around every screen: the top line, the transient status, the keys of the moment. Drawn by the app. */
#ifndef PURVEY_UI_STATUS_BAR_H
#define PURVEY_UI_STATUS_BAR_H

#include "ui/screen.h"

/* title at the left, then the connection (account, tenant), token time left and running jobs at the right: what does not
   fit goes in that order from the last. */
void status_bar_top(struct cells *cells, struct area row, const struct app_state *app, const char *title);

/* The first actions that fit, as "F5 Run  / Search  ? Help"; help comes always, at the end. */
void status_bar_keys(struct cells *cells, struct area row, const struct offer *offer);

void status_bar_message(struct cells *cells, struct area row, enum status_level level, const char *text);

#endif
