using System.Buffers;

namespace ShellGuard.Journal.Recordings;

/// <summary>Collects an OSC string, and tells whether it sets a clipboard: <c>52;SELECTION;BASE64</c>. One that asks for the
/// clipboard, or that has anything else in it, is none.</summary>
internal sealed class ClipboardWrite
{
    /// <summary>Longest text that is let through, encoded, in bytes; xterm's own limit is of this size.</summary>
    public const int MaxLength = 128 * 1024;

    private const int LongestSelection = 3;

    private static readonly SearchValues<byte> s_selections = SearchValues.Create("cps"u8);
    private static readonly SearchValues<byte> s_base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    private readonly ArrayBufferWriter<byte> _text = new();
    private bool _isOpen;

    /// <summary>How much is collected.</summary>
    public int Length => _isOpen ? _text.WrittenCount : 0;

    /// <summary>A string begins.</summary>
    public void Begin()
    {
        _text.ResetWrittenCount();
        _isOpen = true;
    }

    /// <summary>Whatever was begun is not let through.</summary>
    public void Cancel() => _isOpen = false;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        _isOpen &= _text.WrittenCount + bytes.Length <= MaxLength;
        if (_isOpen)
        {
            _text.Write(bytes);
        }
    }

    /// <summary>The string has ended.</summary>
    /// <param name="text">All of it, without introducer and terminator.</param>
    public bool TryTake(out ReadOnlySpan<byte> text)
    {
        text = _text.WrittenSpan;
        bool isWrite = _isOpen && IsWrite(text);
        _isOpen = false;
        return isWrite;
    }

    private static bool IsWrite(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("52;"u8))
        {
            return false;
        }

        text = text[3..];
        int selection = text.IndexOf((byte)';');
        return selection is >= 0 and <= LongestSelection && !text[..selection].ContainsAnyExcept(s_selections)
            && text.Length > selection + 1 && !text[(selection + 1)..].ContainsAnyExcept(s_base64);
    }
}
