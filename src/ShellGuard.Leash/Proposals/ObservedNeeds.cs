namespace ShellGuard.Leash.Proposals;

/// <summary>What a program was seen to do, as far as an entry can take it away.</summary>
[Flags]
public enum ObservedNeeds
{
    /// <summary>Nothing of the kind, and something else was seen.</summary>
    None = 0,

    /// <summary>It starts other programs.</summary>
    Executes = 1,

    /// <summary>It makes sockets.</summary>
    UsesNetwork = 2,

    /// <summary>It changes files.</summary>
    Changes = 4,

    /// <summary>The recording shows nothing that it did, or does not show everything: nothing follows from that.</summary>
    Unknown = 8,
}
