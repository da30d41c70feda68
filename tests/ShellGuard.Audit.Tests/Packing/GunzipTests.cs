using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Import.Packing;

namespace ShellGuard.Audit.Tests.Packing;

/// <summary>gzip: what the real one packs is unpacked, and what is cut, changed or stands behind is found.</summary>
public sealed class GunzipTests
{
    private const string One = "10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3\n", Other = "10 openat(AT_FDCWD, \"/b\", O_RDONLY) = 3\n";

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void What_was_packed_comes_out(CompressionLevel level)
    {
        // Lines that repeat near and far, and bytes that cannot be packed: blocks of every kind.
        Random random = new(7);
        StringBuilder text = new();
        for (int line = 0; line < 20_000; line++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"10 openat(AT_FDCWD, \"/usr/share/{random.Next(977)}\", O_RDONLY) = 3\n");
        }

        byte[] noise = new byte[200_000];
        random.NextBytes(noise);
        byte[] log = [.. Encoding.ASCII.GetBytes(text.ToString()), .. noise, .. new byte[100_000]];
        Assert.True(log.AsSpan().SequenceEqual(Unpack(Gzip(log, level))));
        Assert.True(log.AsSpan(0, 10).SequenceEqual(Unpack(Gzip(log[..10], level))));
    }

    [Fact]
    public void Each_part_of_a_header_is_read_over()
    {
        byte[] plain = Gzip(Encoding.ASCII.GetBytes(One));
        byte[] header = [0x1f, 0x8b, 8, 2 + 4 + 8 + 16, 1, 2, 3, 4, 0, 3, 2, 0, 9, 9, .. "name\0comment\0"u8];
        Crc32 sum = new();
        sum.Add(header);
        byte[] file = [.. header, (byte)sum.Value, (byte)(sum.Value >> 8), .. plain[10..]];
        Assert.Equal(["Read /a"], Recording.Of(file).Accesses());
        file[4] ^= 1;
        NeverWhole(file);
    }

    [Fact]
    public void Members_put_together_are_one_log_with_zeros_behind_them()
    {
        byte[] packed = [.. Gzip(Encoding.ASCII.GetBytes(One)), .. Gzip(Encoding.ASCII.GetBytes(Other)), 0, 0, 0];
        ImportResult result = Recording.Of(packed);
        Assert.Equal(["Read /a", "Read /b"], result.Accesses());
        Assert.Equal(Convert.ToHexString(SHA256.HashData(packed)).ToLowerInvariant(), result.Inputs[0].Sha256);
    }

    [Fact]
    public void Cut_anywhere_it_is_never_whole()
    {
        byte[] first = Gzip(Encoding.ASCII.GetBytes(One)), whole = [.. first, .. Gzip(Encoding.ASCII.GetBytes(Other))];
        for (int length = 1; length < whole.Length; length++)
        {
            if (length != first.Length)
            {
                NeverWhole(whole[..length]);
            }
        }
    }

    [Fact]
    public void A_changed_byte_is_found()
    {
        byte[] whole = [.. Gzip(Encoding.ASCII.GetBytes(One)), .. Gzip(Encoding.ASCII.GetBytes(Other))];
        int second = whole.Length / 2;
        for (int place = 0; place < whole.Length; place++)
        {
            // When and where it was packed has no sum.
            if (place % second is < 4 or > 9)
            {
                byte[] changed = [.. whole];
                changed[place] ^= (byte)(1 << (place % 8));
                OnlyPadding(Encoding.ASCII.GetBytes(One + Other), changed);
            }
        }
    }

    [Fact]
    public void What_stands_behind_is_no_part_of_it()
    {
        byte[] file = Gzip(Encoding.ASCII.GetBytes(One));
        NeverWhole([.. file, (byte)'x']);
        NeverWhole([.. file, 0, (byte)'x']);
        NeverWhole([.. file, .. new byte[300_000], 1]);
        ImportResult result = Recording.Of([.. file, .. "10 openat(AT_FDCWD"u8]);
        Assert.Equal(["Read /a"], result.Accesses());
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.CutInput);
    }

    [Fact]
    public void Damage_of_every_kind_does_no_harm()
    {
        Random random = new(4711);
        byte[] log = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(number => $"{number * 7919 % 401} {One}")));
        foreach (CompressionLevel level in (CompressionLevel[])[CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.SmallestSize])
        {
            byte[] whole = Gzip(log, level);
            for (int round = 0; round < 1000; round++)
            {
                byte[] changed = [.. whole];
                int place = 10 + random.Next(whole.Length - 18);
                changed[place] = (byte)(changed[place] + 1 + random.Next(255));
                OnlyPadding(log, changed);
            }
        }
    }

    /// <summary>It is refused, or the result says that something is missing.</summary>
    private static void NeverWhole(byte[] file)
    {
        try
        {
            ImportResult result = Recording.Of(file, TraceFormat.Strace);
            Assert.True(result.Inputs[0].Sha256 is null || result.Lines[LineKind.Call] == 0, Convert.ToHexString(file));
        }
        catch (ImportException)
        {
            return;
        }
    }

    /// <summary>What was changed is found, but for bits that fill up a byte and mean nothing.</summary>
    private static void OnlyPadding(byte[] expected, byte[] changed)
    {
        try
        {
            Assert.True(expected.AsSpan().SequenceEqual(Unpack(changed)), Convert.ToHexString(changed));
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException)
        {
            return;
        }
    }

    private static byte[] Unpack(byte[] packed)
    {
        using GunzipStream unpacked = new(new MemoryStream(packed));
        using MemoryStream found = new();
        unpacked.CopyTo(found, 4096);
        return found.ToArray();
    }

    private static byte[] Gzip(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, level))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
