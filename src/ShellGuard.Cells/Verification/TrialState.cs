using System.Security.Cryptography;
using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Verification;

/// <summary>Storage for the sessions of a verification, which nobody decides about: it is thrown away at the end.
/// </summary>
public sealed class TrialState : IDisposable
{
    private const string Parent = "/var/tmp";
    private readonly string _name;

    private TrialState(string name) => _name = name;

    public string Path => $"{Parent}/{_name}";

    /// <summary>An empty directory in it, for what a trial in a copy of the host mounts.</summary>
    public string Stage => $"{Path}/stage";

    /// <summary>A directory in it that a trial in a copy of the host writes to.</summary>
    public string Kept => $"{Path}/kept";

    /// <param name="user">Whose sessions they are; null for the caller's.</param>
    /// <exception cref="SessionException">It cannot be made.</exception>
    public static TrialState Make(Account? user)
    {
        TrialState state = new($"shellguard-verify-{Convert.ToHexString(RandomNumberGenerator.GetBytes(8)).ToLowerInvariant()}");
        Refuse(Files.MakeDirectory(SessionPath.Root, state.Path, 0x1c0), state.Path);
        Refuse(Files.MakeDirectory(SessionPath.Root, state.Stage, 0x1c0), state.Stage);
        Refuse(Files.MakeDirectory(SessionPath.Root, state.Kept, 0x1c0), state.Kept);
        if (user is not null)
        {
            GiveTo(user, state.Kept);
            GiveTo(user, state.Path);
        }

        return state;
    }

    private static void GiveTo(Account user, string path)
    {
        Refuse(Files.Open(path, OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC, out Descriptor directory), path);
        using (directory)
        {
            Refuse(FileMetadata.SetOwner(directory, user.Uid, user.Gid), path);
        }
    }

    /// <summary>What was denied in the sessions that ran here, each once, in their order; a system call once for each
    /// program.</summary>
    public IReadOnlyList<AccessEvent> Denials()
    {
        List<AccessEvent> denials = [];
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (JournalLine line in Lines(new JournalFilter { DeniedOnly = true }))
        {
            if (line.Record?.Event is AccessEvent denial && known.Add($"{(int)denial.Operation} {ProgramOf(denial)} {denial.Target}"))
            {
                denials.Add(denial);
            }
        }

        return denials;
    }

    /// <summary>Whether a command began to run in the sessions here: a status alone does not tell, for a command may end with
    /// any.</summary>
    public bool HasRun() => Lines(new JournalFilter { Kinds = new HashSet<EventKind> { EventKind.CellEnd } }).Any(line => line.Record is not null);

    private IEnumerable<JournalLine> Lines(JournalFilter filter)
    {
        foreach (string session in Sessions())
        {
            using FileStream file = new(SessionFiles.Journal(session), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using JournalReader journal = new(file);
            foreach (JournalLine line in journal.Read(filter))
            {
                yield return line;
            }
        }
    }

    private static string ProgramOf(AccessEvent denial) =>
        denial.Operation == Operation.SystemCall && denial.Chain.Count > 0 ? denial.Chain[0].Program : "";

    public void Dispose()
    {
        if (!LayerDiscard.TryRemove(Parent, _name, out string? problem))
        {
            throw new SessionException($"{Path} could not be removed: {problem}");
        }
    }

    private List<string> Sessions()
    {
        DirectoryInfo sessions = new($"{Path}/sessions");
        List<string> names = sessions.Exists ? [.. sessions.GetDirectories().Where(item => item.LinkTarget is null).Select(item => item.FullName)] : [];
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static void Refuse(LinuxResult result, string what)
    {
        if (result.Failed)
        {
            throw new SessionException($"{SafeText.Message(what)}: {result}");
        }
    }
}
