using ShellGuard.Cells.Sessions;
using ShellGuard.Core.Flow;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <summary>The host's files that a person redirected a session's output to. What sides write for the person is there, so no
/// cell sees them, and they get the label of who wrote, for later sessions.</summary>
/// <param name="paths">By the number of the standard descriptor.</param>
/// <param name="walls">The policy's.</param>
/// <param name="committed">Where labels are kept.</param>
/// <param name="session">The session's name.</param>
internal sealed class RedirectedOutput(
    IReadOnlyDictionary<int, string> paths, WallRules walls, CommittedLabels committed, string session)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, TagSet> _written = [];

    /// <summary>Where standard output and error go, by their numbers; what has no name, as a pipe, is not among them.</summary>
    /// <exception cref="SessionException">A file has more names than the one that can be known, or cannot be looked at.</exception>
    public static IReadOnlyDictionary<int, string> Find()
    {
        Dictionary<int, string> found = [];
        for (int number = 1; number < 3; number++)
        {
            string link = $"/proc/self/fd/{number}";
            LinuxResult opened = Files.Open(link, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor file);
            if (opened.Error is Errno.ENOENT)
            {
                // The caller closed it.
                continue;
            }

            Seen(number, opened);
            using (file)
            {
                Seen(number, Files.Status(file, out FileStatus status));
                if (status.Links == 0
                    || !(status.IsRegular || status.Type is FileType.IFO)
                    || new FileInfo(link).LinkTarget is not { } path || path[0] != '/')
                {
                    continue;
                }

                bool isKnown = Files.Status(SessionPath.Root, path, out FileStatus named).Succeeded
                    && named.Device == status.Device && named.Inode == status.Inode;
                if (!isKnown || status.Links > 1)
                {
                    throw new SessionException(
                        $"descriptor {number} is a file {(isKnown ? "with several names" : "whose name is not known")}, by which a "
                        + "cell could read what sides write to it: redirect to another, or through a pipe");
                }

                found[number] = path;
            }
        }

        return found;
    }

    private static void Seen(int number, LinuxResult result)
    {
        if (result.Failed)
        {
            throw new SessionException($"what descriptor {number} is cannot be seen: {result}");
        }
    }

    /// <summary>Before a side writes to one of them for the first time.</summary>
    /// <exception cref="SessionException">It cannot be written down, so nothing may be written.</exception>
    public void Label(int number, LabelGroup group)
    {
        // Whose label grows may write what it gets to know later.
        TagSet label = group.Floating is { } cell ? cell.Clearance.Sources : group.Label;
        Label(number, label | committed.MarksSeenBy(walls, label));
    }

    /// <summary>Before anything passes a gate: what passed is the lobby's, and all that sees the lobby's files may write it.
    /// </summary>
    /// <exception cref="SessionException">It cannot be written down, so nothing may pass.</exception>
    public void Label(Gate gate)
    {
        TagSet marks = TagSet.Of([.. walls.Flow.Marks.Where(mark => walls.Flow.GateOf(mark)!.Name == gate.Name)]);
        Label(1, marks);
        Label(2, marks);
    }

    private void Label(int number, TagSet label)
    {
        if (!paths.TryGetValue(number, out string? path))
        {
            return;
        }

        lock (_lock)
        {
            if (label.IsSubsetOf(_written.GetValueOrDefault(number)))
            {
                return;
            }

            label |= _written.GetValueOrDefault(number);
            string[] names = [.. label.Select(walls.Flow.NameOf)];
            if (SessionWalls.Of(walls).Forbids(names, path, out string? why))
            {
                throw new SessionException($"{path}: {why}");
            }

            try
            {
                if (!committed.Add(new CommittedLabel(path, names, session)))
                {
                    throw new IOException("its label cannot be written down");
                }

                committed.Follow(justWritten: true);
            }
            catch (IOException failure)
            {
                throw new SessionException($"{path}: {failure.Message}");
            }

            if (RunningSessions.Refusal(committed, session) is { } refusal)
            {
                throw new SessionException($"{path}: {refusal}, or redirect through a pipe");
            }

            _written[number] = label;
        }
    }
}
