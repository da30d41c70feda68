using System.Text;
using System.Text.Json;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Export;

/// <summary>A seccomp profile of the OCI runtime specification. JSON has no comments; what there is to say stands in
/// "comment", as in Docker's own profile, which runtimes read over.</summary>
public sealed class SeccompExporter : IExporter
{
    private static readonly HashSet<string> Known = new(Enum.GetNames<Linux.Abi.SystemCall>(), StringComparer.Ordinal);

    // Every process of a recording that has all calls makes one of these sets: a program with libraries, and one without.
    private static readonly string[][] Always = [["execve", "mmap", "read", "close", "exit_group"], ["execve", "arch_prctl", "exit_group"]];

    // A run does not show them, and without them a program dies at another moment: restarts, ends, signals, allocation.
    private static readonly string[] Basis =
    [
        "restart_syscall", "rt_sigreturn", "exit", "exit_group", "execve", "execveat", "brk", "mmap", "mprotect", "munmap", "mremap", "madvise",
        "read", "write", "close", "fstat", "newfstatat", "openat", "futex", "rt_sigaction", "rt_sigprocmask", "sigaltstack", "getpid", "gettid",
        "tgkill", "sched_yield", "clock_gettime", "gettimeofday", "time", "nanosleep", "clock_nanosleep", "getrandom", "set_robust_list",
        "get_robust_list", "set_tid_address", "rseq", "arch_prctl", "prlimit64",
    ];

    // What runc does itself between the filter and the command, where the filter is not the last thing that it sets.
    private static readonly string[] Runc =
    [
        "capget", "capset", "chdir", "fchdir", "clone", "clone3", "close_range", "epoll_create1", "epoll_ctl", "epoll_pwait", "eventfd2", "faccessat2",
        "fchown", "fcntl", "fstatfs", "getcwd", "getdents64", "geteuid", "getgid", "getppid", "getuid", "ioctl", "lseek", "open", "openat2",
        "pipe2", "prctl", "readlinkat", "sched_getaffinity", "setgid", "setgroups", "setresgid", "setresuid", "setsid", "setuid", "stat",
        "statfs", "statx", "umask", "unlinkat", "waitid",
    ];

    private static readonly string[] Crun =
    [
        "access", "capget", "capset", "chdir", "close_range", "dup3", "faccessat", "faccessat2", "fchdir", "fcntl", "getcwd", "getdents64", "geteuid", "getegid",
        "getgid", "getuid", "ioctl", "lseek", "openat2", "prctl", "readlinkat", "setgid", "setgroups", "setresgid", "setresuid", "setsid", "setuid",
        "stat", "statfs", "umask", "pread64",
    ];

    public string Name => "seccomp";

    public string Description => "an OCI seccomp profile (JSON; --base runc|crun)";

    public ExportChoices Choices => ExportChoices.Base;

    public string Write(AccessProfile profile, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(options);
        Calls calls = CallsOf(profile, options.Base);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();

            // A filter of half a recording would kill; it logs instead what it would refuse.
            json.WriteString("defaultAction", calls.IsWhole ? "SCMP_ACT_ERRNO" : "SCMP_ACT_LOG");
            json.WriteStartArray("architectures");
            json.WriteStringValue("SCMP_ARCH_X86_64");
            json.WriteEndArray();
            json.WriteStartArray("syscalls");
            Group(json, calls.Names, calls.Comment);
            Group(json, calls.Added, options.Base is null
                ? "not seen, but no run shows them: restarts, ends, signals, memory"
                : $"not seen: what no run shows, and what {options.Base} itself does behind the filter");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>Whether a filter may have the call although it was not seen.</summary>
    internal static bool IsAdded(string call) => Basis.Contains(call) || Runc.Contains(call) || Crun.Contains(call);

    /// <summary>The calls that a filter lets through.</summary>
    /// <param name="runtime">runc, crun or null.</param>
    internal static Calls CallsOf(AccessProfile profile, string? runtime)
    {
        // A log may have any word there, and perf has numbers for names: tools refuse a whole profile for one such name.
        HashSet<string> seen = new(profile.Result.SystemCalls.Select(call => call.Name).Where(Known.Contains), StringComparer.Ordinal);
        bool isFiltered = profile.Result.Coverage.Reasons.Any(reason =>
            reason.Problem is CoverageProblem.FilteredCalls or CoverageProblem.FilteredByStatus or CoverageProblem.OneAspect
                or CoverageProblem.TooManyAccesses)
            || profile.Result.SystemCalls.Count >= CallCounts.MaxNames;
        bool isWhole = !isFiltered && Always.Any(calls => calls.All(seen.Contains));
        IEnumerable<string> added = Basis.Concat(runtime switch { "runc" => Runc, "crun" => Crun, _ => [] });
        return new Calls(
            [.. seen.Order(StringComparer.Ordinal)],
            [.. added.Where(call => !seen.Contains(call)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            isWhole,
            isWhole
                ? $"seen in {profile.Runs} {(profile.Runs == 1 ? "run" : "runs")}; coverage {Core.KebabCase.Of(profile.Result.Coverage.State.ToString())}; arguments, paths and endpoints cannot be said here"
                : "the recording has some calls only (record with shellguard trace --all-calls, or strace without -e): refused calls are logged, not refused; arguments, paths and endpoints cannot be said here");
    }

    // An empty list of names makes runtimes refuse the whole profile, or worse, let everything through.
    private static void Group(Utf8JsonWriter json, IReadOnlyList<string> names, string comment)
    {
        if (names.Count == 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteStartArray("names");
        foreach (string name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteString("action", "SCMP_ACT_ALLOW");
        json.WriteString("comment", comment);
        json.WriteEndObject();
    }

    /// <summary>Calls to let through.</summary>
    /// <param name="Names">Seen.</param>
    /// <param name="Added">Not seen, and let through all the same.</param>
    /// <param name="IsWhole">The recording has every call.</param>
    /// <param name="Comment">What there is to say.</param>
    internal sealed record Calls(IReadOnlyList<string> Names, IReadOnlyList<string> Added, bool IsWhole, string Comment);
}
