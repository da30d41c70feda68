using System.Runtime.CompilerServices;

namespace ShellGuard.Linux.Abi;

/// <summary>The six arguments of a system call, always 64 bits wide, seccomp(2).</summary>
[InlineArray(Count)]
public struct SystemCallArguments
{
    public const int Count = 6;

    private ulong _first;
}
