using System.Buffers.Text;

namespace ShellGuard.Journal.Recordings;

/// <summary>The allow-list of control sequences (CSI). What each does: XTerm Control Sequences, ECMA-48.</summary>
internal static class ControlSequence
{
    // Larger numbers are for counting on overflow; screens are smaller.
    private const int MaxParameter = 65535;

    // REP repeats a character: more than a screen of them is a way to stall the viewer.
    private const int MaxRepeat = 9999;

    /// <summary>Writes the sequence if it only draws, else nothing.</summary>
    /// <param name="parameters">Everything between CSI and the final byte.</param>
    public static void Write(
        ReadOnlySpan<byte> parameters, byte final, TerminalFeatures features, ref SafeOutput output)
    {
        if (parameters.StartsWith("?"u8))
        {
            Private(parameters[1..], final, features, ref output);
        }
        else if (final == 'q' && parameters.EndsWith(" "u8)
            && Numbers(parameters[..^1], out int count, out _) && count <= 1)
        {
            Whole(parameters, final, ref output); // DECSCUSR, the cursor's form
        }
        else if (Numbers(parameters, out count, out int largest) && Draws(parameters, final, count, largest))
        {
            Whole(parameters, final, ref output);
        }
    }

    private static bool Draws(ReadOnlySpan<byte> parameters, byte final, int count, int largest) => final switch
    {
        (byte)'m' => true,
        _ when parameters.Contains((byte)':') => false,
        (byte)'A' or (byte)'B' or (byte)'C' or (byte)'D' or (byte)'E' or (byte)'F' or (byte)'G' or (byte)'H'
            or (byte)'f' or (byte)'`' or (byte)'a' or (byte)'d' or (byte)'e' => true,
        (byte)'I' or (byte)'Z' or (byte)'g' => true,
        (byte)'K' or (byte)'L' or (byte)'M' or (byte)'P' or (byte)'@' or (byte)'X' or (byte)'S' => true,

        // ED: 3 would erase the viewer's own scroll-back.
        (byte)'J' => count <= 1 && largest <= 2,

        // With five parameters it tracks the mouse and stops the terminal until it is answered.
        (byte)'T' => count <= 1,
        (byte)'b' => count <= 1 && largest <= MaxRepeat,
        (byte)'r' => count <= 2,
        (byte)'s' or (byte)'u' => parameters.IsEmpty,

        // IRM, insert mode, is the only ECMA mode that draws.
        (byte)'h' or (byte)'l' => parameters.SequenceEqual("4"u8),
        _ => false,
    };

    private static void Private(
        ReadOnlySpan<byte> parameters, byte final, TerminalFeatures features, ref SafeOutput output)
    {
        if (!Numbers(parameters, out int count, out int largest) || parameters.Contains((byte)':'))
        {
            return;
        }

        if (final is (byte)'J' or (byte)'K')
        {
            if (count <= 1 && largest <= 2)
            {
                output.Add("\e[?"u8);
                output.Add(parameters);
                output.Add(final);
            }

            return;
        }

        if (final is not ((byte)'h' or (byte)'l'))
        {
            return;
        }

        // Several modes may stand in one sequence; each is judged by itself.
        bool any = false;
        while (Utf8Parser.TryParse(parameters, out int mode, out int digits))
        {
            if (Allowed(mode, features))
            {
                output.Add(any ? ";"u8 : "\e[?"u8);
                output.Add(parameters[..digits]);
                any = true;
            }

            parameters = parameters.Length > digits ? parameters[(digits + 1)..] : default;
        }

        if (any)
        {
            output.Add(final);
        }
    }

    private static bool Allowed(int mode, TerminalFeatures features) => mode switch
    {
        // Reverse screen, origin, wrap, blinking and visible cursor, reverse wrap, margins.
        5 or 6 or 7 or 12 or 25 or 45 or 69 => true,

        // Application cursor keys: full-screen programs set and reset it; keys stay keys.
        1 => true,

        // The alternate screen in its three forms, and the saved cursor.
        47 or 1047 or 1048 or 1049 => true,
        9 or (>= 1000 and <= 1003) or 1005 or 1006 or 1015 or 1016 => features.HasFlag(TerminalFeatures.Mouse),
        1004 => features.HasFlag(TerminalFeatures.FocusEvents),
        2004 => features.HasFlag(TerminalFeatures.BracketedPaste),
        _ => false,
    };

    /// <summary>Whether there are only numbers between semicolons or colons, none too large.</summary>
    private static bool Numbers(ReadOnlySpan<byte> parameters, out int count, out int largest)
    {
        count = parameters.IsEmpty ? 0 : 1;
        largest = 0;
        int number = 0;
        foreach (byte value in parameters)
        {
            if (value is (byte)';' or (byte)':')
            {
                count++;
                number = 0;
            }
            else if (value is >= (byte)'0' and <= (byte)'9')
            {
                number = (number * 10) + (value - '0');
                largest = Math.Max(largest, number);
                if (number > MaxParameter)
                {
                    return false;
                }
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static void Whole(ReadOnlySpan<byte> parameters, byte final, ref SafeOutput output)
    {
        output.Add("\e["u8);
        output.Add(parameters);
        output.Add(final);
    }
}
