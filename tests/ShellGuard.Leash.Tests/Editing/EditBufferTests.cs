using ShellGuard.Leash.Editing;
using Xunit;

namespace ShellGuard.Leash.Tests.Editing;

public sealed class EditBufferTests
{
    /// <summary>A family joined by zero-width joiners, a letter with two marks, a flag, a syllable.</summary>
    [Theory]
    [InlineData("\u3042\u3044")]
    [InlineData("ae\u0301\u0323")]
    [InlineData("a\U0001F468\u200D\U0001F469\u200D\U0001F467")]
    [InlineData("x\U0001F1E9\U0001F1EA")]
    [Trait("vector", "61")]
    public void Vector_61_backspace_takes_what_a_person_sees(string text)
    {
        EditBuffer buffer = new();
        buffer.Insert(text);
        buffer.Backspace();
        Assert.Equal(text[..1], buffer.Text);
        buffer.Backspace();
        Assert.True(buffer.IsEmpty);
        buffer.Backspace();
        Assert.True(buffer.IsEmpty);
    }

    [Fact]
    public void Keys_edit_where_the_cursor_is()
    {
        EditBuffer buffer = new();
        buffer.Insert("one three");
        buffer.WordLeft();
        buffer.Insert("two ");
        Assert.Equal(("one two ", "three"), (buffer.Head, buffer.Tail));
        buffer.BackspaceWord();
        Assert.Equal("one three", buffer.Text);
        buffer.Home();
        buffer.DeleteWord();
        Assert.Equal(" three", buffer.Text);
        buffer.End();
        buffer.Left();
        buffer.DeleteToEnd();
        Assert.Equal(" thre", buffer.Text);
        buffer.DeleteToStart();
        Assert.True(buffer.IsEmpty);
    }

    [Fact]
    public void A_mark_that_is_typed_into_a_character_keeps_the_cursor_out_of_it()
    {
        EditBuffer buffer = new();
        buffer.Insert("e");
        buffer.Insert("\u0301");
        Assert.Equal(2, buffer.Cursor);
        buffer.Home();
        buffer.Insert("a");
        Assert.Equal(("a", "e\u0301"), (buffer.Head, buffer.Tail));
        buffer.Right();
        buffer.Left();
        Assert.Equal(1, buffer.Cursor);
    }

    [Fact]
    public void A_line_that_would_be_denied_for_its_length_takes_no_more()
    {
        EditBuffer buffer = new();
        buffer.Insert(new string('x', 65_536));
        buffer.Insert("y");
        Assert.Equal(65_536, buffer.Text.Length);
    }
}
