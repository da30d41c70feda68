using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Walls;

/// <content>Files that have been renamed, linked, copied or replaced outside of a session.</content>
public sealed partial class CommittedLabels
{
    // Every path is absolute, so the kernel never looks at the directory, openat(2).
    private static readonly Descriptor Nowhere = new();

    /// <summary>Finds what became of labelled files, and writes it down. The reading is the most restrictive one: whatever is
    /// now at a path that has a label has that label, and so has every name of a file that ever was at such a path.</summary>
    /// <remarks>Names are looked for on the whole file system, and only where it is seen that there is one that is not known:
    /// a file is gone from its path, or has more links than known names. Copies are looked for when somebody read it, or it is
    /// gone.</remarks>
    /// <param name="justWritten">Whether what was never looked at has been written by this process, so that nobody had the time
    /// to copy it.</param>
    /// <exception cref="IOException">It cannot be looked for or written down.</exception>
    public void Follow(bool justWritten = false)
    {
        List<CommittedLabel> news = [];
        Dictionary<FileIdentity, Sight> seen = [];
        foreach (CommittedLabel label in All)
        {
            if (Files.Status(Nowhere, label.Path, out FileStatus status).Failed)
            {
                continue;
            }

            var identity = FileIdentity.Of(status);
            _files.TryGetValue(identity, out LabelledFile? file);
            seen[identity] = new Sight(status, seen.TryGetValue(identity, out Sight? others) ? others.Names + 1 : 1);
            if (file is null || !file.Paths.Contains(label.Path) || !file.Tags.SetEquals(label.Tags))
            {
                news.Add(label with
                {
                    // What either of the two does not have yet.
                    Tags = [.. label.Tags.Except(file?.Tags ?? [], StringComparer.Ordinal), .. (file?.Tags ?? []).Except(label.Tags, StringComparer.Ordinal)],
                    File = identity,
                });
            }
        }

        Append(news);
        news.Clear();
        List<Copied> copied = [];
        LookAgain(justWritten, seen, news, copied);
        Search(seen, news, copied);

        // All at once: what is written down as gone is not looked for again.
        Append([.. CopiesOf(copied), .. news]);
    }

    private void Search(Dictionary<FileIdentity, Sight> seen, List<CommittedLabel> news, List<Copied> copied)
    {
        List<FileIdentity> wanted = [];
        foreach ((FileIdentity identity, LabelledFile file) in _files)
        {
            seen.TryGetValue(identity, out Sight? sight);
            if (sight is null ? file.Paths.Count > 0 : HasUnknownName(file, sight))
            {
                wanted.Add(identity);
            }
        }

        if (wanted.Count == 0)
        {
            return;
        }

        IReadOnlyList<LabelFind> found = LabelSearch.Find(wanted, wanted.SelectMany(identity => _files[identity].Paths));
        foreach (FileIdentity identity in wanted)
        {
            LabelledFile file = _files[identity];
            string[] tags = [.. file.Tags];
            List<LabelFind> names = [.. found.Where(find => find.File == identity)];
            news.AddRange(names.Select(find => new CommittedLabel(find.Path, tags, file.Session)
            {
                File = identity,
                Links = find.Status.Links,
            }));
            news.AddRange(file.Paths.Where(path => !names.Exists(find => find.Path == path)).Select(
                path => new CommittedLabel(path, tags, file.Session) { File = identity, IsGone = true }));
            if (names.Count == 0 && file.Content is { } content)
            {
                copied.Add(new Copied(identity, file, content));
            }
        }
    }

    private static bool HasUnknownName(LabelledFile file, Sight sight) => !sight.Status.IsDirectory
        && sight.Status.Links > sight.Names
        && (sight.Status.Links != file.Links || file.Paths.Count > sight.Names);

    private void Append(List<CommittedLabel> news)
    {
        if (news.Count > 0 && !TryAppend(news))
        {
            throw new IOException($"{_list} cannot be written: what became of labelled files would be forgotten");
        }
    }

    /// <param name="Status">What was seen.</param>
    /// <param name="Names">At how many of the paths that are known.</param>
    private sealed record Sight(FileStatus Status, int Names);
}
