using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>Changes as a patch in git's format, which <c>patch -p1</c> applies in the target: text files line by line,
/// links, empty files, modes. Binary and large files are named; empty directories, owners and FIFOs have no form there.
/// </summary>
public sealed class LayerTextDiff
{
    /// <summary>Files above this, in bytes, are named but not compared by lines.</summary>
    public const long MaximumSize = 8 * 1024 * 1024;

    /// <summary>A symbolic link, as git has it.</summary>
    private const string Link = "120000";

    private readonly Layer _layer;
    private readonly Stream _output;
    private readonly bool _isForTerminal;

    private LayerTextDiff(Layer layer, Stream output, bool isForTerminal)
    {
        _layer = layer;
        _output = output;
        _isForTerminal = isForTerminal;
    }

    /// <summary>Writes the given changes. One change alone shows host against layer, now; see
    /// <see cref="ThreeWay"/> for a conflict.</summary>
    /// <param name="isForTerminal">To read on a terminal, not to apply: nothing in it acts on the terminal.</param>
    public static void Write(Layer layer, IEnumerable<Change> changes, Stream output, bool isForTerminal)
    {
        LayerTextDiff diff = new(layer, output, isForTerminal);
        foreach (Change change in changes)
        {
            diff.Write(change);
        }
    }

    private void Write(Change change)
    {
        if (change.Kind is ChangeKind.Deleted or ChangeKind.Replaced)
        {
            Tree(change.Path);
        }

        if (change.Kind == ChangeKind.Deleted || change.Type is not (FileType.REG or FileType.LNK))
        {
            return;
        }

        bool hasOld = change is { Kind: ChangeKind.Modified, Host: not null };
        byte[]? before = hasOld ? LayerContent.Load(_layer, _layer.Target, change.Path, change.Host!.Value) : [];
        byte[]? after = LayerContent.Load(_layer, _layer.Upper, change.Path, change.Mine!.Value);
        File(
            change.Path, hasOld ? GitMode(change.Host!.Value) : null, GitMode(change.Mine!.Value), before, after);
    }

    /// <summary>Everything that a deletion takes, file by file.</summary>
    private void Tree(string path)
    {
        LinuxResult result = LayerDirectory.Open(_layer.Target, LayerPath.Parent(path), out Descriptor parent);
        using (parent)
        {
            FileStatus status = default;
            result = result.Failed ? result : Files.Status(parent, LayerPath.Name(path), out status);
            if (result.Failed)
            {
                return;
            }

            if (status.Type is FileType.REG or FileType.LNK)
            {
                File(path, GitMode(status), null, LayerContent.Load(_layer, _layer.Target, path, status), []);
            }

            if (!status.IsDirectory || path.Count(c => c == '/') > HostSurvey.MaximumDepth)
            {
                return;
            }

            List<string> names = [];
            result = LayerDirectory.OpenChild(parent, LayerPath.Name(path), out Descriptor directory);
            using (directory)
            {
                result = result.Failed ? result : DirectoryEntries.List(directory, out names);
            }

            foreach (string name in names)
            {
                Tree(LayerPath.Join(path, name));
            }
        }
    }

    private void File(string path, string? oldMode, string? newMode, byte[]? before, byte[]? after)
    {
        string old = Quoted("a/" + path);
        string @new = Quoted("b/" + path);
        if (before is null || after is null || UnifiedDiff.IsBinary(before) || UnifiedDiff.IsBinary(after))
        {
            if (before is null || after is null || !before.AsSpan().SequenceEqual(after))
            {
                UnifiedDiff.Line(_output, $"Binary or large files {old} and {@new} differ\n");
            }

            return;
        }

        bool isEqual = before.AsSpan().SequenceEqual(after);
        if (isEqual && oldMode == newMode)
        {
            return;
        }

        UnifiedDiff.Line(_output, $"diff --git {old} {@new}\n");
        if (oldMode is null)
        {
            UnifiedDiff.Line(_output, $"new file mode {newMode}\n");
        }
        else if (newMode is null)
        {
            UnifiedDiff.Line(_output, $"deleted file mode {oldMode}\n");
        }
        else if (oldMode != newMode || newMode == Link)
        {
            // That it is a link, patch(1) learns from a mode only.
            UnifiedDiff.Line(_output, $"old mode {oldMode}\nnew mode {newMode}\n");
        }

        if (isEqual)
        {
            return;
        }

        // A tab ends a name that has a space, patch(1).
        UnifiedDiff.Line(_output, $"--- {(oldMode is null ? "/dev/null" : Ended(old))}\n");
        UnifiedDiff.Line(_output, $"+++ {(newMode is null ? "/dev/null" : Ended(@new))}\n");
        UnifiedDiff.WriteHunks(_output, before, after, _isForTerminal);
    }

    private static string Ended(string name) => name.Contains(' ', StringComparison.Ordinal) ? name + "\t" : name;

    private static string GitMode(in FileStatus status) =>
        status.IsSymbolicLink ? Link : (status.Mode & 0x40) != 0 ? "100755" : "100644";

    /// <summary>As git and patch quote names: in double quotes, bytes in octal, when anything in them needs it.</summary>
    internal static string Quoted(string name)
    {
        byte[] bytes = KernelText.Encode(name);
        if (!Array.Exists(bytes, b => b is < 0x20 or > 0x7E or (byte)'"' or (byte)'\\'))
        {
            return name;
        }

        System.Text.StringBuilder quoted = new("\"");
        foreach (byte b in bytes)
        {
            if (b is < 0x20 or > 0x7E)
            {
                quoted.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0'));
            }
            else
            {
                quoted.Append(b is (byte)'"' or (byte)'\\' ? "\\" : "").Append((char)b);
            }
        }

        return quoted.Append('"').ToString();
    }
}
