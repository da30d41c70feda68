using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>The few instructions of classic BPF that a filter is made of, and where things are in struct
/// seccomp_data.</summary>
internal static class FilterCode
{
    internal const uint NumberOffset = 0;
    internal const uint ArchitectureOffset = 4;
    private const uint FirstArgumentOffset = 16;

    internal const ushort LoadCode = BPF.LD | BPF.W | BPF.ABS;
    internal const ushort AndCode = BPF.ALU | BPF.AND | BPF.K;
    internal const ushort AlwaysCode = BPF.JMP | BPF.JA;
    internal const ushort EqualCode = BPF.JMP | BPF.JEQ | BPF.K;
    internal const ushort GreaterOrEqualCode = BPF.JMP | BPF.JGE | BPF.K;
    internal const ushort ReturnCode = BPF.RET | BPF.K;

    /// <summary>Where an argument's low half is, in bytes.</summary>
    internal static uint ArgumentOffset(int argument) => FirstArgumentOffset + ((uint)argument * sizeof(ulong));

    internal static sock_filter Load(uint offset) => new() { code = LoadCode, k = offset };

    internal static sock_filter And(uint mask) => new() { code = AndCode, k = mask };

    internal static sock_filter Always(int distance) => new() { code = AlwaysCode, k = (uint)distance };

    internal static sock_filter Return(uint value) => new() { code = ReturnCode, k = value };

    /// <exception cref="OverflowException">A distance is above 255: a rule with more tests than the compiler is made
    /// for.</exception>
    internal static sock_filter Jump(ushort comparison, uint value, int whenTrue, int whenFalse) => new()
    {
        code = (ushort)(BPF.JMP | comparison | BPF.K),
        jt = checked((byte)whenTrue),
        jf = checked((byte)whenFalse),
        k = value,
    };
}
