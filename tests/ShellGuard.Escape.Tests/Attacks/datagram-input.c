/* Runs outside: starts what it is told with a datagram socket of the host as standard input. */
#include "attack.h"

int main(int argc, char **argv)
{
    (void)argc;
    dup2(socket(AF_INET, SOCK_DGRAM, 0), 0);
    execv(argv[1], argv + 1);
    return 2;
}
