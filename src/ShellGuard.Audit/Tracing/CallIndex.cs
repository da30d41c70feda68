using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Audit.Tracing;

/// <summary>Finds traced calls by their numbers.</summary>
internal static class CallIndex
{
    /// <summary>Bit that x32 programs add to the native numbers.</summary>
    private const int X32 = 0x40000000;

    /// <summary>What 32-bit programs may reach through socketcall(2), by its number there.</summary>
    private static readonly string?[] SocketCalls =
        [null, "socket", "bind", "connect", "listen", null, null, null, null, null, null, "sendto", null, null, null, null,
            "sendmsg", null, null, null, "sendmmsg"];

    /// <summary>Numbers that only x32 programs use, for calls whose structures have pointers of 32 bits: syscall_64.tbl of
    /// the kernel, from 512 on.</summary>
    private const int FirstOfX32 = 512;

    private static readonly Dictionary<int, TracedCall> X32Calls = new (int Number, string Name)[]
    {
        (518, "sendmsg"), (520, "execve"), (521, "ptrace"), (524, "rt_sigqueueinfo"), (528, "kexec_load"), (536, "rt_tgsigqueueinfo"),
        (538, "sendmmsg"), (539, "process_vm_readv"), (540, "process_vm_writev"), (545, "execveat"),
    }.ToDictionary(own => own.Number, own => TracedCalls.All.First(call => call.Name == own.Name));

    private static readonly Dictionary<int, TracedCall> NativeCalls = Index(call => call.Native);
    private static readonly Dictionary<int, TracedCall> CompatibleCalls = Index(call => call.Compatible);

    /// <summary>The filter that stops these calls and no others.</summary>
    public static FilterProgram Filter { get; } = TraceFilter.Compile(
        [.. TracedCalls.All.Where(call => call.Native != TracedCalls.None).Select(call => new TraceRule(call.Native, call.NativeTests))],
        [.. TracedCalls.All.Where(call => call.Compatible != TracedCalls.None).Select(call => new TraceRule(call.Compatible, call.CompatibleTests))]);

    /// <returns>Null for a call that is not traced.</returns>
    public static TracedCall? Find(AUDIT_ARCH architecture, int number) => architecture == AUDIT_ARCH.I386
        ? CompatibleCalls.GetValueOrDefault(number)
        : (number & X32) != 0 && X32Calls.GetValueOrDefault(number & ~X32) is { } own ? own
        : NativeCalls.GetValueOrDefault(number & ~X32);

    /// <summary>Bytes of a pointer in what the arguments of a call point to.</summary>
    public static int PointerSize(AUDIT_ARCH architecture, int number) =>
        architecture == AUDIT_ARCH.I386 || (number & ~X32) >= FirstOfX32 ? sizeof(uint) : sizeof(ulong);

    /// <summary>By a number of <see cref="Ebpf.CallSpecs"/>.</summary>
    public static TracedCall? OfCaptured(int number) => number >= Ebpf.CaptureLayout.NativeCalls
        ? CompatibleCalls.GetValueOrDefault(number - Ebpf.CaptureLayout.NativeCalls)
        : NativeCalls.GetValueOrDefault(number);

    /// <summary>What a socketcall(2) stands for; null for what is not traced.</summary>
    public static TracedCall? OfSocketCall(ulong number) =>
        number < (ulong)SocketCalls.Length && SocketCalls[number] is { } name
            ? TracedCalls.All.First(call => call.Name == name)
            : null;

    private static Dictionary<int, TracedCall> Index(Func<TracedCall, int> number)
    {
        Dictionary<int, TracedCall> index = [];
        foreach (TracedCall call in TracedCalls.All)
        {
            if (number(call) != TracedCalls.None)
            {
                index.Add(number(call), call);
            }
        }

        return index;
    }
}
