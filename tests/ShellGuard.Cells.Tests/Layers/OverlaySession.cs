using System.Diagnostics;
using System.Runtime.InteropServices;
using ShellGuard.Cells.Layers;
using Xunit;

namespace ShellGuard.Cells.Tests.Layers;

/// <summary>A directory, a layer over it, and a real overlay mount in which scripts run. Needs root to begin with; with
/// an ordinary user the mount is made in a user namespace as that user.</summary>
internal sealed partial class OverlaySession : IDisposable
{
    internal const uint OrdinaryUser = 54321;

    private readonly uint _user;

    internal OverlaySession(string prepare, uint user = 0)
    {
        _user = user;
        Root = Directory.CreateTempSubdirectory("shellguard-layers-").FullName;
        foreach (string name in (string[])["target", "merged", "layers/0/upper", "layers/0/work"])
        {
            Directory.CreateDirectory(Path.Combine(Root, name));
        }

        Shell("/", $"chmod 755 {Root}");
        Own(Root);
        Prepare(prepare);
    }

    internal string Root { get; }

    internal string Target => Path.Combine(Root, "target");

    internal string Native => Path.Combine(Root, "native");

    internal string LayerDirectory => Path.Combine(Root, "layers/0");

    internal string Upper => Path.Combine(Root, "layers/0/upper");

    /// <summary>Runs a script in the target and keeps a copy of the result to run the session's script in natively.
    /// </summary>
    internal void Prepare(string script)
    {
        Shell(Target, script, _user);
        Shell(Root, "cp -a target native");
    }

    internal void Record(params string[] hidden)
    {
        // Two ticks: what was prepared must have an earlier time of change than the start.
        Thread.Sleep(20);
        Assert.True(BaselineRecorder.TryRecord(LayerDirectory, Target, hidden, out string? problem), problem);
        // Not the target: that would be a change by the host.
        Own(LayerDirectory);
    }

    internal void Run(string script)
    {
        string mount = $"mount -t overlay overlay -o userxattr,lowerdir={Target},upperdir={Upper},"
            + $"workdir={LayerDirectory}/work {Root}/merged && cd {Root}/merged && ";
        string unshare = _user == 0 ? "unshare -m" : "unshare -Um --map-current-user --keep-caps";
        File.WriteAllText(Path.Combine(Root, "script"), script);
        Shell(Root, $"{unshare} sh -c '{mount} exec setpriv --inh-caps=-all --ambient-caps=-all sh ../script'", _user);
    }

    internal void RunNative(string script) => Shell(Native, script, _user);

    internal void Both(string script)
    {
        Run(script);
        RunNative(script);
    }

    internal Layer Open()
    {
        Assert.True(Layer.TryOpen(LayerDirectory, out Layer? layer, out string? problem), problem);
        return layer;
    }

    internal IReadOnlyList<Change> Diff()
    {
        using Layer layer = Open();
        return LayerDiff.Compute(layer).Changes;
    }

    internal string[] DiffLines() => [.. Diff().Select(ChangeText.Line)];

    internal CommitReport Commit(
        IReadOnlyList<string>? paths = null,
        Func<Change, ConflictAnswer>? resolve = null,
        Action<string>? step = null,
        Func<Change, bool>? record = null)
    {
        using Layer layer = Open();
        return LayerCommit.Run(
            layer,
            new CommitOptions { Paths = paths, Resolve = resolve, Record = record ?? (_ => true), Step = step });
    }

    internal static string Shell(string directory, string script, uint user = 0)
    {
        ProcessStartInfo start = new("setpriv")
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in user == 0
            ? (string[])["sh", "-ec", script]
            : ["--reuid", $"{user}", "--regid", $"{user}", "--clear-groups", "sh", "-ec", script])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{script}: {process.ExitCode}: {errors.Result}{output}");
        return output;
    }

    /// <summary>Runs on a thread whose credentials, and only whose, are the user's: the raw system call changes the
    /// calling thread alone.</summary>
    internal static void As(uint user, Action action)
    {
        if (user == 0)
        {
            action();
            return;
        }

        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                const nint setgroups = 116, setresuid = 117, setresgid = 119;
                Assert.Equal(0, syscall(setgroups, 0, 0, 0));
                Assert.Equal(0, syscall(setresgid, (nint)user, (nint)user, (nint)user));
                Assert.Equal(0, syscall(setresuid, (nint)user, (nint)user, (nint)user));
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException($"as {user}: {failure}", failure);
        }
    }

    internal void AsUser(Action action) => As(_user, action);

    private void Own(string directory)
    {
        if (_user != 0)
        {
            Shell("/", $"chown -R {_user}:{_user} {directory}");
        }
    }

    public void Dispose() => Shell("/", $"rm -rf {Root}");

    [LibraryImport("libc")]
    private static partial nint syscall(nint number, nint a0, nint a1, nint a2);
}
