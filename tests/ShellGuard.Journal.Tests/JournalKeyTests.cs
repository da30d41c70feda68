namespace ShellGuard.Journal.Tests;

public sealed class JournalKeyTests
{
    [Fact]
    public void The_key_is_made_once_and_only_the_owner_reads_it()
    {
        using TemporaryDirectory directory = new();
        string[] fingerprints = new string[16];
        Parallel.For(0, fingerprints.Length, index =>
        {
            Assert.True(JournalKey.TryLoadOrCreate(directory["key"], out JournalKey? key, out string? error), error);
            fingerprints[index] = key.Fingerprint;
            key.Dispose();
        });
        Assert.Single(fingerprints.Distinct());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(directory["key"]));
        Assert.Equal([directory["key"]], Directory.GetFiles(directory.Path));
    }

    [Fact]
    public void A_key_open_to_others_is_refused()
    {
        using TemporaryDirectory directory = new();
        Assert.True(JournalKey.TryLoadOrCreate(directory["key"], out JournalKey? key, out _));
        key.Dispose();
        File.SetUnixFileMode(directory["key"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.False(JournalKey.TryLoadOrCreate(directory["key"], out _, out string? error));
        Assert.Contains("chmod 600", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    public void What_is_no_key_is_refused(string text)
    {
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory["key"], text);
        File.SetUnixFileMode(directory["key"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.False(JournalKey.TryLoadOrCreate(directory["key"], out _, out string? error));
        Assert.Contains("not a P-256 private key", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_curve_is_refused()
    {
        using TemporaryDirectory directory = new();
        using System.Security.Cryptography.ECDsa other =
            System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP384);
        File.WriteAllText(directory["key"], other.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(directory["key"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.False(JournalKey.TryLoadOrCreate(directory["key"], out _, out _));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_one_line()
    {
        Assert.False(JournalKey.TryLoadOrCreate("/nonexistent/directory/key", out _, out string? error));
        Assert.Contains("/nonexistent/directory/key", error, StringComparison.Ordinal);
    }
}
