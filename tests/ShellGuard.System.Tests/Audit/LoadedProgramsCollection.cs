using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>Tests that load programs into the kernel run one after the other: one of them counts what is loaded.</summary>
[CollectionDefinition(Name)]
public sealed class LoadedProgramsCollection
{
    public const string Name = "programs in the kernel";
}
