#include "auth/signer.h"

#include <stddef.h>

void signer_free(struct signer *signer)
{
    if (signer) {
        signer->class->free(signer);
    }
}
