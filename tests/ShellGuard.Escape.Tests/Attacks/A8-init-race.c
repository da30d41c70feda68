/* A8: process 1 executes the reaper while the command already runs; between the two the command tries to open its
 * memory. */
#include "attack.h"

int main(int argc, char **argv)
{
    int wins = 0, file = open("/proc/1/mem", O_RDWR);
    wins = file >= 0;
    double end = now() + 0.5;
    while (file < 0 && now() < end)
    {
        file = open("/proc/1/mem", O_RDWR);
        if (file >= 0) wins++;
    }
    start(argc, argv);
    char before[PATH_MAX] = "", byte;
    if (file >= 0)
    {
        ssize_t length = readlink("/proc/1/exe", before, sizeof before - 1);
        printf("process 1 is %.*s\n", (int)(length < 0 ? 0 : length), before);
    }
    verdict(wins && pread(file, &byte, 1, 0x400000) == 1, "opened the memory of process 1: %d", wins);
    return 0;
}
