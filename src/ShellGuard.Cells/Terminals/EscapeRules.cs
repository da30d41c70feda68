namespace ShellGuard.Cells.Terminals;

/// <summary>What is known of escape sequences other than CSI: which are left out because they act outside the cell,
/// which the terminal answers, and what they change.</summary>
/// <remarks>Left out: OSC 52 and its relatives (the person's clipboard, from which they paste into other shells; a policy can grant setting it), DECUDK
/// (text on function keys that stays after the session), tmux's pass-through (carries all of these to an outer
/// terminal), kitty's remote control, ESC % @ (leaves UTF-8, after which single bytes are controls).</remarks>
internal static class EscapeRules
{
    /// <summary>The number of an OSC string; other controls among the digits are skipped. -1 without digits.</summary>
    internal static int OscNumber(ReadOnlySpan<byte> digits)
    {
        int number = -1;
        foreach (byte digit in digits)
        {
            if (digit is >= (byte)'0' and <= (byte)'9')
            {
                number = Math.Min((Math.Max(number, 0) * 10) + (digit - '0'), 1_000_000);
            }
        }

        return number;
    }

    /// <summary>50: the font, whose name xterm answers as it was set, CVE-2022-45063, and Konsole's profile. 52 and 5522:
    /// the clipboard. 1337: clipboard and files of iTerm2.</summary>
    internal static bool OscActsOutside(ReadOnlySpan<byte> digits) => OscNumber(digits) is 50 or 52 or 1337 or 5522;

    /// <summary>0: title and icon, 1 and 2: one of them; 21: the title in some terminals; 30: the tab's in Konsole.</summary>
    internal static bool OscSetsTitle(ReadOnlySpan<byte> digits) => OscNumber(digits) is -1 or 0 or 1 or 2 or 21 or 30;

    internal static bool Forbids(ReadOnlySpan<byte> sequence) =>
        sequence.Length >= 3 && sequence.Contains((byte)'%') && sequence[^1] == (byte)'@';

    /// <param name="header">Parameters, intermediates and final byte.</param>
    internal static bool DeviceStringActsOutside(ReadOnlySpan<byte> header)
    {
        bool intermediates = header.IndexOfAnyInRange((byte)0x20, (byte)0x2f) >= 0;
        return !intermediates && header[^1] is (byte)'|' or (byte)'t' or (byte)'@';
    }

    internal static bool DeviceStringIsAnswered(ReadOnlySpan<byte> header) =>
        header.IndexOfAny((byte)'$', (byte)'+') >= 0 && header[^1] == (byte)'q';

    internal static void Apply(ReadOnlySpan<byte> sequence, LineMemory line, TerminalModes modes)
    {
        if (sequence.Length == 3 && sequence[1] == (byte)'(')
        {
            modes.CharacterSet = sequence[2] == (byte)'B' ? null : sequence[2];
            line.Append(sequence);
            return;
        }

        switch (sequence.Length == 2 ? sequence[1] : (byte)0)
        {
            case (byte)'c':
                modes.Reset();
                line.Reset();
                break;
            case (byte)'=' or (byte)'>':
                modes.ApplicationKeypad = sequence[1] == (byte)'=';
                break;
            case (byte)'D' or (byte)'E' or (byte)'M' or (byte)'7' or (byte)'8':
                line.Spoil();
                break;
        }
    }
}
