using System.Text;
using ShellGuard.Cells.Supervision.Network;
using ShellGuard.Cells.View;
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

    private readonly FileDigests _digests = new();

    /// <summary>Records the start.</summary>
    /// <returns>Whether it may go on.</returns>
    public bool Observe(in Notification call)
    {
        bool at = call.Call == SystemCall.execveat;
        int directory = at ? (int)call.A0 : AT_FDCWD;
        int flags = at ? (int)call.A4 : 0;
        if (RemoteText.Read(call.ThreadId, at ? call.A1 : call.A0, PathMax, out byte[] path).Failed
            || RemoteText.ReadArray(
                call.ThreadId, at ? call.A2 : call.A1, ArgumentVector.MaxArguments + 1, ArgumentVector.MaxBytes,
                out List<byte[]> arguments).Failed)
        {
            // The kernel will find the same: EFAULT.
            return true;
        }

        byte[] link = path.Length == 0 && (flags & AT_EMPTY_PATH) != 0
            ? Encoding.ASCII.GetBytes($"/proc/{call.ThreadId}/fd/{directory}")
            : [];
        LinuxResult found;
        Descriptor file;
        if (link.Length > 0)
        {
            found = Linux.Calls.Files.Open(
                Encoding.ASCII.GetString(link), OpenFlags.PATH | OpenFlags.CLOEXEC, out file);
        }
        else
        {
            found = Find(call.ThreadId, directory, path, out file);
        }

        using (file)
        {
            // Shells try a name in every directory of PATH: what does not exist was not started.
            if (found.Failed)
            {
                return true;
            }

            HintAtHidden(call.ThreadId, file, arguments);
            return Record(call.ThreadId, file, arguments);
        }
    }

    private static LinuxResult Find(int thread, int directory, byte[] path, out Descriptor file)
    {
        file = new Descriptor();
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
            return root!.Find(whole, out file);
        }
    }

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

    /// <summary>Reading is not trapped, so a hidden file is simply not there. When a command names one, that is
    /// said.</summary>
    private void HintAtHidden(int thread, Descriptor file, List<byte[]> arguments)
    {
        string? directory = null;
        foreach (byte[] argument in arguments.Skip(1))
        {
            if (argument.Length is 0 or > PathMax || argument[0] == '-')
            {
                continue;
            }

            directory ??= Encoding.UTF8.GetString(ProcFile.ReadLink($"/proc/{thread}/cwd") ?? "/"u8.ToArray());
            string path = Path.GetFullPath(Encoding.UTF8.GetString(argument).Replace('\0', '_'), directory);
            if (view.ProtectionOf(path) is { IsHidden: true, Path: not "/" } hidden)
            {
                recorder.Record(new Access(
                    AboutToBe(thread, file), Operation.Read, path,
                    Verdict.Deny(hidden.Rule, "hidden in this cell", $"--ro {hidden.Path}")));
            }
        }
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
