namespace ShellGuard.Audit.Export;

/// <summary>Which members of <see cref="ExportOptions"/> a target heeds.</summary>
[Flags]
public enum ExportChoices
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary><see cref="ExportOptions.Base"/>.</summary>
    Base = 1,

    /// <summary><see cref="ExportOptions.Direct"/>.</summary>
    Direct = 2,

    /// <summary><see cref="ExportOptions.User"/>.</summary>
    User = 4,
}
