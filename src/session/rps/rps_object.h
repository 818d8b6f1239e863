/* Objects of remote PowerShell in the form of every other session (base/object.h). */
#ifndef PURVEY_SESSION_RPS_RPS_OBJECT_H
#define PURVEY_SESSION_RPS_RPS_OBJECT_H

#include "base/object.h"
#include "session/rps/clixml.h"

/* Fills object: Props, then MS; what is no object becomes a property Value. Enums by their words, spans of time as .NET writes
   them, bytes in base64, lists and objects within as JSON, dictionaries as pairs of _key and _value (rest.md section 5).
   Slices point into the value and into object->bytes. False with ERR_PROTOCOL when it grows over OBJECT_MAX_BYTES: few
   references can stand for very much. */
bool rps_object_fill(struct object *object, const struct clixml_value *value, struct err *err) MUST_USE;

#endif
