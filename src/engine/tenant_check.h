/* Whether a token that was handed in is for the organization that was named beside it (auth.md section 8, `tid`): with the wrong
   one the cmdlets would run in another tenant than the person means. */
#ifndef PURVEY_ENGINE_TENANT_CHECK_H
#define PURVEY_ENGINE_TENANT_CHECK_H

#include "auth/token.h"
#include "connect/options.h"
#include "engine/sign_in_plan.h"
#include "net/http.h"

struct tenant_check;

/* NULL when there is nothing to wait for: err then says that they differ, or nothing (ERR_NONE). Else done comes once, later:
   NULL when they agree or when nobody could say. It may free the check. keep: what was found out is kept on this machine, so
   that the next run does not ask. */
struct tenant_check *tenant_check_start(struct http *http, const struct sign_in_plan *plan, const struct options *options,
                                        const struct token *token, bool keep,
                                        void (*done)(void *context, const struct err *err), void *context, struct err *err) MUST_USE;
void tenant_check_free(struct tenant_check *check);         /* cancels; NULL is fine */

#endif
