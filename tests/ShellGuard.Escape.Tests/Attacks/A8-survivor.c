/* A8: a process of the cell that must die with the supervisor. It tries everything to live on. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    printf("HELD nothing yet\n");
    fflush(stdout);
    for (int signal_number = 1; signal_number < 64; signal_number++) signal(signal_number, SIG_IGN);
    for (int i = 0; i < 3; i++)
        if (fork() == 0) { setsid(); if (fork()) _exit(0); prctl(PR_SET_PDEATHSIG, 0); }
    int file = open(path("%s/beats", direct), O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (int i = 0; i < 600; i++)
    {
        if (write(file, "b", 1) != 1) return 1;
        usleep(50000);
    }
    return 0;
}
