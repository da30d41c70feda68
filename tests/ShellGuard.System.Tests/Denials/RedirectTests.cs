using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Denials;

/// <summary>A program can open its output again by procfs, with more than it was handed over with.</summary>
public sealed class RedirectTests
{
    private const string ReadAgain = "import os; os.write(2, os.read(os.open(\"/proc/self/fd/1\", os.O_RDONLY), 99))";

    [Theory, BothIdentities]
    public void What_is_hidden_cannot_be_an_output(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("hidden/canary", "secret canary\n");
        area.Write("shown", "shown\n");
        string guarded = string.Join(' ', TestArea.GuardedWordsHere(["--hide", "hidden"], "/usr/bin/python3", "-c", $"'{ReadAgain}'"));

        // Where nothing hides it, this is what a redirected output gives away.
        Assert.Contains("shown", area.OutsideShell($"{guarded} >> shown").Succeed().Errors, StringComparison.Ordinal);
        foreach (string redirect in (string[])[">> hidden/canary", "1>&- 2>> hidden/canary", "2> /dev/null >> hidden/../hidden/canary", "<&- 0>> hidden/canary"])
        {
            Outcome outcome = area.OutsideShell($"{guarded} {redirect}; echo status $? >> ended");
            Assert.DoesNotContain("secret", outcome.Output + outcome.Errors, StringComparison.Ordinal);
        }

        Assert.Equal("status 125\nstatus 125\nstatus 125\nstatus 125\n", File.ReadAllText($"{area.Work}/ended"));
        Assert.Equal("secret canary\n", File.ReadAllText($"{area.Work}/hidden/canary").Split("shellguard: ")[0]);
        Outcome refused = area.OutsideShell($"{guarded} >> hidden/canary").EndWith(125);
        Assert.Contains($"descriptor 1 writes to {area.Work}/hidden/canary, which is hidden", refused.Errors, StringComparison.Ordinal);

        // The way on.
        area.OutsideShell($"{string.Join(' ', TestArea.GuardedWordsHere(["--hide", "hidden"], "/bin/echo", "more"))} | cat >> hidden/canary").Succeed();
        Assert.EndsWith("more\n", File.ReadAllText($"{area.Work}/hidden/canary"), StringComparison.Ordinal);
    }
}
