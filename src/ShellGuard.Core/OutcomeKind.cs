namespace ShellGuard.Core;

/// <summary>How an access went. The numbers are frozen: they stand in stored evidence.</summary>
public enum OutcomeKind
{
    /// <summary>Not seen: the end of the call is missing, or the source does not tell.</summary>
    Unknown = 0,

    Success = 1,

    /// <summary>A probe: there is no such object (ENOENT, ENOTDIR). Never a reason to grant anything.</summary>
    Absent = 2,

    /// <summary>The kernel refused it (EACCES, EPERM, EROFS).</summary>
    Denied = 3,

    /// <summary>Another error, for example a connection that was refused by its peer.</summary>
    Failed = 4,

    /// <summary>Begun without waiting for the end (EINPROGRESS): the kernel did not refuse it.</summary>
    Started = 5,
}
