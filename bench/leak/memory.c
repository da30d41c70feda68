/* Memory in common, queues, rings and keys: rows 26 to 31. */
#include "leak.h"
#include <limits.h>
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>

enum { KEY = 0x6c65616b };

/* System V and POSIX. */
static void send_segment(struct end *end, int bit)
{
    int segment = shmget(KEY, 4096, IPC_CREAT | 0666);
    char *memory = failed(end, segment, "shmget") ? (void *)-1 : shmat(segment, NULL, 0);
    if (memory != (void *)-1)
    {
        memory[0] = bit;
        shmdt(memory);
    }
}

static long receive_segment(struct end *end)
{
    int segment = shmget(KEY, 4096, 0), value = 0;
    char *memory = failed(end, segment, "shmget") ? (void *)-1 : shmat(segment, NULL, 0);
    if (memory != (void *)-1)
    {
        value = memory[0];
        shmdt(memory);
    }
    return value;
}

static void send_semaphore(struct end *end, int bit)
{
    int set = semget(KEY, 1, IPC_CREAT | 0666);
    failed(end, set < 0 ? -1 : semctl(set, 0, SETVAL, bit), "semctl");
}

static long receive_semaphore(struct end *end)
{
    int set = semget(KEY, 1, 0);
    int value = set < 0 ? -1 : semctl(set, 0, GETVAL);
    failed(end, value, "semctl");
    return value == 1;
}

static void send_message(struct end *end, int bit)
{
    struct { long type; char text[1]; } message = { 1, "1" };
    int queue = msgget(KEY, IPC_CREAT | 0666);
    if (bit)
    {
        failed(end, queue < 0 ? -1 : msgsnd(queue, &message, 1, IPC_NOWAIT), "msgsnd");
    }
}

static long receive_message(struct end *end)
{
    struct { long type; char text[1]; } message;
    int queue = msgget(KEY, 0);
    ssize_t got = queue < 0 ? -1 : msgrcv(queue, &message, 1, 0, IPC_NOWAIT);
    if (got < 0 && errno != ENOMSG)
    {
        fail(end, "msgrcv");
    }
    return got > 0;
}

static void send_queue(struct end *end, int bit)
{
    mqd_t queue = mq_open("/leak", O_WRONLY | O_CREAT | O_NONBLOCK, 0666, NULL);
    if (bit)
    {
        failed(end, queue < 0 ? -1 : mq_send(queue, "1", 1, 0), "mq_send");
    }
    mq_close(queue);
}

static long receive_queue(struct end *end)
{
    char text[8192];
    mqd_t queue = mq_open("/leak", O_RDONLY | O_NONBLOCK);
    ssize_t got = queue < 0 ? -1 : mq_receive(queue, text, sizeof text, NULL);
    if (got < 0 && errno != EAGAIN)
    {
        fail(end, "mq_receive");
    }
    mq_close(queue);
    return got > 0;
}

/* Memory that was mapped before the two were started. The kernel is asked to read it, so that memory that is not there
 * is an error and not the end. */
static void send_shared(struct end *end, int bit)
{
    int own[2];
    if (failed(end, pipe(own), "pipe"))
    {
        return;
    }
    failed(end, write(own[1], bit ? "1" : "0", 1), "write");
    failed(end, read(own[0], SHARED, 1), "read");
    close(own[0]);
    close(own[1]);
}

static long receive_shared(struct end *end)
{
    int own[2];
    char text[1] = "";
    if (failed(end, pipe(own), "pipe"))
    {
        return 0;
    }
    if (!failed(end, write(own[1], SHARED, 1), "write"))
    {
        failed(end, read(own[0], text, 1), "read");
    }
    close(own[0]);
    close(own[1]);
    return text[0] == '1';
}

/* A futex needs memory in common, and a page of a file that both can read is such memory: futex(2) knows it by its inode. */
static void open_futex(struct end *end)
{
    if (!end->way->path[0])
    {
        end->memory = SHARED + 64;
        return;
    }
    int file = open(place(end), O_RDONLY);
    if (!failed(end, file, "open"))
    {
        void *memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
        end->memory = memory == MAP_FAILED ? NULL : memory;
        close(file);
    }
}

static void send_futex(struct end *end, int bit)
{
    if (bit)
    {
        failed(end, syscall(SYS_futex, end->memory, FUTEX_WAKE, INT_MAX, NULL, NULL, 0), "FUTEX_WAKE");
    }
}

static void open_end(struct end *end)
{
    open_futex(end);
    end->memory = end->memory ? (char *)end->memory + 64 : NULL;
}

/* Who ends while others have its memory wakes as well, set_tid_address(2), and need not be able to write there. */
static void send_end(struct end *end, int bit)
{
    pid_t child = bit ? vfork() : -1;
    if (child == 0)
    {
        syscall(SYS_set_tid_address, end->memory);
        _exit(0);
    }
    if (bit && !failed(end, child, "vfork"))
    {
        waitpid(child, NULL, 0);
    }
}

static long receive_futex(struct end *end)
{
    struct timespec left = { 0, end->until - now() };
    if (left.tv_nsec <= 0)
    {
        return 0;
    }
    if (syscall(SYS_futex, end->memory, FUTEX_WAIT, 0, &left, NULL, 0) == 0)
    {
        return 1;
    }
    if (errno != ETIMEDOUT && errno != EAGAIN)
    {
        fail(end, "FUTEX_WAIT");
    }
    return 0;
}

/* Rings: whether a ring that both have has completed something. */
static void open_ring(struct end *end)
{
    void *memory = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_SHARED, RING, IORING_OFF_SQ_RING);
    end->memory = memory == MAP_FAILED ? NULL : memory;
    if (end->sender && end->memory)
    {
        memory = mmap(NULL, 64 * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE, MAP_SHARED, RING, IORING_OFF_SQES);
        end->number[1] = (long)memory;
    }
    if (!end->memory)
    {
        struct io_uring_params parameters = { 0 };
        failed(end, syscall(SYS_io_uring_setup, 4, &parameters), "io_uring_setup");
        fail(end, "mmap");
    }
}

/* Both rings are one mapping, which begins with the head and the tail of the one and of the other. */
static void send_ring(struct end *end, int bit)
{
    if (bit && end->memory)
    {
        /* Entry 0 is IORING_OP_NOP, all zeros, and so is the array of indices. */
        uint32_t *tail = (uint32_t *)end->memory + 1;
        ++*tail;
        failed(end, syscall(SYS_io_uring_enter, RING, 1, 0, 0, NULL, 0), "io_uring_enter");
    }
}

static long receive_ring(struct end *end)
{
    long before = end->number[0];
    end->number[0] = end->memory ? ((uint32_t *)end->memory)[3] : 0;
    return end->number[0] != before;
}

/* Asynchronous reads that report to an event counter. */
static void open_aio(struct end *end)
{
    if (end->sender)
    {
        end->fd[0] = open("/proc/self/exe", O_RDONLY);
        failed(end, syscall(SYS_io_setup, 64, &end->number[0]), "io_setup");
    }
}

static void send_aio(struct end *end, int bit)
{
    static char byte[512];
    struct io_event done;
    struct iocb call = {
        .aio_fildes = end->fd[0], .aio_lio_opcode = IOCB_CMD_PREAD, .aio_buf = (uintptr_t)byte, .aio_nbytes = 512,
        .aio_flags = IOCB_FLAG_RESFD, .aio_resfd = AIO_EVENT,
    };
    struct iocb *list[] = { &call };
    if (bit)
    {
        failed(end, syscall(SYS_io_submit, end->number[0], 1, list), "io_submit");
        syscall(SYS_io_getevents, end->number[0], 0, 1, &done, NULL);
    }
}

static long receive_aio(struct end *end)
{
    uint64_t count = 0;
    if (read(AIO_EVENT, &count, sizeof count) < 0 && errno != EAGAIN)
    {
        fail(end, "read");
    }
    return count > 0;
}

static void send_key(struct end *end, int bit)
{
    failed(end, syscall(SYS_add_key, "user", "leak", bit ? "1" : "0", 1, -4), "add_key");
}

static long receive_key(struct end *end)
{
    char text[1] = "";
    long key = syscall(SYS_keyctl, 10 /* KEYCTL_SEARCH */, -4, "user", "leak", 0);
    if (!failed(end, key, "keyctl"))
    {
        failed(end, syscall(SYS_keyctl, 11 /* KEYCTL_READ */, key, text, 1), "keyctl");
    }
    return text[0] == '1';
}

const struct way memory_ways[] = {
    { 26, "System V shared memory", 0, "", 0, NULL, send_segment, receive_segment, NULL },
    { 26, "System V semaphore", 0, "", 0, NULL, send_semaphore, receive_semaphore, NULL },
    { 26, "System V message queue", 0, "", 0, NULL, send_message, receive_message, NULL },
    { 26, "POSIX message queue", 0, "", 0, NULL, send_queue, receive_queue, NULL },
    { 27, "memory from before", 0, "", 0, NULL, send_shared, receive_shared, NULL },
    { 28, "futex in memory from before", WATCH, "", 0, open_futex, send_futex, receive_futex, NULL },
    { 28, "futex in a mapped file of the base", WATCH, "@/futex", 0, open_futex, send_futex, receive_futex, NULL },
    { 28, "futex in a mapped file, woken by an end", WATCH, "@/futex", 0, open_end, send_end, receive_futex, NULL },
    { 29, "io_uring from before", 0, "", 0, open_ring, send_ring, receive_ring, NULL },
    { 30, "asynchronous reads that report to an eventfd", 0, "", 0, open_aio, send_aio, receive_aio, NULL },
    { 31, "a key of the user's key ring", 0, "", 0, NULL, send_key, receive_key, NULL },
    { 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL },
};
