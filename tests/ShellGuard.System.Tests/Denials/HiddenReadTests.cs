using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Denials;

/// <summary>A program that looks for something hidden is told that it is not there; the person is told why.</summary>
public sealed class HiddenReadTests
{
    /// <summary>No path of it is in the arguments of a command.</summary>
    private const string Program = """
        import os
        for look in (lambda: open('secret'), lambda: os.stat('closed/key'), lambda: os.access('link', os.R_OK),
                     lambda: open('secret'), lambda: os.stat('absent'), lambda: open('shown').read()):
            try:
                print(look())
            except OSError as error:
                print(error.strerror)
        """;

    private const string Answers =
        "No such file or directory\nNo such file or directory\nFalse\nNo such file or directory\n"
        + "No such file or directory\nto be read\n";

    [Theory, BothIdentities]
    public void Every_look_for_a_hidden_file_is_explained_once_where_asked(Identity identity)
    {
        using TestArea area = Make(identity);
        Assert.Equal(Answers, area.Inside(Flags(area, "--explain-reads"), "python3", "look.py").Succeed().Output);

        string log = area.Shellguard("log", "--denied");
        Assert.Equal(3, log.Split(" denied: ").Length - 1);
        Assert.Contains($"read denied: {area.Work}/secret, hidden in this cell", log, StringComparison.Ordinal);
        Assert.Contains($"stat denied: {area.Work}/closed/key, hidden in this cell", log, StringComparison.Ordinal);
        Assert.Contains($"stat denied: {area.Work}/other, hidden in this cell", log, StringComparison.Ordinal);
        Assert.Contains($"way on   --ro {area.Work}/secret\n", area.Shellguard("why", "1"), StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void Without_it_the_answers_are_the_same_and_nothing_waits(Identity identity)
    {
        using TestArea area = Make(identity);
        Assert.Equal(Answers, area.Inside(Flags(area), "python3", "look.py").Succeed().Output);
        Assert.DoesNotContain("denied:", area.Shellguard("log", "--denied"), StringComparison.Ordinal);
    }

    private static string[] Flags(TestArea area, params string[] more) =>
    [
        .. more, "--hide", $"{area.Work}/secret", "--hide", $"{area.Work}/closed", "--hide", $"{area.Work}/other",
        "--hide", $"{area.Work}/absent",
    ];

    private static TestArea Make(Identity identity)
    {
        TestArea area = new(identity);
        area.Write("look.py", Program);
        area.Write("secret", "the secret");
        area.Write("other", "another secret");
        area.Write("closed/key", "a key");
        area.Write("shown", "to be read");
        File.CreateSymbolicLink($"{area.Work}/link", "other");
        area.Own();
        return area;
    }
}
