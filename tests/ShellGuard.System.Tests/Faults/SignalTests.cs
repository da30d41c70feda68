using System.Globalization;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Faults;

/// <summary>Trapped calls while a program handles signals. What the kernel cannot hold is in docs/threat-model.md.</summary>
public sealed class SignalTests
{
    private const int Calls = 3000;

    [Theory, BothIdentities]
    public void With_restarting_handlers_no_call_is_interrupted(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = Run(area, "restart");
        Assert.Equal("signals came, interrupted 0\n", outcome.Output);
    }

    /// <summary>The supervisor never saw such a call, so nothing of it was done and nothing was recorded.</summary>
    [Theory, BothIdentities]
    public void Without_them_an_interrupted_call_did_nothing_and_succeeds_when_made_again(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = Run(area, "plain");
        Assert.StartsWith("signals came, interrupted ", outcome.Output, StringComparison.Ordinal);
    }

    private static Outcome Run(TestArea area, string handlers)
    {
        string program = $"{area.Work}/signals";
        File.Copy(Helper.Signals, program);
        return area.Inside([], program, handlers, Calls.ToString(CultureInfo.InvariantCulture)).Succeed();
    }
}
