/* C1, C7: links that swap under a writer, and every way to spell a path. */
#include "attack.h"

static atomic_int over;
static char link_name[PATH_MAX];

static void *flip(void *unused)
{
    char other[PATH_MAX];
    snprintf(other, sizeof other, "%s/other", project);
    while (!over)
    {
        unlink(other); symlink(base, other); rename(other, link_name);
        unlink(other); symlink(project, other); rename(other, link_name);
    }
    return unused;
}

int main(int argc, char **argv)
{
    start(argc, argv);
    strcpy(link_name, path("%s/link", project));
    symlink(project, link_name);
    pthread_t thread;
    pthread_create(&thread, NULL, flip, NULL);
    double end = now() + 1;
    int made = 0;
    char inside[PATH_MAX], renamed[PATH_MAX];
    snprintf(inside, sizeof inside, "%s/link/planted", project);
    snprintf(renamed, sizeof renamed, "%s/link/renamed", project);
    while (now() < end)
    {
        int file = open(inside, O_WRONLY | O_CREAT, 0600);
        if (file >= 0) { write(file, "x", 1); close(file); }
        mkdir(renamed, 0700); rename(inside, renamed); unlink(path("%s/link/canary", project));
        truncate(path("%s/link/canary", project), 0);
        made++;
    }
    over = 1;
    pthread_join(thread, NULL);
    verdict(access(path("%s/planted", base), F_OK) == 0 || access(path("%s/canary", base), F_OK) != 0,
        "%d writes through a link that swaps", made);

    must_not_read(path("%s/secret", hidden));
    must_not_read(path("%s/./secret", hidden));
    must_not_read(path("%s//secret", hidden));
    must_not_read(path("%s/../hidden/secret", base));
    must_not_read(path("/proc/self/root%s/secret", hidden));
    must_not_read(path("/proc/self/cwd/../hidden/secret"));
    symlink("..", "/tmp/up");
    must_not_read(path("/tmp/up%s/secret", hidden));
    chdir(base);
    must_not_read("../hidden/secret");
    char *deep = malloc(PATH_MAX);
    snprintf(deep, PATH_MAX, "%s", base);
    while (strlen(deep) < PATH_MAX - 200) strcat(deep, "/./././../base");
    strcat(deep, "/../hidden/secret");
    must_not_read(deep);
    REFUSED(mkdir(path("%s/new\n\033[31mline", base), 0700));
    REFUSED(open(path("%s/bad\xff\xfe", base), O_WRONLY | O_CREAT, 0600));
    REFUSED(open(path("%s/canary/", base), O_WRONLY));
    return 0;
}
