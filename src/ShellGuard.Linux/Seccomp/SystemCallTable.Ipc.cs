using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>System V IPC and POSIX message queues.</content>
public sealed partial class SystemCallTable
{
    private static void AddIpc(SystemCallTableBuilder lines)
    {
        lines.Pass(
            Holder.IpcNamespace,
            "shared memory, semaphores and message queues of the cell",
            shmget,
            shmat,
            shmctl,
            shmdt,
            semget,
            semop,
            semtimedop,
            semctl,
            msgget,
            msgsnd,
            msgrcv,
            msgctl,
            mq_open,
            mq_unlink,
            mq_timedsend,
            mq_timedreceive,
            mq_notify,
            mq_getsetattr);
    }
}
