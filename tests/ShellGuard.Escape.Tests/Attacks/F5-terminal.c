/* F5: the user's terminal: typing into it, taking it, and sequences that act outside of the screen. What arrives there
 * is judged outside. */
#include "attack.h"
#include <linux/tiocl.h>
#include <termios.h>

int main(int argc, char **argv)
{
    start(argc, argv);
    char key = 'x', select = TIOCL_PASTESEL;
    REFUSED(ioctl(0, TIOCSTI, &key));
    REFUSED(syscall(SYS_ioctl, 0, 0xdeadbeef00000000UL | TIOCSTI, &key));
    REFUSED(ioctl(0, TIOCLINUX, &select));
    REFUSED(ioctl(0, TIOCCONS, 0));
    REFUSED(ioctl(0, TIOCSETD, &(int){ 1 }));
    char name[128] = "";
    ttyname_r(0, name, sizeof name);
    verdict(strcmp(name, "/dev/pts/0") != 0, "the terminal is the cell's own %s", name);
    for (int i = 1; i < 64; i++)
    {
        int other = open(path("/dev/pts/%d", i), O_RDWR | O_NOCTTY | O_NONBLOCK);
        if (other >= 0) verdict(1, "terminal %d of the host", i);
    }
    int tty = open("/dev/tty", O_RDWR);
    REFUSED(ioctl(tty, TIOCSTI, &key));
    pid_t child = fork();
    if (child == 0)
    {
        setsid();
        ioctl(0, TIOCSCTTY, 1);
        REFUSED(ioctl(0, TIOCSTI, &key));
        _exit(0);
    }
    waitpid(child, NULL, 0);
    static const char *sequences[] = { "\033]52;c;ZXZpbA==\a", "\033]52;p;?\033\\", "\033P$qm\033\\", "\033[21t", "\033[20t",
        "\033[5i", "\033[4i", "\033]777;notify;a;b\a", "\033]1337;File=name=eA==:eA==\a", "\033]50;?\a", "\033[>c", "\033]5522;type=write\a",
        "\033P@kitty-cmd{}\033\\",
        "\033]4;0;?\a", "\033P+q544e\033\\", "\033_Gi=1,a=q;AAAA\033\\", "\033]9;4;1;50\a", "\0335n", "\033%@", "\033#8",
        "\033[?1049h\033]0;title\a\033[?1049l", "\233\x35\x6e" };
    for (unsigned i = 0; i < sizeof sequences / sizeof *sequences; i++)
        if (write(1, sequences[i], strlen(sequences[i])) < 0) return 1;
    printf("\nHELD to the end\n");
    return 0;
}
