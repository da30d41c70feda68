using System.Buffers.Text;
using System.Text;

namespace ShellGuard.Audit.Tracing;

/// <summary>Bytes of lines that are being written.</summary>
internal sealed class LineBuffer
{
    private byte[] _bytes = new byte[512];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Add(byte value)
    {
        Reserve(1);
        _bytes[Length++] = value;
    }

    public void Add(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(_bytes.AsSpan(Length));
        Length += text.Length;
    }

    /// <param name="text">ASCII.</param>
    public void Add(string text)
    {
        Reserve(text.Length);
        Length += Encoding.ASCII.GetBytes(text, _bytes.AsSpan(Length));
    }

    public void Add(long number)
    {
        Reserve(20);
        Utf8Formatter.TryFormat(number, _bytes.AsSpan(Length), out int written);
        Length += written;
    }

    /// <summary>A number, or a question mark for one that is not known.</summary>
    public void AddOrUnknown(long? number)
    {
        if (number is { } known)
        {
            Add(known);
        }
        else
        {
            Add((byte)'?');
        }
    }

    public void AddHex(ulong number)
    {
        Add("0x"u8);
        Reserve(16);
        Utf8Formatter.TryFormat(number, _bytes.AsSpan(Length), out int written, 'x');
        Length += written;
    }

    /// <summary>Bytes as strace quotes them: C escapes, and octal for what is no printable ASCII.</summary>
    /// <param name="isName">Between angle brackets, which then must not stand in it.</param>
    public void AddEscaped(ReadOnlySpan<byte> text, bool isName = false)
    {
        Reserve(text.Length * 4);
        foreach (byte value in text)
        {
            bool plain = value is >= 0x20 and < 0x7f && value != '\\'
                && (isName ? value is not ((byte)'<' or (byte)'>') : value != '"');
            if (plain)
            {
                _bytes[Length++] = value;
                continue;
            }

            _bytes[Length++] = (byte)'\\';
            if (value is (byte)'"' or (byte)'\\')
            {
                _bytes[Length++] = value;
                continue;
            }

            _bytes[Length++] = (byte)('0' + (value >> 6));
            _bytes[Length++] = (byte)('0' + ((value >> 3) & 7));
            _bytes[Length++] = (byte)('0' + (value & 7));
        }
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - Length < more)
        {
            Array.Resize(ref _bytes, Math.Max(Length + more, _bytes.Length * 2));
        }
    }
}
