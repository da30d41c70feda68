using System.Diagnostics;

namespace ShellGuard.System.Tests.Support;

/// <summary>A home, a working directory and session storage of one test, owned by the identity under test. What runs
/// in it is the same inside a cell and outside, so the run outside is the oracle. A session changes only its layer:
/// run inside first, and the run outside starts from the same files.</summary>
internal sealed class TestArea : IDisposable
{
    private static int s_count;

    private readonly List<Process> _servers = [];

    public TestArea(Identity identity)
    {
        Account = Account.Of(identity);

        // Short: unix socket addresses end after 107 bytes.
        Root = $"/var/tmp/sgt-{(global::System.Environment.ProcessId)}-{Interlocked.Increment(ref s_count)}";
        foreach (string directory in (string[])[Root, Home, Work, State])
        {
            Directory.CreateDirectory(directory);
        }

        File.SetUnixFileMode(State, (UnixFileMode)0b111_000_000);
        Own();
    }

    public Account Account { get; }

    public string Root { get; }

    public string Home => $"{Root}/home";

    public string Work => $"{Root}/work";

    public string State => $"{Root}/state";

    public Dictionary<string, string> Environment => new()
    {
        ["HOME"] = Home,
        ["USER"] = Account.Name,
        ["LOGNAME"] = Account.Name,
        ["SHELL"] = "/bin/bash",
        ["SHELLGUARD_STATE"] = State,
    };

    /// <summary>Directories of this area's sessions, the oldest first.</summary>
    public IReadOnlyList<string> Sessions => Directory.Exists($"{State}/sessions")
        ? [.. Directory.GetDirectories($"{State}/sessions").Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The words of a guarded run, for a terminal or a process of its own.</summary>
    public IReadOnlyList<string> GuardedWords(IReadOnlyList<string> flags, params string[] command) =>
        [.. Account.Prefix, NativeBinary.Path, "run", .. flags, "--", .. command];

    /// <summary>The same for a place where the identity runs already, as in a terminal.</summary>
    public static IReadOnlyList<string> GuardedWordsHere(IReadOnlyList<string> flags, params string[] command) =>
        [NativeBinary.Path, "run", .. flags, "--", .. command];

    /// <summary>Writes a file into the working directory.</summary>
    public string Write(string name, string text)
    {
        string path = Path.Combine(Work, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Hands everything that the test wrote so far to the identity.</summary>
    public void Own()
    {
        if (Account.Identity != Identity.Root)
        {
            Programs.Run("chown", "-hR", $"{Account.Uid}:{Account.Gid}", Root).Succeed();
        }
    }

    /// <summary>What another verb of ShellGuard prints about this area's sessions.</summary>
    public string Shellguard(params string[] words) => Programs.Run(
        Programs.Start([.. Account.Prefix, NativeBinary.Path, .. words], Work, Environment), null).Succeed().Output;

    /// <summary>Runs a command in a cell.</summary>
    public Outcome Inside(IReadOnlyList<string> flags, params string[] command) =>
        Programs.Run(StartInside(flags, command), null);

    public Outcome Inside(params string[] command) => Inside([], command);

    /// <summary>Runs a line of bash in a cell.</summary>
    public Outcome InsideShell(IReadOnlyList<string> flags, string line) => Inside(flags, "/bin/bash", "-c", line);

    /// <summary>Runs the same command as the same user without ShellGuard.</summary>
    public Outcome Outside(params string[] command) => Programs.Run(StartOutside(command), null);

    public Outcome OutsideShell(string line) => Outside("/bin/bash", "-c", line);

    /// <summary>Runs a command outside and gives no file to anybody before, which would change every file's time of change:
    /// diff and commit look at that.</summary>
    public Outcome Untouched(params string[] command) =>
        Programs.Run(Programs.Start([.. Account.Prefix, .. command], Work, Environment), null);

    public Process StartInside(IReadOnlyList<string> flags, params string[] command)
    {
        Own();
        return Programs.Start(GuardedWords(flags, command), Work, Environment);
    }

    public Process StartOutside(params string[] command)
    {
        Own();
        return Programs.Start([.. Account.Prefix, .. command], Work, Environment);
    }

    /// <summary>Runs a line of bash inside and then outside, and asserts the same output and status.</summary>
    /// <returns>The run inside.</returns>
    public Outcome SameResult(IReadOnlyList<string> flags, string line)
    {
        Outcome inside = InsideShell(flags, line);
        Outcome outside = OutsideShell(line);
        if (inside.Output != outside.Output || inside.Status != outside.Status)
        {
            Xunit.Assert.Fail(
                $"inside: {inside.Status}\n{inside.Output}\n{inside.Errors}\n"
                + $"outside: {outside.Status}\n{outside.Output}\n{outside.Errors}");
        }

        return inside;
    }

    /// <summary>Starts a server outside, as the same user, that lives until the test ends.</summary>
    public Process Serve(params string[] command)
    {
        Process server = StartOutside(command);
        server.StandardInput.Close();
        server.OutputDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        _servers.Add(server);
        return server;
    }

    public void Dispose()
    {
        foreach (Process server in _servers)
        {
            server.Kill(entireProcessTree: true);
            server.WaitForExit();
            server.Dispose();
        }

        // overlayfs leaves directories of mode 0 in its work directories; rm as root does not mind.
        Programs.Run(Programs.Start(["rm", "-rf", Root]), null, TimeSpan.FromMinutes(10));
    }
}
