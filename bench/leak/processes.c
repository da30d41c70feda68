/* Processes: rows 33 to 43. */
#include "leak.h"
#include <dirent.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <sys/wait.h>

/* Goes through the processes in sight; returns a process number for which the function is true. */
static pid_t find_process(struct end *end, int (*matches)(struct end *, pid_t))
{
    pid_t found = 0;
    DIR *processes = opendir("/proc");
    for (struct dirent *process; processes && !found && (process = readdir(processes));)
    {
        pid_t pid = atoi(process->d_name);
        if (pid > 0 && pid != getpid() && matches(end, pid))
        {
            found = pid;
        }
    }
    closedir(processes);
    return found;
}

static int has_name(struct end *end, pid_t pid)
{
    char path[64], name[32] = "";
    snprintf(path, sizeof path, "/proc/%d/comm", pid);
    int file = open(path, O_RDONLY);
    if (file >= 0)
    {
        if (read(file, name, sizeof name - 1) < 0)
        {
            name[0] = 0;
        }
        close(file);
    }
    return strncmp(name, end->memory, strlen(end->memory)) == 0;
}

static pid_t named(struct end *end, char *name)
{
    end->memory = name;
    return find_process(end, has_name);
}

static void name_process(struct end *end)
{
    char name[16];
    snprintf(name, sizeof name, "leak%d-%c", end->way->row, end->sender ? 's' : 'r');
    prctl(PR_SET_NAME, name);
}

/* A command with an argument and a variable, asked for by the name that is routed to the other side. Inside of a side
 * there is nobody to ask, and it runs there. */
static void send_argument(struct end *end, int bit)
{
    char text[2] = { bit ? '1' : '0', 0 };
    pid_t child = fork();
    if (child == 0)
    {
        setenv("LEAK", text, 1);
        execlp("sh", "sh", "-c", "printf %s \"$LEAK\" > \"$2\"; : \"$1\"", "sh", text, own("/tmp/leak-argument"), NULL);
        _exit(127);
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0)
    {
        fail(end, "execve");
    }
}

static long receive_argument(struct end *end)
{
    char text[1] = "";
    int file = open(own("/tmp/leak-argument"), O_RDONLY);
    if (!failed(end, file, "open"))
    {
        failed(end, read(file, text, 1), "read");
        close(file);
    }
    return text[0] == '1';
}

static void open_signal(struct end *end)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGWINCH);
    name_process(end);
    if (!end->sender)
    {
        sigprocmask(SIG_BLOCK, &signals, NULL);
        end->fd[0] = signalfd(-1, &signals, SFD_NONBLOCK);
        failed(end, end->fd[0], "signalfd");
    }
}

/* To the receiver where it is in sight, else to every number that it could have; SIGWINCH does nothing to most. */
static void send_signal(struct end *end, int bit)
{
    if (!bit)
    {
        return;
    }
    pid_t receiver = named(end, "leak35-r");
    if (receiver > 0)
    {
        failed(end, kill(receiver, SIGWINCH), "kill");
        return;
    }
    errno = ESRCH;
    fail(end, "kill");
    for (pid_t pid = 2; pid < 2000; pid++)
    {
        if (pid != getpid())
        {
            kill(pid, SIGWINCH);
        }
    }
}

static long receive_signal(struct end *end)
{
    struct signalfd_siginfo information;
    long found = 0;
    while (read(end->fd[0], &information, sizeof information) > 0)
    {
        found = 1;
    }
    return found;
}

static char *const Page = (char *)0x300000000000;
static const char Mark[] = "leak36-mark";

static void open_page(struct end *end)
{
    if (end->sender)
    {
        void *memory = mmap(Page, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        failed(end, memory == MAP_FAILED ? -1 : 0, "mmap");
        memcpy(Page, Mark, sizeof Mark);
    }
}

static void send_page(struct end *end, int bit)
{
    (void)end;
    Page[100] = bit;
}

static int reads_page(struct end *end, pid_t pid)
{
    char copy[128] = "";
    struct iovec here = { copy, sizeof copy }, there = { Page, sizeof copy };
    if (process_vm_readv(pid, &here, 1, &there, 1, 0) < 0)
    {
        fail(end, "process_vm_readv");
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/mem", pid);
        int file = open(path, O_RDONLY);
        if (file < 0 || pread(file, copy, sizeof copy, (uintptr_t)Page) < 0)
        {
            copy[0] = 0;
        }
        close(file);
    }
    end->number[0] = copy[100];
    return memcmp(copy, Mark, sizeof Mark) == 0;
}

static long receive_page(struct end *end)
{
    end->number[0] = 0;
    return find_process(end, reads_page) > 0 && end->number[0];
}

static void send_process_name(struct end *end, int bit)
{
    failed(end, prctl(PR_SET_NAME, bit ? "leak37-one" : "leak37-zero"), "prctl");
}

static long receive_process_name(struct end *end)
{
    return named(end, "leak37-one") > 0;
}

/* The best priority for input and output that a process of the user has: best effort 0 is better than all others. */
static void send_priority(struct end *end, int bit)
{
    failed(end, syscall(SYS_ioprio_set, 1, 0, 2 << 13 | (bit ? 0 : 7)), "ioprio_set");
}

static long receive_priority(struct end *end)
{
    long best = syscall(SYS_ioprio_get, 3 /* IOPRIO_WHO_USER */, getuid());
    failed(end, best, "ioprio_get");
    return best == 2 << 13;
}

static void send_affinity(struct end *end, int bit)
{
    struct sched_param none = { 0 };
    name_process(end);
    failed(end, sched_setscheduler(0, bit ? SCHED_BATCH : SCHED_OTHER, &none), "sched_setscheduler");
}

static long receive_affinity(struct end *end)
{
    pid_t sender = named(end, "leak38-s");
    if (sender <= 0)
    {
        errno = ESRCH;
        fail(end, "sched_getscheduler");
        return 0;
    }
    return sched_getscheduler(sender) == SCHED_BATCH;
}

static void send_numbers(struct end *end, int bit)
{
    for (int i = 0; bit && i < 40; i++)
    {
        pid_t child = fork();
        if (child == 0)
        {
            _exit(0);
        }
        failed(end, child, "fork");
        waitpid(child, NULL, 0);
    }
}

static long receive_numbers(struct end *end)
{
    pid_t child = fork();
    if (child == 0)
    {
        _exit(0);
    }
    waitpid(child, NULL, 0);
    long before = end->number[0];
    end->number[0] = child;
    return before ? child - before : 0;
}

/* Pages for pipes are counted by user: who has too many gets small ones, pipe(7). */
static void send_pipes(struct end *end, int bit)
{
    int ends[2];
    for (int i = 0; bit && i < 400; i++)
    {
        if (pipe(ends) < 0)
        {
            break;
        }
        fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
        end->number[0] = end->number[0] ? end->number[0] : ends[0];
        end->number[1] = ends[1];
    }
}

static void rest_pipes(struct end *end)
{
    if (end->number[0])
    {
        close_range(end->number[0], end->number[1], 0);
    }
    end->number[0] = 0;
}

static long receive_pipes(struct end *end)
{
    int ends[2];
    if (failed(end, pipe(ends), "pipe"))
    {
        return 0;
    }
    long size = fcntl(ends[0], F_GETPIPE_SZ);
    close(ends[0]);
    close(ends[1]);
    return size < 65536;
}

/* A core file, where the kernel writes it: beside the program's working directory. */
static void send_core(struct end *end, int bit)
{
    unlink("core");
    pid_t child = bit ? fork() : -1;
    if (child == 0)
    {
        struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
        if (setrlimit(RLIMIT_CORE, &limit) < 0)
        {
            _exit(3);
        }
        abort();
    }
    int status = 0;
    if (child > 0 && waitpid(child, &status, 0) == child && !WCOREDUMP(status))
    {
        errno = EPERM;
        fail(end, "setrlimit");
    }
}

static long receive_core(struct end *end)
{
    (void)end;
    return access("core", F_OK) == 0;
}

static void send_group(struct end *end, int bit)
{
    if (bit ? mkdir(end->way->path, 0755) < 0 && errno != EEXIST : rmdir(end->way->path) < 0 && errno != ENOENT)
    {
        fail(end, "mkdir");
    }
}

static long receive_group(struct end *end)
{
    char parent[256];
    snprintf(parent, sizeof parent, "%s", end->way->path);
    *strrchr(parent, '/') = 0;
    failed(end, access(parent, F_OK), "access");
    return access(end->way->path, F_OK) == 0;
}

const struct way process_ways[] = {
    { 33, "argument and environment of a new process", 0, "", 0, NULL, send_argument, receive_argument, NULL },
    { 35, "signal", 0, "", 0, open_signal, send_signal, receive_signal, NULL },
    { 36, "memory of another process", 0, "", 0, open_page, send_page, receive_page, NULL },
    { 37, "name of a process", 0, "", 0, NULL, send_process_name, receive_process_name, NULL },
    { 38, "best input and output priority of the user", 0, "", 0, NULL, send_priority, receive_priority, NULL },
    { 38, "scheduling class of a process", 0, "", 0, NULL, send_affinity, receive_affinity, NULL },
    { 39, "process numbers", ALONE | VALUE, "", 0, NULL, send_numbers, receive_numbers, NULL },
    { 40, "pages for pipes of the user", ALONE, "", 0, NULL, send_pipes, receive_pipes, rest_pipes },
    { 42, "core file", ALONE, "", 0, NULL, send_core, receive_core, NULL },
    { 43, "control groups", ROOT, "/sys/fs/cgroup/unified/leak", 0, NULL, send_group, receive_group, NULL },
    { 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL },
};
