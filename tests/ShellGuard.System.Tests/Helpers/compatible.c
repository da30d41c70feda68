/* A program of 32 bits without a C library: makes by-32-bit, has a child that makes by-32-bit-child, waits for it. */
static long call(long number, long a, long b, long c)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
    return result;
}

enum { EXIT = 1, FORK = 2, WAITPID = 7, MKDIR = 39 };

void _start(void)
{
    call(MKDIR, (long)"by-32-bit", 0755, 0);
    long child = call(FORK, 0, 0, 0);
    if (child == 0) {
        call(MKDIR, (long)"by-32-bit-child", 0755, 0);
        call(EXIT, 0, 0, 0);
    }

    call(WAITPID, child, 0, 0);
    call(EXIT, 0, 0, 0);
}
