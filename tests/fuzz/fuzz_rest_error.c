/* Any bytes as a failed answer, its headers among them: always one clean line of text. */
#include "base/text.h"
#include "session/rest/rest_error.h"

#include <stdlib.h>

static void check(const struct err *err)
{
    bool clean = text_is_clean(str_of(err->text)) && text_is_clean(str_of(err->advice)) &&
                 text_is_clean(str_of(err->code)) && text_is_clean(str_of(err->correlation));
    if (!clean || !err->text[0] || err->kind == ERR_NONE || err->retry_after_s < 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = { 200, 400, 401, 403, 404, 429, 500, 503 };
    if (size < 2 || size > 65536)
        return 0;
    struct str body = { (const char *)data + 2, size - 2 };
    char *header = str_dup(str_take(body, data[1]));
    struct rest_answer answer = { .status = statuses[data[0] % 8], .body = body, .cmdlet = "Get-Label",
                                  .request_id = header, .client_request_id = "", .server = header, .date = "",
                                  .exception_type = header, .retry_after = header, .authenticate = header };
    struct err err;
    rest_error_read(&answer, &err);
    check(&err);
    rest_error_from_text(body, &err);
    check(&err);
    struct buf claims = BUF_INIT(BUF_SMALL);
    (void)rest_error_claims(header, &claims);
    buf_free(&claims);
    struct json *tree;
    (void)rest_error_warnings(body, &tree);
    json_free(tree);
    free(header);
    return 0;
}
