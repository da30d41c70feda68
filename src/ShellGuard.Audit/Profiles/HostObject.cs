namespace ShellGuard.Audit.Profiles;

/// <summary>A file of the host.</summary>
/// <param name="IsDirectory">Whether it is one.</param>
/// <param name="IsRegular">Whether it is a file with content.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Owner">User number.</param>
/// <param name="Group">Group number.</param>
public sealed record HostObject(bool IsDirectory, bool IsRegular, uint Mode, uint Owner, uint Group);
