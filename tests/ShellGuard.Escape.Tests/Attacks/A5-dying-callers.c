/* A5, A12: callers that die while they are judged, numbers that are used again, descriptors that change under the
 * supervisor's hands. */
#include "attack.h"

static int handle;
static atomic_int over;

static void *shuffle(void *unused)
{
    int other = open("/dev/null", O_RDWR);
    while (!over)
    {
        int fresh = socket(AF_INET, SOCK_STREAM, 0);
        dup2(fresh, handle);
        dup2(other, handle);
        close(fresh);
    }
    close(other);
    return unused;
}

int main(int argc, char **argv)
{
    start(argc, argv);
    struct sockaddr_in address = loopback(tcp_port);
    for (int i = 0; i < 300; i++)
    {
        pid_t child = fork();
        if (child == 0)
        {
            connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address);
            _exit(0);
        }
        if (i % 2) usleep(i);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    verdict(0, "300 callers died while they were judged");

    handle = socket(AF_INET, SOCK_STREAM, 0);
    pthread_t thread;
    pthread_create(&thread, NULL, shuffle, NULL);
    int reached = 0;
    double end = now() + 1;
    while (now() < end)
    {
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        connect(handle, (struct sockaddr *)&address, sizeof address);
        if (getpeername(handle, (struct sockaddr *)&peer, &length) == 0) reached++;
    }
    over = 1;
    pthread_join(thread, NULL);
    verdict(reached, "connected while the number changed: %d times", reached);
    return 0;
}
