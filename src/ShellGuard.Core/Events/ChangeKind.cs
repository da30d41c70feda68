namespace ShellGuard.Core.Events;

/// <summary>How a path of a layer differs from the host. The numbers are frozen: they stand in journals.</summary>
public enum ChangeKind
{
    Added = 1,
    Modified = 2,
    Deleted = 3,
    Attributes = 4,
}
