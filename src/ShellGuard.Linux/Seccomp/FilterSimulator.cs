using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>Runs a compiled filter as the kernel does, seccomp(2). For tests and for the printed listing.</summary>
public static class FilterSimulator
{
    /// <summary>Runs the filter on a call.</summary>
    /// <returns>What the filter returns, and how many instructions that took.</returns>
    /// <exception cref="InvalidOperationException">The program is one that the kernel would not take: an unknown
    /// instruction, a load beyond struct seccomp_data, or an end without a return.</exception>
    public static (uint ReturnValue, int Executed) Run(FilterProgram program, in seccomp_data data) =>
        Run(program, data, argumentsReadable: true)
        ?? throw new InvalidOperationException("a filter that may read arguments always returns");

    /// <summary>Whether the kernel (5.11 or newer) remembers that the call passes and does not run the filter for it
    /// again: it must pass without a look at anything but number and architecture.</summary>
    public static bool PassesWithoutRunning(FilterProgram program, SystemCall call)
    {
        var data = new seccomp_data { nr = (int)call, arch = (uint)AUDIT_ARCH.X86_64 };
        return Run(program, data, argumentsReadable: false) is { ReturnValue: (uint)SECCOMP_RET.ALLOW };
    }

    /// <summary>Runs; null where an argument is read and must not be.</summary>
    private static (uint ReturnValue, int Executed)? Run(
        FilterProgram program,
        in seccomp_data data,
        bool argumentsReadable)
    {
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<seccomp_data, uint>(new ReadOnlySpan<seccomp_data>(in data));
        ReadOnlySpan<sock_filter> code = program.Instructions.AsSpan();
        uint accumulator = 0;
        int executed = 0;
        for (int at = 0; at < code.Length; at++)
        {
            executed++;
            sock_filter instruction = code[at];
            switch (instruction.code)
            {
                case FilterCode.LoadCode when instruction.k % sizeof(uint) == 0
                    && instruction.k / sizeof(uint) < words.Length:
                    if (!argumentsReadable && instruction.k > FilterCode.ArchitectureOffset)
                    {
                        return null;
                    }

                    accumulator = words[(int)(instruction.k / sizeof(uint))];
                    break;
                case FilterCode.AndCode:
                    accumulator &= instruction.k;
                    break;
                case FilterCode.AlwaysCode:
                    at += (int)instruction.k;
                    break;
                case FilterCode.EqualCode:
                    at += accumulator == instruction.k ? instruction.jt : instruction.jf;
                    break;
                case FilterCode.GreaterOrEqualCode:
                    at += accumulator >= instruction.k ? instruction.jt : instruction.jf;
                    break;
                case FilterCode.ReturnCode:
                    return (instruction.k, executed);
                default:
                    throw new InvalidOperationException($"instruction {at}: the kernel refuses code "
                        + $"0x{instruction.code:x} with 0x{instruction.k:x}");
            }
        }

        throw new InvalidOperationException("the filter ends without a return");
    }
}
