/* I3, I2: the supervisor is made to look at pipes, devices, its own /proc/self, loops of links. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    double begun = now();
    mkfifo("/tmp/pipe", 0755);
    REFUSED(execve("/tmp/pipe", (char *[]){ "x", NULL }, NULL));
    REFUSED(execve("/dev/zero", (char *[]){ "x", NULL }, NULL));
    REFUSED(execve("/dev/tty", (char *[]){ "x", NULL }, NULL));
    REFUSED(execve("/proc/self/mem", (char *[]){ "x", NULL }, NULL));
    REFUSED(execve("/proc/self", (char *[]){ "x", NULL }, NULL));
    REFUSED(execve("/proc/kmsg", (char *[]){ "x", NULL }, NULL));
    REFUSED(execve("", (char *[]){ "x", NULL }, NULL));
    REFUSED(execve("/", (char *[]){ "x", NULL }, NULL));
    symlink("/tmp/loop", "/tmp/loop");
    REFUSED(execve("/tmp/loop", (char *[]){ "x", NULL }, NULL));
    REFUSED(open("/tmp/loop/x", O_WRONLY | O_CREAT, 0600));
    int script = open("/tmp/script", O_WRONLY | O_CREAT, 0755);
    if (write(script, "#!/tmp/script\n", 14) != 14) return 1;
    close(script);
    REFUSED(execve("/tmp/script", (char *[]){ "x", NULL }, NULL));
    script = open("/tmp/pipe-script", O_WRONLY | O_CREAT, 0755);
    if (write(script, "#!/tmp/pipe\n", 12) != 12) return 1;
    close(script);
    REFUSED(execve("/tmp/pipe-script", (char *[]){ "x", NULL }, NULL));
    int other = open("/tmp/pipe", O_RDWR | O_NONBLOCK);
    verdict(other < 0, "a pipe of its own");
    REFUSED(open(path("%s/pipe", base), O_WRONLY | O_NONBLOCK));
    int sparse = open("/tmp/sparse", O_RDWR | O_CREAT, 0755);
    if (ftruncate(sparse, 1L << 31)) return 1;
    close(sparse);
    REFUSED(execve("/tmp/sparse", (char *[]){ "x", NULL }, NULL));
    verdict(now() - begun > 30, "%.1f s in all", now() - begun);
    return 0;
}
