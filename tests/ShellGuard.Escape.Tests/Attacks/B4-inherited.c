/* B4: what is open at the start, and what /proc/self/fd makes of it. */
#include "attack.h"
#include <dirent.h>

int main(int argc, char **argv)
{
    start(argc, argv);
    DIR *numbers = opendir("/proc/self/fd");
    for (struct dirent *entry; (entry = readdir(numbers)) != NULL;)
    {
        int number = atoi(entry->d_name);
        struct stat status;
        if (entry->d_name[0] == '.' || number == dirfd(numbers)) continue;
        char link[PATH_MAX] = "";
        readlink(path("/proc/self/fd/%d", number), link, sizeof link - 1);
        fstat(number, &status);
        verdict(number > 2 || S_ISDIR(status.st_mode), "descriptor %d: %s", number, link);
    }
    char working[PATH_MAX] = "";
    verdict(getcwd(working, sizeof working) == NULL || working[0] != '/' || strncmp(working, "(unreachable)", 13) == 0,
        "working directory %s", working);
    chdir("/");
    for (int i = 0; i < 32; i++) chdir("..");
    must_not_read(path("%s/secret", hidden));
    return 0;
}
