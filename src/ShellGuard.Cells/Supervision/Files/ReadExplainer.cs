using System.Collections.Concurrent;
using System.Text;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Supervision.Network;
using ShellGuard.Cells.View;
using ShellGuard.Core;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cells.Supervision.Files;

/// <summary>Says that a file is hidden when somebody looks for it. It decides nothing: the file is not in the view, and
/// the kernel says so; what is read from the caller's memory here only makes the sentence.</summary>
internal sealed class ReadExplainer(ViewPlan view, IAccessSink sink)
{
    private const int PathMax = 4096;
    private const int AT_FDCWD = -100;
    private const ulong Writes = (ulong)(O.ACCMODE | O.CREAT | O.TRUNC);

    /// <summary>Programs look for some files a hundred times; a session of more different hidden files has been told
    /// enough.</summary>
    private const int MostPaths = 10_000;

    private const int MostLinks = 8;
    private const ulong NoFollow = (ulong)AtFlags.SYMLINK_NOFOLLOW;

    private readonly ConcurrentDictionary<string, bool> _said = new(StringComparer.Ordinal);

    /// <summary>Records a denial when the call looks for something hidden that the host has.</summary>
    /// <returns>Whether it is a call that looks, not one that writes.</returns>
    public bool Explain(in Notification call)
    {
        switch (call.Call)
        {
            case SystemCall.open when (call.A1 & Writes) == 0:
                Check(call, Operation.Read, AT_FDCWD, call.A0);
                return true;
            case SystemCall.openat when (call.A2 & Writes) == 0:
                Check(call, Operation.Read, (int)call.A0, call.A1);
                return true;
            case SystemCall.stat or SystemCall.access or SystemCall.chdir:
                Check(call, Operation.Stat, AT_FDCWD, call.A0);
                return true;
            case SystemCall.lstat:
                Check(call, Operation.Stat, AT_FDCWD, call.A0, follow: false);
                return true;
            case SystemCall.newfstatat or SystemCall.faccessat2:
                Check(call, Operation.Stat, (int)call.A0, call.A1, (call.A3 & NoFollow) == 0);
                return true;
            case SystemCall.statx:
                Check(call, Operation.Stat, (int)call.A0, call.A1, (call.A2 & NoFollow) == 0);
                return true;
            case SystemCall.faccessat:
                Check(call, Operation.Stat, (int)call.A0, call.A1);
                return true;
            default:
                return false;
        }
    }

    private void Check(in Notification call, Operation operation, int directory, ulong address, bool follow = true)
    {
        if (RemoteText.Read(call.ThreadId, address, PathMax, out byte[] path).Failed || path.Length == 0)
        {
            return;
        }

        // A directory that is hidden is not there to be resolved, so the text counts as well as where it leads.
        string? written = CallerPath.Textual(call.ThreadId, directory, path);
        string? hidden = written;
        if (!IsHidden(written))
        {
            hidden = CallerPath.OfEntry(call.ThreadId, directory, path);
            hidden = follow ? Follow(call.ThreadId, hidden) : hidden;
        }

        if (hidden is null || view.ProtectionOf(hidden) is not { IsHidden: true, Path: not "/" } protection
            || _said.ContainsKey(hidden) || Linux.Calls.Files.Status(SessionPath.Root, hidden, out _).Failed)
        {
            return;
        }

        // A hidden directory may be shown empty: then to look at the directory itself is no denial.
        if ((operation == Operation.Stat && CallerPath.Of(call.ThreadId, directory, path) is not null)
            || _said.Count >= MostPaths || !_said.TryAdd(hidden, true))
        {
            return;
        }

        sink.Record(new Access(
            ProcessChain.Of(call.ThreadId), operation, hidden,
            Verdict.Deny(protection.Rule, "hidden in this cell", $"--ro {protection.Path}")));
    }

    /// <summary>Goes along symbolic links to the first hidden path, or to the end.</summary>
    private string? Follow(int thread, string? entry)
    {
        for (int links = 0; entry is not null && !IsHidden(entry) && links < MostLinks; links++)
        {
            // No component of it but the last is a link, so this leads nowhere else; and only the text of the link is
            // read.
            byte[]? target = ProcFile.ReadLink($"/proc/{thread}/root{entry}");
            if (target is null or [])
            {
                break;
            }

            string next = Path.GetFullPath(Encoding.UTF8.GetString(target), Paths.Parent(entry));
            entry = IsHidden(next) ? next : CallerPath.OfEntry(thread, AT_FDCWD, Encoding.UTF8.GetBytes(next));
        }

        return entry;
    }

    private bool IsHidden(string? path) => path is not null && view.ProtectionOf(path) is { IsHidden: true };
}
