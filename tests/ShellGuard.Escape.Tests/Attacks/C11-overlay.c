/* Overlay tricks (no line of their own in the list; C6, C10 and C12 name parts): attributes by which overlayfs itself
 * is told where a file's content or a directory's parent is, white-outs made and unmade, renames in layers. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    mkdir(path("%s/dir", project), 0700);
    const char *directory = path("%s/dir", project), *file = path("%s/file", project);
    close(open(file, O_WRONLY | O_CREAT, 0600));
    char value[PATH_MAX];
    static const char *names[] = { "user.overlay.redirect", "user.overlay.metacopy", "user.overlay.opaque",
        "user.overlay.origin", "user.overlay.whiteout", "user.overlay.overlay.redirect", "user.overlay.upper",
        "user.overlay.impure", "user.overlay.protattr" };
    snprintf(value, sizeof value, "%s", hidden);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
    {
        int set = setxattr(directory, names[i], value, strlen(value), 0) == 0;
        setxattr(file, names[i], value, strlen(value), 0);
        printf("%s: %s\n", names[i], set ? "set, escaped by overlayfs" : strerror(errno));
    }
    must_not_read(path("%s/dir/secret", project));
    must_not_read(file);
    rename(path("%s/dir", project), path("%s/dir2", project));
    must_not_read(path("%s/dir2/secret", project));
    REFUSED(rename(home, path("%s-away", home)));
    REFUSED(syscall(SYS_renameat2, AT_FDCWD, file, AT_FDCWD, path("%s/white", project), 4));
    unlink(path("%s/.netrc", home));
    close(open(path("%s/.netrc", home), O_WRONLY | O_CREAT, 0600));
    unlink(path("%s/.netrc", home));
    must_not_read(path("%s/.netrc", home));
    mkdir(path("%s/.netrc", home), 0700);
    rmdir(path("%s/.netrc", home));
    must_not_read(path("%s/.netrc", home));
    link(path("%s/kept", home), path("%s/.netrc", home));
    unlink(path("%s/.netrc", home));
    must_not_read(path("%s/.netrc", home));
    int handle = open(path("%s/.netrc", home), O_RDWR | O_CREAT | O_EXCL, 0600);
    verdict(handle >= 0 && show(handle), "a new file where a hidden one is, is new");
    return 0;
}
