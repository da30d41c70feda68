/* Descriptors, and communication between processes: rows 19 to 25. What must not be shared is made by make_common, before
 * the two ends exist, as descriptors and memory that a careless launcher would hand on. */
#include "leak.h"
#include <linux/io_uring.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

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
    { 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL },
};
