using ShellGuard.Leash.Editing;
using Xunit;

namespace ShellGuard.Leash.Tests.Editing;

public sealed class LineViewTests
{
    [Fact]
    public void The_line_stands_behind_the_prompt_of_l8ash() =>
        Assert.Equal("\r|x|> di\e7sk\e[K\e8", LineView.Draw(Buffer("disk", left: 2), 80));

    [Fact]
    public void A_long_line_keeps_the_cursor_in_the_row()
    {
        string drawn = LineView.Draw(Buffer(new string('a', 100) + new string('b', 100), left: 100), 20);
        Assert.Equal($"\r|x|> {new string('a', 14)}\e7\e[K\e8", drawn);
    }

    [Fact]
    public void Nothing_that_was_typed_acts_on_the_terminal()
    {
        string drawn = LineView.Draw(Buffer("a\e]0;evil\u0007\u202eb", left: 0), 80);
        Assert.Equal("\r|x|> a\uFFFD]0;evil\uFFFD\uFFFDb\e7\e[K\e8", drawn);
    }

    [Theory]
    [InlineData("", "", 3)]
    [InlineData("d", "is", 2)]
    [InlineData("disk", "", 1)]
    [InlineData("x", "", 0)]
    public void Completion_goes_as_far_as_all_names_agree(string typed, string inserted, int count)
    {
        Completion found = Completion.Of(typed, ["disk", "disc", "up"]);
        Assert.Equal(inserted, found.Inserted);
        Assert.Equal(count, found.Names.Count);
    }

    private static EditBuffer Buffer(string text, int left)
    {
        EditBuffer buffer = new();
        buffer.Insert(text);
        for (int i = 0; i < left; i++)
        {
            buffer.Left();
        }

        return buffer;
    }
}
