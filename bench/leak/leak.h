/* A covert channel is a way: somebody changes something, somebody else notices. Each way is tried by two processes that
 * have agreed on a clock and on nothing else: at the beginning of every slot the sender shows a bit that the kernel gave
 * it at random, and later in the slot the receiver writes down what it makes of it. Whoever started the two compares. */
#ifndef LEAK_H
#define LEAK_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum
{
    ALONE = 1,     /* other ways would disturb it, or it them */
    ROOT = 2,      /* outside of a cell it needs root */
    VALUE = 4,     /* the receiver writes numbers; above the middle is one */
    BUSY = 8,      /* the sender works, or does not, for the length of a slot */
    WATCH = 16,    /* the receiver watches from the beginning of a slot */
    CELL = 32,     /* there is nothing like it outside of a cell: the control is within one */
    SLOW = 64,     /* the kernel limits its rate: a long slot in controls */
    TERMINAL = 128 /* the two take turns on a terminal */
};

struct end
{
    const struct way *way;
    int sender;        /* which end this is */
    int slot;          /* the number of the bit */
    int64_t until;     /* BUSY and WATCH: when to stop, CLOCK_REALTIME in nanoseconds */
    int fd[4];
    long number[4];
    char *memory;
    char why[96];      /* what went wrong first */
};

struct way
{
    int row;           /* in docs/leaks.md */
    const char *name;
    int flags;
    const char *path;  /* what it is about; @ stands for the directory that both see read-only */
    long choice;       /* which of several things a function does */
    void (*open)(struct end *);
    void (*send)(struct end *, int bit);
    long (*receive)(struct end *);
    void (*rest)(struct end *); /* the sender's, at the end of a slot */
};

extern const struct way file_ways[], storage_ways[], lock_ways[], descriptor_ways[], memory_ways[], process_ways[],
    network_ways[], system_ways[], terminal_ways[], counter_ways[];

/* Where everything is. */
extern const char *directory;
extern int ports[3]; /* the sender's endpoint, the receiver's, and the one of both */

/* What exists before the two ends are started: as these descriptors, and as memory at this address. A cell must not have
 * them. */
enum
{
    PIPE_READ = 200, PIPE_WRITE, SECOND_READ, SECOND_WRITE, STREAM_READ, STREAM_WRITE, PACKET_READ, PACKET_WRITE,
    OFFSET, EVENT, AIO_EVENT, MEMORY, TIMER, EPOLL, RING
};
#define SHARED ((char *)0x200000000000)

void make_common(int share);

/* A name in a directory of all users, with the user's number. */
const char *own(const char *path);

/* The path of a way, in a buffer of its own. */
const char *place(const struct end *end);

/* Remembers the first failure, with errno. */
void fail(struct end *end, const char *what);
int failed(struct end *end, int result, const char *what);

int64_t now(void);
void sleep_until(int64_t time);
int busy(const struct end *end);

#endif
