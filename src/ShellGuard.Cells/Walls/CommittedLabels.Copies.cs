using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Walls;

/// <content>Copies that were made outside of a session.</content>
public sealed partial class CommittedLabels
{
    /// <summary>Looks again at the files that are there. Those that somebody read since, or changed, may have copies.</summary>
    private void LookAgain(bool justWritten, Dictionary<FileIdentity, Sight> seen, List<CommittedLabel> news, List<Copied> copied)
    {
        if (_files.Count == 0)
        {
            return;
        }

        IReadOnlySet<ulong> unnoted = CopySearch.MountsWithoutTimes(MountLine.Of("self"));
        TimeSpec last = default;
        foreach ((FileIdentity identity, LabelledFile file) in _files)
        {
            if (seen.TryGetValue(identity, out Sight? sight) && CopySearch.IsUntouched(sight.Status, file.Content, unnoted))
            {
                continue;
            }

            foreach (string path in file.Paths)
            {
                if (CopySearch.Look(path, identity, file.Content, unnoted, out bool wasRead) is not { } content)
                {
                    continue;
                }

                if (wasRead || (file.Content is null && !justWritten))
                {
                    copied.AddRange(
                        new[] { content, file.Content }.OfType<SeenContent>().DistinctBy(one => one.Sha256)
                            .Select(one => new Copied(identity, file, one)));
                }

                last = TimeSpec.TryParse(content.Read, out TimeSpec read) && read > last ? read : last;

                if (content != file.Content)
                {
                    news.Add(new CommittedLabel(path, [], file.Session) { File = identity, Links = file.Links, Content = content });
                }

                break;
            }
        }

        // Times of reading are whole ticks of the kernel's clock, at most 10 ms: who reads from here on leaves another one.
        TimeSpec now = FileMetadata.Now(Clock.REALTIME);
        if (((now.tv_sec - last.tv_sec) * 1_000_000_000) + now.tv_nsec - last.tv_nsec < 10_000_000)
        {
            Thread.Sleep(10);
        }
    }

    /// <summary>Files that hold what a file with a label held: they have its label.</summary>
    private List<CommittedLabel> CopiesOf(List<Copied> copied)
    {
        // Every empty file would be a copy of one.
        Copied[] wanted = [.. copied.Where(one => one.Content.Size > 0)];
        List<CommittedLabel> copies = [];
        if (wanted.Length == 0)
        {
            return copies;
        }

        foreach ((LabelFind copy, SeenContent content) in
            CopySearch.Find([.. wanted.Select(one => (one.Content, one.Since))], StorageRoot))
        {
            LabelledFile[] sources = [.. wanted.Where(one => one.Content.Sha256 == content.Sha256).Select(one => one.File)];
            string[] tags = [.. sources.SelectMany(source => source.Tags).Distinct(StringComparer.Ordinal)];
            if (!_files.TryGetValue(copy.File, out LabelledFile? known) || !known.Paths.Contains(copy.Path) || !known.Tags.IsSupersetOf(tags))
            {
                copies.Add(new CommittedLabel(copy.Path, tags, sources[0].Session)
                {
                    File = copy.File,
                    Links = copy.Status.Links,
                    Content = content,
                });
            }
        }

        return copies;
    }

    /// <param name="Identity">Which file.</param>
    /// <param name="File">What is known of it.</param>
    /// <param name="Content">What its copies may hold.</param>
    private sealed record Copied(FileIdentity Identity, LabelledFile File, SeenContent Content)
    {
        /// <summary>There was nothing to copy before.</summary>
        public TimeSpec Since => TimeSpec.TryParse(Identity.Born, out TimeSpec born) ? born : default;
    }
}
