namespace ShellGuard.Core.Events;

/// <summary>The answer to a question. The numbers are frozen: they stand in journals.</summary>
public enum GivenAnswer
{
    Deny = 0,
    Once = 1,
    Session = 2,
    Always = 3,
}
