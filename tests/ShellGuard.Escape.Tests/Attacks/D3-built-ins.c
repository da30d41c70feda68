/* D3: a shell that executes nothing: what it does is still held and written down. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    char script[PATH_MAX * 2];
    snprintf(script, sizeof script,
        "echo planted > '%s/planted'; while read -r l; do echo \"$l\"; done < '%s/secret'; cd '%s/..'; "
        "for f in hidden/*; do echo \"$f\"; done; printf 'ZWNobyB4\\n' | base64 -d | sh; : > '%s/canary'; exit 0",
        base, hidden, base, base);
    fflush(stdout);
    if (fork() == 0) execl("/bin/sh", "sh", "-c", script, NULL);
    wait(NULL);
    REFUSED(access(path("%s/planted", base), F_OK));
    return 0;
}
