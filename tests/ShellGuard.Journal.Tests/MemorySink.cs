namespace ShellGuard.Journal.Tests;

/// <summary>Keeps what was written; fails after a number of bytes, of which a part is written, as a full disk does.
/// </summary>
internal sealed class MemorySink(long capacity = long.MaxValue) : IRecordSink
{
    private readonly MemoryStream _stream = new();

    public int Flushes { get; private set; }

    public int Writes { get; private set; }

    public bool FailFlush { get; set; }

    public byte[] Bytes => _stream.ToArray();

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Writes++;
        long room = capacity - _stream.Length;
        _stream.Write(bytes[..(int)Math.Min(room, bytes.Length)]);
        if (room < bytes.Length)
        {
            throw new IOException("No space left on device");
        }
    }

    public void Flush()
    {
        Flushes++;
        if (FailFlush)
        {
            throw new IOException("Input/output error");
        }
    }

    public void Dispose()
    {
    }
}
