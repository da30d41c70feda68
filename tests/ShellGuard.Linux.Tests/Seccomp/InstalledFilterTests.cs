using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Seccomp;
using Xunit;

namespace ShellGuard.Linux.Tests.Seccomp;

/// <summary>The kernel takes the filter and does what the table says. Each call is made without the filter as well,
/// so that its own errors are not taken for the filter's.</summary>
public sealed class InstalledFilterTests(ITestOutputHelper output)
{
    private const int SIGSYS = 31;
    private const int SIGSEGV = 11;

    /// <summary>What the filter must do to each call of filtered.c; null where it lets the call pass.</summary>
    private static readonly Dictionary<string, Errno?> _expected = new(StringComparer.Ordinal)
    {
        ["getpid"] = null,
        ["io_uring_setup"] = Errno.ENOSYS,
        ["unshare user"] = Errno.EPERM,
        ["unshare user, upper bits"] = Errno.EPERM,
        ["unshare files"] = null,
        ["clone user"] = Errno.EPERM,
        ["clone"] = null,
        ["clone3"] = Errno.ENOSYS,
        ["x32 getpid"] = Errno.ENOSYS,
        ["socket unix stream"] = null,
        ["socket unix datagram"] = Errno.EACCES,
        ["socket unix raw"] = Errno.EACCES,
        ["socket unix datagram, upper bits"] = Errno.EACCES,
        ["socketpair datagram"] = Errno.EACCES,
        ["socketpair stream"] = null,
        ["socket tcp"] = null,
        ["socket udp6"] = null,
        ["socket raw"] = Errno.EPERM,
        ["socket packet"] = Errno.EAFNOSUPPORT,
        ["socket route"] = null,
        ["socket netfilter"] = Errno.EPROTONOSUPPORT,
        ["mknod fifo"] = null,
        ["mknod null"] = Errno.EPERM,
        ["mknod disk, upper bits"] = Errno.EPERM,
        ["ioctl TIOCSTI"] = Errno.EPERM,
        ["ioctl TIOCSTI, upper bits"] = Errno.EPERM,
        ["ioctl TIOCGWINSZ"] = null,
        ["sendto fast open"] = Errno.EOPNOTSUPP,
        ["sendto"] = null,
        ["seccomp listener"] = Errno.EBUSY,
        ["seccomp"] = null,
        ["ptrace"] = Errno.EPERM,
        ["process_vm_readv"] = Errno.EPERM,
        ["open_by_handle_at"] = Errno.EPERM,
        ["bpf"] = Errno.EPERM,
        ["userfaultfd"] = Errno.EPERM,
        ["mount"] = Errno.EPERM,
        ["fsopen"] = Errno.EPERM,
        ["setns"] = Errno.EPERM,
        ["keyctl"] = Errno.ENOSYS,
        ["personality"] = null,
        ["personality exec"] = Errno.EPERM,
        ["memfd_secret"] = Errno.ENOSYS,
        ["renameat2 whiteout"] = Errno.EINVAL,
        ["prctl mm"] = Errno.EPERM,
        ["fcntl lease"] = Errno.EINVAL,

        // Mediated, and there is no listener to answer: the kernel says so.
        ["listen"] = Errno.ENOSYS,
        ["number 470"] = Errno.ENOSYS,
        ["number 100000"] = Errno.ENOSYS,
        ["number -1"] = Errno.ENOSYS,
    };

    [Fact]
    public void KernelDoesWhatTheTableSays()
    {
        string text = FilteredProgram.RunMode("calls", FilterCompiler.Compile(SystemCallTable.Default));
        output.WriteLine(text);

        var results = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'))
            .ToDictionary(words => words[0], words => (Without: words[1], With: words[2]), StringComparer.Ordinal);
        foreach ((string name, Errno? expected) in _expected)
        {
            (string without, string with) = results[name];
            Assert.True(
                with == (expected is Errno error ? $"{(int)error}" : without),
                $"{name}: {with} with the filter, {without} without, expected {expected}");
        }

        // A kernel without 32-bit emulation answers int 0x80 with SIGSEGV, with the filter or without.
        (string own, string filtered) = results["i386 getpid"];
        Assert.Equal(own == $"signal {SIGSEGV}" ? own : $"signal {SIGSYS}", filtered);
        Assert.Equal(results.Keys.Order(), _expected.Keys.Append("i386 getpid").Order());
    }

    /// <summary>The price of the filter, for the record: the budgets are checked by the benchmarks.</summary>
    [Fact]
    public void CostIsMeasured()
    {
        FilterProgram[] filters =
        [
            // The cheapest filter there is, for what the kernel takes for having one at all.
            new([new sock_filter { code = FilterCode.ReturnCode, k = (uint)SECCOMP_RET.ALLOW }]),
            FilterCompiler.Compile(SystemCallTable.Default),
        ];
        foreach (FilterProgram filter in filters)
        {
            string[] lines = FilteredProgram.RunMode("speed", filter).TrimEnd().Split('\n');
            Assert.Equal(3, lines.Length);
            string all = string.Join("; ", lines);
            output.WriteLine($"{filter.Instructions.Length} instructions, ns without and with: {all}");
        }
    }
}
