using System.Buffers;
using System.Text;

namespace ShellGuard.Journal.Recordings;

/// <summary>Filters what a program writes to a terminal down to what only draws: text, colours, cursor movement,
/// erasing, scrolling, tabs, line-drawing characters, the alternate screen. Everything else is dropped, by an
/// allow-list: strings (OSC with clipboard, titles and links; DCS, APC, PM, SOS), queries that make a terminal type an
/// answer (DA, DSR, DECRQSS, ENQ, title report), resets, window operations, printing, keyboard modes, switching away
/// from UTF-8 or to 8-bit controls. A sequence is written whole or not at all, whatever the chunks; the output is
/// always valid UTF-8 without C1 controls. For a viewer's terminal that speaks UTF-8. Allocates nothing per chunk. Not
/// thread-safe.</summary>
/// <param name="features">What to let through beyond drawing.</param>
public sealed class TerminalSanitizer(TerminalFeatures features = TerminalFeatures.None)
{
    /// <summary>Longest control sequence that is let through, in bytes after its introducer.</summary>
    public const int MaxSequence = 256;

    private const byte Escape = 0x1b;
    private const int MaxSlice = 4096;

    private readonly ClipboardWrite? _clipboard = features.HasFlag(TerminalFeatures.Clipboard) ? new() : null;
    private readonly byte[] _sequence = new byte[MaxSequence];
    private readonly byte[] _partial = new byte[4];
    private State _state;
    private int _length;
    private int _partialLength;
    private bool _bellEnds;

    private enum State
    {
        Ground,
        Escape,
        EscapeIntermediate,
        Control,
        ControlIgnored,
        Text,
    }

    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    /// <summary>Filters one chunk. What a chunk ends in the middle of waits for the next one.</summary>
    public void Filter(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        while (!input.IsEmpty)
        {
            ReadOnlySpan<byte> slice = input[..Math.Min(input.Length, MaxSlice)];
            input = input[slice.Length..];

            // A byte becomes at most U+FFFD; and a sequence that waited may be finished.
            SafeOutput safe = new(output.GetSpan(
                (slice.Length * Replacement.Length) + MaxSequence + (_clipboard?.Length ?? 0) + 16));
            while (!slice.IsEmpty)
            {
                slice = slice[(_partialLength > 0 ? Rejoin(slice, ref safe) : Step(slice, ref safe))..];
            }

            output.Advance(safe.Written);
        }
    }

    /// <summary>The end of the stream: an unfinished character becomes U+FFFD, an unfinished sequence is dropped.
    /// </summary>
    public void Complete(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_partialLength > 0 && _state == State.Ground)
        {
            output.Write(Replacement);
        }

        _partialLength = 0;
        _length = 0;
        _clipboard?.Cancel();
        _state = State.Ground;
    }

    /// <summary>Takes one or more bytes; returns how many.</summary>
    private int Step(ReadOnlySpan<byte> input, ref SafeOutput output)
    {
        if (_state is State.Ground or State.Text)
        {
            // Runs of printable ASCII are most of any output, and all of what a string can hold.
            int run = input.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7e);
            run = run < 0 ? input.Length : run;
            if (run > 0)
            {
                if (_state == State.Ground)
                {
                    output.Add(input[..run]);
                }
                else
                {
                    _clipboard?.Add(input[..run]);
                }

                return run;
            }
        }

        byte first = input[0];
        if (first < 0x80)
        {
            Ascii(first, ref output);
            return 1;
        }

        OperationStatus status = Rune.DecodeFromUtf8(input, out Rune rune, out int consumed);
        if (status == OperationStatus.NeedMoreData)
        {
            input.CopyTo(_partial);
            _partialLength = input.Length;
            return input.Length;
        }

        Wide(status == OperationStatus.Done, rune, input[..consumed], ref output);
        return consumed;
    }

    /// <summary>Goes on with a character that the last chunk ended in the middle of.</summary>
    private int Rejoin(ReadOnlySpan<byte> input, ref SafeOutput output)
    {
        Span<byte> joined = stackalloc byte[4];
        int old = _partialLength;
        _partial.AsSpan(0, old).CopyTo(joined);
        int added = Math.Min(4 - old, input.Length);
        input[..added].CopyTo(joined[old..]);
        OperationStatus status = Rune.DecodeFromUtf8(joined[..(old + added)], out Rune rune, out int consumed);
        if (status == OperationStatus.NeedMoreData)
        {
            joined[..(old + added)].CopyTo(_partial);
            _partialLength = old + added;
            return added;
        }

        // An invalid character ends at or after the old bytes: they were the start of a valid one.
        _partialLength = 0;
        Wide(status == OperationStatus.Done, rune, joined[..consumed], ref output);
        return Math.Max(0, consumed - old);
    }

    /// <summary>A character beyond ASCII, or bytes that are none.</summary>
    private void Wide(bool valid, Rune rune, scoped ReadOnlySpan<byte> bytes, ref SafeOutput output)
    {
        if (valid && rune.Value is >= 0x80 and <= 0x9f)
        {
            // xterm takes U+0080 to U+009F as C1 controls, which stand for ESC and a letter.
            Introduce((byte)(rune.Value - 0x40), ref output);
            return;
        }

        _clipboard?.Cancel();
        if (_state == State.Text)
        {
            return;
        }

        _state = State.Ground; // no sequence has such a character: what was begun is dropped
        output.Add(valid ? bytes : Replacement);
    }

    private void Ascii(byte value, ref SafeOutput output)
    {
        if (value == Escape)
        {
            _state = State.Escape;
            _length = 0;
            return;
        }

        if (value is 0x18 or 0x1a)
        {
            _state = State.Ground; // CAN and SUB end any sequence
            _clipboard?.Cancel();
            return;
        }

        if (_state == State.Text)
        {
            if (value == 0x07 && _bellEnds)
            {
                _state = State.Ground;
                EndClipboard(ref output);
            }

            _clipboard?.Cancel();
            return;
        }

        if (value < 0x20)
        {
            // Terminals carry out a control character even inside a sequence; ENQ, XON and the rest are dropped.
            if (value is >= 0x08 and <= 0x0f || (value == 0x07 && features.HasFlag(TerminalFeatures.Bell)))
            {
                output.Add(value);
            }

            return;
        }

        if (value == 0x7f)
        {
            return;
        }

        switch (_state)
        {
            case State.Escape:
                AfterEscape(value, ref output);
                break;
            case State.EscapeIntermediate:
                AfterIntermediate(value, ref output);
                break;
            case State.Control:
                InControl(value, ref output);
                break;
            case State.ControlIgnored:
                _state = value >= 0x40 ? State.Ground : State.ControlIgnored;
                break;
            default:
                output.Add(value);
                break;
        }
    }

    private void AfterEscape(byte value, ref SafeOutput output)
    {
        if (value is >= 0x20 and <= 0x2f)
        {
            _sequence[0] = value;
            _length = 1;
            _state = State.EscapeIntermediate;
            _clipboard?.Cancel();
        }
        else
        {
            Introduce(value, ref output);
        }
    }

    /// <summary>ESC and a letter, or the C1 control that stands for it.</summary>
    private void Introduce(byte value, ref SafeOutput output)
    {
        _length = 0;
        if (value == (byte)'\\')
        {
            EndClipboard(ref output);
        }

        _clipboard?.Cancel();
        switch (value)
        {
            case (byte)'[':
                _state = State.Control;
                break;
            case (byte)']' or (byte)'P' or (byte)'X' or (byte)'^' or (byte)'_' or (byte)'k':
                // ESC k is the title of screen and tmux.
                _state = State.Text;
                _bellEnds = value is (byte)']' or (byte)'k';
                if (value == (byte)']')
                {
                    _clipboard?.Begin();
                }

                break;
            case (byte)'7' or (byte)'8' or (byte)'D' or (byte)'E' or (byte)'H' or (byte)'M' or (byte)'=' or (byte)'>':
                _state = State.Ground;
                output.Add(Escape);
                output.Add(value);
                break;
            default:
                _state = State.Ground;
                break;
        }
    }

    private void EndClipboard(ref SafeOutput output)
    {
        if (_clipboard is not null && _clipboard.TryTake(out ReadOnlySpan<byte> text))
        {
            output.Add("\e]"u8);
            output.Add(text);
            output.Add("\e\\"u8);
        }
    }

    private void AfterIntermediate(byte value, ref SafeOutput output)
    {
        if (value is >= 0x20 and <= 0x2f)
        {
            _length = 2; // no sequence with two of them is let through
            return;
        }

        // Character sets: ASCII, British, line drawing into G0 to G3. ESC % would leave UTF-8, ESC SP G would turn on
        // 8-bit answers.
        if (_length == 1 && _sequence[0] is >= (byte)'(' and <= (byte)'+'
            && value is (byte)'0' or (byte)'A' or (byte)'B')
        {
            output.Add(Escape);
            output.Add(_sequence[0]);
            output.Add(value);
        }

        _state = State.Ground;
    }

    private void InControl(byte value, ref SafeOutput output)
    {
        if (value < 0x40)
        {
            if (_length == MaxSequence)
            {
                _state = State.ControlIgnored;
            }
            else
            {
                _sequence[_length++] = value;
            }

            return;
        }

        _state = State.Ground;
        ControlSequence.Write(_sequence.AsSpan(0, _length), value, features, ref output);
    }
}
