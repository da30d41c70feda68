/* Descriptors, and communication between processes: rows 19 to 31. What must not be shared is made by make_common, before
 * the two ends exist, as descriptors and memory that a careless launcher would hand on. */
#include "leak.h"
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <limits.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

enum { KEY = 0x6c65616b };

static void keep(int descriptor, int number)
{
    if (descriptor < 0 || dup2(descriptor, number) < 0)
    {
        perror("leak: what must not be shared cannot be made");
        exit(3);
    }
    close(descriptor);
}

static void keep_pair(int result, const int pair[2], int number)
{
    keep(result < 0 ? result : pair[0], number);
    keep(pair[1], number + 1);
}

void make_common(int share)
{
    int pair[2];
    keep_pair(pipe2(pair, O_NONBLOCK), pair, PIPE_READ);
    keep_pair(pipe2(pair, O_NONBLOCK), pair, SECOND_READ);
    keep_pair(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), pair, STREAM_READ);
    keep_pair(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair), pair, PACKET_READ);
    keep(memfd_create("offset", 0), OFFSET);
    keep(eventfd(0, EFD_NONBLOCK), EVENT);
    keep(eventfd(0, EFD_NONBLOCK), AIO_EVENT);
    keep(memfd_create("shared", 0), MEMORY);
    keep(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), TIMER);
    keep(epoll_create1(0), EPOLL);
    struct io_uring_params parameters = { 0 };
    int ring = syscall(SYS_io_uring_setup, 64, &parameters);
    if (ring >= 0)
    {
        keep(ring, RING);
    }
    if (mmap(SHARED, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED)
    {
        keep(-1, 0);
    }

    /* Controls by root mount, and name the host, without anybody else seeing it. */
    if (share && geteuid() == 0 && unshare(CLONE_NEWNS | CLONE_NEWUTS) == 0)
    {
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
    }
}

/* The choice is the end to write to; the one to read from is the number before it. */
static void send_byte(struct end *end, int bit)
{
    if (bit)
    {
        failed(end, write(end->way->choice, "1", 1), "write");
    }
}

static long receive_byte(struct end *end)
{
    char text[64];
    ssize_t got = read(end->way->choice - 1, text, sizeof text);
    if (got < 0 && errno != EAGAIN)
    {
        fail(end, "read");
    }
    return got > 0;
}

/* A named pipe of the base, that a cell can open for reading. */
static void open_fifo(struct end *end)
{
    end->fd[0] = open(place(end), (end->sender ? O_RDWR : O_RDONLY) | O_NONBLOCK);
    failed(end, end->fd[0], "open");
}

static void send_fifo(struct end *end, int bit)
{
    if (bit)
    {
        failed(end, write(end->fd[0], "1", 1), "write");
    }
}

static long receive_fifo(struct end *end)
{
    char text[64];
    return read(end->fd[0], text, sizeof text) > 0;
}

static void open_size(struct end *end)
{
    if (end->way->path[0])
    {
        end->fd[0] = open(place(end), O_RDONLY | O_NONBLOCK);
        failed(end, end->fd[0], "open");
    }
    else
    {
        end->fd[0] = end->way->choice;
    }
}

static void send_size(struct end *end, int bit)
{
    failed(end, fcntl(end->fd[0], F_SETPIPE_SZ, bit ? 32768 : 65536), "F_SETPIPE_SZ");
}

static long receive_size(struct end *end)
{
    int size = fcntl(end->fd[0], F_GETPIPE_SZ);
    failed(end, size, "F_GETPIPE_SZ");
    return size == 32768;
}

static void send_offset(struct end *end, int bit)
{
    failed(end, lseek(OFFSET, bit ? 0x1234567 : 0, SEEK_SET), "lseek");
}

static long receive_offset(struct end *end)
{
    off_t offset = lseek(OFFSET, 0, SEEK_CUR);
    failed(end, offset, "lseek");
    return offset == 0x1234567;
}

/* The number of a signal that nobody sends: kept by the open file description. */
static void send_signal_number(struct end *end, int bit)
{
    failed(end, fcntl(end->way->choice, F_SETSIG, bit ? SIGURG : 0), "F_SETSIG");
}

static long receive_signal_number(struct end *end)
{
    int number = fcntl(end->way->choice, F_GETSIG);
    failed(end, number, "F_GETSIG");
    return number == SIGURG;
}

static void send_descriptor(struct end *end, int bit)
{
    char control[CMSG_SPACE(sizeof(int))] = { 0 };
    struct iovec data = { "d", 1 };
    struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    *(int *)CMSG_DATA(header) = 1;
    if (bit)
    {
        failed(end, sendmsg(PACKET_WRITE, &message, 0), "sendmsg");
    }
}

static long receive_descriptor(struct end *end)
{
    char control[CMSG_SPACE(sizeof(int))] = { 0 }, text[16];
    struct iovec data = { text, sizeof text };
    struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
    ssize_t got = recvmsg(PACKET_READ, &message, 0);
    if (got < 0 && errno != EAGAIN)
    {
        fail(end, "recvmsg");
    }
    struct cmsghdr *header = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header)
    {
        close(*(int *)CMSG_DATA(header));
    }
    return header != NULL;
}

static void send_event(struct end *end, int bit)
{
    uint64_t one = 1;
    if (bit)
    {
        failed(end, write(EVENT, &one, sizeof one), "write");
    }
}

static long receive_event(struct end *end)
{
    uint64_t count = 0;
    if (read(EVENT, &count, sizeof count) < 0 && errno != EAGAIN)
    {
        fail(end, "read");
    }
    return count > 0;
}

static void send_memory(struct end *end, int bit)
{
    failed(end, pwrite(MEMORY, bit ? "1" : "0", 1, 0), "pwrite");
}

static long receive_memory(struct end *end)
{
    char text[1] = "";
    failed(end, pread(MEMORY, text, 1, 0), "pread");
    return text[0] == '1';
}

static void send_timer(struct end *end, int bit)
{
    struct itimerspec when = { .it_value = { bit ? 1000 : 0, 0 } };
    failed(end, timerfd_settime(TIMER, 0, &when, NULL), "timerfd_settime");
}

static long receive_timer(struct end *end)
{
    struct itimerspec when = { 0 };
    failed(end, timerfd_gettime(TIMER, &when), "timerfd_gettime");
    return when.it_value.tv_sec > 0;
}

static void send_epoll(struct end *end, int bit)
{
    struct epoll_event event = { .events = EPOLLOUT };
    if (end->fd[0] < 0)
    {
        end->fd[0] = eventfd(0, 0);
    }
    int result = epoll_ctl(EPOLL, bit ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, end->fd[0], &event);
    if (result < 0 && errno != EEXIST && errno != ENOENT)
    {
        fail(end, "epoll_ctl");
    }
}

static long receive_epoll(struct end *end)
{
    struct epoll_event event;
    int found = epoll_wait(EPOLL, &event, 1, 0);
    failed(end, found, "epoll_wait");
    return found > 0;
}

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

const struct way descriptor_ways[] = {
    { 19, "a pipe from before", 0, "", PIPE_WRITE, NULL, send_byte, receive_byte, NULL },
    { 19, "a named pipe of the base", 0, "@/fifo", 0, open_fifo, send_fifo, receive_fifo, NULL },
    { 19, "a named pipe in the working directory", 0, "fifo", 0, open_fifo, send_fifo, receive_fifo, NULL },
    { 19, "size of a named pipe of the base", 0, "@/fifo-size", 0, open_size, send_size, receive_size, NULL },
    { 19, "size of the pipe that is standard output", 0, "", 1, open_size, send_size, receive_size, NULL },
    { 20, "offset of an open file description from before", 0, "", 0, NULL, send_offset, receive_offset, NULL },
    { 20, "signal of standard input", 0, "", 0, NULL, send_signal_number, receive_signal_number, NULL },
    { 20, "signal of standard output", 0, "", 1, NULL, send_signal_number, receive_signal_number, NULL },
    { 20, "signal of standard error", 0, "", 2, NULL, send_signal_number, receive_signal_number, NULL },
    { 23, "a socket pair from before", 0, "", STREAM_WRITE, NULL, send_byte, receive_byte, NULL },
    { 24, "a descriptor over a socket pair from before", 0, "", 0, NULL, send_descriptor, receive_descriptor, NULL },
    { 25, "an eventfd from before", 0, "", 0, NULL, send_event, receive_event, NULL },
    { 25, "a memfd from before", 0, "", 0, NULL, send_memory, receive_memory, NULL },
    { 25, "a timerfd from before", 0, "", 0, NULL, send_timer, receive_timer, NULL },
    { 25, "an epoll from before", 0, "", 0, NULL, send_epoll, receive_epoll, NULL },
    { 26, "System V shared memory", 0, "", 0, NULL, send_segment, receive_segment, NULL },
    { 26, "System V semaphore", 0, "", 0, NULL, send_semaphore, receive_semaphore, NULL },
    { 26, "System V message queue", 0, "", 0, NULL, send_message, receive_message, NULL },
    { 26, "POSIX message queue", 0, "", 0, NULL, send_queue, receive_queue, NULL },
    { 27, "memory from before", 0, "", 0, NULL, send_shared, receive_shared, NULL },
    { 28, "futex in memory from before", WATCH, "", 0, open_futex, send_futex, receive_futex, NULL },
    { 28, "futex in a mapped file of the base", WATCH, "@/futex", 0, open_futex, send_futex, receive_futex, NULL },
    { 29, "io_uring from before", 0, "", 0, open_ring, send_ring, receive_ring, NULL },
    { 30, "asynchronous reads that report to an eventfd", 0, "", 0, open_aio, send_aio, receive_aio, NULL },
    { 31, "a key of the user's key ring", 0, "", 0, NULL, send_key, receive_key, NULL },
    { 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL },
};
