/* C2: beneath a direct path a parent of what is protected is renamed away and made again; a hidden name is made and
 * removed again, so that the host's next file of that name would be seen. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    int renamed = rename(path("%s/a/b", direct), path("%s/a/away", direct)) == 0;
    verdict(renamed, "renamed the parent of a read-only directory: %s", strerror(errno));
    if (renamed)
    {
        mkdir(path("%s/a/b", direct), 0700);
        mkdir(path("%s/a/b/hooks", direct), 0700);
        close(open(path("%s/a/b/hooks/planted", direct), O_WRONLY | O_CREAT, 0755));
    }
    REFUSED(rename(path("%s/a", direct), path("%s/away", direct)));
    REFUSED(open(path("%s/a/b/hooks/planted", direct), O_WRONLY | O_CREAT, 0755));
    REFUSED(rename(path("%s/a/b/hooks", direct), path("%s/a/b/away", direct)));
    REFUSED(syscall(SYS_renameat2, AT_FDCWD, path("%s/a/b", direct), AT_FDCWD, path("%s/other", direct), 2));
    REFUSED(rmdir(path("%s/a/b/hooks", direct)));

    /* Its own files there are its own. */
    int own = open(path("%s/a/b/own", direct), O_WRONLY | O_CREAT, 0600);
    printf("own file beside it: %s\n", own >= 0 ? "yes" : strerror(errno));

    const char *later = path("%s/.pgpass", home);
    must_not_read(later);
    int file = open(later, O_WRONLY | O_CREAT, 0600);
    if (file >= 0) close(file);
    unlink(later);
    mkdir(later, 0700);
    rmdir(later);
    rename(path("%s/kept", home), later);
    unlink(later);
    symlink("x", path("%s/.ssh", home));
    unlink(path("%s/.ssh", home));
    close(open(path("%s/go", direct), O_WRONLY | O_CREAT, 0600));
    double end = now() + 20;
    while (access(path("%s/went", direct), F_OK) != 0 && now() < end) usleep(10000);
    printf("the host made it: %s\n", now() < end ? "yes" : "no");
    must_not_read(later);
    must_not_read(path("%s/.ssh/id", home));
    int directory = open(home, O_RDONLY | O_DIRECTORY);
    int again = openat(directory, ".pgpass", O_RDONLY);
    verdict(again >= 0 && show(again), "by its directory: %s", strerror(errno));
    return 0;
}
