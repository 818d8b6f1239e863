/* What a server tells about itself when a pool is opened: APPLICATION_PRIVATE_DATA (rps.md sections 8 and 9). */
#ifndef PURVEY_SESSION_RPS_RPS_PRIVATE_DATA_H
#define PURVEY_SESSION_RPS_RPS_PRIVATE_DATA_H

#include "session/rps/clixml.h"

/* All zeros = nothing was told. */
struct rps_private_data {
    char version[64];           /* of the engine there; "" = not said */
    char commands_hash[64];     /* changes when its commands do; "" = not said */
    struct buf skipped;         /* commands that are not for import, a line each */
};

void rps_private_data_read(struct rps_private_data *data, const struct clixml_value *message);    /* in place of what was told before */
void rps_private_data_free(struct rps_private_data *data);
bool rps_private_data_skips(const struct rps_private_data *data, struct str command);       /* case-blind */

#endif
