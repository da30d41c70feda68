namespace ShellGuard.Journal.Tests;

public sealed class JournalKeyTests
{
    [Fact]
    public void A_new_key_is_read()
    {
        using TemporaryDirectory directory = new();
        Write(directory["key"], JournalKey.NewPem());
        Assert.True(JournalKey.TryLoad(directory["key"], out JournalKey? key, out string? error), error);
        using (key)
        {
            Assert.Equal(64, key.Fingerprint.Length);
        }
    }

    [Fact]
    public void A_key_open_to_others_is_refused()
    {
        using TemporaryDirectory directory = new();
        Write(directory["key"], JournalKey.NewPem());
        File.SetUnixFileMode(directory["key"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.False(JournalKey.TryLoad(directory["key"], out _, out string? error));
        Assert.Contains("chmod 600", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    public void What_is_no_key_is_refused(string text)
    {
        using TemporaryDirectory directory = new();
        Write(directory["key"], text);
        Assert.False(JournalKey.TryLoad(directory["key"], out _, out string? error));
        Assert.Contains("not a P-256 private key", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_curve_is_refused()
    {
        using TemporaryDirectory directory = new();
        using System.Security.Cryptography.ECDsa other =
            System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP384);
        Write(directory["key"], other.ExportPkcs8PrivateKeyPem());
        Assert.False(JournalKey.TryLoad(directory["key"], out _, out _));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_one_line()
    {
        Assert.False(JournalKey.TryLoad("/nonexistent/directory/key", out _, out string? error));
        Assert.Contains("/nonexistent/directory/key", error, StringComparison.Ordinal);
    }

    private static void Write(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
