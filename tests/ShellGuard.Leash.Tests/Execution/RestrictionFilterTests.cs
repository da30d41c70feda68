using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Seccomp;
using Xunit;

namespace ShellGuard.Leash.Tests.Execution;

/// <summary>The small filter, judged by running its instructions.</summary>
public sealed class RestrictionFilterTests
{
    private const ulong Cookie = 0x1122334455667788;
    private const uint Allow = (uint)SECCOMP_RET.ALLOW;

    private static readonly FilterProgram Filter =
        RefusalFilter.Compile([(SystemCall.socket, Errno.EACCES), (SystemCall.ptrace, Errno.EPERM)], Cookie);

    [Theory]
    [InlineData(SystemCall.read, 0UL, Allow)]
    [InlineData(SystemCall.execveat, Cookie, Allow)]
    [InlineData(SystemCall.execveat, 0UL, (uint)SECCOMP_RET.ERRNO | 13)]
    [InlineData(SystemCall.execveat, Cookie ^ 1, (uint)SECCOMP_RET.ERRNO | 13)]
    [InlineData(SystemCall.execveat, Cookie ^ (1UL << 63), (uint)SECCOMP_RET.ERRNO | 13)]
    [InlineData(SystemCall.execve, Cookie, (uint)SECCOMP_RET.ERRNO | 13)]
    [InlineData(SystemCall.socket, 0UL, (uint)SECCOMP_RET.ERRNO | 13)]
    [InlineData(SystemCall.ptrace, 0UL, (uint)SECCOMP_RET.ERRNO | 1)]
    [InlineData((SystemCall)0x40000001, 0UL, (uint)SECCOMP_RET.ERRNO | 38)]
    public void Only_the_launch_that_knows_the_number_executes(SystemCall call, ulong sixth, uint outcome) =>
        Assert.Equal(outcome, Run((uint)call, (uint)AUDIT_ARCH.X86_64, sixth));

    [Fact]
    public void A_foreign_architecture_ends_the_process() =>
        Assert.Equal((uint)SECCOMP_RET.KILL_PROCESS, Run(11, (uint)AUDIT_ARCH.I386, Cookie));

    private static uint Run(uint number, uint architecture, ulong sixth)
    {
        uint accumulator = 0;
        for (int at = 0; ; at++)
        {
            sock_filter instruction = Filter.Instructions[at];
            switch (instruction.code)
            {
                case 0x20:
                    accumulator = instruction.k switch
                    {
                        0 => number,
                        4 => architecture,
                        56 => (uint)sixth,
                        60 => (uint)(sixth >> 32),
                        _ => throw new InvalidOperationException($"load of {instruction.k}"),
                    };
                    break;
                case 0x15:
                    at += accumulator == instruction.k ? instruction.jt : instruction.jf;
                    break;
                case 0x35:
                    at += accumulator >= instruction.k ? instruction.jt : instruction.jf;
                    break;
                case 0x06:
                    return instruction.k;
                default:
                    throw new InvalidOperationException($"instruction {instruction.code:x}");
            }
        }
    }
}
