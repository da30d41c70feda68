/* What lies beneath the files: the page cache, space, inodes, mounts, devices. Rows 9 to 17. */
#include "leak.h"
#include <dirent.h>
#include <linux/aio_abi.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/uio.h>

enum { PAGE = 4096, STRIDE = 64 };

/* Which pages of a file that both can read are in the page cache. The receiver throws all of them out first. */
enum { NOWAIT, ASYNCHRONOUS, MINCORE, CACHESTAT, READING };

static void open_cache(struct end *end)
{
    end->fd[0] = open(place(end), O_RDONLY);
    if (!failed(end, end->fd[0], "open"))
    {
        posix_fadvise(end->fd[0], 0, 0, POSIX_FADV_RANDOM);
        posix_fadvise(end->fd[0], 0, 0, POSIX_FADV_DONTNEED);
        void *memory = mmap(NULL, 512 * STRIDE * PAGE, PROT_READ, MAP_SHARED, end->fd[0], 0);
        end->memory = memory == MAP_FAILED ? NULL : memory;
        if (end->memory)
        {
            madvise(end->memory, 512 * STRIDE * PAGE, MADV_RANDOM);
        }
    }
}

static void send_cache(struct end *end, int bit)
{
    char byte;
    if (bit)
    {
        failed(end, pread(end->fd[0], &byte, 1, (off_t)end->slot * STRIDE * PAGE), "pread");
    }
}

static long receive_cache(struct end *end)
{
    struct { uint64_t start, length; } range = { (uint64_t)end->slot * STRIDE * PAGE, PAGE };
    uint64_t counts[5] = { 0 };
    char byte;
    struct iovec vector = { &byte, 1 };
    unsigned char present = 0;
    switch (end->way->choice)
    {
        case NOWAIT:
        {
            ssize_t got = preadv2(end->fd[0], &vector, 1, range.start, RWF_NOWAIT);
            if (got < 0 && errno != EAGAIN)
            {
                fail(end, "preadv2");
            }
            return got == 1;
        }
        case ASYNCHRONOUS:
        {
            struct iocb call = {
                .aio_fildes = end->fd[0], .aio_lio_opcode = IOCB_CMD_PREAD, .aio_buf = (uintptr_t)&byte, .aio_nbytes = 1,
                .aio_offset = range.start, .aio_rw_flags = RWF_NOWAIT,
            };
            struct iocb *list[] = { &call };
            struct io_event done = { 0 };
            if (!end->number[0] && failed(end, syscall(SYS_io_setup, 4, &end->number[0]), "io_setup"))
            {
                return 0;
            }
            failed(end, syscall(SYS_io_submit, end->number[0], 1, list), "io_submit");
            failed(end, syscall(SYS_io_getevents, end->number[0], 1, 1, &done, NULL), "io_getevents");
            return done.res == 1;
        }
        case MINCORE:
            failed(end, end->memory ? mincore(end->memory + range.start, PAGE, &present) : -1, "mincore");
            return present & 1;
        case CACHESTAT:
            failed(end, syscall(451, end->fd[0], &range, counts, 0), "cachestat");
            return counts[0] > 0;
        default:
        {
            int64_t begin = now();
            failed(end, pread(end->fd[0], &byte, 1, range.start), "pread");
            return -(now() - begin) / 1000;
        }
    }
}

static void send_space(struct end *end, int bit)
{
    if (bit)
    {
        end->fd[0] = open(place(end), O_RDWR | O_CREAT, 0600);
        failed(end, fallocate(end->fd[0], 0, 0, 256 << 20), "fallocate");
    }
}

static void rest_space(struct end *end)
{
    close(end->fd[0]);
    end->fd[0] = -1;
    unlink(place(end));
}

static void watch_space(struct end *end)
{
    end->number[0] = 0;
}

static long receive_space(struct end *end)
{
    struct statvfs status;
    if (failed(end, statvfs(end->way->choice ? "/" : ".", &status), "statfs"))
    {
        return 0;
    }
    return -(long)status.f_bfree;
}

/* The numbers of inodes without a name come from one counter of the machine, in lots for each processor. */
static long next_inode(struct end *end)
{
    int ends[2];
    struct stat status = { 0 };
    if (!failed(end, pipe(ends), "pipe"))
    {
        failed(end, fstat(ends[0], &status), "fstat");
        close(ends[0]);
        close(ends[1]);
    }
    return status.st_ino;
}

static void open_counter(struct end *end)
{
    cpu_set_t first;
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    failed(end, sched_setaffinity(0, sizeof first, &first), "sched_setaffinity");
}

static void send_counter(struct end *end, int bit)
{
    for (int i = 0; bit && i < 3000; i++)
    {
        next_inode(end);
    }
}

static long receive_counter(struct end *end)
{
    long before = end->number[0];
    end->number[0] = next_inode(end);
    return end->number[0] - before;
}

static void send_mount(struct end *end, int bit)
{
    umount2(place(end), MNT_DETACH);
    if (bit)
    {
        failed(end, mount("leak", place(end), "tmpfs", 0, "size=64k"), "mount");
    }
}

static long receive_mount(struct end *end)
{
    char line[4096];
    int found = 0;
    FILE *mounts = fopen("/proc/self/mountinfo", "r");
    while (mounts && fgets(line, sizeof line, mounts))
    {
        found |= strstr(line, "/mount-point ") && strstr(line, " leak ");
    }
    if (mounts)
    {
        fclose(mounts);
    }
    else
    {
        fail(end, "open");
    }
    return found;
}

static void send_flush(struct end *end, int bit)
{
    char block[65536] = "x";
    int file = open(place(end), O_WRONLY | O_CREAT, 0600);
    while (bit && !failed(end, file, "open") && busy(end))
    {
        failed(end, pwrite(file, block, sizeof block, 0), "write");
        failed(end, fsync(file), "fsync");
    }
    close(file);
}

static long receive_flush(struct end *end)
{
    long count = 0;
    int file = open("flushed-by-receiver", O_WRONLY | O_CREAT, 0600);
    while (!failed(end, file, "open") && busy(end))
    {
        failed(end, pwrite(file, "x", 1, 0), "write");
        failed(end, fsync(file), "fsync");
        count++;
    }
    close(file);
    return count;
}

/* A file in memory, found among the descriptors of others. */
static void open_foreign(struct end *end)
{
    if (end->sender)
    {
        end->fd[0] = memfd_create("leak-open", 0);
        failed(end, end->fd[0], "memfd_create");
    }
}

static void send_foreign(struct end *end, int bit)
{
    failed(end, pwrite(end->fd[0], bit ? "1" : "0", 1, 0), "write");
}

static long receive_foreign(struct end *end)
{
    char path[600], target[256], text[1] = "";
    DIR *processes = opendir("/proc");
    for (struct dirent *process; processes && (process = readdir(processes));)
    {
        for (int descriptor = 3; process->d_name[0] >= '1' && process->d_name[0] <= '9' && descriptor < 8; descriptor++)
        {
            snprintf(path, sizeof path, "/proc/%s/fd/%d", process->d_name, descriptor);
            ssize_t length = readlink(path, target, sizeof target - 1);
            int file;
            if (length > 0 && memmem(target, length, "leak-open", 9) && (file = open(path, O_RDONLY)) >= 0)
            {
                failed(end, read(file, text, 1), "read");
                close(file);
            }
        }
    }
    closedir(processes);
    return text[0] == '1';
}

/* Opened by its handle, past every path: the very inode of the host. */
static int by_handle(struct end *end, int flags)
{
    struct { struct file_handle handle; char bytes[128]; } file = { .handle.handle_bytes = 128 };
    int mount_number, start = open(directory, O_RDONLY | O_DIRECTORY), found = -1;
    if (!failed(end, name_to_handle_at(AT_FDCWD, place(end), &file.handle, &mount_number, 0), "name_to_handle_at"))
    {
        found = open_by_handle_at(start, &file.handle, flags);
        failed(end, found, "open_by_handle_at");
    }
    close(start);
    return found;
}

static void send_handle(struct end *end, int bit)
{
    int file = by_handle(end, O_WRONLY);
    if (file >= 0)
    {
        failed(end, pwrite(file, bit ? "1" : "0", 1, 0), "write");
        close(file);
    }
}

static long receive_handle(struct end *end)
{
    char text[1] = "";
    int file = by_handle(end, O_RDONLY);
    if (file >= 0)
    {
        failed(end, read(file, text, 1), "read");
        close(file);
    }
    return text[0] == '1';
}

static void send_splice(struct end *end, int bit)
{
    int own[2];
    if (bit && !failed(end, pipe(own), "pipe"))
    {
        failed(end, write(own[1], "1", 1), "write");
        failed(end, splice(own[0], NULL, SECOND_WRITE, NULL, 1, SPLICE_F_NONBLOCK), "splice");
        close(own[0]);
        close(own[1]);
    }
}

static long receive_splice(struct end *end)
{
    int own[2];
    long found = 0;
    char text[16];
    if (!failed(end, pipe(own), "pipe"))
    {
        found = tee(SECOND_READ, own[1], 1, SPLICE_F_NONBLOCK);
        if (found < 0 && errno != EAGAIN)
        {
            fail(end, "tee");
        }
        if (found > 0)
        {
            failed(end, read(SECOND_READ, text, sizeof text), "read");
        }
        close(own[0]);
        close(own[1]);
    }
    return found > 0;
}

/* The times of a device's node, which all cells have from the host. */
static void send_device(struct end *end, int bit)
{
    struct timespec times[2] = { { 1000 + bit, 0 }, { 0, UTIME_OMIT } };
    failed(end, utimensat(AT_FDCWD, place(end), times, 0), "utimensat");
}

static long receive_device(struct end *end)
{
    struct stat status;
    return !failed(end, stat(place(end), &status), "stat") && status.st_atim.tv_sec == 1001;
}

const struct way storage_ways[] = {
    { 9, "page cache, RWF_NOWAIT", 0, "@/pages-nowait", NOWAIT, open_cache, send_cache, receive_cache, NULL },
    { 9, "page cache, asynchronous read", 0, "@/pages-asynchronous", ASYNCHRONOUS, open_cache, send_cache, receive_cache, NULL },
    { 9, "page cache, mincore", 0, "@/pages-mincore", MINCORE, open_cache, send_cache, receive_cache, NULL },
    { 9, "page cache, cachestat", 0, "@/pages-cachestat", CACHESTAT, open_cache, send_cache, receive_cache, NULL },
    { 9, "page cache, time of a read", ALONE | VALUE, "@/pages-time", READING, open_cache, send_cache, receive_cache, NULL },
    { 10, "free space of the layer", ALONE | VALUE, "space", 0, watch_space, send_space, receive_space, rest_space },
    { 10, "free space of the base", ALONE | VALUE, "space", 1, watch_space, send_space, receive_space, rest_space },
    { 11, "numbers of inodes without a name", ALONE | VALUE, "", 0, open_counter, send_counter, receive_counter, NULL },
    { 12, "mounts", ROOT, "@/mount-point", 0, NULL, send_mount, receive_mount, NULL },
    { 13, "time of fsync", ALONE | VALUE | BUSY, "flushed-by-sender", 0, NULL, send_flush, receive_flush, NULL },
    { 14, "descriptors of others in /proc", 0, "", 0, open_foreign, send_foreign, receive_foreign, NULL },
    { 15, "a file by its handle", ROOT, "@/handle", 0, NULL, send_handle, receive_handle, NULL },
    { 16, "splice and tee", 0, "", 0, NULL, send_splice, receive_splice, NULL },
    { 17, "times of a device node", ROOT, "/dev/full", 0, NULL, send_device, receive_device, NULL },
    { 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL },
};
