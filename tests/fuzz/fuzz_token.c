/* Access tokens that people hand in, and the answers of a sign-in service. */
#include "auth/cloud.h"
#include "auth/entra_errors.h"
#include "auth/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    struct token token = { 0 };
    struct err err = { 0 };
    bool good = token_read_claims(&token, text, cloud_at(0), &err);
    (void)good;
    entra_error_from_answer(&err, 400, text);
    return 0;
}
