namespace ShellGuard.Cells.Terminals;

/// <content>The long strings: OSC, DCS, APC, PM and SOS.</content>
internal sealed partial class TerminalStream
{
    private int OscNumber(byte next, ref Sink sink)
    {
        // Terminals skip other controls in a string, so 5 NUL 2 is 52.
        bool skipped = next is < 0x20 and not (Escape or Bell or Cancel or Substitute);
        if ((skipped || next is >= (byte)'0' and <= (byte)'9') && _heldLength < HeldCapacity)
        {
            Hold(next);
            return 1;
        }

        if (BeginsClipboard(next))
        {
            Hold(next);
            _state = State.ClipboardHeader;
            return 1;
        }

        bool dropped = filter && (_heldLength == HeldCapacity || EscapeRules.OscActsOutside(_held.AsSpan(2, _heldLength - 2))
            || (KeepsTitle && EscapeRules.OscSetsTitle(_held.AsSpan(2, _heldLength - 2))));
        if (dropped)
        {
            Drop();
        }
        else
        {
            Release(ref sink);
        }

        BeginString(dropped ? State.DroppedString : State.String, bellEnds: true);
        return 0;
    }

    private int DcsHeader(byte next, ref Sink sink)
    {
        if (next is Escape or Cancel or Substitute || next >= 0x80)
        {
            Pass(KeepsTitle ? default : _held.AsSpan(0, _heldLength), ref sink);
            BeginString(KeepsTitle ? State.DroppedString : State.String, bellEnds: false);
            return 0;
        }

        Hold(next);
        bool final = next is >= 0x40 and <= 0x7e;
        if (!final && _heldLength < HeldCapacity)
        {
            return 1;
        }

        ReadOnlySpan<byte> header = _held.AsSpan(2, _heldLength - 2);
        AnswerExpected |= EscapeRules.DeviceStringIsAnswered(header);
        bool dropped = filter && (!final || KeepsTitle || EscapeRules.DeviceStringActsOutside(header));
        if (dropped)
        {
            Drop();
        }
        else
        {
            Release(ref sink);
        }

        BeginString(dropped ? State.DroppedString : State.String, bellEnds: false);
        return 1;
    }

    private int Body(ReadOnlySpan<byte> rest, ref Sink sink)
    {
        bool passes = _state == State.String;
        int run = rest.IndexOfAny(Escape, Cancel, Substitute);
        int bell = _bellEnds ? rest.IndexOf(Bell) : -1;
        run = run < 0 ? rest.Length : run;
        run = bell >= 0 && bell < run ? bell : run;
        if (run > 0)
        {
            AnswerExpected |= _bellEnds && rest[..run].Contains((byte)'?');
            if (passes)
            {
                sink.Write(rest[..run]);
            }

            return run;
        }

        if (rest[0] == Escape)
        {
            Hold(Escape);
            _state = passes ? State.StringEscape : State.DroppedStringEscape;
            return 1;
        }

        if (passes)
        {
            sink.Write(rest[..1]);
        }

        _state = State.Ground;
        return 1;
    }

    private int StringEscape(byte next, ref Sink sink)
    {
        if (next != (byte)'\\')
        {
            // Any other escape ends the string as well and begins a sequence of its own: ESC is still held.
            _state = State.Escape;
            return 0;
        }

        Hold(next);
        if (_state == State.StringEscape)
        {
            Release(ref sink);
        }

        _heldLength = 0;
        _state = State.Ground;
        return 1;
    }

    private void BeginString(State state, bool bellEnds)
    {
        _state = state;
        _bellEnds = bellEnds;
    }
}
