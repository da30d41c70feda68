namespace ShellGuard.Core.Events;

/// <summary>A program's file, as it was opened for a stage of a pipeline.</summary>
/// <param name="Path">Where it was found.</param>
/// <param name="Device">Its file system: major in the upper half, minor in the lower.</param>
/// <param name="Inode">Its number there.</param>
/// <param name="Sha256">Of the bytes that run, in lower-case hex.</param>
public sealed record LineFile(HostileText Path, ulong Device, ulong Inode, string Sha256)
{
    /// <summary>Whether a sealed copy runs because somebody else than root can write the file.</summary>
    public bool IsCopy { get; init; }

    /// <summary>Whether it is the interpreter of the script before it.</summary>
    public bool IsInterpreter { get; init; }
}
