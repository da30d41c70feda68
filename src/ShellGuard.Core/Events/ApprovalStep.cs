namespace ShellGuard.Core.Events;

/// <summary>What became of a question whether data may go through a gate. The numbers are frozen.</summary>
public enum ApprovalStep
{
    Asked = 1,

    /// <summary>By one person; where two are needed there are two such records.</summary>
    Approved = 2,
    Denied = 3,
    Expired = 4,

    /// <summary>Who asked went away.</summary>
    Withdrawn = 5,
}
