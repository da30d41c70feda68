/* C8: directories that are open while their names change, and what an O_PATH descriptor is good for. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    int directory = open(base, O_PATH | O_DIRECTORY);
    REFUSED(openat(directory, "canary", O_RDWR));
    REFUSED(openat(directory, "new", O_WRONLY | O_CREAT, 0600));
    REFUSED(unlinkat(directory, "canary", 0));
    REFUSED(fchmodat(directory, "canary", 0777, 0));
    REFUSED(openat(directory, "../hidden/secret", O_RDONLY));
    int covered = open(hidden, O_PATH | O_DIRECTORY);
    REFUSED(openat(covered, "secret", O_RDONLY));
    if (covered >= 0) fchdir(covered);
    must_not_read("secret");
    mkdir(path("%s/moved", project), 0700);
    int mine = open(path("%s/moved", project), O_RDONLY | O_DIRECTORY);
    rename(path("%s/moved", project), path("%s/elsewhere", project));
    int file = openat(mine, "written", O_WRONLY | O_CREAT, 0600);
    verdict(file < 0, "an open directory of a layer stays one of the layer");
    REFUSED(rename(path("%s/elsewhere", project), path("%s/elsewhere", base)));
    int above = open(project, O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < 20; i++) { int next = openat(above, "..", O_RDONLY | O_DIRECTORY); close(above); above = next; }
    REFUSED(openat(above, path("%s/secret", hidden + 1), O_RDONLY));
    return 0;
}
