/* leak common COMMAND…            makes what a cell must not have, and becomes the command
 * leak both  RUN…                 the two ends as children of this process: the control
 * leak send  RUN…, leak receive RUN…
 * leak turn  send|receive ROW NAME SLOT   one bit of a way that takes turns; what was sent is kept in /tmp
 * leak turn  bits ROW NAME SLOT           says what was sent
 * leak end STATUS, leak wait MILLISECONDS, leak burn MILLISECONDS   what whoever waits for it may notice
 * leak write NUMBER, leak learn PORT      writes a line, before which it connects, or not; leak heard NUMBER reads that
 * leak list                       all ways
 *
 * RUN is: START MILLISECONDS BITS DIRECTORY PORT PORT PORT control|cells SELECTION…, where START is when the first
 * slot begins in milliseconds of CLOCK_REALTIME, which no time namespace shifts, and SELECTION are names of ways. What
 * comes out is a line for each way and end: SENT or GOT, the row, the bits or numbers, what went wrong, the name. */
#include "leak.h"
#include <arpa/inet.h>
#include <libgen.h>
#include <sys/random.h>
#include <sys/wait.h>

enum { MOST_BITS = 512 };
enum { SENDER = 1, RECEIVER = 0 };

const char *directory = ".";
int ports[3];

static const struct way *const families[] = {
    file_ways, storage_ways, lock_ways, descriptor_ways, memory_ways, process_ways, network_ways, system_ways,
    terminal_ways, counter_ways,
};

static int64_t start_time, slot_length;
static int bits, is_control;

int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

void sleep_until(int64_t time)
{
    struct timespec wake = { time / 1000000000LL, time % 1000000000LL };
    while (clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &wake, NULL) == EINTR)
    {
    }
}

int busy(const struct end *end)
{
    return now() < end->until;
}

void fail(struct end *end, const char *what)
{
    if (!end->why[0])
    {
        const char *name = strerrorname_np(errno);
        snprintf(end->why, sizeof end->why, "%s:%s", what, name ? name : "-");
    }
}

int failed(struct end *end, int result, const char *what)
{
    if (result < 0)
    {
        fail(end, what);
    }
    return result < 0;
}

const char *own(const char *path)
{
    static char name[256];
    snprintf(name, sizeof name, "%s-%d", path, (int)getuid());
    return name;
}

const char *place(const struct end *end)
{
    static char path[4096];
    const char *text = end->way->path;
    if (text[0] == '@')
    {
        snprintf(path, sizeof path, "%s%s", directory, text + 1);
        return path;
    }
    return strncmp(text, "/tmp/", 5) == 0 || strncmp(text, "/var/tmp/", 9) == 0 ? own(text) : text;
}

/* One line, in one write: the lines of many processes must not mix. */
static void say(const struct end *end, const long *values)
{
    static char line[MOST_BITS * 22 + 256];
    int length = sprintf(line, "%s %d ", end->sender ? "SENT" : "GOT", end->way->row);
    for (int i = 0; i < bits; i++)
    {
        length += sprintf(line + length, "%s%ld", i > 0 ? "," : "", values[i]);
    }
    length += sprintf(line + length, " %s %s\n", end->why[0] ? end->why : "-", end->way->name);
    for (int done = 0; done < length;)
    {
        ssize_t wrote = write(1, line + done, length - done);
        if (wrote <= 0)
        {
            _exit(3);
        }
        done += wrote;
    }
}

static int64_t slot_of(const struct way *way)
{
    return way->flags & SLOW && is_control ? slot_length * 12 : slot_length;
}

static int bits_of(const struct way *way)
{
    return way->flags & SLOW && is_control ? 24 : bits;
}

static void run(const struct way *way, int sender, int64_t begin)
{
    static long values[MOST_BITS];
    struct end end = { .way = way, .sender = sender, .fd = { -1, -1, -1, -1 } };
    int64_t length = slot_of(way);
    bits = bits_of(way);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGIO, SIG_IGN);
    if (way->open)
    {
        way->open(&end);
    }
    if (now() > begin)
    {
        errno = ETIME;
        fail(&end, "late");
    }
    for (int i = 0; i < bits; i++)
    {
        int64_t slot = begin + i * length;
        end.slot = i;
        if (sender)
        {
            unsigned char random;
            if (getrandom(&random, 1, 0) != 1)
            {
                _exit(3);
            }
            values[i] = random & 1;
            sleep_until(slot + length * (way->flags & BUSY ? 5 : way->flags & WATCH ? 40 : 0) / 100);
            end.until = slot + length * 85 / 100;
            way->send(&end, random & 1);
            if (way->rest)
            {
                sleep_until(slot + length * 88 / 100);
                way->rest(&end);
            }
        }
        else
        {
            sleep_until(slot + length * (way->flags & BUSY ? 20 : way->flags & WATCH ? 3 : 70) / 100);
            end.until = slot + length * 80 / 100;
            values[i] = way->receive(&end);
        }
    }
    sleep_until(begin + bits * length);
    say(&end, values);
}

static int is_selected(const struct way *way, char **selection)
{
    for (; *selection; selection++)
    {
        if (strcmp(*selection, way->name) == 0)
        {
            return 1;
        }
    }
    return 0;
}

/* The ways that go together first, then the others one after another. */
static int run_all(int sender, char **selection)
{
    int children = 0, status, wrong = 0;
    int64_t begin = start_time, longest = 0;
    for (int alone = 0; alone <= 1; alone++)
    {
        for (size_t family = 0; family < sizeof families / sizeof *families; family++)
        {
            for (const struct way *way = families[family]; way->name; way++)
            {
                if (!!(way->flags & ALONE) != alone || way->flags & TERMINAL || !is_selected(way, selection))
                {
                    continue;
                }
                int64_t length = slot_of(way) * bits_of(way);
                pid_t child = fork();
                if (child == 0)
                {
                    run(way, sender, begin);
                    _exit(0);
                }
                children += child > 0;
                wrong |= child < 0;
                longest = length > longest ? length : longest;
                if (alone)
                {
                    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
                    {
                    }
                    wrong |= status != 0;
                    begin += length + 200000000;
                    children--;
                }
            }
        }
        for (; !alone && children > 0; children--)
        {
            wait(&status);
            wrong |= status != 0;
        }
        begin += alone ? 0 : longest + 300000000;
    }
    return wrong;
}

static int agree(int sender, char **arguments)
{
    start_time = atoll(arguments[0]) * 1000000;
    slot_length = atoll(arguments[1]) * 1000000;
    bits = atoi(arguments[2]);
    directory = arguments[3];
    for (int i = 0; i < 3; i++)
    {
        ports[i] = atoi(arguments[4 + i]);
    }
    is_control = strcmp(arguments[7], "control") == 0;
    if (now() > start_time)
    {
        dprintf(1, "LATE\n");
        return 0;
    }
    return run_all(sender, arguments + 8);
}

/* A way of turns: each bit is a process of its own. */
static int turn(char **arguments)
{
    const char *kept = own("/tmp/leak-bits");
    struct end end = { .sender = strcmp(arguments[0], "send") == 0, .slot = atoi(arguments[3]) };
    for (const struct way *way = terminal_ways; way->name && !end.way; way++)
    {
        end.way = way->row == atoi(arguments[1]) && strcmp(way->name, arguments[2]) == 0 ? way : NULL;
    }
    if (!end.way)
    {
        return 2;
    }
    if (strcmp(arguments[0], "bits") == 0)
    {
        char text[MOST_BITS + 1] = "";
        FILE *file = fopen(kept, "r");
        int found = file && fgets(text, sizeof text, file);
        printf("BITS %s %s\n", found ? text : "-", end.way->name);
        return 0;
    }
    signal(SIGTTOU, SIG_IGN);
    if (end.way->open)
    {
        end.way->open(&end);
    }
    if (end.sender)
    {
        unsigned char random = 0;
        FILE *file = fopen(kept, end.slot == 0 ? "w" : "a");
        if (!file || getrandom(&random, 1, 0) != 1)
        {
            return 3;
        }
        fprintf(file, "%d", random & 1);
        fclose(file);
        end.way->send(&end, random & 1);
        return 0;
    }
    long value = end.way->receive(&end);
    printf("TURN %d %ld %s %s\n", end.slot, value, end.why[0] ? end.why : "-", end.way->name);
    return 0;
}

/* What whoever waits for a command may notice: how it ends, when, and what it used. */
static int end_somehow(const char *verb, int number)
{
    if (strcmp(verb, "end") == 0)
    {
        return number;
    }
    int64_t until = now() + number * 1000000LL;
    if (strcmp(verb, "wait") == 0)
    {
        sleep_until(until);
    }
    struct timespec used = { 0 };
    while (strcmp(verb, "burn") == 0 && used.tv_sec * 1000 + used.tv_nsec / 1000000 < number)
    {
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    }
    return 0;
}

/* A pipe that is cut because its writer learned something tells its reader that it did. */
static int learn_and_write(int port)
{
    struct sockaddr_in address = { AF_INET, htons(port), { htonl(INADDR_LOOPBACK) }, { 0 } };
    int file = socket(AF_INET, SOCK_STREAM, 0);
    if (port > 0 && connect(file, (struct sockaddr *)&address, sizeof address) < 0)
    {
        return 1;
    }
    signal(SIGPIPE, SIG_IGN);
    return write(1, "x", 1) < 0 && errno != EPIPE;
}

static int hear(void)
{
    char byte;
    printf("HEARD %d\n", read(0, &byte, 1) != 1);
    return 0;
}

static int list(void)
{
    for (size_t family = 0; family < sizeof families / sizeof *families; family++)
    {
        for (const struct way *way = families[family]; way->name; way++)
        {
            printf("%d\t%d\t%s\n", way->row, way->flags, way->name);
        }
    }
    return 0;
}

int main(int count, char **arguments)
{
    /* As leak-send and leak-receive it can be routed to two cells by its name. */
    char *name = basename(arguments[0]);
    char *verb = count > 1 ? arguments[1] : "";
    if (verb[0] >= '0' && verb[0] <= '9')
    {
        verb = strcmp(name, "leak-send") == 0 ? "send" : "receive";
        arguments--;
        count++;
    }
    if (strcmp(verb, "list") == 0)
    {
        return list();
    }
    if (strcmp(verb, "common") == 0 && count > 2)
    {
        make_common(0);
        execvp(arguments[2], arguments + 2);
        perror(arguments[2]);
        return 127;
    }
    if (strcmp(verb, "turn") == 0 && count >= 6)
    {
        return turn(arguments + 2);
    }
    if (count == 3 && (strcmp(verb, "write") == 0 || strcmp(verb, "learn") == 0))
    {
        return learn_and_write(strcmp(verb, "learn") == 0 ? atoi(arguments[2]) : 0);
    }
    if (count == 3 && strcmp(verb, "heard") == 0)
    {
        return hear();
    }
    if (count == 3)
    {
        return end_somehow(verb, atoi(arguments[2]));
    }
    if (count < 11)
    {
        fprintf(stderr, "leak: what is meant is said at the head of leak.c\n");
        return 2;
    }
    if (strcmp(verb, "both") != 0)
    {
        return agree(strcmp(verb, "send") == 0 ? SENDER : RECEIVER, arguments + 2);
    }
    make_common(1);
    int status, wrong = 0;
    for (int sender = 0; sender <= 1; sender++)
    {
        if (fork() == 0)
        {
            _exit(agree(sender, arguments + 2));
        }
    }
    while (wait(&status) > 0)
    {
        wrong |= status != 0;
    }
    return wrong;
}
