/* HOST PORT: connects by name and prints what the server says, then the server's address as seen from here. */
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct addrinfo hints, *found;
    char text[4096];
    ssize_t got;
    int error, s;

    if (argc != 3)
        return 2;
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    error = getaddrinfo(argv[1], argv[2], &hints, &found);
    if (error) {
        fprintf(stderr, "%s\n", gai_strerror(error));
        return 3;
    }
    for (; found; found = found->ai_next) {
        s = socket(found->ai_family, found->ai_socktype, 0);
        if (connect(s, found->ai_addr, found->ai_addrlen) == 0)
            break;
        perror("connect");
        close(s);
    }
    if (!found)
        return 4;
    while ((got = read(s, text, sizeof text)) > 0)
        if (write(1, text, got) != got)
            return 5;
    return got == 0 ? 0 : 6;
}
