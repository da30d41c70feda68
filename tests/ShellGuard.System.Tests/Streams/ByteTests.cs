using System.Diagnostics;
using System.Security.Cryptography;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Streams;

/// <summary>With pipes instead of a terminal nothing touches the bytes.</summary>
public sealed class ByteTests
{
    private const int Piece = 1 << 20;

    [Theory, BothIdentities]
    public async Task A_gigabyte_passes_unchanged(Identity identity)
    {
        using TestArea area = new(identity);
        using Process cat = area.StartInside([], "cat");
        Task<string> errors = cat.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<byte[]> received = Task.Run(() => SHA256.HashData(cat.StandardOutput.BaseStream));
        using IncrementalHash sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = new byte[Piece];
        await using (Stream input = cat.StandardInput.BaseStream)
        {
            for (int i = 0; i < 1024; i++)
            {
                RandomNumberGenerator.Fill(piece);
                sent.AppendData(piece);
                await input.WriteAsync(piece, TestContext.Current.CancellationToken);
            }
        }

        byte[] hash = await received.WaitAsync(Programs.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(sent.GetHashAndReset(), hash);
        Assert.Equal("", await errors.WaitAsync(Programs.Patience, TestContext.Current.CancellationToken));
        Assert.True(cat.WaitForExit(Programs.Patience));
        Assert.Equal(0, cat.ExitCode);
    }

    [Theory, BothIdentities]
    public void Output_and_errors_stay_apart_and_whole(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.InsideShell([], "printf 'a\\r\\n\\000\\033[31m\\377'; printf 'b\\007\\233' >&2; exit 3");
        outcome.EndWith(3);
        Assert.Equal("a\r\n\0\u001b[31m"u8.ToArray().Append((byte)0xff), outcome.Bytes);
        Assert.StartsWith("b\a", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("shellguard", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void A_reader_that_leaves_ends_the_writer_as_outside(Identity identity)
    {
        using TestArea area = new(identity);
        string guarded = string.Join(' ', TestArea.GuardedWordsHere([], "yes"));
        Outcome outcome = area.OutsideShell($"{guarded} | head -n 2; echo ${{PIPESTATUS[0]}}").Succeed();
        Assert.Equal("y\ny\n141\n", outcome.Output);
    }

    [Theory, BothIdentities]
    public void Input_and_output_may_be_files(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("in", "one\ntwo\n");
        string guarded = string.Join(' ', TestArea.GuardedWordsHere([], "sort", "-r"));
        area.OutsideShell($"{guarded} < in > out").Succeed();
        Assert.Equal("two\none\n", File.ReadAllText($"{area.Work}/out"));
    }
}
