namespace ShellGuard.Audit.Import.Packing;

/// <summary>CRC32 of IEEE 802.3, as xz has it.</summary>
internal sealed class Crc32
{
    private static readonly uint[] Table = MakeTable();

    private uint _sum = uint.MaxValue;

    public uint Value => ~_sum;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        uint sum = _sum;
        foreach (byte value in bytes)
        {
            sum = Table[(byte)(sum ^ value)] ^ (sum >> 8);
        }

        _sum = sum;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xedb88320 : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
