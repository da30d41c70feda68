namespace ShellGuard.Policy.Model;

/// <summary>What the host part of an endpoint pattern is.</summary>
public enum EndpointKind
{
    /// <summary>One name.</summary>
    Name,

    /// <summary>Every name below a name, not the name itself.</summary>
    SubDomains,

    /// <summary>Every name, no address literal.</summary>
    AnyName,

    /// <summary>One address or a block.</summary>
    Addresses,
}
