using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace ShellGuard.System.Tests.Support;

/// <summary>Runs a theory as root and as an ordinary user.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BothIdentitiesAttribute : DataAttribute
{
    public override bool SupportsDiscoveryEnumeration() => true;

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow<Identity>(Identity.Root), new TheoryDataRow<Identity>(Identity.Ordinary)]);
}
