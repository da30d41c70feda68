using System.Globalization;
using System.Text;
using ShellGuard.Leash.Locating;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Leash.Setup;

/// <summary>One change to the host.</summary>
/// <param name="Kind">What it changes; the word of the record.</param>
/// <param name="Target">A path, or a user's name.</param>
/// <param name="Purpose">For a person.</param>
public abstract record SetupStep(string Kind, string Target, string Purpose)
{
    /// <summary>Whether other users' leashes may need it as well.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether the host is so already.</summary>
    public abstract bool IsDone { get; }

    /// <summary>What it would do, in one line.</summary>
    public abstract string Text { get; }

    /// <summary>Takes down how it is, before it is changed.</summary>
    /// <param name="keep">Keeps the bytes of a file, and returns the name of the copy.</param>
    public abstract SetupMemory Remember(Func<byte[], string> keep);

    /// <exception cref="LeashException">It could not be done.</exception>
    public abstract void Apply();
}

/// <summary>A directory of root's.</summary>
public sealed record DirectoryStep(string Path, string Purpose) : SetupStep("directory", Path, Purpose)
{
    private const uint Mode = 0x1ed;

    public override bool IsDone => RootFile.IsDirectory(Path);

    public override string Text => $"make the directory {Path} (root, mode 755)";

    public override SetupMemory Remember(Func<byte[], string> keep) =>
        new(Kind, Path, IsDone ? "there" : null, "there") { IsShared = true };

    public override void Apply() => RootFile.MakeDirectory(Path, Mode);
}

/// <summary>A file of root's with this content.</summary>
public sealed record FileStep(string Path, byte[] Content, uint Group, uint Mode, string Purpose)
    : SetupStep("file", Path, Purpose)
{
    public override bool IsDone => RootFile.Read(Path, out FileStatus status) is { } bytes
        && bytes.AsSpan().SequenceEqual(Content) && (status.Owner, status.Group, status.Mode) == (0u, Group, Mode);

    public override string Text =>
        $"write {Path} (root, group {Group.ToString(CultureInfo.InvariantCulture)}, mode {Convert.ToString(Mode, 8)})";

    public override SetupMemory Remember(Func<byte[], string> keep)
    {
        byte[]? before = RootFile.Read(Path, out FileStatus status);
        return new SetupMemory(Kind, Path, before is null ? null : RootFile.Hash(before), RootFile.Hash(Content))
        {
            Backup = before is null ? null : keep(before),
            Mode = status.Mode,
            Owner = status.Owner,
            Group = status.Group,
            IsShared = IsShared,
        };
    }

    public override void Apply() => RootFile.Write(Path, Content, 0, Group, Mode);
}

/// <summary>A line of a file.</summary>
public sealed record LineStep(string Path, string Line, string Purpose) : SetupStep("line", Path, Purpose)
{
    public override bool IsDone => LinesOf(Path, out _).Contains(Line, StringComparer.Ordinal);

    public override string Text => $"add the line {Line} to {Path}";

    public override SetupMemory Remember(Func<byte[], string> keep)
    {
        LinesOf(Path, out byte[] content);
        return new SetupMemory(Kind, Path, content is [.., not (byte)'\n'] ? "\n" : null, Line) { IsShared = true };
    }

    public override void Apply()
    {
        byte[] content = RootFile.Read(Path, out FileStatus status) ?? [];
        string separator = content is [.., not (byte)'\n'] ? "\n" : "";
        bool isNew = status.Mode == 0;
        RootFile.Write(
            Path, [.. content, .. Encoding.UTF8.GetBytes($"{separator}{Line}\n")], status.Owner, status.Group,
            isNew ? 0x1a4 : status.Mode);
    }

    private static string[] LinesOf(string path, out byte[] content)
    {
        content = RootFile.Read(path, out _) ?? [];
        return Encoding.UTF8.GetString(content).Split('\n');
    }
}

/// <summary>A user's login shell, changed by usermod(8), which locks the user database.</summary>
public sealed record ShellStep(SetupRequest Request) : SetupStep("shell", Request.User, "what a login starts")
{
    public override bool IsDone => UserEntry.Find(Request)?.Shell == Request.Program;

    public override string Text => IsDone
        ? $"give {Request.User} the login shell {Request.Program}"
        : $"give {Request.User} the login shell {Request.Program} instead of {UserEntry.Find(Request)?.Shell}";

    public override SetupMemory Remember(Func<byte[], string> keep) =>
        new(Kind, Target, UserEntry.Find(Request)?.Shell, Request.Program);

    public override void Apply() => UserEntry.SetShell(Request, Request.Program);
}
