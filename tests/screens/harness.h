/* Drives the app core with no terminal: keys in, pictures out, the commands it sends caught for assertions. A test file
   shows the keys and the expected picture side by side:

       struct harness *h = harness_new(10, 40);
       harness_push(h, connect_screen(harness_state(h), NULL));
       harness_keys(h, "michelle@contoso.com<Tab><Enter>");
       harness_expect(h,
           "Connect                         \n"
           "...");

   Link cmocka; a failed expectation prints both pictures and the rows that differ, and fails the test. */
#ifndef PURVEY_TESTS_HARNESS_H
#define PURVEY_TESTS_HARNESS_H

#include "ui/app.h"

struct harness;

/* No screen yet: make one with harness_state and give it to harness_push. Time stands still at 1,000,000 ms and
   2026-11-23T08:00:00Z (TZ is UTC) until harness_wait. UTF-8 glyphs; harness_ascii for the others. */
struct harness *harness_new(int rows, int columns);
void harness_free(struct harness *harness);
struct app *harness_app(struct harness *harness);
const struct app_state *harness_state(struct harness *harness);
void harness_push(struct harness *harness, struct screen screen);
void harness_ascii(struct harness *harness);
void harness_demo(struct harness *harness);                                 /* as with --demo */
/* The constructors behind HELP and LOG (NULL = none, as at the start). ascii, demo and helpers start the app anew: call
   them before harness_push and before harness_state is used. */
void harness_helpers(struct harness *harness, struct screen (*help)(const struct app_state *app),
                     struct screen (*log)(const struct app_state *app));

/* Types keys in the notation of ui/keymap.h: "gcc<Enter><Down>". */
void harness_keys(struct harness *harness, const char *keys);
void harness_paste(struct harness *harness, const char *text);
void harness_event(struct harness *harness, struct message *event);         /* takes it */
void harness_resize(struct harness *harness, int rows, int columns);
void harness_wait(struct harness *harness, int seconds);                    /* moves the time, a tick a second if wanted */

/* Compares the whole screen: lines ended by LF, trailing blanks of a line do not count, nor do missing empty lines at
   the end. A line of only "~" stands for any line. */
#define harness_expect(harness, picture) harness_expect_at(harness, picture, __FILE__, __LINE__)
void harness_expect_at(struct harness *harness, const char *picture, const char *file, int line);
/* The same for the styles' letters (ui/theme.h). */
#define harness_expect_styles(harness, picture) harness_expect_styles_at(harness, picture, __FILE__, __LINE__)
void harness_expect_styles_at(struct harness *harness, const char *picture, const char *file, int line);
/* The text stands somewhere on the screen (within one line), or does not. */
#define harness_expect_text(harness, text) harness_expect_text_at(harness, text, true, __FILE__, __LINE__)
#define harness_expect_no_text(harness, text) harness_expect_text_at(harness, text, false, __FILE__, __LINE__)
void harness_expect_text_at(struct harness *harness, const char *text, bool there, const char *file, int line);
const char *harness_picture(struct harness *harness);                       /* valid until the next call */

const char *harness_screen(struct harness *harness);                        /* name of the top screen */
bool harness_ended(struct harness *harness);

/* What the app sent to the engine, oldest first; NULL when nothing is left. The caller frees it. */
struct message *harness_sent(struct harness *harness);
/* The next one sent must be of this kind: fails the test otherwise. The caller frees it. */
struct message *harness_expect_sent(struct harness *harness, enum message_kind kind);
const char *harness_copied(struct harness *harness);                        /* last text for the clipboard; "" = none */

/* --- Events and data every screen test needs. --- */
/* A sealed catalogue from lines "Get-ComplianceCase Identity CaseType!=eDiscovery|DSI -Force PageSize#": a plain name is
   text, '!' behind it mandatory, '#' a number, a leading '-' a switch, '=' values. */
struct catalogue *harness_catalogue(const char *lines);
/* Puts a connected session with this catalogue (taken) into the app state; returns its number. */
uint64_t harness_connect(struct harness *harness, struct catalogue *catalogue);
uint64_t harness_connect_with_token(struct harness *harness, struct catalogue *catalogue);    /* one that was handed in */
struct message *harness_job_started(uint64_t job, const char *store_path);
struct message *harness_job_progress(uint64_t job, int64_t rows);
struct message *harness_job_done(uint64_t job, int64_t rows);

#endif
