/* What a cmdlet on the other side asks of the host that it believes to have: shown, answered, or refused, but never left
   without an answer (rps.md section 9, HOST_CALL). */
#ifndef PURVEY_SESSION_RPS_RPS_HOST_H
#define PURVEY_SESSION_RPS_RPS_HOST_H

#include "session/rps/clixml.h"
#include "session/session.h"

enum rps_host_kind { HOST_NOTHING, HOST_SHOW, HOST_WARN, HOST_ERROR, HOST_ASKS };
struct rps_host_effect {
    enum rps_host_kind kind;
    enum run_stream stream;         /* HOST_SHOW */
    struct buf text;                /* HOST_SHOW, _WARN, _ERROR; HOST_ASKS: the question that was answered with No */
    bool answered;                  /* a response is in the buffer and has to be sent */
};

/* Reads a host call, and appends the payload of its response to out when it wants one. A choice between yes and no is answered
   with no: who wants it done says so beforehand. What cannot be done is refused in words. The caller frees effect->text. */
void rps_host_call(const struct clixml_value *call, struct rps_host_effect *effect, struct buf *out);

#endif
