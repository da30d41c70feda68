using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Forms;
using ShellGuard.Policy.Model;
using Xunit;

namespace ShellGuard.Cells.Tests.Gates;

/// <summary>Gates of a policy that is not there.</summary>
internal static class SampleGates
{
    private static readonly RuleSource Rule = new("test.toml", 1, 1, "gate");

    public static GateRule Filter(string name = "count", long bits = 50)
    {
        Assert.True(OutputForms.TryParse("integer 0..1000000", 64, out OutputForm? form, out string? problem), problem);
        return new GateRule(
            new Gate(name, GateKind.Filter, TagSet.Empty, TagSet.Empty, bits, Rule),
            new FilterRule("/bin/true", new string('0', 64), form, TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)), null);
    }

    public static GateRule Approval(bool secondPerson, params string[] approvers) => new(
        new Gate("send", GateKind.Approval, TagSet.Empty, TagSet.Empty, 8 * 1024, Rule), null,
        new ApprovalRule(approvers, secondPerson, TimeSpan.FromMinutes(10), 1024));
}
