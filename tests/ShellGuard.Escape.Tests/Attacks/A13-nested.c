/* A13: ShellGuard inside of a cell: there is a listener already, and no namespaces. It must refuse, not run
 * unguarded. extra[0] is its path. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    setenv("SHELLGUARD_STATE", "/tmp/state", 1);
    FILE *inner = popen(path("%s run -- /bin/echo INNER 2>&1", extra[0]), "r");
    char text[8192] = "";
    size_t length = fread(text, 1, sizeof text - 1, inner);
    int status = pclose(inner);
    text[length] = 0;
    for (char *at = text; *at; at++) if (*at == '\n') *at = ' ';
    verdict(strstr(text, "INNER") != NULL || status == 0, "status %d: %s", WEXITSTATUS(status), text);
    return 0;
}
