#include "session/rps/exchange_text.h"

struct exchange_text exchange_text_cut(struct str text)
{
    struct exchange_text parts = { .text = str_trim(text) };
    while (str_starts(parts.text, STR("["))) {
        struct str rest = str_from(parts.text, 1), group;
        if (!str_cut(&rest, ']', &group)) {
            break;
        }
        if (str_starts_nocase(group, STR("FailureCategory="))) {
            parts.category = str_from(group, sizeof "FailureCategory=" - 1);
        } else if (str_contains_nocase(group, STR("RequestId="))) {
            parts.ids = group;
        } else {
            break;              /* brackets of the text itself */
        }
        parts.text = str_trim(rest);
    }
    return parts;
}

enum err_kind exchange_category_kind(struct str category)
{
    static const struct { const char *part; enum err_kind kind; } known[] = {
        { "NotFoundException", ERR_NOT_FOUND },
        { "AuthorizationException", ERR_FORBIDDEN },
        { "AccessDenied", ERR_FORBIDDEN },
        { "AuthZ-", ERR_FORBIDDEN },
        { "Throttl", ERR_THROTTLED },
        { "OverBudget", ERR_THROTTLED },
        { "AuthN-", ERR_AUTH_DENIED },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (str_contains_nocase(category, str_of(known[i].part))) {
            return known[i].kind;
        }
    }
    return ERR_NONE;
}

bool exchange_text_is_quota(struct str text)
{
    return str_contains_nocase(text, STR("maximum number of connections allowed")) || str_contains_nocase(text, STR("MaxConcurrency"));
}
