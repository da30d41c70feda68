using System.Buffers.Binary;

namespace ShellGuard.Audit.Import.Packing;

/// <summary>CRC64 of ECMA-182, as xz has it; four bytes at a time.</summary>
internal sealed class Crc64
{
    private static readonly ulong[][] Tables = MakeTables();

    private ulong _sum = ulong.MaxValue;

    public ulong Value => ~_sum;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        ulong sum = _sum;
        (ulong[] first, ulong[] second, ulong[] third, ulong[] fourth) = (Tables[3], Tables[2], Tables[1], Tables[0]);
        while (bytes.Length >= sizeof(uint))
        {
            uint word = (uint)sum ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            sum = first[(byte)word] ^ second[(byte)(word >> 8)] ^ third[(byte)(word >> 16)] ^ fourth[word >> 24] ^ (sum >> 32);
            bytes = bytes[sizeof(uint)..];
        }

        foreach (byte value in bytes)
        {
            sum = fourth[(byte)(sum ^ value)] ^ (sum >> 8);
        }

        _sum = sum;
    }

    /// <summary>Table N is the sum of a byte with N zeros behind it.</summary>
    private static ulong[][] MakeTables()
    {
        ulong[][] tables = [new ulong[256], new ulong[256], new ulong[256], new ulong[256]];
        for (int i = 0; i < 256; i++)
        {
            ulong value = (ulong)i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xc96c5795d7870f42 : value >> 1;
            }

            tables[0][i] = value;
        }

        for (int table = 1; table < tables.Length; table++)
        {
            for (int i = 0; i < 256; i++)
            {
                ulong before = tables[table - 1][i];
                tables[table][i] = tables[0][(byte)before] ^ (before >> 8);
            }
        }

        return tables;
    }
}
