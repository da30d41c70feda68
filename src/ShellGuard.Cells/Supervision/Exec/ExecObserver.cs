using System.Text;
using ShellGuard.Cells.Supervision.Network;
using ShellGuard.Cells.View;
using ShellGuard.Cells.Walls;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cells.Supervision.Exec;

/// <summary>Writes every program start into the journal before it happens.</summary>
internal sealed class ExecObserver(ViewPlan view, string cell, SessionRecorder recorder)
{
    private const int PathMax = 4096;
    private const int AT_FDCWD = -100;
    private const int AT_EMPTY_PATH = 0x1000;

    private static readonly RuleSource Seen = new("built-in", 0, 0, "what the view shows may be executed");

    private static readonly byte[] Stub = KernelText.Encode(StubFarm.Program);

    private readonly FileDigests _digests = new();

    /// <summary>Records the start.</summary>
    /// <returns><see cref="Errno.None"/> when it may go on; it then stands in the journal. Otherwise the error to
    /// answer: also what was looked for in vain is answered and not let continue, because it could be there by the
    /// time that the kernel looks, and would start unrecorded.</returns>
    public Errno Observe(in Notification call)
    {
        bool at = call.Call == SystemCall.execveat;
        int directory = at ? (int)call.A0 : AT_FDCWD;
        int flags = at ? (int)call.A4 : 0;
        LinuxResult read = RemoteText.Read(call.ThreadId, at ? call.A1 : call.A0, PathMax, out byte[] path);
        List<byte[]> arguments = [];
        read = read.Failed
            ? read
            : RemoteText.ReadArray(
                call.ThreadId, at ? call.A2 : call.A1, ArgumentVector.MaxArguments + 1, ArgumentVector.MaxBytes,
                out arguments);
        if (read.Failed)
        {
            return read.Error == Errno.EFAULT ? Errno.EFAULT : Errno.EACCES;
        }

        if (path.Length >= PathMax)
        {
            return Errno.ENAMETOOLONG;
        }

        byte[] link = path.Length == 0 && (flags & AT_EMPTY_PATH) != 0
            ? Encoding.ASCII.GetBytes($"/proc/{call.ThreadId}/fd/{directory}")
            : [];
        LinuxResult found;
        Descriptor file;
        bool absent = false;
        if (link.Length > 0)
        {
            found = Linux.Calls.Files.Open(
                Encoding.ASCII.GetString(link), OpenFlags.PATH | OpenFlags.CLOEXEC, out file);
        }
        else
        {
            found = Find(call.ThreadId, directory, path, out file, out absent);
        }

        using (file)
        {
            // Shells try a name in every directory of PATH: what does not exist was not started.
            if (found.Failed && absent)
            {
                return found.Error;
            }

            HintAtHidden(call.ThreadId, file, arguments);
            bool recorded = found.Failed
                ? RecordAsWritten(call.ThreadId, path, arguments, found.Error)
                : Record(call.ThreadId, file, arguments);
            return recorded ? Errno.None : Errno.EACCES;
        }
    }

    /// <param name="absent">Whether it is certain that the program's own look would find nothing. It is not where a
    /// link of procfs is on the way: for us /proc/self is somebody else, and magic links are not followed.</param>
    private static LinuxResult Find(int thread, int directory, byte[] path, out Descriptor file, out bool absent)
    {
        file = new Descriptor();
        absent = true;
        if (path.Length == 0)
        {
            return new LinuxResult(-1, Errno.ENOENT, SystemCall.execve);
        }

        byte[] whole = path;
        if (path[0] != '/' && directory != AT_FDCWD)
        {
            whole = [.. ProcFile.ReadLink($"/proc/{thread}/fd/{directory}") ?? [], (byte)'/', .. path];
        }

        LinuxResult opened = CallerRoot.Open(thread, out CallerRoot? root);
        if (opened.Failed)
        {
            return opened;
        }

        using (root)
        {
            LinuxResult found = root!.Find(whole, out file);
            absent = found.Failed && ReferenceEquals(whole, path) && root.IsAbsent(whole);
            return found;
        }
    }

    /// <summary>A start whose file only the program itself can name, such as /proc/self/fd/5.</summary>
    private bool RecordAsWritten(int thread, byte[] path, List<byte[]> arguments, Errno error) =>
        recorder.Record(new ExecEvent(
            HostileText.Of(path), ArgumentVector.Of(arguments), Decision.Allow, Seen.Text)
        {
            Cell = cell,
            Rule = Seen,
            Chain = ProcessChain.Of(thread),
            Sha256Missing = $"the path is as written, it leads through a link of procfs or nowhere ({error})",
            WorkingDirectory = HostileText.Of(ProcFile.ReadLink($"/proc/{thread}/cwd") ?? []),
        });

    private bool Record(int thread, Descriptor file, List<byte[]> arguments)
    {
        byte[] real = ProcFile.ReadLink(FileMetadata.ProcPath(file)) ?? [];
        string? digest = _digests.Of(file, out string? missing);
        bool fromMemory = real.AsSpan().StartsWith("/memfd:"u8) || real.AsSpan().EndsWith(" (deleted)"u8);
        return recorder.Record(new ExecEvent(
            HostileText.Of(real), ArgumentVector.Of(arguments), Decision.Allow, Seen.Text)
        {
            Cell = cell,
            Rule = Seen,
            Chain = ProcessChain.Of(thread),
            Sha256 = digest,
            Sha256Missing = missing,
            Interpreter = Interpreter(file),
            FromMemory = fromMemory,
            WorkingDirectory = HostileText.Of(ProcFile.ReadLink($"/proc/{thread}/cwd") ?? []),
        });
    }

    /// <summary>What the first line of a script names, execve(2).</summary>
    private static HostileText? Interpreter(Descriptor file)
    {
        if (Linux.Calls.Files.Status(file, out FileStatus status).Failed || !status.IsRegular
            || Linux.Calls.Files.Open(
                FileMetadata.ProcPath(file), OpenFlags.RDONLY | OpenFlags.CLOEXEC, out Descriptor readable).Failed)
        {
            return null;
        }

        using (readable)
        {
            Span<byte> start = stackalloc byte[256];
            LinuxResult read = FileContent.Read(readable, start, 0);
            start = read.Succeeded ? start[..(int)read.Value] : default;
            if (!start.StartsWith("#!"u8))
            {
                return null;
            }

            start = start[2..].TrimStart(" \t"u8);
            int end = start.IndexOfAny((byte)' ', (byte)'\t', (byte)'\n');
            return HostileText.Of(end < 0 ? start : start[..end]);
        }
    }

    /// <summary>Reading is not trapped unless the policy wants it, so a hidden file is simply not there. When a command
    /// names one, that is said. A stub of a lobby opens nothing: it asks where the command runs, perhaps where the file is.
    /// </summary>
    private void HintAtHidden(int thread, Descriptor file, List<byte[]> arguments)
    {
        string? directory = null;
        if (ProcFile.ReadLink(FileMetadata.ProcPath(file)).AsSpan().SequenceEqual(Stub))
        {
            return;
        }

        foreach (byte[] argument in arguments.Skip(1))
        {
            string named = NamedIn(argument);
            if (named.Length == 0)
            {
                continue;
            }

            directory ??= Encoding.UTF8.GetString(ProcFile.ReadLink($"/proc/{thread}/cwd") ?? "/"u8.ToArray());
            string path = Path.GetFullPath(named, directory);
            if (view.ProtectionOf(path) is { IsHidden: true, Path: not "/" } hidden)
            {
                recorder.Record(new Access(
                    AboutToBe(thread, file), Operation.Read, path,
                    Verdict.Deny(hidden.Rule, "hidden in this cell", $"--ro {hidden.Path}")));
            }
        }
    }

    /// <summary>The path in an argument: the argument itself, or what follows the <c>=</c> of <c>--key=FILE</c> and
    /// <c>if=FILE</c>, without the <c>@</c> that some programs put before a file. Empty for other options.</summary>
    internal static string NamedIn(ReadOnlySpan<byte> argument)
    {
        int equals = argument.IndexOf((byte)'=');
        if (argument.Length is 0 or > PathMax || (argument[0] == '-' && equals < 0))
        {
            return "";
        }

        // A name before the sign has no slash: dir/a=b is a path as a whole.
        bool isOption = equals >= 0 && !argument[..equals].Contains((byte)'/');
        ReadOnlySpan<byte> path = isOption ? argument[(equals + 1)..] : argument;
        path = path.StartsWith("@"u8) ? path[1..] : path;
        return path.IsEmpty ? "" : Encoding.UTF8.GetString(path).Replace('\0', '_');
    }

    /// <summary>The caller's chain, with the program that it is about to become.</summary>
    private static List<ProcessIdentity> AboutToBe(int thread, Descriptor file)
    {
        List<ProcessIdentity> chain = [.. ProcessChain.Of(thread)];
        if (chain.Count > 0 && ProcFile.ReadLink(FileMetadata.ProcPath(file)) is { } program)
        {
            chain[0] = chain[0] with { Program = Encoding.UTF8.GetString(program) };
        }

        return chain;
    }
}
