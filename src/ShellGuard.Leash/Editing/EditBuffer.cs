using System.Globalization;
using ShellGuard.Leash.Lines;

namespace ShellGuard.Leash.Editing;

/// <summary>The line being typed, and where the cursor is. Moves and deletes what a person takes for one character.
/// </summary>
public sealed class EditBuffer
{
    /// <summary>A line that is longer would be denied anyway.</summary>
    private const int MaximumLength = LineLanguage.MaximumBytes;

    public string Text { get; private set; } = "";

    /// <summary>In UTF-16 units from the start; never inside a character.</summary>
    public int Cursor { get; private set; }

    public bool IsEmpty => Text.Length == 0;

    public string Head => Text[..Cursor];

    public string Tail => Text[Cursor..];

    public void Insert(string text)
    {
        if (Text.Length + text.Length > MaximumLength)
        {
            return;
        }

        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;

        // What was inserted may have joined with what stands behind it: the cursor goes behind the character.
        if (Array.BinarySearch(Boundaries(), Cursor) < 0)
        {
            Cursor = Boundaries().First(boundary => boundary > Cursor);
        }
    }

    public void Clear()
    {
        Text = "";
        Cursor = 0;
    }

    public void Left() => Cursor = Before(Cursor);

    public void Right() => Cursor = After(Cursor);

    public void Home() => Cursor = 0;

    public void End() => Cursor = Text.Length;

    public void WordLeft() => Cursor = WordStart();

    public void WordRight() => Cursor = WordEnd();

    public void Backspace() => Remove(Before(Cursor), Cursor);

    public void Delete() => Remove(Cursor, After(Cursor));

    public void BackspaceWord() => Remove(WordStart(), Cursor);

    public void DeleteWord() => Remove(Cursor, WordEnd());

    public void DeleteToStart() => Remove(0, Cursor);

    public void DeleteToEnd() => Remove(Cursor, Text.Length);

    private void Remove(int start, int end)
    {
        Text = Text.Remove(start, end - start);
        Cursor = start;
        if (Array.BinarySearch(Boundaries(), Cursor) < 0)
        {
            Cursor = Before(Cursor);
        }
    }

    private int Before(int position) => Boundaries().LastOrDefault(boundary => boundary < position);

    private int After(int position)
    {
        foreach (int boundary in Boundaries())
        {
            if (boundary > position)
            {
                return boundary;
            }
        }

        return Text.Length;
    }

    private int WordStart()
    {
        int at = Cursor;
        while (at > 0 && !IsWord(at - 1))
        {
            at--;
        }

        while (at > 0 && IsWord(at - 1))
        {
            at--;
        }

        return at;
    }

    private int WordEnd()
    {
        int at = Cursor;
        while (at < Text.Length && !IsWord(at))
        {
            at++;
        }

        while (at < Text.Length && IsWord(at))
        {
            at++;
        }

        return at;
    }

    // Everything that is no blank belongs to a word, marks and second halves of characters too.
    private bool IsWord(int at) => !char.IsWhiteSpace(Text[at]);

    /// <summary>Where characters begin, and the end, ascending.</summary>
    private int[] Boundaries() => [.. StringInfo.ParseCombiningCharacters(Text), Text.Length];
}
