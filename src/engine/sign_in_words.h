/* What a refusal of the sign-in service means for the very sign-in that was refused: which field it is about, and what to do
   with the way that was chosen. The codes' own words are auth/entra_errors' (auth.md section 12). */
#ifndef PURVEY_ENGINE_SIGN_IN_WORDS_H
#define PURVEY_ENGINE_SIGN_IN_WORDS_H

#include "engine/sign_in_plan.h"

/* Adds field and advice to an error that carries a code of Entra; others are left as they are, as is advice that is not the
   table's own (a wrong clock). */
void sign_in_explain(const struct sign_in_plan *plan, const struct options *options, struct err *err);

/* "3C37… (CN=app), from the file app.pem"; "" without one. The caller's to free. */
char *sign_in_certificate(const struct sign_in_plan *plan);

/* Why a token that was handed in is not taken any more: it has come to its end, or was refused while it still had time. */
void sign_in_explain_given(const struct token *token, const char *resource, struct err *err);
/* When it ends, said before the first command and not when it is too late (auth.md section 8); *soon: within minutes. "" = it
   does not say. The caller's to free. */
char *sign_in_end_of_given(const struct token *token, bool *soon);
/* Of several names for the tenant one counts, which one is said (auth.md section 8); "" = there is one. The caller's to free. */
char *sign_in_precedence(const struct options *options);

#endif
