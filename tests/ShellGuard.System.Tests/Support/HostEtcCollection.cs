using Xunit;

namespace ShellGuard.System.Tests.Support;

/// <summary>Tests that change the host's own /etc (users, login shells, what sudo is told), and those that compare two looks
/// at it, run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class HostEtcCollection
{
    public const string Name = "the host's /etc";
}
