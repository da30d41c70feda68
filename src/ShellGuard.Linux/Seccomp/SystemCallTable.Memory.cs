using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>The address space, and random bytes to fill it.</content>
public sealed partial class SystemCallTable
{
    private static void AddMemory(SystemCallTableBuilder lines, FilterOptions options)
    {
        lines.Pass(
            Holder.OwnProcess,
            "own address space",
            mmap,
            mprotect,
            munmap,
            mremap,
            msync,
            brk,
            remap_file_pages,
            pkey_mprotect,
            pkey_alloc,
            pkey_free,
            map_shadow_stack,
            mseal,
            membarrier,
            mbind,
            set_mempolicy,
            get_mempolicy,
            set_mempolicy_home_node);
        lines.Pass(Holder.OwnProcess, "random bytes", getrandom);
        lines.Pass(Holder.Limits, "RLIMIT_MEMLOCK bounds it", mlock, mlock2, mlockall, munlock, munlockall);
        lines.Pass(
            Holder.PidNamespace,
            "moves the pages of processes of the cell between nodes",
            migrate_pages,
            move_pages);
        lines.Pass(Holder.PidNamespace, "frees the memory of a process that is dying anyway", process_mrelease);

        lines.DenySilently(
            Errno.ENOSYS,
            "memory that the supervisor cannot read; the error of a kernel without it",
            memfd_secret);
        lines.DenySilently(Errno.ENOSYS, "advice on another process's memory; allocators fall back", process_madvise);

        if (options.AllowPtrace)
        {
            lines.Pass(
                Holder.PidNamespace,
                "granted: reads and writes processes of the cell",
                process_vm_readv,
                process_vm_writev);
        }
        else
        {
            lines.Deny(
                Errno.EPERM,
                "reads and writes the memory of another process",
                process_vm_readv,
                process_vm_writev);
        }
    }
}
