using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.View;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Gates;

/// <summary>A filter's program, opened once and hashed: what runs is a copy of exactly the bytes that were hashed, in a
/// directory that no cell but the filter's own sees, and that one cannot write to.</summary>
internal sealed class GateProgram : IDisposable
{
    private const long Largest = 64 << 20;
    private const string Place = "/run/shellguard";

    private readonly string _directory;
    private readonly string _name;

    private GateProgram(string directory, string name)
    {
        _directory = directory;
        _name = name;
    }

    /// <summary>Where the filter's cell has it.</summary>
    public string Path => $"{Place}/{_name}";

    /// <summary>Opens the file, checks it and makes the copy.</summary>
    /// <param name="directory">Does not exist yet.</param>
    /// <param name="problem">Why not, for the person.</param>
    public static bool TryPrepare(
        GateRule gate, string directory, [NotNullWhen(true)] out GateProgram? program,
        [NotNullWhen(false)] out string? problem)
    {
        program = null;
        FilterRule filter = gate.Filter!;
        string shown = SafeText.Escape(filter.Program);
        LinuxResult result = Files.Open(
            filter.Program, OpenFlags.RDONLY | OpenFlags.NONBLOCK | OpenFlags.NOCTTY | OpenFlags.CLOEXEC, out Descriptor file);
        ReadOnlyMemory<byte> content = default;
        using (file)
        {
            FileStatus status = default;
            result = result.Failed ? result : Files.Status(file, out status);
            if (result.Succeeded && (!status.IsRegular || status.Size > Largest))
            {
                problem = $"{shown} is no file of at most {Largest >> 20} MiB";
                return false;
            }

            if (result.Succeeded)
            {
                byte[] read = new byte[status.Size];
                result = FileContent.ReadFully(file, read, 0);
                content = result.Succeeded ? read.AsMemory(0, (int)result.Value) : default;
            }
        }

        if (result.Failed)
        {
            problem = $"{shown} cannot be read: {result.Error}";
            return false;
        }

        // What was written to the file since it was looked at is not among these bytes.
        string digest = Convert.ToHexString(SHA256.HashData(content.Span)).ToLowerInvariant();
        if (digest != filter.Sha256)
        {
            problem = $"{shown} is not the program that the policy means: its SHA-256 is {digest}";
            return false;
        }

        Directory.CreateDirectory(directory);
        program = new GateProgram(directory, gate.Gate.Name);
        result = Files.Open(
            $"{directory}/{gate.Gate.Name}", OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.CLOEXEC,
            out Descriptor copy, 0x16d);
        using (copy)
        {
            result = result.Failed ? result : FileContent.Append(copy, content.Span);
            result = result.Failed ? result : FileMetadata.SetMode(copy, 0x16d);
        }

        if (result.Failed)
        {
            program.Dispose();
            program = null;
            problem = $"{shown} cannot be made ready: {result.Error}";
            return false;
        }

        problem = null;
        return true;
    }

    /// <summary>A view with it.</summary>
    public ViewPlan AddTo(ViewPlan view) => view with
    {
        Entries =
        [
            .. view.Entries,
            new ViewEntry.MakeDirectory(Place, 0x1ed, "the filter's program"),
            new ViewEntry.HostBind(_directory, Place, ReadOnly: true, Device: false, "the filter's program"),
        ],
    };

    /// <summary>What runs: no arguments, and of the environment only what programs need to behave.</summary>
    public CellCommand Command => new(
        Path, [_name], "/", ["LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin"]);

    public void Dispose() => Hosting.TemporaryTree.Remove(_directory);
}
