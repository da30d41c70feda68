/* C9: everything that changes a file without being called write. */
#include "attack.h"
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <utime.h>

int main(int argc, char **argv)
{
    start(argc, argv);
    const char *canary = path("%s/canary", base);
    int file = open(canary, O_RDONLY), mine = open(path("%s/mine", project), O_RDWR | O_CREAT, 0600);
    if (write(mine, "mine mine mine", 14) != 14) return 1;
    lseek(mine, 0, SEEK_SET);
    int pipes[2];
    if (pipe(pipes) || write(pipes[1], "piped", 5) != 5) return 1;
    REFUSED(truncate(canary, 0));
    REFUSED(ftruncate(file, 0));
    REFUSED(fallocate(file, FALLOC_FL_ZERO_RANGE, 0, 6));
    REFUSED(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 6));
    REFUSED(copy_file_range(mine, NULL, file, NULL, 5, 0));
    REFUSED(splice(pipes[0], NULL, file, NULL, 5, 0));
    REFUSED(sendfile(file, mine, NULL, 5));
    REFUSED(ioctl(file, FICLONE, mine));
    struct file_clone_range range = { .src_fd = mine, .src_length = 5 };
    REFUSED(ioctl(file, FICLONERANGE, &range));
    int flags = 0;
    REFUSED(ioctl(file, FS_IOC_SETFLAGS, &flags));
    verdict(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) != MAP_FAILED, "a writable shared map");
    REFUSED(chmod(canary, 0777));
    REFUSED(fchmod(file, 0777));
    REFUSED(chown(canary, getuid(), getgid()));
    REFUSED(fchown(file, getuid(), getgid()));
    REFUSED(utime(canary, NULL));
    REFUSED(futimens(file, NULL));
    REFUSED(setxattr(canary, "user.x", "1", 1, 0));
    REFUSED(fsetxattr(file, "user.x", "1", 1, 0));
    REFUSED(setxattr(canary, "security.capability", "1", 1, 0));
    REFUSED(setxattr(canary, "trusted.overlay.opaque", "y", 1, 0));
    REFUSED(fcntl(file, F_SETLEASE, F_WRLCK));
    REFUSED(fcntl(file, F_SETLEASE, F_RDLCK));
    /* The pages of a read-only file, given away by splice and vmsplice, stay as they are. */
    int zero = open(path("%s/zero", base), O_RDONLY);
    if (pipe(pipes) == 0 && splice(zero, NULL, pipes[1], NULL, 1, 0) == 1) if (write(pipes[1], "X", 1) != 1) return 1;
    char *view = mmap(NULL, 4096, PROT_READ, MAP_SHARED, zero, 0);
    verdict(view[1] != '0', "a page in a pipe was not written over");
    return 0;
}
