/* A queue of messages between the two threads, with a descriptor to wait on. The only lock of the program. */
#ifndef PURVEY_ENGINE_MAILBOX_H
#define PURVEY_ENGINE_MAILBOX_H

#include "engine/message.h"

struct mailbox;
struct mailbox *mailbox_new(struct err *err) MUST_USE;
void mailbox_free(struct mailbox *mailbox);                             /* frees what is in it */
void mailbox_post(struct mailbox *mailbox, struct message *message);    /* takes the message; wakes the reader */
struct message *mailbox_take(struct mailbox *mailbox);                  /* NULL when empty; the caller's to free */
int mailbox_fd(const struct mailbox *mailbox);                          /* readable while not empty (eventfd) */

#endif
