/* The terminal, where the two take turns: rows 41 and 54 to 59. */
#include "leak.h"
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>

static struct termios before;

/* What comes back from the terminal itself. */
static int answer(struct end *end, const char *question, char *text, size_t size)
{
    struct pollfd input = { .fd = end->fd[0], .events = POLLIN };
    size_t length = 0;
    if (end->fd[0] < 0)
    {
        return 0;
    }
    struct termios raw = before;
    raw.c_lflag &= ~(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    failed(end, tcsetattr(end->fd[0], TCSANOW, &raw), "tcsetattr");
    failed(end, write(end->fd[0], question, strlen(question)), "write");
    while (length < size - 1 && poll(&input, 1, length > 0 ? 20 : 300) > 0)
    {
        ssize_t got = read(end->fd[0], text + length, size - 1 - length);
        if (got <= 0)
        {
            break;
        }
        length += got;
    }
    text[length] = 0;
    tcsetattr(end->fd[0], TCSANOW, &before);
    return length;
}

static void open_terminal(struct end *end)
{
    end->fd[0] = open("/dev/tty", O_RDWR);
    if (!failed(end, end->fd[0], "open"))
    {
        failed(end, tcgetattr(end->fd[0], &before), "tcgetattr");
    }
}

static void send_text(struct end *end, int bit)
{
    char text[64];
    int length = snprintf(text, sizeof text, end->way->path, strchr(end->way->path, 'c') ? 'w' + bit : bit);
    failed(end, write(end->fd[0], text, length), "write");
}

static long receive_reply(struct end *end)
{
    static const char *const questions[] = { "\033[1;0;1;1;24;80*y", "\033[21t", "\033]52;c;?\a", "\033[6n" };
    char text[256] = "";
    answer(end, questions[end->way->choice], text, sizeof text);
    return strstr(text, "leak-1") != NULL || strstr(text, "bGVhay0x") != NULL || strstr(text, ";41R") != NULL
        || strstr(text, "!~0031") != NULL;
}

static void send_window(struct end *end, int bit)
{
    struct winsize size = { 0 };
    failed(end, ioctl(end->fd[0], TIOCGWINSZ, &size), "TIOCGWINSZ");
    size.ws_xpixel = bit ? 1001 : 1000;
    failed(end, ioctl(end->fd[0], TIOCSWINSZ, &size), "TIOCSWINSZ");
}

static long receive_window(struct end *end)
{
    struct winsize size = { 0 };
    failed(end, ioctl(end->fd[0], TIOCGWINSZ, &size), "TIOCGWINSZ");
    return size.ws_xpixel == 1001;
}

static void send_mode(struct end *end, int bit)
{
    before.c_cc[VSTOP] = bit ? 0x1e : 0x13;
    failed(end, tcsetattr(end->fd[0], TCSANOW, &before), "tcsetattr");
}

static long receive_mode(struct end *end)
{
    (void)end;
    return before.c_cc[VSTOP] == 0x1e;
}

/* Bytes that wait in the terminal's input. */
static void send_input(struct end *end, int bit)
{
    char byte = bit ? '1' : '0';
    failed(end, ioctl(end->fd[0], TIOCSTI, &byte), "TIOCSTI");
    byte = '\n';
    ioctl(end->fd[0], TIOCSTI, &byte);
}

static long receive_input(struct end *end)
{
    int waiting = 0;
    char text[64] = "";
    failed(end, ioctl(end->fd[0], FIONREAD, &waiting), "FIONREAD");
    if (waiting > 0 && read(end->fd[0], text, sizeof text - 1) < 0)
    {
        fail(end, "read");
    }
    return text[0] == '1';
}

/* Which group of processes is in front: the sender's own, or a number that nobody has. */
static void send_front(struct end *end, int bit)
{
    if (!bit)
    {
        failed(end, tcsetpgrp(end->fd[0], getpgrp()), "tcsetpgrp");
        return;
    }
    pid_t child = fork();
    if (child == 0)
    {
        setpgid(0, 0);
        _exit(tcsetpgrp(end->fd[0], getpgrp()) < 0);
    }
    waitpid(child, NULL, 0);
}

static long receive_front(struct end *end)
{
    pid_t group = tcgetpgrp(end->fd[0]);
    failed(end, group, "tcgetpgrp");
    return group != getpgrp();
}

const struct way terminal_ways[] = {
    { 54, "a sum of what the screen shows", TERMINAL, "leak-%d", 0, open_terminal, send_text, receive_reply, NULL },
    { 55, "size of the window", TERMINAL, "", 0, open_terminal, send_window, receive_window, NULL },
    { 55, "modes", TERMINAL, "", 0, open_terminal, send_mode, receive_mode, NULL },
    { 55, "input that was typed for another", TERMINAL, "", 0, open_terminal, send_input, receive_input, NULL },
    { 56, "the window's title", TERMINAL, "\033]2;leak-%d\a", 1, open_terminal, send_text, receive_reply, NULL },
    { 56, "the clipboard", TERMINAL, "\033]52;c;bGVhay0%c\a", 2, open_terminal, send_text, receive_reply, NULL },
    { 56, "where the cursor is", TERMINAL, "\033[5;4%dH", 3, open_terminal, send_text, receive_reply, NULL },
    /* The last, for in a control nobody is in front any more after it. */
    { 41, "which group is in front", TERMINAL, "", 0, open_terminal, send_front, receive_front, NULL },
    { 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL },
};
