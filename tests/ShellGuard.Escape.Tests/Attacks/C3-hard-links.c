/* C3: other names for inodes that are read-only or hidden. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    const char *canary = path("%s/canary", base), *mine = path("%s/mine", project), *here = path("%s/mine", direct);
    REFUSED(link(canary, mine));
    REFUSED(link(canary, here));
    REFUSED(link(path("%s/secret", hidden), mine));
    REFUSED(link(path("%s/.netrc", home), mine));
    int file = open(canary, O_RDONLY);
    REFUSED(linkat(file, "", AT_FDCWD, mine, AT_EMPTY_PATH));
    REFUSED(linkat(AT_FDCWD, path("/proc/self/fd/%d", file), AT_FDCWD, mine, AT_SYMLINK_FOLLOW));
    REFUSED(linkat(AT_FDCWD, path("/proc/self/fd/%d", file), AT_FDCWD, here, AT_SYMLINK_FOLLOW));
    int unnamed = open(project, O_TMPFILE | O_RDWR, 0600);
    if (unnamed >= 0) REFUSED(linkat(AT_FDCWD, path("/proc/self/fd/%d", unnamed), AT_FDCWD, path("%s/n", base), AT_SYMLINK_FOLLOW));
    REFUSED(open(base, O_TMPFILE | O_RDWR, 0600));
    REFUSED(rename(canary, mine));
    REFUSED(rename(path("%s/source", project), path("%s/taken", base)));
    REFUSED(symlink("x", path("%s/link", base)));
    REFUSED(unlink(canary));
    REFUSED(rmdir(base));

    /* A name of the copy-on-write home that is linked on the host as well: the write stays in the layer. */
    file = open(path("%s/kept", home), O_WRONLY | O_TRUNC);
    verdict(file < 0 || write(file, "changed", 7) != 7, "a write in a layer is one");
    return 0;
}
