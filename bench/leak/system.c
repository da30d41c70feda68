/* What a machine has one of: rows 60 to 67. */
#include "leak.h"
#include <linux/bpf.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>

enum { FORKS, THREADS, SYSINFO, MEMORY_FREE, FILES, TERMINALS, SWITCHES, IDLE };

static long number_in(struct end *end, const char *path, const char *before)
{
    static char text[262144];
    int file = open(path, O_RDONLY);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    close(file);
    if (length < 0)
    {
        fail(end, "read");
        return 0;
    }
    text[length] = 0;
    char *found = before[0] ? strstr(text, before) : text;
    return found ? atol(found + strlen(before)) : 0;
}

static void send_count(struct end *end, int bit)
{
    pid_t children[60];
    int pause_at[2];
    if (!bit)
    {
        return;
    }
    switch (end->way->choice)
    {
        case FORKS: case THREADS: case SYSINFO:
            failed(end, pipe(pause_at), "pipe");
            for (int i = 0; i < 60; i++)
            {
                children[i] = fork();
                if (children[i] == 0)
                {
                    char byte;
                    close(pause_at[1]);
                    _exit(read(pause_at[0], &byte, 1) != 0);
                }
            }
            close(pause_at[0]);
            sleep_until(end->until);
            close(pause_at[1]);
            for (int i = 0; i < 60; i++)
            {
                waitpid(children[i], NULL, 0);
            }
            break;
        case MEMORY_FREE:
            end->memory = mmap(NULL, 512 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
            sleep_until(end->until);
            munmap(end->memory, 512 << 20);
            break;
        case FILES:
            for (int i = 300; i < 1000; i++)
            {
                int file = open("/dev/null", O_RDONLY);
                dup2(file, i);
                close(file);
            }
            sleep_until(end->until);
            close_range(300, 1000, 0);
            break;
        case TERMINALS:
            end->fd[0] = open("/dev/ptmx", O_RDWR | O_NOCTTY);
            failed(end, end->fd[0], "open");
            sleep_until(end->until);
            close(end->fd[0]);
            break;
        case SWITCHES:
            while (busy(end))
            {
                sched_yield();
            }
            break;
        default:
            while (busy(end))
            {
            }
            break;
    }
}

static long receive_count(struct end *end)
{
    struct sysinfo information = { 0 };
    long before = end->number[0], value = 0;
    switch (end->way->choice)
    {
        case FORKS: value = number_in(end, "/proc/stat", "processes "); break;
        case THREADS: return number_in(end, "/proc/loadavg", "/");
        case SYSINFO: failed(end, sysinfo(&information), "sysinfo"); return information.procs;
        case MEMORY_FREE: return -number_in(end, "/proc/meminfo", "MemFree:");
        case FILES: return number_in(end, "/proc/sys/fs/file-nr", "");
        case TERMINALS: return number_in(end, "/proc/sys/kernel/pty/nr", "");
        case SWITCHES: value = number_in(end, "/proc/stat", "ctxt "); break;
        default: value = -number_in(end, "/proc/uptime", " "); break;
    }
    end->number[0] = value;
    return end->slot > 0 ? value - before : 0;
}

static void send_host_name(struct end *end, int bit)
{
    failed(end, sethostname(bit ? "leak-one" : "leak-zero", 9), "sethostname");
}

static long receive_host_name(struct end *end)
{
    struct utsname names = { 0 };
    failed(end, uname(&names), "uname");
    return strncmp(names.nodename, "leak-one", 8) == 0;
}

static void open_log(struct end *end)
{
    end->fd[0] = open("/dev/kmsg", (end->sender ? O_WRONLY : O_RDONLY) | O_NONBLOCK);
    failed(end, end->fd[0], "open");
    lseek(end->fd[0], 0, SEEK_END);
}

static void send_log(struct end *end, int bit)
{
    if (bit)
    {
        failed(end, write(end->fd[0], "<7>leak62", 9), "write");
    }
}

static long receive_log(struct end *end)
{
    char line[8192];
    ssize_t length;
    long found = 0;
    while ((length = read(end->fd[0], line, sizeof line)) > 0)
    {
        found |= memmem(line, length, "leak62", 6) != NULL;
    }
    return found;
}

/* A table of the kernel's virtual machine, which is found by its number. */
static long bpf(int command, union bpf_attr *attributes)
{
    return syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

static void open_table(struct end *end)
{
    union bpf_attr attributes = { 0 };
    attributes.map_type = BPF_MAP_TYPE_ARRAY;
    attributes.key_size = 4;
    attributes.value_size = 8;
    attributes.max_entries = 1;
    strcpy(attributes.map_name, "leak63");
    if (end->sender)
    {
        end->fd[0] = bpf(BPF_MAP_CREATE, &attributes);
        failed(end, end->fd[0], "bpf");
    }
}

static void send_table(struct end *end, int bit)
{
    union bpf_attr attributes = { 0 };
    uint32_t key = 0;
    uint64_t value = bit;
    attributes.map_fd = end->fd[0];
    attributes.key = (uintptr_t)&key;
    attributes.value = (uintptr_t)&value;
    failed(end, bpf(BPF_MAP_UPDATE_ELEM, &attributes), "bpf");
}

static long receive_map(struct end *end)
{
    union bpf_attr next = { 0 };
    long found = 0;
    while (bpf(BPF_MAP_GET_NEXT_ID, &next) == 0)
    {
        union bpf_attr attributes = { 0 };
        struct bpf_map_info information = { 0 };
        uint32_t key = 0;
        uint64_t value = 0;
        next.start_id = next.next_id;
        attributes.map_id = next.next_id;
        int map = bpf(BPF_MAP_GET_FD_BY_ID, &attributes);
        memset(&attributes, 0, sizeof attributes);
        attributes.info.bpf_fd = map;
        attributes.info.info_len = sizeof information;
        attributes.info.info = (uintptr_t)&information;
        if (map >= 0 && bpf(BPF_OBJ_GET_INFO_BY_FD, &attributes) == 0 && strcmp(information.name, "leak63") == 0)
        {
            memset(&attributes, 0, sizeof attributes);
            attributes.map_fd = map;
            attributes.key = (uintptr_t)&key;
            attributes.value = (uintptr_t)&value;
            bpf(BPF_MAP_LOOKUP_ELEM, &attributes);
            found |= value == 1;
        }
        close(map);
    }
    if (errno != ENOENT)
    {
        fail(end, "bpf");
    }
    return found;
}

/* How much of the processor is left while the other works, or does not. */
static void on_processor(int number)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(number, &one);
    sched_setaffinity(0, sizeof one, &one);
}

static void send_work(struct end *end, int bit)
{
    on_processor(0);
    while (bit && busy(end))
    {
    }
}

static long receive_work(struct end *end)
{
    long count = 0;
    on_processor(0);
    while (busy(end))
    {
        count++;
    }
    return count;
}

enum { CACHE = 64 << 20, LINE = 64 };

static void open_memory(struct end *end)
{
    end->memory = mmap(NULL, CACHE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    on_processor(end->sender ? 1 : 0);
}

static long walk(struct end *end, int step)
{
    long count = 0;
    unsigned place = 1;
    while (busy(end))
    {
        for (int i = 0; i < 256; i++)
        {
            place = place * 1664525u + 1013904223u;
            end->memory[place % (CACHE / LINE) * LINE] += step;
        }
        count++;
    }
    return count;
}

static void send_walk(struct end *end, int bit)
{
    if (bit)
    {
        walk(end, 1);
    }
}

static long receive_walk(struct end *end)
{
    return walk(end, 0);
}

/* How fast memory is got while another gets much. */
enum { MUCH = 64 << 20, SOME = 1 << 20 };

static void get_memory(struct end *end, size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED)
    {
        fail(end, "mmap");
        return;
    }
    munmap(memory, size);
}

static void send_pressure(struct end *end, int bit)
{
    while (bit && busy(end))
    {
        get_memory(end, MUCH);
    }
}

static long receive_pressure(struct end *end)
{
    long count = 0;
    while (busy(end))
    {
        get_memory(end, SOME);
        count++;
    }
    return count;
}

static void send_disk(struct end *end, int bit)
{
    static char block[1 << 20] __attribute__((aligned(4096)));
    int file = open("disk-of-sender", O_WRONLY | O_CREAT | O_DIRECT, 0600);
    for (int i = 0; bit && !failed(end, file, "open") && busy(end); i = (i + 1) % 64)
    {
        failed(end, pwrite(file, block, sizeof block, (off_t)i << 20), "write");
    }
    close(file);
}

static long receive_disk(struct end *end)
{
    static char block[4096] __attribute__((aligned(4096)));
    long count = 0;
    int file = open(place(end), O_RDONLY | O_DIRECT);
    for (int i = 0; !failed(end, file, "open") && busy(end); i++)
    {
        failed(end, pread(file, block, sizeof block, (off_t)(i % 1024) * 4096), "read");
        count++;
    }
    close(file);
    return count;
}

/* How fast the supervisor answers. */
static void send_questions(struct end *end, int bit)
{
    while (bit && busy(end))
    {
        int file = epoll_create1(0);
        failed(end, file, "epoll_create1");
        close(file);
    }
}

static long receive_answers(struct end *end)
{
    long count = 0;
    while (busy(end))
    {
        int file = epoll_create1(0);
        failed(end, file, "epoll_create1");
        close(file);
        count++;
    }
    return count;
}

const struct way system_ways[] = {
    { 60, "number of forks in /proc/stat", ALONE | VALUE | BUSY, "", FORKS, NULL, send_count, receive_count, NULL },
    { 60, "changes of tasks in /proc/stat", ALONE | VALUE | BUSY, "", SWITCHES, NULL, send_count, receive_count, NULL },
    { 60, "tasks in /proc/loadavg", ALONE | VALUE | BUSY, "", THREADS, NULL, send_count, receive_count, NULL },
    { 60, "tasks by sysinfo", ALONE | VALUE | BUSY, "", SYSINFO, NULL, send_count, receive_count, NULL },
    { 60, "free memory in /proc/meminfo", ALONE | VALUE | BUSY, "", MEMORY_FREE, NULL, send_count, receive_count, NULL },
    { 60, "open files in /proc/sys/fs", ALONE | VALUE | BUSY, "", FILES, NULL, send_count, receive_count, NULL },
    { 60, "terminals in /proc/sys/kernel", ALONE | VALUE | BUSY, "", TERMINALS, NULL, send_count, receive_count, NULL },
    { 60, "idle time in /proc/uptime", ALONE | VALUE | BUSY, "", IDLE, NULL, send_count, receive_count, NULL },
    { 61, "name of the host", ROOT, "", 0, NULL, send_host_name, receive_host_name, NULL },
    { 62, "the kernel's log", ROOT | SLOW, "", 0, open_log, send_log, receive_log, NULL },
    { 63, "a table of eBPF", ROOT, "", 0, open_table, send_table, receive_map, NULL },
    { 64, "work on the same processor", ALONE | VALUE | BUSY, "", 0, NULL, send_work, receive_work, NULL },
    { 64, "caches and memory bus", ALONE | VALUE | BUSY, "", 0, open_memory, send_walk, receive_walk, NULL },
    { 65, "getting memory", ALONE | VALUE | BUSY, "", 0, NULL, send_pressure, receive_pressure, NULL },
    { 66, "work of the disk", ALONE | VALUE | BUSY, "@/disk", 0, NULL, send_disk, receive_disk, NULL },
    { 67, "work of the supervisor", ALONE | VALUE | BUSY | CELL, "", 0, NULL, send_questions, receive_answers, NULL },
    { 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL },
};
