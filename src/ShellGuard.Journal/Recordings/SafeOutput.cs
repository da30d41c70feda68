namespace ShellGuard.Journal.Recordings;

/// <summary>Room that was asked for once and is filled byte by byte; its owner made sure that it is enough.</summary>
internal ref struct SafeOutput(Span<byte> room)
{
    private readonly Span<byte> _room = room;

    public int Written { get; private set; }

    public void Add(byte value) => _room[Written++] = value;

    public void Add(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_room[Written..]);
        Written += bytes.Length;
    }
}
