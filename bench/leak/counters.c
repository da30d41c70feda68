/* Numbers that the kernel gives out by one counter for the whole machine, and shows in /proc/PID, where no mount hides a file
 * of every process, in an event or over netlink: rows 9, 11, 39 and 52. */
#include "leak.h"
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { MANY = 64 };

/* What the sender holds until the end of a slot. */
static int held[MANY];

/* The receiver tells how far a counter went since it looked last. */
static long since(struct end *end, long number)
{
    long before = end->number[0];
    end->number[0] = number;
    return number - before;
}

static long number_behind(struct end *end, const char *path, const char *words)
{
    char text[8192], *found;
    int file = open(path, O_RDONLY);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    close(file);
    if (length < 0)
    {
        fail(end, "read");
        return 0;
    }
    text[length] = 0;
    found = strstr(text, words);
    return found ? atol(found + strlen(words)) : 0;
}

/* Children that do nothing but end, perhaps in a session of their own. */
static void send_children(struct end *end, int bit)
{
    for (int i = 0; bit && i < MANY; i++)
    {
        pid_t child = fork();
        if (child == 0)
        {
            if (end->way->choice)
            {
                setsid();
            }
            _exit(0);
        }
        waitpid(child, NULL, 0);
    }
}

static long receive_pidfd(struct end *end)
{
    struct stat status = { 0 };
    pid_t child = fork();
    if (child == 0)
    {
        _exit(0);
    }
    int process = syscall(SYS_pidfd_open, child, 0);
    if (!failed(end, process, "pidfd_open"))
    {
        fstat(process, &status);
        close(process);
    }
    waitpid(child, NULL, 0);
    return since(end, status.st_ino);
}

/* A session has a number of its own in the scheduler, sched(7). */
static long receive_session(struct end *end)
{
    int ends[2];
    long number = 0;
    if (failed(end, pipe(ends), "pipe"))
    {
        return 0;
    }
    pid_t child = fork();
    if (child == 0)
    {
        setsid();
        number = number_behind(end, "/proc/self/autogroup", "/autogroup-");
        _exit(write(ends[1], &number, sizeof number) != sizeof number);
    }
    close(ends[1]);
    failed(end, read(ends[0], &number, sizeof number) == sizeof number ? 0 : -1, "/proc/self/autogroup");
    close(ends[0]);
    waitpid(child, NULL, 0);
    return since(end, number);
}

static void hold(struct end *end, int bit)
{
    for (int i = 0; bit && i < MANY; i++)
    {
        held[i] = end->way->choice ? socket(AF_INET, SOCK_STREAM, 0) : eventfd(0, 0);
        failed(end, held[i], end->way->choice ? "socket" : "eventfd");
    }
}

static void let_go(struct end *end)
{
    (void)end;
    for (int i = 0; i < MANY; i++)
    {
        if (held[i] > 0)
        {
            close(held[i]);
        }
        held[i] = 0;
    }
}

static long receive_event_number(struct end *end)
{
    char path[64];
    int event = eventfd(0, 0);
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", event);
    long number = number_behind(end, path, "eventfd-id:");
    close(event);
    return number;
}

static long receive_sockets(struct end *end)
{
    return number_behind(end, "/proc/self/net/sockstat", " alloc ");
}

/* Neighbours are in one table for all networks, and how often one was looked for is counted for all. */
static int ask_neighbours(struct end *end, struct nlmsghdr *question, void *answer, size_t room)
{
    struct timeval wait = { 0, 10000 };
    int asked = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    failed(end, setsockopt(asked, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait), "SO_RCVTIMEO");
    failed(end, send(asked, question, question->nlmsg_len, 0), "send");
    ssize_t length = recv(asked, answer, room, 0);
    failed(end, length, "recv");
    close(asked);
    return length;
}

static void send_neighbours(struct end *end, int bit)
{
    struct {
        struct nlmsghdr header;
        struct ndmsg neighbour;
        struct rtattr kind;
        unsigned char address[4];
    } question = {
        { sizeof question, RTM_GETNEIGH, NLM_F_REQUEST, 1, 0 }, { .ndm_family = AF_INET, .ndm_ifindex = 1 },
        { sizeof question.kind + 4, NDA_DST }, { 127, 0, 0, 9 },
    };
    char answer[1024];
    for (int i = 0; bit && i < MANY; i++)
    {
        ask_neighbours(end, &question.header, answer, sizeof answer);
    }
}

static long receive_neighbours(struct end *end)
{
    struct {
        struct nlmsghdr header;
        struct ndtmsg table;
    } question = { { sizeof question, RTM_GETNEIGHTBL, NLM_F_REQUEST | NLM_F_DUMP, 1, 0 }, { .ndtm_family = AF_INET } };
    char answer[16384] __attribute__((aligned(8)));
    long number = end->number[0];
    int length = ask_neighbours(end, &question.header, answer, sizeof answer);
    for (struct nlmsghdr *one = (void *)answer; NLMSG_OK(one, length); one = NLMSG_NEXT(one, length))
    {
        int left = one->nlmsg_len - NLMSG_LENGTH(sizeof question.table);
        struct rtattr *field = (void *)((char *)NLMSG_DATA(one) + NLMSG_ALIGN(sizeof question.table));
        for (; one->nlmsg_type == RTM_NEWNEIGHTBL && RTA_OK(field, left); field = RTA_NEXT(field, left))
        {
            number = field->rta_type == NDTA_STATS ? (long)((struct ndt_stats *)RTA_DATA(field))->ndts_lookups : number;
        }
    }
    return since(end, number);
}

static long cookie(struct end *end)
{
    uint64_t number = 0;
    socklen_t length = sizeof number;
    int one = socket(AF_UNIX, SOCK_STREAM, 0);
    failed(end, getsockopt(one, SOL_SOCKET, SO_COOKIE, &number, &length), "SO_COOKIE");
    close(one);
    return number;
}

/* They come in lots for each processor. */
static void on_first_processor(struct end *end)
{
    cpu_set_t first;
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    failed(end, sched_setaffinity(0, sizeof first, &first), "sched_setaffinity");
}

static void send_cookies(struct end *end, int bit)
{
    for (int i = 0; bit && i < 300; i++)
    {
        cookie(end);
    }
}

static long receive_cookie(struct end *end)
{
    return since(end, cookie(end));
}

/* Both halves of a renaming tell the same number. */
static void open_renamed(struct end *end)
{
    char made[300];
    snprintf(made, sizeof made, "%s-%d", place(end), end->sender);
    close(open(made, O_CREAT | O_WRONLY, 0600));
    end->fd[0] = inotify_init1(IN_NONBLOCK);
    if (!end->sender && !failed(end, end->fd[0], "inotify_init1"))
    {
        failed(end, inotify_add_watch(end->fd[0], made, IN_MOVE_SELF), "inotify_add_watch");
        char *name = strrchr(made, '/');
        strcpy(name ? name : made, name ? "" : ".");
        failed(end, inotify_add_watch(end->fd[0], made, IN_MOVED_TO), "inotify_add_watch");
    }
}

static void rename_there_and_back(struct end *end)
{
    char made[300], other[310];
    snprintf(made, sizeof made, "%s-%d", place(end), end->sender);
    snprintf(other, sizeof other, "%s-other", made);
    failed(end, rename(made, other), "rename");
    failed(end, rename(other, made), "rename");
}

static void send_renames(struct end *end, int bit)
{
    for (int i = 0; bit && i < MANY; i++)
    {
        rename_there_and_back(end);
    }
}

static long receive_rename(struct end *end)
{
    char text[4096] __attribute__((aligned(8)));
    long number = end->number[0];
    rename_there_and_back(end);
    ssize_t length = read(end->fd[0], text, sizeof text);
    for (char *at = text; at < text + length; at += sizeof(struct inotify_event) + ((struct inotify_event *)at)->len)
    {
        number = ((struct inotify_event *)at)->cookie ? ((struct inotify_event *)at)->cookie : number;
    }
    return since(end, number);
}

/* Whether a page of a file is mapped by one process only, proc_pid_pagemap(5). */
static void open_mapped(struct end *end)
{
    end->fd[0] = open(place(end), O_RDONLY);
    failed(end, end->fd[0], "open");
}

static void send_mapped(struct end *end, int bit)
{
    if (bit)
    {
        void *memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_POPULATE, end->fd[0], 0);
        end->memory = memory == MAP_FAILED ? NULL : memory;
        failed(end, end->memory ? 0 : -1, "mmap");
    }
}

static void rest_mapped(struct end *end)
{
    if (end->memory)
    {
        munmap(end->memory, 4096);
        end->memory = NULL;
    }
}

static long receive_mapped(struct end *end)
{
    uint64_t entry = 0;
    void *memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_POPULATE, end->fd[0], 0);
    int pages = open("/proc/self/pagemap", O_RDONLY);
    failed(end, pread(pages, &entry, sizeof entry, (uintptr_t)memory / 4096 * 8) == sizeof entry ? 0 : -1, "/proc/self/pagemap");
    close(pages);
    munmap(memory, 4096);
    return entry >> 63 && !(entry >> 56 & 1);
}

const struct way counter_ways[] = {
    { 11, "cookie of a rename", ALONE | VALUE, "renamed", 0, open_renamed, send_renames, receive_rename, NULL },
    { 9, "pages that others have mapped", ALONE, "@/mapped", 0, open_mapped, send_mapped, receive_mapped, rest_mapped },
    { 11, "number of an eventfd", ALONE | VALUE, "", 0, NULL, hold, receive_event_number, let_go },
    { 39, "inode of a pidfd", ALONE | VALUE, "", 0, NULL, send_children, receive_pidfd, NULL },
    { 11, "number of a session", ALONE | VALUE, "", 1, NULL, send_children, receive_session, NULL },
    { 52, "sockets in /proc/net", ALONE | VALUE, "", 1, NULL, hold, receive_sockets, let_go },
    { 52, "neighbours looked for, netlink", ALONE | VALUE, "", 0, NULL, send_neighbours, receive_neighbours, NULL },
    { 52, "cookie of a socket", ALONE | VALUE, "", 0, on_first_processor, send_cookies, receive_cookie, NULL },
    { 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL },
};
