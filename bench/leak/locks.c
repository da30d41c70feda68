/* Locks, and being told of what others do: rows 7, 8 and 44. */
#include "leak.h"
#include <dirent.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>

enum { FLOCK, POSIX, OFD, LEASE };

static void open_file(struct end *end)
{
    end->fd[0] = open(place(end), O_RDONLY | O_CLOEXEC);
    failed(end, end->fd[0], "open");
}

static void send_lock(struct end *end, int bit)
{
    struct flock lock = { .l_type = bit ? F_RDLCK : F_UNLCK, .l_whence = SEEK_SET, .l_start = 0x123456789aLL, .l_len = 1 };
    switch (end->way->choice)
    {
        case FLOCK: failed(end, flock(end->fd[0], bit ? LOCK_EX | LOCK_NB : LOCK_UN), "flock"); break;
        case POSIX: failed(end, fcntl(end->fd[0], F_SETLK, &lock), "F_SETLK"); break;
        case OFD: failed(end, fcntl(end->fd[0], F_OFD_SETLK, &lock), "F_OFD_SETLK"); break;
        default: failed(end, fcntl(end->fd[0], F_SETLEASE, bit ? F_WRLCK : F_UNLCK), "F_SETLEASE"); break;
    }
}

static long receive_lock(struct end *end)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0 };
    int taken;
    switch (end->way->choice)
    {
        case FLOCK:
            taken = flock(end->fd[0], LOCK_EX | LOCK_NB) < 0;
            if (taken && errno != EWOULDBLOCK)
            {
                fail(end, "flock");
                return 0;
            }
            flock(end->fd[0], LOCK_UN);
            return taken;
        case POSIX:
            return !failed(end, fcntl(end->fd[0], F_GETLK, &lock), "F_GETLK") && lock.l_type != F_UNLCK;
        case OFD:
            return !failed(end, fcntl(end->fd[0], F_OFD_GETLK, &lock), "F_OFD_GETLK") && lock.l_type != F_UNLCK;
        default:
            close(end->fd[0]);
            end->fd[0] = open(place(end), O_RDONLY | O_NONBLOCK);
            taken = end->fd[0] < 0 && errno == EWOULDBLOCK;
            close(end->fd[0]);
            return taken;
    }
}

static void open_lease(struct end *end)
{
    if (end->sender)
    {
        open_file(end);
    }
}

static void open_writable(struct end *end)
{
    end->fd[0] = open(place(end), O_RDWR | O_CLOEXEC);
    failed(end, end->fd[0], "open");
}

/* With a descriptor for writing a lock need not be for reading only. */
static void send_write_lock(struct end *end, int bit)
{
    struct flock lock = { .l_type = bit ? F_WRLCK : F_UNLCK, .l_whence = SEEK_SET, .l_start = 7, .l_len = 1 };
    failed(end, fcntl(end->fd[0], F_SETLK, &lock), "F_SETLK");
}

static long receive_write_lock(struct end *end)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 7, .l_len = 1 };
    return !failed(end, fcntl(end->fd[0], F_GETLK, &lock), "F_GETLK") && lock.l_type != F_UNLCK;
}

/* Being told. */
static void open_watch(struct end *end)
{
    if (!end->sender)
    {
        end->fd[0] = inotify_init1(IN_NONBLOCK);
        failed(end, end->fd[0], "inotify_init1");
        failed(end, inotify_add_watch(end->fd[0], place(end), IN_OPEN | IN_ACCESS), "inotify_add_watch");
    }
}

static void send_open(struct end *end, int bit)
{
    char byte;
    if (bit)
    {
        int file = open(place(end), O_RDONLY);
        if (!failed(end, file, "open"))
        {
            failed(end, read(file, &byte, 1), "read");
            close(file);
        }
    }
}

static long receive_events(struct end *end)
{
    char events[4096];
    long found = 0;
    while (read(end->fd[0], events, sizeof events) > 0)
    {
        found = 1;
    }
    return found;
}

static void open_directory_watch(struct end *end)
{
    if (end->sender)
    {
        return;
    }
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGRTMIN + 3);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    char parent[4096];
    snprintf(parent, sizeof parent, "%s", place(end));
    *strrchr(parent, '/') = 0;
    end->fd[0] = open(parent, O_RDONLY | O_DIRECTORY);
    failed(end, fcntl(end->fd[0], F_SETSIG, SIGRTMIN + 3), "F_SETSIG");
    failed(end, fcntl(end->fd[0], F_NOTIFY, DN_ACCESS | DN_MULTISHOT), "F_NOTIFY");
}

static long receive_signals(struct end *end)
{
    sigset_t signals;
    struct timespec none = { 0, 0 };
    long found = 0;
    (void)end;
    sigemptyset(&signals);
    sigaddset(&signals, SIGRTMIN + 3);
    while (sigtimedwait(&signals, NULL, &none) > 0)
    {
        found = 1;
    }
    return found;
}

static void open_fanotify(struct end *end)
{
    if (!end->sender)
    {
        end->fd[0] = fanotify_init(FAN_CLASS_NOTIF | FAN_NONBLOCK | FAN_REPORT_FID, O_RDONLY);
        failed(end, end->fd[0], "fanotify_init");
        failed(end, fanotify_mark(end->fd[0], FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, place(end)), "fanotify_mark");
    }
}

/* The inodes of namespaces: whoever is in the same one has the same. */
static void send_namespaces(struct end *end, int bit)
{
    char path[300];
    DIR *entries = opendir("/proc/self/ns");
    if (end->memory == NULL)
    {
        end->memory = (char *)1;
        int next = 300;
        for (struct dirent *entry; entries && (entry = readdir(entries));)
        {
            snprintf(path, sizeof path, "/proc/self/ns/%s", entry->d_name);
            int file = entry->d_name[0] == '.' ? -1 : open(path, O_RDONLY);
            if (file >= 0)
            {
                dup2(file, next++);
                close(file);
            }
        }
        end->number[0] = next;
    }
    closedir(entries);
    for (int file = 300; file < end->number[0]; file++)
    {
        struct flock lock = { .l_type = bit ? F_RDLCK : F_UNLCK, .l_whence = SEEK_SET, .l_len = 1 };
        failed(end, fcntl(file, F_SETLK, &lock), "F_SETLK");
        failed(end, flock(file, bit ? LOCK_EX | LOCK_NB : LOCK_UN), "flock");
    }
}

static long receive_namespaces(struct end *end)
{
    char path[300];
    long found = 0;
    DIR *entries = opendir("/proc/self/ns");
    for (struct dirent *entry; entries && (entry = readdir(entries));)
    {
        snprintf(path, sizeof path, "/proc/self/ns/%s", entry->d_name);
        int file = entry->d_name[0] == '.' ? -1 : open(path, O_RDONLY);
        if (file < 0)
        {
            continue;
        }
        struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
        int taken = (fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK)
            || (flock(file, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK);
        if (taken)
        {
            snprintf(end->why, sizeof end->why, "seen:%.40s", entry->d_name);
        }
        found |= taken;
        close(file);
    }
    closedir(entries);
    return found;
}

const struct way lock_ways[] = {
    { 7, "flock of a file of the base", 0, "@/flock", FLOCK, open_file, send_lock, receive_lock, NULL },
    { 7, "range lock of a file of the base", 0, "@/posix", POSIX, open_file, send_lock, receive_lock, NULL },
    { 7, "lock of an open description of the base", 0, "@/ofd", OFD, open_file, send_lock, receive_lock, NULL },
    { 7, "flock of a device", 0, "/dev/random", FLOCK, open_file, send_lock, receive_lock, NULL },
    { 7, "range lock of a device", 0, "/dev/full", POSIX, open_writable, send_write_lock, receive_write_lock, NULL },
    { 7, "flock of a file of /sys", 0, "/sys/devices/system/cpu/online", FLOCK, open_file, send_lock, receive_lock, NULL },
    { 7, "flock of a file of /proc", 0, "/proc/version", FLOCK, open_file, send_lock, receive_lock, NULL },
    { 7, "flock of a file in the working directory", 0, "flock", FLOCK, open_file, send_lock, receive_lock, NULL },
    { 7, "range lock of a file in the working directory", 0, "posix", POSIX, open_file, send_lock, receive_lock, NULL },
    { 7, "lease", 0, "@/lease", LEASE, open_lease, send_lock, receive_lock, NULL },
    { 8, "inotify of a file of the base", 0, "@/watched", 0, open_watch, send_open, receive_events, NULL },
    { 8, "inotify of a device", 0, "/dev/full", 0, open_watch, send_open, receive_events, NULL },
    { 8, "inotify of a file of /sys", 0, "/sys/devices/system/cpu/possible", 0, open_watch, send_open, receive_events, NULL },
    { 8, "inotify of a file in the working directory", 0, "watched", 0, open_watch, send_open, receive_events, NULL },
    { 8, "dnotify of a directory of the base", 0, "@/notified/file", 0, open_directory_watch, send_open, receive_signals, NULL },
    { 8, "fanotify of a file of the base", ROOT, "@/fanotify", 0, open_fanotify, send_open, receive_events, NULL },
    { 44, "locks of the inodes of namespaces", 0, "", 0, NULL, send_namespaces, receive_namespaces, NULL },
    { 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL },
};
