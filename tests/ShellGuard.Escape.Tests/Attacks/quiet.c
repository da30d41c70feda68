/* Does what its first own argument says, for tests that look at the session from outside. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    printf("HELD %s\n", extra[0] ? extra[0] : "nothing");
    fflush(stdout);
    if (extra[0] && strcmp(extra[0], "sleep") == 0) sleep(60);
    if (extra[0] && strcmp(extra[0], "many") == 0)
        for (int i = 0; i < 5000; i++) open(path("%s/new%d", base, i), O_WRONLY | O_CREAT, 0600);
    return 0;
}
