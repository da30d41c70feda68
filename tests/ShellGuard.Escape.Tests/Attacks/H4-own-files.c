/* H4: the session's own journal, key, layers and policy, wherever they are kept. */
#include "attack.h"
#include <dirent.h>

int main(int argc, char **argv)
{
    start(argc, argv);
    DIR *list = opendir(state);
    int seen = 0;
    if (list) for (struct dirent *entry; (entry = readdir(list)) != NULL;) if (entry->d_name[0] != '.') { printf("%s\n", entry->d_name); seen++; }
    verdict(seen, "%d names in the storage", seen);
    REFUSED(open(path("%s/journal.key", state), O_RDONLY));
    REFUSED(open(path("%s/sessions", state), O_RDONLY));
    REFUSED(open(path("%s/planted", state), O_WRONLY | O_CREAT, 0600));
    REFUSED(rename(state, path("%s-away", state)));
    REFUSED(mkdir(path("%s/sessions/../../etc", state), 0700));
    FILE *mounts = fopen("/proc/self/mountinfo", "r");
    char line[8192];
    while (fgets(line, sizeof line, mounts))
    {
        char *upper = strstr(line, "upperdir=");
        if (!upper) continue;
        upper += 9;
        upper[strcspn(upper, ",\n")] = 0;
        REFUSED(open(upper, O_RDONLY));
        REFUSED(open(path("%s/../../../journal.jsonl", upper), O_RDWR));
    }
    REFUSED(access("/etc/shellguard", F_OK));
    REFUSED(access("/var/lib/shellguard/sessions", F_OK));
    return 0;
}
