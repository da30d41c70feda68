namespace ShellGuard.Audit.Import;

/// <summary>Lines as bytes, without a string for each. A line's bytes are valid until the next call.</summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>Bytes kept of one line: an execve has up to 2 MiB of arguments, each byte at most four here.</summary>
    public const int MaxLine = 16 * 1024 * 1024;

    private byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>Number of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Bytes of the lines so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes of the line that was read last, with line feed and carriage return.</summary>
    public long LastLength { get; private set; }

    /// <summary>The last line has no line feed.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>The line that was read last is longer than <see cref="MaxLine"/>: it is its beginning.</summary>
    public bool IsTooLong { get; private set; }

    /// <param name="line">Without line feed and without a carriage return before it.</param>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        IsTooLong = false;
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = Take(searched + length, 1);
                return true;
            }

            searched = _end - _start;
            if (searched >= MaxLine)
            {
                IsTooLong = true;
                line = _buffer.AsSpan(_start, MaxLine);
                Number++;
                SkipRest();
                return true;
            }

            if (_atEnd)
            {
                IsTorn = searched > 0;
                line = IsTorn ? Take(searched, 0) : default;
                return IsTorn;
            }

            Fill();
        }
    }

    private ReadOnlySpan<byte> Take(int length, int feed)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length);
        _start += length + feed;
        LastLength = length + feed;
        Bytes += LastLength;
        Number++;
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, MaxLine + 1));
        }

        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _atEnd = read == 0;
    }

    /// <summary>Leaves the kept beginning where it is and reads over the rest of the line.</summary>
    private void SkipRest()
    {
        Bytes += _end - _start;
        byte[] rest = new byte[64 * 1024];
        int kept = _start;
        while (true)
        {
            int read = stream.Read(rest, 0, rest.Length);
            if (read == 0)
            {
                (_atEnd, IsTorn) = (true, true);
                (_start, _end) = (kept, kept);
                return;
            }

            int feed = rest.AsSpan(0, read).IndexOf((byte)'\n');
            Bytes += feed < 0 ? read : feed + 1;
            if (feed >= 0)
            {
                // What follows must not overwrite the line that is still being looked at: it goes behind it.
                int left = read - feed - 1;
                byte[] next = new byte[Math.Max(left, 128 * 1024)];
                rest.AsSpan(feed + 1, left).CopyTo(next);
                (_buffer, _start, _end) = (next, 0, left);
                return;
            }
        }
    }
}
