using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>A small filter for a program that is not in a cell: some calls are refused, everything else passes. It has no
/// supervisor, and so nothing that could die or be too late.</summary>
public static class RefusalFilter
{
    private const int CookieArgument = 5;

    /// <summary>Compiles the filter.</summary>
    /// <param name="refused">Calls and the errors that they get.</param>
    /// <param name="execCookie">Where it is given, no program is executed any more but by an <c>execveat</c> that has this
    /// number as its sixth argument, of which the kernel takes no notice. The launch knows the number; the program that it
    /// executes does not, because an execve clears the registers and the kernel shows filters to nobody without
    /// CAP_SYS_ADMIN.</param>
    /// <remarks>A foreign architecture ends the process: its numbers mean other calls, seccomp(2).</remarks>
    public static FilterProgram Compile(IReadOnlyList<(SystemCall Call, Errno Error)> refused, ulong? execCookie)
    {
        List<sock_filter> program =
        [
            FilterCode.Load(FilterCode.ArchitectureOffset),
            FilterCode.Jump(BPF.JEQ, (uint)AUDIT_ARCH.X86_64, whenTrue: 1, whenFalse: 0),
            FilterCode.Return((uint)SECCOMP_RET.KILL_PROCESS),
            FilterCode.Load(FilterCode.NumberOffset),
            FilterCode.Jump(BPF.JGE, FilterCompiler.FirstX32Number, whenTrue: 0, whenFalse: 1),
            Refuse(Errno.ENOSYS),
        ];
        foreach ((SystemCall call, Errno error) in refused)
        {
            program.Add(FilterCode.Jump(BPF.JEQ, (uint)call, whenTrue: 0, whenFalse: 1));
            program.Add(Refuse(error));
        }

        if (execCookie is { } cookie)
        {
            uint offset = FilterCode.ArgumentOffset(CookieArgument);
            program.AddRange(
            [
                FilterCode.Jump(BPF.JEQ, (uint)SystemCall.execve, whenTrue: 5, whenFalse: 0),
                FilterCode.Jump(BPF.JEQ, (uint)SystemCall.execveat, whenTrue: 0, whenFalse: 5),
                FilterCode.Load(offset),
                FilterCode.Jump(BPF.JEQ, (uint)cookie, whenTrue: 0, whenFalse: 2),
                FilterCode.Load(offset + sizeof(uint)),
                FilterCode.Jump(BPF.JEQ, (uint)(cookie >> 32), whenTrue: 1, whenFalse: 0),
                Refuse(Errno.EACCES),
            ]);
        }

        program.Add(FilterCode.Return((uint)SECCOMP_RET.ALLOW));
        return new FilterProgram([.. program]);
    }

    private static sock_filter Refuse(Errno error) => FilterCode.Return((uint)SECCOMP_RET.ERRNO | (uint)error);
}
