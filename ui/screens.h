/* The screens and their constructors: typed, so that one screen can open another without knowing its model. Each lives
   in ui/screens/NAME.c. They remember what they are given and copy what they keep (see struct screen). */
#ifndef PURVEY_UI_SCREENS_H
#define PURVEY_UI_SCREENS_H

#include "ui/screen.h"

/* The first screen. initial: what the command line or profile gave, copied; NULL = nothing. at_once: connect with it
   without waiting for Enter (the command line said all). Uses effect_connect and pushes the sign-in screen. */
struct screen connect_screen(const struct app_state *app, const struct options *initial, bool at_once);

/* Shows a connection coming up. When connected it replaces itself by the browser. */
struct screen sign_in_screen(const struct app_state *app, uint64_t connection);

/* Every cmdlet of a connection. */
struct screen browser_screen(const struct app_state *app, uint64_t connection);

/* The form of one cmdlet; cmdlet belongs to the session's catalogue. initial: values to start with, copied; NULL =
   none. Runs it and pushes the results screen. */
struct screen cmdlet_form_screen(const struct app_state *app, uint64_t connection, const struct cmdlet *cmdlet,
                                 const struct invocation *initial);

/* The rows of a job, while it runs and after. Leaving it discards a finished job; a
   running one goes on. */
struct screen results_screen(const struct app_state *app, uint64_t job);

/* One row, all of it: by position in a view (0 = order of arrival). */
struct screen object_screen(const struct app_state *app, uint64_t job, uint32_t view, int64_t position);

struct screen log_screen(const struct app_state *app);

/* What can be done on the screen below (app->offer), searchable; Enter does it (effect_pop, effect_action). */
struct screen help_screen(const struct app_state *app);

#endif
