/* B1: a ring would open, connect and send where no filter sees it. */
#include "attack.h"
#include <linux/io_uring.h>

int main(int argc, char **argv)
{
    start(argc, argv);
    struct io_uring_params parameters = { 0 };
    REFUSED(syscall(SYS_io_uring_setup, 8, &parameters));
    memset(&parameters, 0, sizeof parameters);
    parameters.flags = IORING_SETUP_SQPOLL;
    REFUSED(syscall(SYS_io_uring_setup, 8, &parameters));
    for (int handle = 0; handle < 64; handle++)
        if (syscall(SYS_io_uring_enter, handle, 0, 0, 0, NULL, 0) >= 0) verdict(1, "ring in descriptor %d", handle);
    REFUSED(syscall(SYS_io_uring_register, -1, 0, NULL, 0));
    return 0;
}
