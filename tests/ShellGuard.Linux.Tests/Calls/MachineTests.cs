using ShellGuard.Linux.Calls;
using Xunit;

namespace ShellGuard.Linux.Tests.Calls;

public sealed class MachineTests
{
    [Fact]
    public void The_kernel_is_named_as_it_names_itself()
    {
        (string release, string hardware) = Machine.Identity;
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/osrelease").TrimEnd('\n'), release);
        Assert.Equal("x86_64", hardware);
    }
}
