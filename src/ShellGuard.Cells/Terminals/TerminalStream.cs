namespace ShellGuard.Cells.Terminals;

/// <summary>
/// Follows a program's output as a terminal reads it (ECMA-48, xterm's control sequences), chunk by chunk. A sequence
/// or UTF-8 character that a chunk cuts is held back until it is whole, so between two chunks the terminal is in its
/// ground state and something else can be written, except inside the long strings (OSC, DCS, APC, PM, SOS), which
/// pass as they come: <see cref="InString"/>.
/// <para>With the filter, sequences are left out that act outside the cell: see <see cref="EscapeRules"/>. All other
/// bytes pass unchanged and in order.</para>
/// </summary>
internal sealed partial class TerminalStream(bool filter)
{
    /// <summary>How much longer than its input an output can be.</summary>
    internal const int Slack = HeldCapacity + 1;

    private const int HeldCapacity = 256;
    private const byte Escape = 0x1b;
    private const byte Cancel = 0x18;
    private const byte Substitute = 0x1a;
    private const byte Bell = 0x07;

    private readonly byte[] _held = new byte[HeldCapacity];
    private int _heldLength;
    private State _state;
    private int _continuations;
    private bool _bellEnds;

    private enum State : byte
    {
        Ground,
        Utf8,
        Escape,
        Csi,
        CsiTooLong,
        CsiDropped,
        OscNumber,
        ClipboardHeader,
        Clipboard,
        DcsHeader,
        String,
        StringEscape,
        DroppedString,
        DroppedStringEscape,
    }

    /// <summary>Whether the terminal waits for the end of a string, so that nothing else may be written now.</summary>
    internal bool InString => _state is State.String or State.StringEscape or State.CsiTooLong or State.Clipboard;

    /// <summary>Whether nothing is held and no sequence is open.</summary>
    internal bool IsGround => _state == State.Ground;

    internal LineMemory Line { get; } = new();

    internal TerminalModes Modes { get; } = new();

    /// <summary>Set when a sequence passed to which terminals answer with input; the reader clears it.</summary>
    internal bool AnswerExpected { get; set; }

    /// <summary>Whether the terminal has several cells in turn: then titles are left out as well, and what tells the one
    /// what the other left on the screen.</summary>
    internal bool KeepsTitle { get; init; }

    /// <summary>What keeps the terminal's last row from the cells; null where it is theirs.</summary>
    internal LabelRow? Row { get; set; }

    /// <summary>How many sequences the filter left out.</summary>
    internal long Dropped { get; private set; }

    /// <summary>Takes a chunk.</summary>
    /// <param name="output">At least <see cref="Slack"/> longer than the input.</param>
    /// <returns>How many bytes of the output are to be written to the terminal.</returns>
    internal int Process(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var sink = new Sink(output);
        int index = 0;
        while (index < input.Length)
        {
            index += Step(input[index..], ref sink);
        }

        return sink.Length;
    }

    /// <summary>The program is gone: gives back what is held.</summary>
    internal int Finish(Span<byte> output)
    {
        var sink = new Sink(output);
        Release(ref sink);
        if (_state is not (State.String or State.StringEscape or State.Clipboard))
        {
            _state = State.Ground;
        }

        return sink.Length;
    }

    /// <summary>Ends a string that does not end by itself: what follows of it is left out. The caller writes CAN.</summary>
    internal void BreakString()
    {
        _heldLength = 0;
        _state = _state switch
        {
            State.String or State.StringEscape or State.Clipboard => State.DroppedString,
            State.CsiTooLong => State.CsiDropped,
            _ => _state,
        };
        Dropped++;
    }

    private int Step(ReadOnlySpan<byte> rest, ref Sink sink) => _state switch
    {
        State.Ground => Ground(rest, ref sink),
        State.Utf8 => Utf8(rest[0], ref sink),
        State.Escape => AfterEscape(rest[0], ref sink),
        State.Csi => Csi(rest[0], ref sink),
        State.CsiTooLong or State.CsiDropped => LongCsi(rest[0], ref sink),
        State.OscNumber => OscNumber(rest[0], ref sink),
        State.ClipboardHeader => ClipboardHeader(rest[0], ref sink),
        State.Clipboard => ClipboardBody(rest, ref sink),
        State.DcsHeader => DcsHeader(rest[0], ref sink),
        State.String or State.DroppedString => Body(rest, ref sink),
        _ => StringEscape(rest[0], ref sink),
    };

    private int Ground(ReadOnlySpan<byte> rest, ref Sink sink)
    {
        int run = rest.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7e);
        run = run < 0 ? rest.Length : run;
        if (run > 0)
        {
            Line.Text(rest[..run], run);
            Print(rest[..run], run, exact: true, ref sink);
            return run;
        }

        byte first = rest[0];
        if (first is (byte)'\r' or (byte)'\n')
        {
            Control(first, rest[..1], ref sink);
            return 1;
        }

        _continuations = first switch
        {
            >= 0xc2 and <= 0xdf => 1,
            >= 0xe0 and <= 0xef => 2,
            >= 0xf0 and <= 0xf4 => 3,
            _ => 0,
        };
        if (first == Escape || _continuations > 0)
        {
            Hold(first);
            _state = first == Escape ? State.Escape : State.Utf8;
        }
        else
        {
            Control(first, rest[..1], ref sink);
        }

        return 1;
    }

    /// <summary>Characters that are drawn.</summary>
    /// <param name="columns">How many they take at most.</param>
    private void Print(ReadOnlySpan<byte> text, int columns, bool exact, ref Sink sink)
    {
        bool wraps = Row?.Text(columns, exact) is not false;
        sink.Write(wraps ? default : "\e[?7l"u8);
        sink.Write(text);
        sink.Write(wraps ? default : "\e[?7h"u8);
    }

    private void Control(byte control, ReadOnlySpan<byte> itself, ref Sink sink)
    {
        switch (control)
        {
            case (byte)'\n' or 0x0b or 0x0c:
                Line.Begin();
                if (Row?.LineFeed() is false)
                {
                    return;
                }

                break;
            case (byte)'\r':
                Line.CarriageReturn();
                Row?.CarriageReturn();
                break;
            case (byte)'\b':
                Line.Append(itself);
                Row?.Backspace();
                break;
            case (byte)'\t':
                Line.Append(itself);
                Row?.Tab();
                break;
            case 0x05:
                AnswerExpected = true;
                break;
            case 0x0e or 0x0f:
                Modes.ShiftedOut = control == 0x0e;
                Line.Append(itself);
                break;
            case >= 0x80:
                Line.Text(itself, 1);
                if (Row is null || control >= 0xa0)
                {
                    // A C1 control where the terminal does not speak UTF-8.
                    Print(itself, 2, exact: false, ref sink);
                }

                return;
        }

        sink.Write(itself);
    }

    private int Utf8(byte next, ref Sink sink)
    {
        if ((next & 0xc0) != 0x80)
        {
            // Not UTF-8: as it is, and the byte is looked at afresh.
            _state = State.Ground;
            PrintHeld(2 * _heldLength, ref sink);
            return 0;
        }

        Hold(next);
        if (--_continuations > 0)
        {
            return 1;
        }

        // U+0080 to U+009F are the C1 controls: xterm takes U+009D for OSC, which would lead round the filter.
        if (filter && _heldLength == 2 && _held[0] == 0xc2 && _held[1] < 0xa0)
        {
            Drop();
        }
        else
        {
            Line.Text(_held.AsSpan(0, _heldLength), _held[0] > 0xe0 ? 2 : 1);
            PrintHeld(2, ref sink);
        }

        _state = State.Ground;
        return 1;
    }

    /// <summary>What the terminal gets of the sequence that is held.</summary>
    private void Pass(ReadOnlySpan<byte> sequence, ref Sink sink)
    {
        sink.Write(sequence);
        Dropped += sequence.IsEmpty ? 1 : 0;
        _heldLength = 0;
        if (Row is not null)
        {
            Modes.ScrollRegion = Row.Region;
        }
    }

    private void Hold(byte value) => _held[_heldLength++] = value;

    private void Drop()
    {
        _heldLength = 0;
        Dropped++;
    }

    private void PrintHeld(int columns, ref Sink sink)
    {
        Print(_held.AsSpan(0, _heldLength), columns, exact: false, ref sink);
        _heldLength = 0;
    }

    private void Release(ref Sink sink)
    {
        sink.Write(_held.AsSpan(0, _heldLength));
        _heldLength = 0;
    }

    private ref struct Sink(Span<byte> output)
    {
        private readonly Span<byte> _output = output;

        internal int Length { get; private set; }

        internal void Write(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_output[Length..]);
            Length += bytes.Length;
        }

        internal void Write(byte value) => _output[Length++] = value;
    }
}
