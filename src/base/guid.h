/* Random GUIDs (version 4) for client-request-id and connection-id (rest.md section 3). */
#ifndef PURVEY_BASE_GUID_H
#define PURVEY_BASE_GUID_H

#include "base/str.h"

struct guid { char text[37]; };

struct guid guid_new(void);                              /* getrandom; lower case, with hyphens */
bool guid_valid(struct str text);                        /* 8-4-4-4-12 hexadecimal digits, nothing around them */

#endif
