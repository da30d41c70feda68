using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>A filter that lets named calls pass and refuses all others, also those that no kernel has yet.</summary>
public static class PermissionFilter
{
    /// <param name="calls">What passes.</param>
    /// <param name="refusals">Calls that get another error than EPERM, because a library then goes another way.</param>
    /// <remarks>A foreign architecture ends the process: its numbers mean other calls, seccomp(2).</remarks>
    public static FilterProgram Compile(IReadOnlyList<PermittedCall> calls, IReadOnlyList<(SystemCall Call, Errno Error)> refusals)
    {
        List<sock_filter> program =
        [
            FilterCode.Load(FilterCode.ArchitectureOffset),
            FilterCode.Jump(BPF.JEQ, (uint)AUDIT_ARCH.X86_64, whenTrue: 1, whenFalse: 0),
            FilterCode.Return((uint)SECCOMP_RET.KILL_PROCESS),
            FilterCode.Load(FilterCode.NumberOffset),
        ];
        foreach (PermittedCall permitted in calls)
        {
            if (permitted.Argument < 0)
            {
                program.Add(FilterCode.Jump(BPF.JEQ, (uint)permitted.Call, whenTrue: 0, whenFalse: 1));
                program.Add(Allow);
                continue;
            }

            int count = permitted.Values.Length;
            program.Add(FilterCode.Jump(BPF.JEQ, (uint)permitted.Call, whenTrue: 0, whenFalse: count + 4));
            program.Add(FilterCode.Load(FilterCode.ArgumentOffset(permitted.Argument)));
            program.Add(FilterCode.And(permitted.Mask));
            for (int i = 0; i < count; i++)
            {
                program.Add(FilterCode.Jump(BPF.JEQ, permitted.Values[i], whenTrue: count - i, whenFalse: 0));
            }

            program.Add(Refuse(Errno.EPERM));
            program.Add(Allow);
        }

        foreach ((SystemCall call, Errno error) in refusals)
        {
            program.Add(FilterCode.Jump(BPF.JEQ, (uint)call, whenTrue: 0, whenFalse: 1));
            program.Add(Refuse(error));
        }

        program.Add(Refuse(Errno.EPERM));
        return new FilterProgram([.. program]);
    }

    private static sock_filter Allow => FilterCode.Return((uint)SECCOMP_RET.ALLOW);

    private static sock_filter Refuse(Errno error) => FilterCode.Return((uint)SECCOMP_RET.ERRNO | (uint)error);
}
