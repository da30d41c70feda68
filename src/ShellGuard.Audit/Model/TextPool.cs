namespace ShellGuard.Audit.Model;

/// <summary>Each distinct text once, by a number. 0 is the empty text.</summary>
internal sealed class TextPool
{
    private readonly Dictionary<byte[], int> _numbers = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<byte[]> _texts = [];

    public TextPool()
    {
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

        byte[] copy = text.ToArray();
        number = _texts.Count;
        _texts.Add(copy);
        _numbers.Add(copy, number);
        return number;
    }
}
