/* Files and what is known about them: rows 1 to 6, and 58. */
#include "leak.h"
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <linux/fs.h>

enum { PAGE = 4096 };

static void send_content(struct end *end, int bit)
{
    int file = open(place(end), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (!failed(end, file, "open"))
    {
        failed(end, write(file, bit ? "1" : "0", 1), "write");
        close(file);
    }
}

static long receive_content(struct end *end)
{
    char text[1] = "";
    int file = open(place(end), O_RDONLY);
    if (!failed(end, file, "open"))
    {
        failed(end, read(file, text, 1), "read");
        close(file);
    }
    return text[0] == '1';
}

static void send_name(struct end *end, int bit)
{
    if (bit ? mknod(place(end), S_IFREG | 0644, 0) < 0 && errno != EEXIST : unlink(place(end)) < 0 && errno != ENOENT)
    {
        fail(end, bit ? "mknod" : "unlink");
    }
}

static long receive_name(struct end *end)
{
    return access(place(end), F_OK) == 0;
}

static void send_directory(struct end *end, int bit)
{
    if (bit ? mkdir(place(end), 0755) < 0 && errno != EEXIST : rmdir(place(end)) < 0 && errno != ENOENT)
    {
        fail(end, bit ? "mkdir" : "rmdir");
    }
}

/* The number of links of the directory that it is in, and the time of its last change. */
static long receive_directory(struct end *end)
{
    struct stat status;
    char parent[4096];
    snprintf(parent, sizeof parent, "%s", place(end));
    *strrchr(parent, '/') = 0;
    if (failed(end, stat(parent, &status), "stat"))
    {
        return 0;
    }
    long links = status.st_nlink;
    end->number[0] = end->slot == 0 || links < end->number[0] ? links : end->number[0];
    return links > end->number[0];
}

enum { SIZE, TIME, MODE, LINKS, ACCESS, BLOCKS };

static void send_status(struct end *end, int bit)
{
    const char *path = place(end);
    struct timespec times[2] = { { 0, UTIME_OMIT }, { 1000 + bit, 0 } };
    char other[4096], byte;
    int file;
    snprintf(other, sizeof other, "%s.link", path);
    switch (end->way->choice)
    {
        case SIZE: failed(end, truncate(path, 1 + bit), "truncate"); break;
        case TIME: failed(end, utimensat(AT_FDCWD, path, times, 0), "utimensat"); break;
        case MODE: failed(end, chmod(path, bit ? 0644 : 0640), "chmod"); break;
        case LINKS:
            if (bit ? link(path, other) < 0 && errno != EEXIST : unlink(other) < 0 && errno != ENOENT)
            {
                fail(end, "link");
            }
            break;
        case ACCESS:
            if (bit)
            {
                times[1].tv_nsec = UTIME_NOW;
                utimensat(AT_FDCWD, path, times, 0);
                file = open(path, O_RDONLY);
                failed(end, file < 0 ? -1 : (int)read(file, &byte, 1), "read");
                close(file);
            }
            break;
        case BLOCKS:
            file = open(path, O_RDWR);
            if (!failed(end, file, "open"))
            {
                failed(end, fallocate(file, bit ? 0 : FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 16 * PAGE), "fallocate");
                close(file);
            }
            break;
    }
}

static long receive_status(struct end *end)
{
    struct stat status;
    if (failed(end, stat(place(end), &status), "stat"))
    {
        return 0;
    }
    long before = end->number[0];
    end->number[0] = status.st_atim.tv_sec * 1000000 + status.st_atim.tv_nsec / 1000;
    switch (end->way->choice)
    {
        case SIZE: return status.st_size == 2;
        case TIME: return status.st_mtim.tv_sec == 1001;
        case MODE: return (status.st_mode & 07777) == 0644;
        case LINKS: return status.st_nlink > 1;
        case ACCESS: return before != end->number[0] && end->slot > 0;
        default: return status.st_blocks > 0;
    }
}

static void send_attribute(struct end *end, int bit)
{
    failed(end, setxattr(place(end), "user.leak", bit ? "1" : "0", 1, 0), "setxattr");
}

static long receive_attribute(struct end *end)
{
    char text[1] = "";
    failed(end, getxattr(place(end), "user.leak", text, 1), "getxattr");
    return text[0] == '1';
}

static void send_flags(struct end *end, int bit)
{
    int flags = 0, file = open(place(end), O_RDONLY);
    if (!failed(end, file, "open") && !failed(end, ioctl(file, FS_IOC_GETFLAGS, &flags), "FS_IOC_GETFLAGS"))
    {
        flags = bit ? flags | FS_NODUMP_FL : flags & ~FS_NODUMP_FL;
        failed(end, ioctl(file, FS_IOC_SETFLAGS, &flags), "FS_IOC_SETFLAGS");
    }
    close(file);
}

static long receive_flags(struct end *end)
{
    int flags = 0, file = open(place(end), O_RDONLY);
    if (!failed(end, file, "open"))
    {
        failed(end, ioctl(file, FS_IOC_GETFLAGS, &flags), "FS_IOC_GETFLAGS");
        close(file);
    }
    return (flags & FS_NODUMP_FL) != 0;
}

static void send_link(struct end *end, int bit)
{
    unlink(place(end));
    failed(end, symlink(bit ? "one" : "zero", place(end)), "symlink");
}

static long receive_link(struct end *end)
{
    char text[8] = "";
    failed(end, readlink(place(end), text, sizeof text - 1), "readlink");
    return strcmp(text, "one") == 0;
}

/* A file without a name that gets one, linkat(2). */
static void send_unnamed(struct end *end, int bit)
{
    char from[64];
    unlink(place(end));
    int file = open(".", O_TMPFILE | O_RDWR, 0644);
    if (bit && !failed(end, file, "O_TMPFILE"))
    {
        snprintf(from, sizeof from, "/proc/self/fd/%d", file);
        failed(end, linkat(AT_FDCWD, from, AT_FDCWD, place(end), AT_SYMLINK_FOLLOW), "linkat");
    }
    close(file);
}

static void open_mapping(struct end *end)
{
    int file = open(place(end), end->sender ? O_RDWR : O_RDONLY);
    if (failed(end, file, "open"))
    {
        return;
    }
    void *memory = mmap(NULL, PAGE, end->sender ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, file, 0);
    end->memory = memory == MAP_FAILED ? NULL : memory;
    close(file);
}

static void send_mapping(struct end *end, int bit)
{
    if (end->memory)
    {
        *(volatile char *)end->memory = bit ? '1' : '0';
    }
}

static long receive_mapping(struct end *end)
{
    return end->memory && *(volatile char *)end->memory == '1';
}

const struct way file_ways[] = {
    { 1, "contents of a file in the working directory", 0, "contents", 0, NULL, send_content, receive_content, NULL },
    { 1, "contents of a file in /tmp", 0, "/tmp/leak-contents", 0, NULL, send_content, receive_content, NULL },
    { 1, "contents of a file in /var/tmp", 0, "/var/tmp/leak-contents", 0, NULL, send_content, receive_content, NULL },
    { 1, "contents of a file of the base", 0, "@/contents", 0, NULL, send_content, receive_content, NULL },
    { 2, "a name that is there or not", 0, "name", 0, NULL, send_name, receive_name, NULL },
    { 2, "the links of a directory", 0, "./links/sub", 0, NULL, send_directory, receive_directory, NULL },
    { 3, "size", 0, "size", SIZE, NULL, send_status, receive_status, NULL },
    { 3, "time of change", 0, "time", TIME, NULL, send_status, receive_status, NULL },
    { 3, "mode", 0, "mode", MODE, NULL, send_status, receive_status, NULL },
    { 3, "number of links", 0, "hard", LINKS, NULL, send_status, receive_status, NULL },
    { 3, "blocks", 0, "blocks", BLOCKS, NULL, send_status, receive_status, NULL },
    { 3, "time of access of a file of the base", 0, "@/access", ACCESS, NULL, send_status, receive_status, NULL },
    { 4, "extended attribute", 0, "attribute", 0, NULL, send_attribute, receive_attribute, NULL },
    { 4, "flag of chattr", 0, "flag", 0, NULL, send_flags, receive_flags, NULL },
    { 5, "where a symbolic link leads", 0, "symbolic", 0, NULL, send_link, receive_link, NULL },
    { 5, "a file without a name gets one", 0, "unnamed", 0, NULL, send_unnamed, receive_name, NULL },
    { 6, "mapping of a file in the working directory", 0, "mapping", 0, open_mapping, send_mapping, receive_mapping, NULL },
    { 6, "mapping of a file of the base", 0, "@/mapping", 0, open_mapping, send_mapping, receive_mapping, NULL },
    { 58, "a history in the home directory", 0, "home/.leak_history", 0, NULL, send_content, receive_content, NULL },
    { 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL },
};
