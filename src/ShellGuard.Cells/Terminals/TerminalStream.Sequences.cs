namespace ShellGuard.Cells.Terminals;

/// <content>Escape and control sequences.</content>
internal sealed partial class TerminalStream
{
    private int AfterEscape(byte next, ref Sink sink)
    {
        if (next == Escape)
        {
            Release(ref sink);
            Hold(next);
            return 1;
        }

        if (next >= 0x80)
        {
            Release(ref sink);
            _state = State.Ground;
            return 0;
        }

        Hold(next);
        if (KeepsTitle && _heldLength == 2 && next == (byte)'k')
        {
            // The title of screen and tmux.
            Drop();
            BeginString(State.DroppedString, bellEnds: true);
        }
        else if (_heldLength == 2 && next is (byte)'[' or (byte)']' or (byte)'P')
        {
            _state = next switch
            {
                (byte)'[' => State.Csi,
                (byte)']' => State.OscNumber,
                _ => State.DcsHeader,
            };
        }
        else if (_heldLength == 2 && next is (byte)'X' or (byte)'^' or (byte)'_')
        {
            // Pictures of kitty move the cursor; GNU screen passes strings on to the terminal that it is in.
            Pass(KeepsTitle ? default : _held.AsSpan(0, _heldLength), ref sink);
            BeginString(KeepsTitle ? State.DroppedString : State.String, bellEnds: false);
        }
        else if (next is Cancel or Substitute or (>= 0x30 and <= 0x7e) || _heldLength == HeldCapacity)
        {
            FinishEscape(ref sink);
        }

        return 1;
    }

    private void FinishEscape(ref Sink sink)
    {
        ReadOnlySpan<byte> sequence = _held.AsSpan(0, _heldLength);
        if (filter && EscapeRules.Forbids(sequence))
        {
            Drop();
        }
        else
        {
            EscapeRules.Apply(sequence, Line, Modes);
            Pass(Row is null ? sequence : Row.Escape(sequence), ref sink);
        }

        _state = State.Ground;
    }

    private int Csi(byte next, ref Sink sink)
    {
        if (next == Escape || next >= 0x80)
        {
            // What terminals make of a sequence that something cuts differs.
            Pass(Row is null ? _held.AsSpan(0, _heldLength) : default, ref sink);
            _state = State.Ground;
            return 0;
        }

        Hold(next);
        if (next is Cancel or Substitute)
        {
            Release(ref sink);
            _state = State.Ground;
        }
        else if (next is >= 0x40 and <= 0x7e)
        {
            var sequence = new ControlSequence(_held.AsSpan(0, _heldLength));
            if (filter && (sequence.ActsOutside || (KeepsTitle && (sequence.MovesTitle || sequence.TellsState))))
            {
                Drop();
            }
            else
            {
                AnswerExpected |= sequence.IsAnswered;
                sequence.Apply(_held.AsSpan(0, _heldLength), Line, Modes);
                Pass(Row is null ? _held.AsSpan(0, _heldLength) : Row.Control(_held.AsSpan(0, _heldLength), sequence), ref sink);
            }

            _state = State.Ground;
        }
        else if (_heldLength == HeldCapacity)
        {
            // No honest sequence is so long; one that is cannot be judged.
            _state = filter ? State.CsiDropped : State.CsiTooLong;
            Line.Spoil();
            if (filter)
            {
                Drop();
            }
            else
            {
                Release(ref sink);
            }
        }

        return 1;
    }

    private int LongCsi(byte next, ref Sink sink)
    {
        bool aborted = next == Escape || next >= 0x80;
        if (!aborted && _state == State.CsiTooLong)
        {
            sink.Write(next);
        }

        if (aborted || next is Cancel or Substitute or (>= 0x40 and <= 0x7e))
        {
            _state = State.Ground;
        }

        return aborted ? 0 : 1;
    }
}
