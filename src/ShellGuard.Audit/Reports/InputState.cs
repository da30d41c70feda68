namespace ShellGuard.Audit.Reports;

/// <summary>Whether a recording, or the audit of a run, is still the one that an audit was made from.</summary>
public enum InputState
{
    /// <summary>Its bytes have the hash that the audit names.</summary>
    Same,

    /// <summary>Its bytes are others.</summary>
    Changed,

    /// <summary>It is not there, or it was standard input.</summary>
    Gone,

    /// <summary>The audit has no hash, because the input was not read to its end.</summary>
    NotHashed,

    /// <summary>What has its name is a pipe, a device or a socket, which is not opened.</summary>
    NoFile,

    /// <summary>It is there and cannot be read.</summary>
    Unreadable,
}
