namespace ShellGuard.Journal.Format;

/// <summary>Splits a stream into lines with bounded memory. At the end of the stream it can be asked again, for a
/// file that still grows.</summary>
internal sealed class LineScanner(Stream stream, int maxLine)
{
    private const int InitialBuffer = 64 * 1024;

    private byte[] _buffer = new byte[Math.Min(InitialBuffer, maxLine + 1)];
    private int _start;
    private int _searched;
    private int _end;
    private bool _skipping;

    /// <summary>Where the last returned line starts in the stream.</summary>
    public long Offset { get; private set; }

    /// <summary>Where the next line will start, or the stream's end.</summary>
    public long NextOffset { get; private set; }

    /// <summary>The next line.</summary>
    /// <param name="line">The line without its line feed, valid until the next call. For <see cref="LineKind.Torn"/>
    /// what there is so far; for <see cref="LineKind.TooLong"/> its beginning.</param>
    public LineKind Next(out ReadOnlyMemory<byte> line)
    {
        while (true)
        {
            int feed = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                int length = _searched + feed - _start;
                line = _buffer.AsMemory(_start, length);
                _start = _searched = _start + length + 1;
                bool skipped = _skipping;
                _skipping = false;
                if (!skipped)
                {
                    Offset = NextOffset;
                }

                NextOffset += length + 1;
                if (skipped)
                {
                    continue;
                }

                return LineKind.Line;
            }

            _searched = _end;
            if (_skipping)
            {
                NextOffset += _end - _start;
                _start = _searched = _end = 0;
            }
            else if (_end - _start > maxLine)
            {
                line = _buffer.AsMemory(_start, maxLine);
                Offset = NextOffset;
                NextOffset += _end - _start;
                _start = _searched = _end;
                _skipping = true;
                return LineKind.TooLong;
            }

            if (!Fill())
            {
                line = _buffer.AsMemory(_start, _end - _start);
                if (line.IsEmpty)
                {
                    return LineKind.End;
                }

                Offset = NextOffset;
                return LineKind.Torn;
            }
        }
    }

    private bool Fill()
    {
        if (_end == _buffer.Length)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _end -= _start;
                _searched -= _start;
                _start = 0;
            }
            else
            {
                Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, maxLine + 1L));
            }
        }

        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
