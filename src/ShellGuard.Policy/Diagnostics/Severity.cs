namespace ShellGuard.Policy.Diagnostics;

/// <summary>How bad a finding is.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Information = 0,

    /// <summary>Probably not what was meant; the policy can be used.</summary>
    Warning = 1,

    /// <summary>A right that amounts to an escape from the cell. The policy says so on purpose or by mistake; it can
    /// be used, and a check of it fails.</summary>
    Danger = 2,

    /// <summary>The policy cannot be used.</summary>
    Error = 3,
}
