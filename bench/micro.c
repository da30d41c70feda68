/* Medians of single system calls in nanoseconds, one line each. Run outside and inside a cell by bench/run. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

static int compare(const void *a, const void *b) {
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

#define MEASURE(name, batches, each, body) do { \
    static long samples[batches]; \
    for (int i = 0; i < (batches); i++) { \
        long start = now(); \
        for (int k = 0; k < (each); k++) { body; } \
        samples[i] = (now() - start) / (each); \
    } \
    qsort(samples, batches, sizeof(long), compare); \
    printf("%s %ld\n", name, samples[(batches) / 2]); \
    fflush(stdout); \
} while (0)

static void *serve(void *server) {
    for (;;) { close(accept((int)(long)server, 0, 0)); }
    return 0;
}

static int connects(const char *name, unsigned short port) {
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    MEASURE(name, 200, 1, {
        int s = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(s, (void *)&to, sizeof to) != 0) { perror(name); return 0; }
        close(s);
    });
    return 1;
}

int main(int argc, char **argv) {
    const char *readonly = argc > 1 ? argv[1] : "/usr/bin/env";
    const char *writable = argc > 2 ? argv[2] : "/tmp/shellguard-bench";
    char buffer[4096];
    struct stat status;
    MEASURE("getppid", 200, 1000, syscall(SYS_getppid));
    MEASURE("stat_base", 200, 100, stat(readonly, &status));
    MEASURE("open_close_base", 200, 100, close(open(readonly, O_RDONLY)));
    int file = open(readonly, O_RDONLY);
    MEASURE("pread_base", 200, 500, (void)!pread(file, buffer, sizeof buffer, 0));
    int made = open(writable, O_RDWR | O_CREAT, 0600);
    if (made >= 0) {
        (void)!write(made, buffer, sizeof buffer);
        MEASURE("stat_own", 200, 100, stat(writable, &status));
        MEASURE("open_close_read", 200, 50, close(open(writable, O_RDONLY)));
        MEASURE("open_close_write", 200, 20, close(open(writable, O_RDWR)));
        MEASURE("pwrite", 200, 100, (void)!pwrite(made, buffer, sizeof buffer, 0));
        unlink(writable);
    }
    MEASURE("fork_exec_wait", 60, 1, {
        pid_t child = vfork();
        if (child == 0) { execl("/bin/true", "true", (char *)0); _exit(127); }
        waitpid(child, 0, 0);
    });
    if (argc > 3 && !connects("connect", htons(atoi(argv[3])))) {
        return 1;
    }
    int server = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in own = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof own;
    pthread_t thread;
    if (bind(server, (void *)&own, sizeof own) != 0 || listen(server, 4096) != 0
        || getsockname(server, (void *)&own, &length) != 0 || pthread_create(&thread, 0, serve, (void *)(long)server) != 0) {
        perror("listener");
        return 1;
    }
    return connects("connect_inside", own.sin_port) ? 0 : 1;
}
