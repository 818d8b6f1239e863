/* What Exchange writes before its texts: [Server=..,RequestId=..,TimeStamp=..] [FailureCategory=..] the text (rps.md sections 9
   and 11). */
#ifndef PURVEY_SESSION_RPS_EXCHANGE_TEXT_H
#define PURVEY_SESSION_RPS_EXCHANGE_TEXT_H

#include "base/err.h"
#include "base/str.h"

/* Slices of the text that was cut; empty where it had none. */
struct exchange_text {
    struct str ids;             /* Server=..,RequestId=..,TimeStamp=.. */
    struct str category;        /* AuthZ-AuthorizationException, Cmdlet-ManagementObjectNotFoundException */
    struct str text;            /* what is left */
};
struct exchange_text exchange_text_cut(struct str text);

/* What the category says about the kind of an error; ERR_NONE when it says nothing. quota: the text of a refused shell. */
enum err_kind exchange_category_kind(struct str category);
bool exchange_text_is_quota(struct str text);

#endif
