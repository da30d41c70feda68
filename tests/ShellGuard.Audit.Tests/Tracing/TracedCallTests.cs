using System.Globalization;
using ShellGuard.Audit.Import.Strace;
using ShellGuard.Audit.Tracing;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Audit.Tests.Tracing;

/// <summary>The table of traced calls and the filter that is made of it.</summary>
public sealed class TracedCallTests
{
    /// <summary>What the importer reads and the tracer leaves alone: what is done with things that are open, and what
    /// only keeps books that the tracer does not need, because it sees what a descriptor is open on.</summary>
    private static readonly string[] NotTraced =
    [
        "getcwd", "getdents", "getdents64", "close", "close_range", "dup", "dup2", "dup3", "fcntl", "fcntl64", "pipe", "pipe2",
        "eventfd", "eventfd2", "epoll_create", "epoll_create1", "timerfd_create", "signalfd", "signalfd4", "inotify_init",
        "inotify_init1", "pidfd_open", "memfd_secret", "fork", "vfork", "clone2", "clone3", "exit", "exit_group", "_exit",
        "wait4", "waitid", "waitpid", "arch_prctl", "brk", "munmap", "mprotect", "socketpair", "accept", "accept4", "getsockname", "getpeername",
        "getsockopt", "setsockopt", "recvfrom", "recvmsg", "recvmmsg", "shutdown", "send", "recv", "geteuid", "geteuid32",
        "getuid", "getuid32", "getgid", "getgid32", "getegid", "getegid32", "getresuid", "getresuid32", "getresgid",
        "getresgid32", "getgroups", "getgroups32", "capget", "io_uring_enter", "io_uring_register", "nfsservctl",
        "lookup_dcookie",
    ];

    /// <summary>Traced for what the importer does not need to know by name.</summary>
    private static readonly string[] OnlyTraced = ["open_tree_attr", "socketcall"];

    [Fact]
    public void Numbers_are_the_kernels()
    {
        Dictionary<string, int> native = Header("asm/unistd_64.h");
        Dictionary<string, int> compatible = Header("asm/unistd_32.h");
        foreach (TracedCall call in TracedCalls.All)
        {
            Check(call.Name, call.Native, native);
            Check(call.Name, call.Compatible, compatible);
        }
    }

    [Fact]
    public void Programs_of_x32_make_the_same_calls_by_other_numbers()
    {
        const string bit = "(__X32_SYSCALL_BIT + ";
        Dictionary<string, int> header = File.ReadLines("/usr/include/x86_64-linux-gnu/asm/unistd_x32.h")
            .Where(line => line.StartsWith("#define __NR_", StringComparison.Ordinal) && line.Contains(bit, StringComparison.Ordinal))
            .Select(line => line["#define __NR_".Length..].TrimEnd(')').Split($" {bit}"))
            .ToDictionary(words => words[0], words => int.Parse(words[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        Assert.Equal(520, header["execve"]);
        foreach (TracedCall call in TracedCalls.All.Where(call => header.ContainsKey(call.Name)))
        {
            int number = header[call.Name];
            Assert.Equal(call.Name, CallIndex.Find(AUDIT_ARCH.X86_64, number | 0x40000000)?.Name);
            Assert.Equal(number < 512 ? 8 : 4, CallIndex.PointerSize(AUDIT_ARCH.X86_64, number | 0x40000000));
        }

        Assert.Null(CallIndex.Find(AUDIT_ARCH.X86_64, 520));
    }

    [Fact]
    public void Every_call_that_the_importer_reads_is_traced_or_left_out_with_a_reason()
    {
        string[] traced = [.. TracedCalls.All.Select(call => call.Name).Except(OnlyTraced)];
        Assert.Empty(traced.Except(CallTable.Names));
        Assert.Empty(CallTable.Names.Except(traced).Except(NotTraced));
    }

    [Theory]
    [InlineData(SystemCall.openat, true)]
    [InlineData(SystemCall.execve, true)]
    [InlineData(SystemCall.io_uring_setup, true)]
    [InlineData(SystemCall.read, false)]
    [InlineData(SystemCall.write, false)]
    [InlineData(SystemCall.close, false)]
    [InlineData(SystemCall.clone, false)]
    public void A_call_stops_or_runs_at_full_speed(SystemCall call, bool stops)
    {
        Assert.Equal(stops, Stops(AUDIT_ARCH.X86_64, (int)call));
        if (!stops && call != SystemCall.clone)
        {
            Assert.True(FilterSimulator.PassesWithoutRunning(CallIndex.Filter, call));
        }
    }

    [Fact]
    public void Arguments_decide_where_most_calls_of_a_kind_do_not_count()
    {
        const ulong read = 1, execute = 4, anonymous = 0x20, upper = 0x700000000;
        Assert.True(Stops(AUDIT_ARCH.X86_64, (int)SystemCall.mmap, 0, 4096, read | execute, 2, 3));
        Assert.False(Stops(AUDIT_ARCH.X86_64, (int)SystemCall.mmap, 0, 4096, read, 2, 3));
        Assert.False(Stops(AUDIT_ARCH.X86_64, (int)SystemCall.mmap, 0, 4096, execute, 2 | anonymous, ulong.MaxValue));
        Assert.True(Stops(AUDIT_ARCH.X86_64, (int)SystemCall.sendto, 3, 0, 0, 0, upper));
        Assert.True(Stops(AUDIT_ARCH.X86_64, (int)SystemCall.sendto, 3, 0, 0, 0, 16));
        Assert.False(Stops(AUDIT_ARCH.X86_64, (int)SystemCall.sendto, 3, 0, 0, 0, 0));
        Assert.True(Stops(AUDIT_ARCH.X86_64, (int)SystemCall.prctl, 38, 1));
        Assert.True(Stops(AUDIT_ARCH.X86_64, (int)SystemCall.prctl, 38 | (upper << 4), 1));
        Assert.False(Stops(AUDIT_ARCH.X86_64, (int)SystemCall.prctl, 15, 1));
        Assert.True(Stops(AUDIT_ARCH.X86_64, (int)SystemCall.clone, 0x800011));
    }

    [Fact]
    public void Foreign_calls_stop()
    {
        Assert.True(Stops(AUDIT_ARCH.I386, 5));
        Assert.True(Stops(AUDIT_ARCH.I386, 102));
        Assert.True(Stops(AUDIT_ARCH.I386, 192, 0, 4096, 5, 2, 3));
        Assert.False(Stops(AUDIT_ARCH.I386, 4));
        Assert.True(Stops(AUDIT_ARCH.X86_64, (int)SystemCall.getpid | 0x40000000));
        Assert.True(Stops(AUDIT_ARCH.AARCH64, 1));
    }

    private static bool Stops(AUDIT_ARCH architecture, int number, params ulong[] arguments)
    {
        seccomp_data data = new() { nr = number, arch = (uint)architecture };
        for (int i = 0; i < arguments.Length; i++)
        {
            data.args[i] = arguments[i];
        }

        uint result = FilterSimulator.Run(CallIndex.Filter, data).ReturnValue;
        Assert.True(result is (uint)SECCOMP_RET.ALLOW or ((uint)SECCOMP_RET.TRACE | TraceFilter.Datum));
        return result != (uint)SECCOMP_RET.ALLOW;
    }

    /// <summary>Numbers from 424 on are the same everywhere, and the headers here may be older than the call.</summary>
    private static void Check(string name, int number, Dictionary<string, int> header)
    {
        if (header.TryGetValue(name, out int known))
        {
            Assert.True(known == number || number == TracedCalls.None, name);
        }
        else if (number >= 424)
        {
            Assert.Equal(number, (int)Enum.Parse<SystemCall>(name));
        }
        else
        {
            Assert.True(number == TracedCalls.None, name);
        }
    }

    private static Dictionary<string, int> Header(string name)
    {
        const string define = "#define __NR_";
        return File.ReadLines($"/usr/include/x86_64-linux-gnu/{name}")
            .Where(line => line.StartsWith(define, StringComparison.Ordinal))
            .Select(line => line[define.Length..].Split(' '))
            .ToDictionary(words => words[0], words => int.Parse(words[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }
}
