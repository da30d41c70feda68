using System.Diagnostics;
using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;

namespace ShellGuard.Audit.Tests.Packing;

/// <summary>xz is unpacked byte for byte, and what is cut off, damaged or packed otherwise never passes for whole.</summary>
public sealed class XzTests
{
    private const string None = "/Td6WFoAAAD/EtlBAgAhARYAAAB0L+WjAQAnMTAgb3BlbmF0KEFUX0ZEQ1dELCAiL2EiLCBPX1JET05MWSkgPSAzCgAAATgoKqGsAgZynnoBAAAAAABZWg==";
    private const string Crc32 = "/Td6WFoAAAFpIt42AgAhARYAAAB0L+WjAQAnMTAgb3BlbmF0KEFUX0ZEQ1dELCAiL2EiLCBPX1JET05MWSkgPSAzCgApKq9SAAE8KC5kwGaQQpkNAQAAAAABWVo=";
    private const string Crc64 = "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAnMTAgb3BlbmF0KEFUX0ZEQ1dELCAiL2EiLCBPX1JET05MWSkgPSAzCgDMlafdOiaN6gABQCjUUkrlH7bzfQEAAAAABFla";
    private const string Sha256 = "/Td6WFoAAArh+wyhAgAhARYAAAB0L+WjAQAnMTAgb3BlbmF0KEFUX0ZEQ1dELCAiL2EiLCBPX1JET05MWSkgPSAzCgC1K+oaanniZzhEy/a4q9FZmF1gUCmW153NK3m6qyXx/wABWCiNylFnGJtLmgEAAAAAClla";

    /// <summary>400 lines with a dictionary smaller than they are, and other properties than the usual ones.</summary>
    private const string Packed =
        "/Td6WFoAAATm1rRGAgAhAQAAAAA3J5fW4EfJA1FAABiMACdk1bSDpZJdPNt9KJdQ8edjEV1tEKrzbwsqd26/0Si5v9FfHNA82VmTtBbzMwA7oD"
        + "rYn/crDQ+IJsvyFTYO3KerEm4n4kUOi0vTVHEbKW/X722uyHch/3lkwVC/BmPB94nv3L77vlXctohhneqc08JRupd9BSy4FAYLJL5jZVntcjcy"
        + "xS+pyl8IXEU9eUtEoVtgIPqSuKuObB6X3iGVTiIf4m4MazaHDIK+0Fr8p3ZFqGsh1AZj2EcP0JPcRihXTYs7dT1eoYXHIGyrSUTpeUCOSTN3Xg"
        + "yHvcoFNYFZahhCi/mMt4mJbDpPC3BMjhRhMztZwYeAtb/zS+utQZFFFU2n1HzFq75V0wJ7Llm78lYJ7ZJf9p3cmtUsXbi9mxlSCVsgkEppPRI2"
        + "Vc5EQbS7NP6xaHp51BatWGifyih6dX1Y09t7iB/t1qWynn6QAt7350wCyr5vDraYFb8KD6Uqu40hHsIJckDdHqb+DbScbHGuINa6qnbHz+Litc"
        + "01xVbmbzmTIPS0tqqfw3bwUjfRVSYYQtaJreS1ngZZyd47oQrQ+xH9JIofSwdCzAKlsqv8kuaLAEteFiHiCqRS0R5ZcR1hTo0DcW/M/rkcevcL"
        + "HEr7rX6bLSDvnx0y/w6aVZ6ut5iM2ABHWaD1GYQ8KDzNz+ztbuFKNRkwaeBDhFov+5dc8HQ+2iBIyJ/If40RVivhTrGdkh7iJixZItfGCCihsJ"
        + "c/cHgqGLxlLZkQPZ2QYX0BwwMYqSz2S4FlhlVWRBWPb1vDZVU2hqYFKt5fwUAlGcex6ljowIV7bfWIUas9gH0hBTiVoQzjLpyP+AbZRcI4bv0p"
        + "k3hZRZbmoAP2p19auMi1PJUbrFWTZqMzIVVRmxDenWm3hcCpaanjkCC+ioPUzB8/hDf5qhPgrIONzF3o2jOEUSCwG8es5DZUMwSLK5qBxXbQ/M"
        + "4gSgUSgmDdSMAP/p8uRZGIFcW1/pqn0mxUtfkkUXDYLZnfeyWMKVNviVmKopWVk4PGOL/gxiocDuqPaD+5KUtAfnr+6q/HOMDQCTO6Nv0QfWjl"
        + "PVgvgZdXWm16g88TaHHGUVk60ucvO78n4g/WZDGT8FWIkG87GL3C44WdUWedqiNkJrmdJiXhtgAAAAC9FNNT0t1W4wAB7QbKjwEAv0pNDLHEZ/"
        + "sCAAAAAARZWg==";

    [Theory]
    [InlineData(None)]
    [InlineData(Crc32)]
    [InlineData(Crc64)]
    [InlineData(Sha256)]
    public void Each_check_is_read(string file)
    {
        ImportResult result = Recording.Of(Convert.FromBase64String(file));
        Assert.Equal(["Read /a"], result.Accesses());
        Assert.NotNull(result.Inputs[0].Sha256);
    }

    [Fact]
    public void Packed_lines_come_out_as_they_went_in()
    {
        ImportResult result = Recording.Of(Convert.FromBase64String(Packed));
        Assert.Equal(400, result.Inputs[0].Lines);
        Assert.Equal(Enumerable.Range(0, 400).Select(number => $"/srv/{number * 7919 % 401}").Order(StringComparer.Ordinal), result.Accesses.Select(seen => seen.Access.Target).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Streams_put_together_are_one_log_with_zeros_between_them()
    {
        byte[] one = Convert.FromBase64String(Crc64), other = Convert.FromBase64String(Packed);
        Assert.Equal(401, Recording.Of([.. one, 0, 0, 0, 0, .. other]).Inputs[0].Lines);
    }

    [Theory]
    [InlineData(Crc64)]
    [InlineData(Packed)]
    public void Cut_anywhere_it_is_never_whole(string file)
    {
        byte[] whole = Convert.FromBase64String(file);
        for (int length = 1; length < whole.Length; length++)
        {
            NeverWhole(whole[..length]);
        }
    }

    [Theory]
    [InlineData(Crc32)]
    [InlineData(Sha256)]
    [InlineData(Packed)]
    public void A_changed_byte_is_found(string file)
    {
        byte[] whole = Convert.FromBase64String(file);
        for (int place = 0; place < whole.Length; place++)
        {
            byte[] changed = [.. whole];
            changed[place] ^= (byte)(1 << (place % 8));
            NeverWhole(changed);
        }
    }

    [Fact]
    public void What_stands_behind_is_no_part_of_it()
    {
        byte[] file = Convert.FromBase64String(Crc64);
        NeverWhole([.. file, 0, 0]);
        NeverWhole([.. file, (byte)'x']);
        NeverWhole([.. file, .. "10 openat(AT_FDCWD"u8]);
    }

    [Fact]
    public void Of_a_file_that_is_cut_off_what_is_there_is_read()
    {
        byte[] whole = Convert.FromBase64String(Packed);
        ImportResult result = Recording.Of(whole[..(whole.Length / 2)]);
        Assert.InRange(result.Accesses.Count, 50, 390);
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.CutInput);
    }

    [Theory]
    [InlineData("--x86 --lzma2", "with other filters than LZMA2")]
    [InlineData("--delta=dist=4 --lzma2", "with other filters than LZMA2")]
    [InlineData("--lzma2=dict=128MiB", "with a dictionary over 64 MiB")]
    public void Other_ways_to_pack_are_refused_with_the_way_on(string options, string expected)
    {
        ImportException failure = Assert.Throws<ImportException>(() => Recording.Of(Xz("10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3\n"u8.ToArray(), options.Split(' '))));
        Assert.Equal($"standard input is packed by xz {expected}, which is not read here: unpack it first, xz -dc FILE | shellguard import -", failure.Message);
    }

    [Theory]
    [InlineData("-0")]
    [InlineData("-9e")]
    [InlineData("-6 -T2 --block-size=65536")]
    [InlineData("--check=sha256 --lzma2=preset=3,lc=0,lp=4,pb=4")]
    [InlineData("--lzma2=dict=4KiB,nice=273,mode=normal,mf=bt4")]
    public void What_the_real_xz_packs_is_unpacked(string options)
    {
        // Lines that repeat, lines that do not, and bytes that cannot be packed: chunks of every kind.
        Random random = new(7);
        StringBuilder text = new();
        for (int line = 0; line < 20_000; line++)
        {
            string name = line % 5000 < 1000 ? Convert.ToHexString(Bytes(random, 40)) : $"/usr/share/{line % 977}";
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"10 openat(AT_FDCWD, \"/{name}\", O_RDONLY) = 3\n");
        }

        byte[] log = [.. Encoding.ASCII.GetBytes(text.ToString()), .. Bytes(random, 300_000)];
        using Audit.Import.Packing.XzStream unpacked = new("-", new MemoryStream(Xz(log, options.Split(' '))));
        using MemoryStream found = new();
        unpacked.CopyTo(found);
        Assert.True(log.AsSpan().SequenceEqual(found.ToArray()));
    }

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>It is refused, or the result says that something is missing.</summary>
    private static void NeverWhole(byte[] file)
    {
        try
        {
            ImportResult result = Recording.Of(file, TraceFormat.Strace);
            Assert.True(result.Inputs[0].Sha256 is null || result.Coverage.State == CoverageState.Failed, Convert.ToHexString(file));
        }
        catch (ImportException)
        {
            return;
        }
    }

    private static byte[] Xz(byte[] content, string[] options)
    {
        ProcessStartInfo start = new("xz", ["-zc", .. options]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        Task fed = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(content);
            process.StandardInput.Close();
        });
        using MemoryStream packed = new();
        process.StandardOutput.BaseStream.CopyTo(packed);
        fed.Wait(TimeSpan.FromMinutes(1));
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return packed.ToArray();
    }
}
