namespace ShellGuard.System.Tests.Support;

/// <summary>Who starts a session.</summary>
public enum Identity
{
    Root,
    Ordinary,
}
