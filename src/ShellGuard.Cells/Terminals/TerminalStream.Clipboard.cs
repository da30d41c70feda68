using System.Buffers;

namespace ShellGuard.Cells.Terminals;

/// <content>Setting the clipboard, OSC 52, where a policy grants it. Asking for it never passes: what a person copied
/// elsewhere would be typed to the cell.</content>
internal sealed partial class TerminalStream
{
    private const int LongestSelection = 3;

    // ESC ] 5 2 ;
    private const int ClipboardIntroducer = 5;

    private static readonly SearchValues<byte> s_base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    /// <summary>Whether the cell that is connected may set the clipboard.</summary>
    internal bool PassesClipboard { get; set; }

    /// <summary>Another cell is connected: nothing that this one began goes on.</summary>
    /// <returns>Whether the terminal waits for the end of a string; then the caller writes CAN.</returns>
    internal bool Cut()
    {
        bool open = InString;
        _heldLength = 0;
        _state = State.Ground;
        return open;
    }

    private bool BeginsClipboard(byte next) => filter && PassesClipboard && next == (byte)';'
        && _held.AsSpan(2, _heldLength - 2).SequenceEqual("52"u8);

    /// <summary>Which clipboard, and the first byte of what is to be there: a question mark would ask.</summary>
    private int ClipboardHeader(byte next, ref Sink sink)
    {
        bool hasSelection = _heldLength > ClipboardIntroducer && _held[_heldLength - 1] == (byte)';';
        if (hasSelection && s_base64.Contains(next))
        {
            Release(ref sink);
            BeginString(State.Clipboard, bellEnds: true);
            return 0;
        }

        bool isSelection = next is (byte)'c' or (byte)'p' or (byte)'s' && _heldLength < ClipboardIntroducer + LongestSelection;
        if (!hasSelection && (isSelection || next == (byte)';'))
        {
            Hold(next);
            return 1;
        }

        Drop();
        BeginString(State.DroppedString, bellEnds: true);
        return 0;
    }

    private int ClipboardBody(ReadOnlySpan<byte> rest, ref Sink sink)
    {
        int run = rest.IndexOfAnyExcept(s_base64);
        run = run < 0 ? rest.Length : run;
        if (run > 0)
        {
            sink.Write(rest[..run]);
            return run;
        }

        switch (rest[0])
        {
            case Escape:
                Hold(Escape);
                _state = State.StringEscape;
                return 1;
            case Bell:
                sink.Write(Bell);
                _state = State.Ground;
                return 1;
            default:
                // Not what was granted: the terminal forgets what it has of it.
                sink.Write(Cancel);
                Dropped++;
                BeginString(State.DroppedString, bellEnds: true);
                return 0;
        }
    }
}
