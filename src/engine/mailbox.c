#include "engine/mailbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"

struct mailbox {
    pthread_mutex_t lock;
    struct message *first, *last;
    int wake_fd;
};

struct mailbox *mailbox_new(struct err *err)
{
    int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_fd < 0) {
        err_errno(err, "cannot make a mailbox");
        return NULL;
    }
    struct mailbox *mailbox = MEM_NEW(struct mailbox);
    pthread_mutex_init(&mailbox->lock, NULL);
    mailbox->wake_fd = wake_fd;
    return mailbox;
}

void mailbox_free(struct mailbox *mailbox)
{
    if (!mailbox) {
        return;
    }
    for (struct message *message; (message = mailbox_take(mailbox));) {
        message_free(message);
    }
    pthread_mutex_destroy(&mailbox->lock);
    close(mailbox->wake_fd);
    free(mailbox);
}

void mailbox_post(struct mailbox *mailbox, struct message *message)
{
    message->next = NULL;
    pthread_mutex_lock(&mailbox->lock);
    bool was_empty = !mailbox->first;
    if (was_empty) {
        mailbox->first = message;
    } else {
        mailbox->last->next = message;
    }
    mailbox->last = message;
    if (was_empty) {
        eventfd_write(mailbox->wake_fd, 1);
    }
    pthread_mutex_unlock(&mailbox->lock);
}

/* The descriptor is written on the first message and read with the last, both under the lock, so that it is readable
   exactly while the box is not empty. */
struct message *mailbox_take(struct mailbox *mailbox)
{
    pthread_mutex_lock(&mailbox->lock);
    struct message *message = mailbox->first;
    if (message) {
        mailbox->first = message->next;
        message->next = NULL;
        if (!mailbox->first) {
            eventfd_t count;
            mailbox->last = NULL;
            eventfd_read(mailbox->wake_fd, &count);
        }
    }
    pthread_mutex_unlock(&mailbox->lock);
    return message;
}

int mailbox_fd(const struct mailbox *mailbox)
{
    return mailbox->wake_fd;
}
