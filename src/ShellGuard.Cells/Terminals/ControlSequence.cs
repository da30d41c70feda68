using System.Runtime.InteropServices;
using System.Text;

namespace ShellGuard.Cells.Terminals;

/// <summary>One whole CSI sequence, taken apart.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct ControlSequence
{

    /// <param name="sequence">From ESC [ to the final byte; control characters among it are skipped, as terminals do.</param>
    internal ControlSequence(ReadOnlySpan<byte> sequence)
    {
        Final = sequence[^1];
        int first = -1;
        int second = -1;
        int value = -1;
        foreach (byte next in sequence[2..^1])
        {
            switch (next)
            {
                case >= (byte)'0' and <= (byte)'9':
                    value = AppendDigit(value, next);
                    break;
                case (byte)';' or (byte)':':
                    Keep(Count++, value, ref first, ref second);
                    value = -1;
                    break;
                case >= 0x3c and <= 0x3f:
                    Marker = next;
                    break;
                case >= 0x20 and <= 0x2f:
                    Intermediate = next;
                    break;
            }
        }

        Keep(Count++, value, ref first, ref second);
        First = first;
        Second = second;
    }

    /// <summary>The first parameter; -1 where there is none.</summary>
    internal int First { get; }

    /// <summary>The second parameter; -1 where there is none.</summary>
    internal int Second { get; }

    /// <summary>How many parameters there are; one that is empty counts.</summary>
    internal int Count { get; }

    internal byte Final { get; }

    /// <summary>One of &lt;=&gt;? in front of the parameters, or 0.</summary>
    internal byte Marker { get; }

    /// <summary>The last byte between parameters and final, or 0.</summary>
    internal byte Intermediate { get; }

    /// <summary>Whether it does something outside of what the cell may draw on: media copy sends to a printer command, CSI 20 t
    /// and 21 t type the title, which the cell chose, into the input, and others of CSI t, CSI * | and CSI $ | move the window, put it
    /// away or give it another size, in which no question could be read.</summary>
    internal bool ActsOutside => (Final, Intermediate) switch
    {
        ((byte)'i', 0) => true,
        ((byte)'t', 0) => First is (>= 1 and <= 10) or 20 or 21 or >= 24,
        ((byte)'|', (byte)'*' or (byte)'$') => true,
        _ => false,
    };

    /// <summary>Whether it saves the title or brings back one that was saved.</summary>
    internal bool MovesTitle => Final == (byte)'t' && Intermediate == 0 && First is 22 or 23;

    /// <summary>Whether the answer depends on what was written before: DSR (where the cursor is), DECRQM (modes), DECRQCRA
    /// (a sum over a part of the screen), DECRQPSR (cursor and tabs).</summary>
    internal bool TellsState => (Final, Intermediate) is
        ((byte)'n', 0) or ((byte)'p', (byte)'$') or ((byte)'y', (byte)'*') or ((byte)'w', (byte)'$');

    /// <summary>Whether terminals answer it with input.</summary>
    internal bool IsAnswered => Final switch
    {
        (byte)'n' or (byte)'c' or (byte)'x' => true,
        (byte)'t' => First is >= 11 and <= 19,
        (byte)'p' => Intermediate == (byte)'$',
        (byte)'q' or (byte)'u' => Marker is (byte)'>' or (byte)'?',
        (byte)'y' => Intermediate == (byte)'*',
        _ => false,
    };

    internal void Apply(ReadOnlySpan<byte> sequence, LineMemory line, TerminalModes modes)
    {
        if (Intermediate == (byte)'!' && Final == (byte)'p')
        {
            modes.SoftReset();
            return;
        }

        if (Intermediate != 0 || (Marker != 0 && Final is not ((byte)'h' or (byte)'l')))
        {
            return;
        }

        switch (Final)
        {
            case (byte)'h' or (byte)'l':
                SetModes(sequence, line, modes);
                break;
            case (byte)'m':
                line.Colour(sequence, resets: First is -1 or 0);
                break;
            case (byte)'r':
                modes.ScrollRegion = First <= 1 && Count == 1 ? null : Parameters(sequence);
                line.Spoil();
                break;
            case (byte)'K' or (byte)'C' or (byte)'D' or (byte)'G' or (byte)'P' or (byte)'@' or (byte)'X' or (byte)'J':
                line.Append(sequence);
                break;
            case (byte)'H' or (byte)'f' when Second <= 1:
                line.Begin();
                break;
            case (byte)'n' or (byte)'c' or (byte)'t' or (byte)'q':
                break;
            default:
                line.Spoil();
                break;
        }
    }

    private void SetModes(ReadOnlySpan<byte> sequence, LineMemory line, TerminalModes modes)
    {
        bool on = Final == (byte)'h';
        int value = -1;
        foreach (byte next in sequence[2..])
        {
            if (next is >= (byte)'0' and <= (byte)'9')
            {
                value = AppendDigit(value, next);
            }
            else if (next is (byte)';' || next == Final)
            {
                Set(value, on, line, modes);
                value = -1;
            }
        }
    }

    private void Set(int mode, bool on, LineMemory line, TerminalModes modes)
    {
        if (Marker == (byte)'?')
        {
            modes.Set(mode, on);
            if (mode is 47 or 1047 or 1049)
            {
                // Another screen, and a cursor position that is not known.
                line.Spoil();
            }
        }
        else if (Marker == 0 && mode == 4)
        {
            modes.SetInsertMode(on);
        }
    }

    private static string Parameters(ReadOnlySpan<byte> sequence)
    {
        var text = new StringBuilder();
        foreach (byte next in sequence[2..^1])
        {
            if (next is (byte)';' or (>= (byte)'0' and <= (byte)'9'))
            {
                text.Append((char)next);
            }
        }

        return text.ToString();
    }

    private static int AppendDigit(int value, byte digit) =>
        Math.Min((Math.Max(value, 0) * 10) + (digit - '0'), 1_000_000);

    private static void Keep(int index, int value, ref int first, ref int second)
    {
        if (index == 0)
        {
            first = value;
        }
        else if (index == 1)
        {
            second = value;
        }
    }
}
