/* The control page for tests: approvals, the fault dial, what was asked (issue: "a fault dial for tests"). */
#ifndef PURVEY_DEMO_CONTROL_H
#define PURVEY_DEMO_CONTROL_H

#include "demo/demo.h"

struct control *control_new(void);
void control_free(struct control *control);
const char *control_key(const struct control *control);

/* Requests to DEMO_CONTROL_HOST. Called with the lock held. */
void control_handle(struct demo *demo, const struct demo_request *request, struct demo_reply *reply);

/* Remembers a request for GET /requests and counts it for GET /stats; secrets are left out. */
void control_note(struct control *control, const struct demo_request *request);

/* What the fault dial says about a request. action FAULT_NONE: answer as ever. The fault is used up by the call. */
enum fault_action { FAULT_NONE, FAULT_STATUS, FAULT_DELAY, FAULT_CUT, FAULT_RESET, FAULT_GARBAGE, FAULT_NUL, FAULT_EMPTY };
struct fault {
    enum fault_action action;
    int status, delay_ms;
    size_t after_bytes;         /* CUT: bytes of the body that still come */
    char retry_after[16], header_name[64], header_value[512], body[4096];
};
struct fault control_fault(struct control *control, const struct demo_request *request);

#endif
