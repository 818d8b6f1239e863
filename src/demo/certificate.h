/* The demo tenant's own CA and its server certificate, made anew at each start. */
#ifndef PURVEY_DEMO_CERTIFICATE_H
#define PURVEY_DEMO_CERTIFICATE_H

#include "base/err.h"

/* PEM texts, owned by the caller: free each. */
struct certificate { char *ca_pem, *server_pem, *key_pem; };

/* EC P-256, good for 30 days, for every host name of the demo tenant. */
bool certificate_make(struct certificate *certificate, struct err *err) MUST_USE;
void certificate_free(struct certificate *certificate);     /* wipes the key */

#endif
