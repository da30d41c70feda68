using System.Globalization;
using System.Text;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>What commits are about to do to the host, one line each, written before it is done; <c>commit.log</c> in
/// the layer's directory. With it a commit that was interrupted finds its temporary names again, gives borrowed modes
/// back, and does not take its own traces for the host's changes.</summary>
/// <remarks>Not flushed for each line: after a power failure a line may be missing, which costs a false alarm or leaves
/// a temporary name, never data. Loans are flushed.</remarks>
internal sealed class CommitLog : IDisposable
{
    private const string FileName = "commit.log";

    private readonly Descriptor _file;
    private readonly HashSet<(ulong Device, ulong Inode, uint Mode)> _directories = [];
    private readonly HashSet<(ulong Device, ulong Inode, long Size, TimeSpec Modified)> _files = [];
    private readonly Dictionary<(string Directory, string Name), TemporaryName> _temporaries = [];
    private readonly Dictionary<string, uint> _loans = new(StringComparer.Ordinal);

    private CommitLog(Descriptor file) => _file = file;

    /// <summary>Temporary names that may still be there.</summary>
    internal IReadOnlyCollection<TemporaryName> Temporaries => _temporaries.Values;

    /// <summary>Entries of the layer whose mode was borrowed and not given back, with the mode that they had.</summary>
    internal IReadOnlyDictionary<string, uint> Loans => _loans;

    internal static LinuxResult Open(Descriptor layerDirectory, out CommitLog? log)
    {
        log = null;
        LinuxResult result = Files.Open(
            layerDirectory,
            FileName,
            OpenFlags.RDWR | OpenFlags.CREAT | OpenFlags.APPEND | OpenFlags.NOFOLLOW,
            out Descriptor file,
            mode: 0x180);
        if (result.Failed)
        {
            file.Dispose();
            return result;
        }

        CommitLog opened = new(file);
        result = opened.Load();
        if (result.Failed)
        {
            opened.Dispose();
            return result;
        }

        log = opened;
        return result;
    }

    /// <summary>Whether an inode is as an earlier commit is known to have left it, so that its time of change is ours.
    /// A directory: the same mode; its entries have times of their own. A file: the same size and time of modification.
    /// </summary>
    internal bool IsOurs(in FileStatus status) => status.IsDirectory
        ? _directories.Contains((status.Device, status.Inode, status.Mode))
        : _files.Contains((status.Device, status.Inode, status.Size, status.Modified));

    /// <summary>Says that the attributes, entries or links of an inode are about to change.</summary>
    internal LinuxResult Touch(in FileStatus status)
    {
        bool isNew = status.IsDirectory
            ? _directories.Add((status.Device, status.Inode, status.Mode))
            : _files.Add((status.Device, status.Inode, status.Size, status.Modified));
        return !isNew
            ? default
            : status.IsDirectory
                ? Append($"directory {status.Device} {status.Inode} {status.Mode}\n")
                : Append($"file {status.Device} {status.Inode} {status.Size} {status.Modified.tv_sec} {status.Modified.tv_nsec}\n");
    }

    /// <summary>Says that a temporary name is about to appear in a directory of the target, or to take in what the host
    /// had.</summary>
    internal LinuxResult Temporary(TemporaryName temporary)
    {
        (string, string) key = (temporary.Directory, temporary.Name);
        if (_temporaries.TryGetValue(key, out TemporaryName? known) && known == temporary)
        {
            return default;
        }

        _temporaries[key] = temporary;
        return Append(
            $"temporary {temporary.Host} {temporary.Mine} {temporary.Name} {SafeText.Escape(temporary.Directory)}\n");
    }

    /// <summary>Says, durably, that an entry's mode is about to be widened for this process to read it.</summary>
    internal LinuxResult Lend(string path, uint mode)
    {
        _loans[path] = mode;
        LinuxResult result = Append($"lend {mode} {SafeText.Escape(path)}\n");
        return result.Failed ? result : FileContent.Flush(_file);
    }

    internal LinuxResult Return(string path)
    {
        _loans.Remove(path);
        return Append($"return {SafeText.Escape(path)}\n");
    }

    /// <summary>Says that no temporary name is left.</summary>
    internal LinuxResult Settle()
    {
        if (_temporaries.Count == 0)
        {
            return default;
        }

        _temporaries.Clear();
        return Append("settled\n");
    }

    public void Dispose() => _file.Dispose();

    private LinuxResult Append(string line) => FileContent.Append(_file, Encoding.UTF8.GetBytes(line));

    private LinuxResult Load()
    {
        LinuxResult result = Files.Status(_file, out FileStatus status);
        if (result.Failed)
        {
            return result;
        }

        byte[] bytes = new byte[status.Size];
        result = FileContent.ReadFully(_file, bytes, 0);
        if (result.Failed)
        {
            return result;
        }

        string text = Encoding.UTF8.GetString(bytes.AsSpan(0, (int)result.Value));
        // A last line without its end was being written when the process died: what it announces did not begin.
        int end = text.LastIndexOf('\n');
        if (end >= 0)
        {
            foreach (string line in text[..end].Split('\n'))
            {
                Read(line.Split(' '), line);
            }
        }

        // Lines that follow must not join an unfinished one.
        return end + 1 < text.Length ? Append("\n") : result;
    }

    private void Read(string[] word, string line)
    {
        switch (word[0])
        {
            case "directory" when word.Length == 4:
                _directories.Add((Number(word[1]), Number(word[2]), (uint)Number(word[3])));
                break;
            case "file" when word.Length == 6:
                _files.Add((
                    Number(word[1]),
                    Number(word[2]),
                    (long)Number(word[3]),
                    new TimeSpec(
                        long.Parse(word[4], CultureInfo.InvariantCulture), (long)Number(word[5]))));
                break;
            case "temporary" when word.Length >= 5:
                // A directory may have spaces: it is the rest of the line.
                int start = word[0].Length + word[1].Length + word[2].Length + word[3].Length + 4;
                string directory = LayerPath.Parse(line[start..]) ?? "";
                _temporaries[(directory, word[3])] =
                    new TemporaryName(directory, word[3], Number(word[1]), Number(word[2]));
                break;
            case "settled":
                _temporaries.Clear();
                break;
            case "lend" when word.Length >= 3:
                _loans[LayerPath.Parse(line[(word[1].Length + 6)..]) ?? ""] = (uint)Number(word[1]);
                break;
            case "return":
                _loans.Remove(LayerPath.Parse(line[7..]) ?? "");
                break;
        }
    }

    private static ulong Number(string word) =>
        ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : 0;

    /// <summary>A name that a commit uses in a directory of the target.</summary>
    /// <param name="Host">The inode that the host had and that is approved to go, when it is found there; 0 for none.
    /// </param>
    /// <param name="Mine">The inode that the commit made; 0 while it is being made.</param>
    internal sealed record TemporaryName(string Directory, string Name, ulong Host, ulong Mine);
}
