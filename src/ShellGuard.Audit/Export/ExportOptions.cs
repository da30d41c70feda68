namespace ShellGuard.Audit.Export;

/// <summary>Choices of a person about an export.</summary>
public sealed record ExportOptions
{
    /// <summary>The container runtime whose own calls a filter must let through: runc or crun; null for none.</summary>
    public string? Base { get; init; }

    /// <summary>Whether changes go to the host at once, in targets that have a choice.</summary>
    public bool Direct { get; init; }

    /// <summary>The ordinary user that a rule is for.</summary>
    public string User { get; init; } = "USER";
}
