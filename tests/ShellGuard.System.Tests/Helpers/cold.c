// Hands texts to the kernel that no page holds yet: a program at a tracepoint cannot read them before the call.
// Makes the directory "cold", looks at an address that is not there, and executes /bin/mkdir cold-exec.
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct page {
    char directory[64], program[64], name[64], argument[64];
    char *words[3];
    struct sockaddr_un address;
};

static struct page *fresh(int file)
{
    struct page *page = mmap(NULL, sizeof *page, PROT_READ, MAP_SHARED, file, 0);
    return page;
}

int main(void)
{
    int file = open("page", O_RDWR | O_CREAT | O_TRUNC, 0600);
    static struct page content = { "cold", "/bin/mkdir", "mkdir", "cold-exec", { 0 }, { AF_UNIX, "cold-socket" } };
    struct page *where = fresh(file);
    content.words[0] = where->name;
    content.words[1] = where->argument;
    if (write(file, &content, sizeof content) != sizeof content)
        return 1;

    if (mkdir(where->directory, 0755) != 0)
        return 2;
    struct page *other = fresh(file);
    int made = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(made, (void *)&other->address, sizeof other->address) != -1 || errno != ENOENT)
        return 3;
    if (mkdir((char *)16, 0755) != -1 || errno != EFAULT)
        return 4;

    // The same addresses once more without pages.
    if (munmap(where, sizeof *where) != 0 || mmap(where, sizeof *where, PROT_READ, MAP_SHARED | MAP_FIXED, file, 0) != where)
        return 5;
    execve(where->program, where->words, (char *[]){ NULL });
    return 6;
}
