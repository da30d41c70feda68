/* A7: more callers than the supervisor has threads; the others are still served, and no answer is yes. The bounds are
 * for a machine that is busy: a supervisor that serves one caller after a stalled one takes minutes. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    int reached = 0, pipes[2];
    if (pipe(pipes)) return 1;
    double begun = now();
    for (int i = 0; i < 200; i++)
    {
        if (fork() == 0)
        {
            struct sockaddr_in address = loopback(tcp_port);
            for (int k = 0; k < 20; k++)
            {
                int handle = socket(AF_INET, SOCK_STREAM, 0);
                if (connect(handle, (struct sockaddr *)&address, sizeof address) == 0
                    && write(pipes[1], "x", 1) == 1) reached++;
                close(handle);
            }
            _exit(0);
        }
    }
    int file = open(path("%s/during", project), O_WRONLY | O_CREAT, 0600);
    verdict(file < 0 || now() - begun > 30, "served within the flood after %.1f s", now() - begun);
    while (wait(NULL) > 0) { }
    close(pipes[1]);
    char one;
    verdict(read(pipes[0], &one, 1) > 0, "none of 4000 connects was made");
    verdict(now() - begun > 60, "4000 connects took %.1f s", now() - begun);
    return 0;
}
