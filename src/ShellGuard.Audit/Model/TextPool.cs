namespace ShellGuard.Audit.Model;

/// <summary>Each distinct text once, by a number. 0 is the empty text, and every further one when the pool is full.
/// </summary>
internal sealed class TextPool
{
    /// <summary>Bytes of texts kept: hostile logs have no end of names.</summary>
    public const long DefaultMaxBytes = 256 * 1024 * 1024;

    private readonly long _maxBytes;
    private long _bytes;
    private readonly Dictionary<byte[], int> _numbers = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<byte[]> _texts = [];

    public TextPool(long maxBytes = DefaultMaxBytes)
    {
        _maxBytes = maxBytes;
        _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<byte>>();
        Add([]);
    }

    public int Count => _texts.Count;

    public byte[] this[int number] => _texts[number];

    public int Add(ReadOnlySpan<byte> text)
    {
        if (_lookup.TryGetValue(text, out int number))
        {
            return number;
        }

        if (_bytes + text.Length > _maxBytes)
        {
            return 0;
        }

        _bytes += text.Length;
        byte[] copy = text.ToArray();
        number = _texts.Count;
        _texts.Add(copy);
        _numbers.Add(copy, number);
        return number;
    }
}
