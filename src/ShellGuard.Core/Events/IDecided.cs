namespace ShellGuard.Core.Events;

/// <summary>An event in which something was allowed or denied.</summary>
public interface IDecided
{
    Operation Operation { get; }

    /// <summary>The object.</summary>
    HostileText Target { get; }

    Decision Decision { get; }

    /// <summary>One clause: why.</summary>
    string Reason { get; }

    /// <summary>The flag or policy line that would allow it; null where there is none.</summary>
    string? WayOn { get; }
}
