/* Medians of single system calls in nanoseconds, one line each. Run outside and inside a cell by bench/run. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
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
        MEASURE("open_close_write", 200, 50, close(open(writable, O_RDWR)));
        MEASURE("open_close_read", 200, 50, close(open(writable, O_RDONLY)));
        unlink(writable);
    }
    MEASURE("fork_exec_wait", 60, 1, {
        pid_t child = vfork();
        if (child == 0) { execl("/bin/true", "true", (char *)0); _exit(127); }
        waitpid(child, 0, 0);
    });
    if (argc > 3) {
        struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[3])) };
        inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
        MEASURE("connect", 200, 1, {
            int s = socket(AF_INET, SOCK_STREAM, 0);
            if (connect(s, (void *)&to, sizeof to) != 0) { perror("connect"); return 1; }
            close(s);
        });
    }
    return 0;
}
