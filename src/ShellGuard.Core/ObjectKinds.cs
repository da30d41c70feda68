namespace ShellGuard.Core;

/// <summary>What kinds of objects have in common.</summary>
public static class ObjectKinds
{
    /// <summary>Whether the target may be a path of the file system.</summary>
    public static bool HasPath(this ObjectKind kind) =>
        kind is ObjectKind.Unknown or ObjectKind.Path or ObjectKind.Directory || kind.IsUnixPath();

    /// <summary>Whether it is the path of a unix socket.</summary>
    public static bool IsUnixPath(this ObjectKind kind) => kind is ObjectKind.UnixSocket or ObjectKind.UnixDatagram;
}
