using System.Buffers;
using System.Text;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Leash.Editing;

/// <summary>Turns a terminal's bytes into keys. Sequences may come in pieces; an unknown one is left out as a whole, so that
/// its letters never become text.</summary>
public sealed class KeyDecoder
{
    private const int LongestSequence = 32;
    private const byte Escape = 0x1b;

    private readonly List<byte> _bytes = [];
    private bool _pasting;

    /// <summary>Takes bytes and gives the keys that are complete.</summary>
    public IReadOnlyList<Key> Feed(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        List<Key> keys = [];
        while (_bytes.Count > 0)
        {
            byte[] waiting = [.. _bytes];
            int used = waiting[0] == Escape ? Sequence(waiting, keys)
                : waiting[0] < 0x20 || waiting[0] == 0x7f ? Control(waiting[0], keys)
                : Characters(waiting, keys);
            if (used == 0)
            {
                break;
            }

            _bytes.RemoveRange(0, used);
        }

        return keys;
    }

    private int Control(byte value, List<Key> keys)
    {
        if (_pasting)
        {
            // A line feed separates lines, each of which waits for Enter; anything else makes the line one that is denied.
            keys.Add(value is 0x0a or 0x0d ? new Key(KeyKind.Enter, "", true) : new Key(KeyKind.Text, ((char)value).ToString(), true));
            return 1;
        }

        keys.Add(new Key(value switch
        {
            0x01 => KeyKind.Home,
            0x02 => KeyKind.Left,
            0x03 => KeyKind.Interrupt,
            0x04 => KeyKind.EndOfFile,
            0x05 => KeyKind.End,
            0x06 => KeyKind.Right,
            0x08 or 0x7f => KeyKind.Backspace,
            0x09 => KeyKind.Complete,
            0x0a or 0x0d => KeyKind.Enter,
            0x0b => KeyKind.DeleteToEnd,
            0x0c => KeyKind.Redraw,
            0x15 => KeyKind.DeleteToStart,
            0x17 => KeyKind.BackspaceWord,
            _ => KeyKind.Ignored,
        }));
        return 1;
    }

    private int Characters(byte[] waiting, List<Key> keys)
    {
        StringBuilder text = new();
        int at = 0;
        while (at < waiting.Length && waiting[at] >= 0x20 && waiting[at] != 0x7f)
        {
            OperationStatus status = Rune.DecodeFromUtf8(waiting.AsSpan(at), out Rune rune, out int used);
            if (status == OperationStatus.NeedMoreData)
            {
                break;
            }

            text.Append(status == OperationStatus.Done ? rune.ToString() : KernelText.Decode(waiting.AsSpan(at, used)));
            at += used;
        }

        if (text.Length > 0)
        {
            keys.Add(new Key(KeyKind.Text, text.ToString(), _pasting));
        }

        return at;
    }

    /// <summary>A sequence of ECMA-48, or a key with Alt.</summary>
    /// <returns>Its length; 0 while it is not complete.</returns>
    private int Sequence(byte[] waiting, List<Key> keys)
    {
        if (waiting.Length == 1)
        {
            return 0;
        }

        if (waiting[1] is not ((byte)'[' or (byte)'O'))
        {
            keys.Add(new Key(_pasting ? KeyKind.Ignored : WithAlt(waiting[1])));
            return 2;
        }

        int end = 2;
        while (end < waiting.Length && waiting[end] is >= 0x20 and < 0x40)
        {
            end++;
        }

        if (end >= LongestSequence)
        {
            return end;
        }

        if (end == waiting.Length)
        {
            return 0;
        }

        string sequence = Encoding.ASCII.GetString(waiting, 1, end);
        _pasting = sequence == "[200~" || (_pasting && sequence != "[201~");
        if (!_pasting && Named(sequence) is { } kind)
        {
            keys.Add(new Key(kind));
        }

        return end + 1;
    }

    private static KeyKind WithAlt(byte key) => key switch
    {
        (byte)'b' => KeyKind.WordLeft,
        (byte)'f' => KeyKind.WordRight,
        (byte)'d' => KeyKind.DeleteWord,
        0x7f or 0x08 => KeyKind.BackspaceWord,
        _ => KeyKind.Ignored,
    };

    private static KeyKind? Named(string sequence) => sequence switch
    {
        "[D" or "OD" => KeyKind.Left,
        "[C" or "OC" => KeyKind.Right,
        "[H" or "OH" or "[1~" or "[7~" => KeyKind.Home,
        "[F" or "OF" or "[4~" or "[8~" => KeyKind.End,
        "[3~" => KeyKind.Delete,
        "[1;5D" or "[1;3D" => KeyKind.WordLeft,
        "[1;5C" or "[1;3C" => KeyKind.WordRight,
        "[3;5~" or "[3;3~" => KeyKind.DeleteWord,
        _ => null,
    };
}
