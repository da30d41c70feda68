/* C10: nodes of the host that are more than files, and what a layer must not carry out. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    REFUSED(mknod(path("%s/device", project), S_IFCHR | 0666, makedev(1, 3)));
    REFUSED(mknodat(AT_FDCWD, path("%s/device", home), S_IFBLK | 0666, makedev(8, 0)));
    REFUSED(mkfifo(path("%s/fifo", base), 0666));
    REFUSED(open(path("%s/pipe", base), O_WRONLY | O_NONBLOCK));
    REFUSED(open(path("%s/pipe", base), O_RDWR | O_NONBLOCK));
    REFUSED(open(path("%s/pipe", home), O_WRONLY | O_NONBLOCK));

    /* For the layer: what the test looks at afterwards. */
    int file = open(path("%s/setuid", project), O_WRONLY | O_CREAT, 0755);
    if (file >= 0) fchmod(file, 06755);
    REFUSED(setxattr(path("%s/setuid", project), "security.capability",
        "\x01\x00\x00\x02\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 20, 0));
    REFUSED(setxattr(path("%s/setuid", project), "trusted.overlay.redirect", "/etc", 4, 0));
    verdict(0, "setuid in a layer is for the commit to take off");
    return 0;
}
