/* F2: abstract names of the host. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strcpy(address.sun_path + 1, abstract_name);
    socklen_t length = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(abstract_name);
    REFUSED(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, length));
    REFUSED(connect(socket(AF_UNIX, SOCK_SEQPACKET, 0), (struct sockaddr *)&address, length));
    strcpy(address.sun_path + 1, "/tmp/.X11-unix/X0");
    REFUSED(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, offsetof(struct sockaddr_un, sun_path) + 18));
    FILE *list = fopen("/proc/net/unix", "r");
    char line[512];
    int seen = 0;
    while (list && fgets(line, sizeof line, list)) if (strstr(line, abstract_name)) seen++;
    verdict(seen, "the host's names are listed");
    return 0;
}
