namespace ShellGuard.Core.Events;

/// <summary>The first record of a journal: binds the session, the policy and the key that will sign.</summary>
/// <param name="PolicyDigest">SHA-256 of the effective policy's text in lower-case hex.</param>
/// <param name="User">The user's name on the host.</param>
/// <param name="Host">The host's name.</param>
/// <param name="Version">ShellGuard's version.</param>
public sealed record SessionStartEvent(string PolicyDigest, string User, string Host, string Version)
    : JournalEvent(EventKind.SessionStart)
{
    /// <summary>What the user asked to run.</summary>
    public ArgumentVector Command { get; init; } = ArgumentVector.Empty;

    /// <summary>Filled in by the journal: the signing key as SubjectPublicKeyInfo in base64.</summary>
    public string PublicKey { get; init; } = "";

    /// <summary>Filled in by the journal: SHA-256 of the SubjectPublicKeyInfo in lower-case hex.</summary>
    public string KeyFingerprint { get; init; } = "";
}
