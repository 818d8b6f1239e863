/* What Get-ConnectionInformation tells of a connection. */
#ifndef PURVEY_UI_CONNECTION_INFORMATION_H
#define PURVEY_UI_CONNECTION_INFORMATION_H

#include "base/json.h"
#include "engine/message.h"

/* One object with the official cmdlet's property names, the caller's. catalogue may be NULL. */
struct json *connection_information(uint64_t connection, const struct account *account, const struct options *options,
                                    const struct catalogue *catalogue, bool connected, int64_t now_unix) MUST_USE;

/* What the last answer said of the service's limits. */
void connection_take_rate(struct account *account, const struct job_progress *progress);

#endif
